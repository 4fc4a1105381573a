// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "stats/stats.h"
#include "timing/counted.h"
#include "timing/engine.h"

static const struct lab_interval unknown = { NAN, NAN, NAN };

void lab_counted_begin(struct lab_counted *c, const struct lab_events *set,
		       unsigned int arms, unsigned int judged)
{
	c->set = set;
	c->arms = arms;
	c->judged = judged;
	c->direct = true;
	c->disturbed = unknown;
	c->verdict = LAB_NO_RESULT;
	for (unsigned int i = 0; set && i < set->nr; i++) {
		const struct lab_event *e = &set->event[i];
		struct lab_count *n = &c->count[i];

		n->status = e->status;
		memcpy(n->why, e->why, sizeof(n->why));
		n->delta = unknown;
		n->arm[0] = n->arm[1] = n->arm[2] = NAN;
	}
}

int lab_counted_block(struct lab_counted *c)
{
	unsigned long max = c->max_blocks ? 2 * c->max_blocks : 64;
	bool failed = false;

	if (c->blocks == c->max_blocks) {
		c->first = lab_grow(c->first, max * sizeof(*c->first), &failed);
		c->disturb = lab_grow(c->disturb, max * sizeof(*c->disturb),
				      &failed);
		if (failed)
			return -ENOMEM;
		c->max_blocks = max;
	}
	c->first[c->blocks] = c->nr;
	c->disturb[c->blocks++] = NAN;
	return 0;
}

static int grow_rounds(struct lab_counted *c)
{
	unsigned int arms = c->arms;
	unsigned long max = c->max ? 2 * c->max : 256;
	bool failed = false;

	if (c->nr < c->max)
		return 0;
	c->pass = lab_grow(c->pass, max, &failed);
	c->order = lab_grow(c->order, max, &failed);
	c->drop = lab_grow(c->drop, max, &failed);
	c->ns = lab_grow(c->ns, max * arms * sizeof(*c->ns), &failed);
	c->value = lab_grow(c->value,
			    max * arms * LAB_GROUP_MAX * sizeof(*c->value),
			    &failed);
	if (failed)
		return -ENOMEM;
	c->max = max;
	return 0;
}

static void add_threads(struct lab_counted *c, unsigned int pass,
			unsigned int arm, const struct lab_epoch *e)
{
	for (unsigned int t = 0; t < c->judged; t++) {
		for (unsigned int i = 0; i < c->set->nr; i++) {
			const struct lab_event *event = &c->set->event[i];

			if (event->pass != pass)
				continue;
			c->ops[arm][t][i] += e->thread[t].ops;
			c->total[arm][t][i] += e->thread[t].count[event->slot];
		}
	}
}

/* Counts per operation of the judged threads, by slot. */
static enum lab_status counts_of(struct lab_counted *c, const struct lab_epoch *e,
				 double *value)
{
	double ops = 0;
	unsigned int i, t;

	memset(value, 0, LAB_GROUP_MAX * sizeof(*value));
	for (t = 0; t < c->judged; t++) {
		const struct lab_thread_epoch *p = &e->thread[t];

		if (p->status != LAB_COUNTED)
			return p->status;
		c->direct &= p->direct;
		ops += p->ops;
		for (i = 0; i < LAB_GROUP_MAX; i++)
			value[i] += p->count[i];
	}
	for (i = 0; i < LAB_GROUP_MAX; i++)
		value[i] /= ops;
	return LAB_COUNTED;
}

int lab_counted_round(struct lab_counted *c, unsigned int pass,
		      unsigned int order, const struct lab_epoch *const *e)
{
	unsigned int arms = c->arms;
	enum lab_status status = LAB_COUNTED;
	unsigned long r = c->nr;

	if (grow_rounds(c))
		return -ENOMEM;
	c->pass[r] = pass;
	c->order[r] = order;
	c->drop[r] = LAB_KEPT;
	for (unsigned int a = 0; a < arms; a++) {
		double *value = &c->value[(r * arms + a) * LAB_GROUP_MAX];

		c->ns[r * arms + a] = e[a]->ns;
		if (c->drop[r] == LAB_KEPT)
			c->drop[r] = e[a]->drop;
		if (status == LAB_COUNTED)
			status = counts_of(c, e[a], value);
	}
	if (status != LAB_COUNTED) {
		lab_counted_fail(c, pass, status, "found while rounds were counted");
		return 0;
	}
	c->nr++;
	for (unsigned int a = 0; a < arms && c->drop[r] == LAB_KEPT; a++)
		add_threads(c, pass, a, e[a]);
	return 0;
}

void lab_counted_fail(struct lab_counted *c, unsigned int pass,
		      enum lab_status status, const char *why)
{
	for (unsigned int i = 0; i < c->set->nr; i++) {
		struct lab_count *n = &c->count[i];

		if (c->set->event[i].pass != pass || n->status != LAB_COUNTED)
			continue;
		n->status = status;
		snprintf(n->why, sizeof(n->why), "%s", why);
	}
}

