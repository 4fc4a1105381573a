// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counted.h"
#include "engine.h"
#include "stats.h"

static const struct lab_interval unknown = { NAN, NAN, NAN };

void lab_counted_begin(struct lab_row *row)
{
	const struct lab_events *set = row->ask.events;
	struct lab_counted *c = &row->counted;

	c->direct = true;
	c->disturbed = unknown;
	c->verdict = LAB_NO_RESULT;
	for (unsigned int i = 0; set && i < set->nr; i++) {
		const struct lab_event *e = &set->event[i];
		struct lab_count *n = &c->count[i];

		n->word = e->word;
		memcpy(n->why, e->why, sizeof(n->why));
		n->delta = unknown;
		n->arm[0] = n->arm[1] = n->arm[2] = NAN;
	}
}

int lab_counted_block(struct lab_row *row)
{
	struct lab_counted *c = &row->counted;
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

static int grow_rounds(struct lab_counted *c, unsigned int arms)
{
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

/* Threads whose operations are judged. */
static unsigned int judged(const struct lab_row *row)
{
	const struct lab_case *c = &row->ask.base;

	return c->path->flags & BENCH_ROLES ? 1 : c->cfg.threads;
}

static void add_threads(struct lab_row *row, unsigned int pass,
			unsigned int arm, const struct lab_epoch *e)
{
	const struct lab_events *set = row->ask.events;
	struct lab_counted *c = &row->counted;

	for (unsigned int t = 0; t < judged(row); t++) {
		for (unsigned int i = 0; i < set->nr; i++) {
			const struct lab_event *event = &set->event[i];

			if (event->pass != pass)
				continue;
			c->ops[arm][t][i] += e->part[t].ops;
			c->total[arm][t][i] += e->part[t].count[event->slot];
		}
	}
}

/* Counts per operation of the judged threads, by slot. */
static enum lab_word counts_of(struct lab_row *row, const struct lab_epoch *e,
			       double *value)
{
	double ops = 0;
	unsigned int i, t;

	memset(value, 0, LAB_GROUP_MAX * sizeof(*value));
	for (t = 0; t < judged(row); t++) {
		const struct lab_part *p = &e->part[t];

		if (p->word != LAB_COUNTED)
			return p->word;
		row->counted.direct &= p->direct;
		ops += p->ops;
		for (i = 0; i < LAB_GROUP_MAX; i++)
			value[i] += p->count[i];
	}
	for (i = 0; i < LAB_GROUP_MAX; i++)
		value[i] /= ops;
	return LAB_COUNTED;
}

int lab_counted_round(struct lab_row *row, unsigned int pass,
		      unsigned int order, const struct lab_epoch *const *e)
{
	struct lab_counted *c = &row->counted;
	unsigned int arms = row->nr_arms;
	enum lab_word word = LAB_COUNTED;
	unsigned long r = c->nr;

	if (grow_rounds(c, arms))
		return -ENOMEM;
	c->pass[r] = pass;
	c->order[r] = order;
	c->drop[r] = LAB_KEPT;
	for (unsigned int a = 0; a < arms; a++) {
		double *value = &c->value[(r * arms + a) * LAB_GROUP_MAX];

		c->ns[r * arms + a] = e[a]->ns;
		if (c->drop[r] == LAB_KEPT)
			c->drop[r] = e[a]->drop;
		if (word == LAB_COUNTED)
			word = counts_of(row, e[a], value);
	}
	if (word != LAB_COUNTED) {
		lab_counted_fail(row, pass, word, "found while rounds were counted");
		return 0;
	}
	c->nr++;
	for (unsigned int a = 0; a < arms && c->drop[r] == LAB_KEPT; a++)
		add_threads(row, pass, a, e[a]);
	return 0;
}

void lab_counted_fail(struct lab_row *row, unsigned int pass,
		      enum lab_word word, const char *why)
{
	const struct lab_events *set = row->ask.events;

	for (unsigned int i = 0; i < set->nr; i++) {
		struct lab_count *n = &row->counted.count[i];

		if (set->event[i].pass != pass || n->word != LAB_COUNTED)
			continue;
		n->word = word;
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

int lab_counted_disturb(struct lab_row *row, unsigned long from)
{
	struct lab_counted *c = &row->counted;
	unsigned long first = c->first[c->blocks - 1];
	double *x, with, without;

	x = malloc((row->nr_raw - from + c->nr - first + 1) * sizeof(*x));
	if (!x)
		return -ENOMEM;
	with = base_ns(c->ns, c->drop, row->nr_arms, first, c->nr, x);
	without = base_ns(row->raw, row->drop, row->nr_arms, from, row->nr_raw,
			  x);
	c->disturb[c->blocks - 1] = log(with / without);
	free(x);
	return 0;
}

static double value_of(const struct lab_row *row, unsigned long round,
		       unsigned int arm, unsigned int slot)
{
	return row->counted.value[(round * row->nr_arms + arm) *
				  LAB_GROUP_MAX + slot];
}

/* Median over the block's kept rounds of new minus base; NAN without any. */
static double block_delta(const struct lab_row *row, unsigned long block,
			  unsigned int slot, double *x)
{
	const struct lab_counted *c = &row->counted;
	unsigned long end = block + 1 < c->blocks ? c->first[block + 1] : c->nr;
	size_t n = 0;

	for (unsigned long r = c->first[block]; r < end; r++)
		if (c->drop[r] == LAB_KEPT)
			x[n++] = value_of(row, r, 1, slot) -
				 value_of(row, r, 0, slot);
	return n ? lab_median(x, n) : NAN;
}

static void describe(struct lab_row *row, unsigned int event, double *x)
{
	const struct lab_event *e = &row->ask.events->event[event];
	struct lab_counted *c = &row->counted;
	struct lab_count *n = &c->count[event];
	size_t nr = 0;

	for (unsigned int arm = 0; arm < row->nr_arms; arm++) {
		nr = 0;
		for (unsigned long r = 0; r < c->nr; r++)
			if (c->pass[r] == e->pass && c->drop[r] == LAB_KEPT)
				x[nr++] = value_of(row, r, arm, e->slot);
		n->arm[arm] = nr ? lab_median(x, nr) : NAN;
	}
	n->rounds = nr;
	nr = 0;
	for (unsigned long b = 0; b < c->blocks; b++) {
		double d;

		if (c->first[b] == c->nr || c->pass[c->first[b]] != e->pass)
			continue;
		d = block_delta(row, b, e->slot, x + c->nr);
		if (!isnan(d))
			x[nr++] = d;
	}
	n->delta = unknown;
	if (!nr)
		return;
	n->delta = lab_sign_interval(x, nr, LAB_ALPHA);
	if (!isfinite(n->delta.lo))
		n->delta.lo = n->delta.hi = NAN;
}

static void judge_disturbance(struct lab_row *row, double *x)
{
	struct lab_counted *c = &row->counted;
	struct lab_interval i;
	size_t nr = 0;

	for (unsigned long b = 0; b < c->blocks; b++)
		if (isfinite(c->disturb[b]))
			x[nr++] = c->disturb[b];
	c->disturbed = unknown;
	c->verdict = LAB_NO_RESULT;
	i = lab_sign_interval(x, nr, LAB_ALPHA);
	if (!nr || !isfinite(i.lo))
		return;
	c->disturbed = (struct lab_interval) {
		exp(i.est), exp(i.lo), exp(i.hi)
	};
	c->verdict = lab_verdict(&c->disturbed, row->ask.margin);
}

int lab_counted_analyse(struct lab_row *row)
{
	const struct lab_events *set = row->ask.events;
	struct lab_counted *c = &row->counted;
	double *x;

	if (!set || !set->nr_passes)
		return 0;
	x = malloc((2 * c->nr + c->blocks + 1) * sizeof(*x));
	if (!x)
		return -ENOMEM;
	for (unsigned int i = 0; i < set->nr; i++) {
		struct lab_count *n = &c->count[i];

		/* a second look may have brought rounds of its pass */
		if (n->word == LAB_NOT_COUNTED)
			n->word = LAB_COUNTED;
		if (n->word != LAB_COUNTED)
			continue;
		n->why[0] = '\0';
		describe(row, i, x);
		if (!n->rounds) {
			n->word = LAB_NOT_COUNTED;
			snprintf(n->why, sizeof(n->why), "no round of its pass was kept");
		}
	}
	judge_disturbance(row, x);
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
