// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/base.h"
#include "run/choice.h"
#include "run/plan.h"
#include "run/refuse.h"

struct planner {
	const struct lab_request *request;
	struct lab_choice choice;
	struct lab_case *cases;
	size_t nr_cases;
	struct lab_record *plan;
	size_t nr, max;
	bool controls;		/* the glob means only these */
};

static struct lab_record *add(struct planner *p, enum lab_kind kind,
			      const struct lab_case *base)
{
	struct lab_record *r;

	if (p->nr == p->max) {
		size_t max = p->max ? 2 * p->max : 32;

		r = realloc(p->plan, max * sizeof(*r));
		if (!r)
			return NULL;
		p->plan = r;
		p->max = max;
	}
	r = &p->plan[p->nr++];
	memset(r, 0, sizeof(*r));
	r->kind = kind;
	r->weight = kind == LAB_COMPARISON ? base->cfg.threads : 0.5;
	r->row.ask.base = *base;
	r->row.ask.base.cfg.seed = p->request->seed;
	r->row.ask.margin = p->request->margin;
	r->row.ask.seed = p->request->seed;
	r->row.ask.events = p->request->events;
	return r;
}

/* Plan base against a variant, or note why not. */
static int add_against(struct planner *p, enum lab_kind kind,
		       const struct lab_case *base, const char *host,
		       const char *variant)
{
	struct lab_record *r = add(p, kind, base);
	const struct bench_headline *h;
	int err;

	if (!r)
		return -ENOMEM;
	r->variant = variant;
	err = lab_case_move(&r->row.ask.base, host, variant,
			    &r->row.ask.new_);
	if (err == -EINVAL)
		snprintf(r->why, sizeof(r->why),
			 "%s is not safe with %u threads", variant,
			 base->cfg.threads);
	else if (err)
		snprintf(r->why, sizeof(r->why), "%s is not in this build",
			 variant);
	else if (lab_refused(r->row.ask.new_.set))
		snprintf(r->why, sizeof(r->why), "%s gets no verdict: %s",
			 variant, lab_refused(r->row.ask.new_.set));
	h = lab_headline_of(p->request, r);
	if (h)
		r->weight *= lab_headline_weight(h);
	return 0;
}

static bool is_base(const struct lab_request *request, const struct lab_case *c)
{
	return !strcmp(c->set->host, request->host) &&
	       !strcmp(c->set->variant, lab_base_asked(request, c));
}

/* Controls use no variant code: any set that has them will do. */
static bool is_control(const struct lab_request *request, const struct lab_case *c)
{
	const char *base = lab_base_asked(request, c);

	if (!(c->path->flags & BENCH_CONTROL) ||
	    strcmp(c->set->host, request->host))
		return false;
	if (!lab_host_has(request->host, base, c->scenario->name))
		base = lab_base_of(c, request->host);
	return !strcmp(c->set->variant, base);
}

static int add_controls(struct planner *p)
{
	size_t i;
	int err = 0;

	for (i = 0; i < p->nr_cases && !err; i++) {
		const struct lab_case *c = &p->cases[i];

		if (is_control(p->request, c) &&
		    lab_choice_wide(&p->choice, c, BENCH_DEFAULTS)) {
			p->controls |= lab_case_match(c, p->request->glob);
			err = add_against(p, LAB_CONTROL, c, p->request->host,
					  c->set->variant);
		}
	}
	return err;
}

/* As for its fewest threads, where their number is asked for. */
static bool wanted(const struct planner *p, const struct lab_case *c,
		   const char *variant)
{
	struct lab_case chosen = *c;

	if (p->request->threads)
		chosen.cfg.threads = lab_path_min_threads(c->path);
	if (p->request->nr_variants)
		return lab_choice_wide(&p->choice, &chosen,
				       BENCH_ONE_AT_A_TIME);
	return lab_choice_wants(&p->choice, &chosen, variant);
}

/* Of variants that are named, one of the other family has no such row. */
static bool has_row(const struct planner *p, const struct lab_case *c,
		    const char *variant)
{
	const struct lab_request *request = p->request;

	if (request->nr_variants > 1 && !strcmp(variant, c->set->variant))
		return false;
	return (lab_host_has(request->host, variant, c->scenario->name) ||
		!lab_host_has(request->host, variant, "")) && wanted(p, c, variant);
}

/* One case against all variants of the request, or of the host. */
static int add_case(struct planner *p, const struct lab_case *c)
{
	const struct lab_request *request = p->request;
	unsigned int i;
	int err = 0;

	for (i = 0; i < request->nr_variants && !err; i++)
		if (has_row(p, c, request->variant[i]))
			err = add_against(p, LAB_COMPARISON, c, request->host,
					  request->variant[i]);
	if (request->nr_variants)
		return err;
	for (i = 0; i < lab_nr_sets && !err; i++) {
		const struct lab_set *s = &lab_sets[i];

		if (!strcmp(s->host, request->host) &&
		    strcmp(s->variant, c->set->variant) &&
		    lab_set_has(s, c->scenario->name) &&
		    wanted(p, c, s->variant))
			err = add_against(p, LAB_COMPARISON, c, s->host,
					  s->variant);
	}
	return err;
}