/* Median over kept rounds of the base's time; NAN without any. */
static double base_ns(const float *ns, const unsigned char *drop,
		      unsigned int arms, unsigned long from, unsigned long to,
		      double *x)
{
	size_t n = 0;

	for (unsigned long r = from; r < to; r++)
		if (drop[r] == LAB_KEPT)
			x[n++] = ns[r * arms];
	return n ? lab_median(x, n) : NAN;
}

int lab_counted_disturb(struct lab_counted *c, const float *ns,
			const unsigned char *drop, unsigned long from,
			unsigned long to)
{
	unsigned long first = c->first[c->blocks - 1];
	double *x, with, without;

	x = malloc((to - from + c->nr - first + 1) * sizeof(*x));
	if (!x)
		return -ENOMEM;
	with = base_ns(c->ns, c->drop, c->arms, first, c->nr, x);
	without = base_ns(ns, drop, c->arms, from, to, x);
	c->disturb[c->blocks - 1] = log(with / without);
	free(x);
	return 0;
}

static double value_of(const struct lab_counted *c, unsigned long round,
		       unsigned int arm, unsigned int slot)
{
	return c->value[(round * c->arms + arm) * LAB_GROUP_MAX + slot];
}

/* Median over the block's kept rounds of new minus base; NAN without any. */
static double block_delta(const struct lab_counted *c, unsigned long block,
			  unsigned int slot, double *x)
{
	unsigned long end = block + 1 < c->blocks ? c->first[block + 1] : c->nr;
	size_t n = 0;

	for (unsigned long r = c->first[block]; r < end; r++)
		if (c->drop[r] == LAB_KEPT)
			x[n++] = value_of(c, r, 1, slot) -
				 value_of(c, r, 0, slot);
	return n ? lab_median(x, n) : NAN;
}

static void describe(struct lab_counted *c, unsigned int event, double *x)
{
	const struct lab_event *e = &c->set->event[event];
	struct lab_count *n = &c->count[event];
	size_t nr = 0;

	for (unsigned int arm = 0; arm < c->arms; arm++) {
		nr = 0;
		for (unsigned long r = 0; r < c->nr; r++)
			if (c->pass[r] == e->pass && c->drop[r] == LAB_KEPT)
				x[nr++] = value_of(c, r, arm, e->slot);
		n->arm[arm] = nr ? lab_median(x, nr) : NAN;
	}
	n->rounds = nr;
	nr = 0;
	for (unsigned long b = 0; b < c->blocks; b++) {
		double d;

		if (c->first[b] == c->nr || c->pass[c->first[b]] != e->pass)
			continue;
		d = block_delta(c, b, e->slot, x + c->nr);
		if (!isnan(d))
			x[nr++] = d;
	}
	n->delta = unknown;
	if (!nr)
		return;
	n->delta = lab_sign_interval(x, nr, lab_alpha(nr));
	if (!isfinite(n->delta.lo))
		n->delta.lo = n->delta.hi = NAN;
}

static void judge_disturbance(struct lab_counted *c, double margin, double *x)
{
	struct lab_interval i;
	size_t nr = 0;

	for (unsigned long b = 0; b < c->blocks; b++)
		if (isfinite(c->disturb[b]))
			x[nr++] = c->disturb[b];
	c->disturbed = unknown;
	c->verdict = LAB_NO_RESULT;
	i = lab_sign_interval(x, nr, lab_alpha(nr));
	if (!nr || !isfinite(i.lo))
		return;
	c->disturbed = (struct lab_interval) {
		exp(i.est), exp(i.lo), exp(i.hi)
	};
	c->verdict = lab_verdict(&c->disturbed, margin);
}

int lab_counted_analyse(struct lab_counted *c, double margin)
{
	const struct lab_events *set = c->set;
	double *x;

	if (!set || !set->nr_passes)
		return 0;
	x = malloc((2 * c->nr + c->blocks + 1) * sizeof(*x));
	if (!x)
		return -ENOMEM;
	for (unsigned int i = 0; i < set->nr; i++) {
		struct lab_count *n = &c->count[i];

		/* a second look may have brought rounds of its pass */
		if (n->status == LAB_NOT_COUNTED)
			n->status = LAB_COUNTED;
		if (n->status != LAB_COUNTED)
			continue;
		n->why[0] = '\0';
		describe(c, i, x);
		if (!n->rounds) {
			n->status = LAB_NOT_COUNTED;
			snprintf(n->why, sizeof(n->why), "no round of its pass was kept");
		}
	}
	judge_disturbance(c, margin, x);
	free(x);
	return 0;
}

void lab_counted_free(struct lab_counted *c)
{
	free(c->pass);
	free(c->order);
	free(c->drop);
	free(c->ns);
	free(c->value);
	free(c->first);
	free(c->disturb);
	c->pass = c->order = c->drop = NULL;
	c->ns = c->disturb = NULL;
	c->value = NULL;
	c->first = NULL;
	c->nr = c->blocks = c->max = c->max_blocks = 0;
}