/* The case with as many threads as are asked for; each case once. */
static bool with_threads(const struct lab_request *request, struct lab_case *c)
{
	unsigned int fewest = lab_path_min_threads(c->path);
	unsigned int first = c->cfg.threads;

	if (!request->threads)
		return true;
	c->cfg.threads = request->threads;
	return first == fewest && request->threads >= fewest &&
	       request->threads <= lab_path_max_threads(c->path);
}

static int add_comparisons(struct planner *p)
{
	size_t i;
	int err = 0;

	for (i = 0; i < p->nr_cases && !err; i++) {
		struct lab_case c = p->cases[i];

		if (!(c.path->flags & BENCH_CONTROL) && is_base(p->request, &c) &&
		    lab_case_match(&c, p->request->glob) &&
		    with_threads(p->request, &c))
			err = add_case(p, &c);
	}
	return err;
}

/* With a host to be against, of all variants or of those that are named. */
static bool wanted_on_both(const struct planner *p, const struct lab_case *c,
			   const char *host)
{
	const struct lab_request *request = p->request;
	unsigned int i;

	if (c->path->flags & BENCH_CONTROL ||
	    !lab_case_match(c, request->glob) ||
	    !lab_host_has(host, c->set->variant, c->scenario->name))
		return false;
	if (!lab_choice_hosts(&p->choice, c, request->against))
		return false;
	if (!request->against)
		return true;
	for (i = 0; i < request->nr_variants; i++)
		if (!strcmp(request->variant[i], c->set->variant))
			return true;
	return !request->nr_variants;
}

/* Our own core against the kernel's files, or any host against another. */
static int add_fidelity(struct planner *p)
{
	const char *from = p->request->against ? p->request->host : "own";
	const char *to = p->request->against ? p->request->against : p->request->host;
	size_t i;
	int err = 0;

	if (!strcmp(from, to))
		return 0;
	for (i = 0; i < p->nr_cases && !err; i++) {
		const struct lab_case *c = &p->cases[i];

		if (!strcmp(c->set->host, from) && wanted_on_both(p, c, to))
			err = add_against(p, LAB_FIDELITY, c, to,
					  c->set->variant);
	}
	return err;
}

static double rank(const struct planner *p, size_t i)
{
	const struct bench_headline *h = lab_headline_of(p->request,
							 &p->plan[i]);

	return h ? lab_headline_weight(h) : 0;
}

/* What is most wanted is measured early, should the run be cut short. */
static void headlines_first(struct planner *p, size_t first)
{
	struct lab_record r;
	size_t i, to;

	for (i = first; i < p->nr; i++) {
		for (to = i; to > first && rank(p, to - 1) < rank(p, i); to--)
			;
		r = p->plan[i];
		memmove(&p->plan[to + 1], &p->plan[to], (i - to) * sizeof(r));
		p->plan[to] = r;
	}
}

int lab_plan(const struct lab_request *request, struct lab_record **plan, size_t *nr,
	     char *err)
{
	struct planner p = { .request = request };
	size_t controls;
	int ret;

	snprintf(err, LAB_CASE_ERROR, "out of memory");
	ret = lab_case_all(&p.cases, &p.nr_cases);
	if (ret)
		return ret;
	p.choice = (struct lab_choice) { p.cases, p.nr_cases,
				       strcmp(request->glob, "*") != 0 };
	ret = lab_request_check(request, err);
	if (!ret)
		ret = add_controls(&p);
	controls = p.nr;
	if (!ret && !request->against)
		ret = add_comparisons(&p);
	if (!ret)
		ret = add_fidelity(&p);
	if (!ret && p.nr == controls && (!p.controls || request->threads))
		ret = lab_request_vain(request, p.cases, p.nr_cases, err);
	free(p.cases);
	if (ret) {
		free(p.plan);
		return ret;
	}
	headlines_first(&p, controls);
	*plan = p.plan;
	*nr = p.nr;
	return 0;
}

const struct bench_headline *lab_headline_of(const struct lab_request *request,
					     const struct lab_record *r)
{
	const struct lab_case *base = &r->row.ask.base;
	const struct bench_headline *h = base->path->headline;
	unsigned int fewest = lab_path_min_threads(base->path);

	if (!h || r->kind != LAB_COMPARISON || strcmp(r->variant, h->new_) ||
	    strcmp(base->set->variant, lab_base_of(base, base->set->host)) ||
	    base->cfg.threads != (request->threads ? request->threads : fewest) ||
	    !lab_has_defaults(base))
		return NULL;
	return h;
}

char *lab_params_text(const struct lab_case *c, char *buf, size_t size)
{
	unsigned int i, nr = lab_path_params(c->path);
	const struct bench_param *p = c->path->params;
	char word[64];
	size_t n = 0;

	*buf = '\0';
	for (i = 0; i < nr && n < size; i++)
		n += snprintf(buf + n, size - n, "%s%s=%s", n ? " " : "",
			      p[i].name,
			      lab_param_word(&p[i], c->cfg.value[i], word,
					     sizeof(word)));
	if (lab_path_max_threads(c->path) > 1 && n < size)
		snprintf(buf + n, size - n, "%sthreads=%u", n ? " " : "",
			 c->cfg.threads);
	return buf;
}
