// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/choice.h"
#include "run/plan.h"

#define BASE			LAB_HEADLINE_BASE

struct planner {
	const struct lab_request *request;
	struct lab_rules rules;
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
	r->row.ask.family = 1;
	r->row.ask.events = p->request->events;
	return r;
}

/* Plan base against a variant, or note why not. */
static int add_against(struct planner *p, enum lab_kind kind,
		       const struct lab_case *base, const char *host,
		       const char *variant)
{
	bool same = !strcmp(base->set->host, host) &&
		    !strcmp(base->set->variant, variant);
	struct lab_record *r = add(p, kind, base);
	int err;

	if (!r)
		return -ENOMEM;
	err = lab_case_move(&r->row.ask.base, host, variant, same ? 2 : 1,
			    &r->row.ask.new_);
	if (err == -EINVAL)
		snprintf(r->why, sizeof(r->why),
			 "%s is not safe with %u threads", variant,
			 base->cfg.threads);
	else if (err)
		snprintf(r->why, sizeof(r->why), "%s%s is not in this build",
			 variant, same ? " a second time" : "");
	else if (lab_refused(r->row.ask.new_.set))
		snprintf(r->why, sizeof(r->why), "%s gets no verdict: %s",
			 variant, lab_refused(r->row.ask.new_.set));
	if (lab_is_headline(r))
		r->weight = 4;
	return 0;
}

/* A host has a variant, with this scenario; "": with any. */
static bool host_has(const char *host, const char *variant,
		     const char *scenario)
{
	unsigned int i;

	for (i = 0; i < lab_nr_sets; i++)
		if (lab_sets[i].copy == 1 && !strcmp(lab_sets[i].host, host) &&
		    !strcmp(lab_sets[i].variant, variant) &&
		    (!*scenario || lab_set_has(&lab_sets[i], scenario)))
			return true;
	return false;
}

/* The first variant of a host that has the scenario. */
static const char *first_of(const char *host, const char *scenario)
{
	unsigned int i;

	for (i = 0; i < lab_nr_sets; i++)
		if (!strcmp(lab_sets[i].host, host) &&
		    lab_set_has(&lab_sets[i], scenario))
			return lab_sets[i].variant;
	return BASE;
}

/*
 * The variant that others are compared with on a path: the path's own base; of
 * variants that are asked for by name it has to be one, else it is the first.
 */
static const char *base_of(const struct lab_request *request, const char *scenario,
			   const struct bench_path *path)
{
	const char *base = path && path->base ? path->base : BASE;
	unsigned int i;

	for (i = 0; i < request->nr_variants; i++)
		if (!strcmp(request->variant[i], base))
			return base;
	for (i = 0; i < request->nr_variants; i++)
		if (host_has(request->host, request->variant[i], scenario))
			return request->variant[i];
	if (request->nr_variants)
		return request->variant[0];
	return host_has(request->host, base, scenario) ? base :
	       first_of(request->host, scenario);
}

static bool is_base(const struct lab_request *request, const struct lab_case *c)
{
	return !strcmp(c->set->host, request->host) &&
	       !strcmp(c->set->variant,
		       base_of(request, c->scenario->name, c->path));
}

/* Controls use no variant code: any set that has them will do. */
static bool is_control(const struct lab_request *request, const struct lab_case *c)
{
	const char *scenario = c->scenario->name;
	const char *base = base_of(request, scenario, c->path);

	if (!(c->path->flags & BENCH_CONTROL) ||
	    strcmp(c->set->host, request->host))
		return false;
	if (!host_has(request->host, base, scenario))
		base = first_of(request->host, scenario);
	return !strcmp(c->set->variant, base);
}

static int add_controls(struct planner *p)
{
	size_t i;
	int err = 0;

	for (i = 0; i < p->nr_cases && !err; i++) {
		const struct lab_case *c = &p->cases[i];

		if (is_control(p->request, c) &&
		    lab_rules_wide(&p->rules, c, LAB_DEFAULTS)) {
			p->controls |= lab_case_match(c, p->request->glob);
			err = add_against(p, LAB_CONTROL, c, p->request->host,
					  c->set->variant);
		}
	}
	return err;
}

/* By the rules for its fewest threads, where their number is asked for. */
static bool wanted(const struct planner *p, const struct lab_case *c,
		   const char *variant)
{
	struct lab_case ruled = *c;

	if (p->request->threads)
		ruled.cfg.threads = lab_path_min_threads(c->path);
	if (p->request->nr_variants)
		return lab_rules_wide(&p->rules, &ruled, LAB_ONE_AT_A_TIME);
	return lab_rules_want(&p->rules, &ruled, variant);
}

/* Of variants that are named, one of the other family has no such row. */
static bool has_row(const struct planner *p, const struct lab_case *c,
		    const char *variant)
{
	const struct lab_request *request = p->request;

	if (request->nr_variants > 1 && !strcmp(variant, c->set->variant))
		return false;
	return (host_has(request->host, variant, c->scenario->name) ||
		!host_has(request->host, variant, "")) && wanted(p, c, variant);
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

		if (s->copy == 1 && !strcmp(s->host, request->host) &&
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
	    !host_has(host, c->set->variant, c->scenario->name))
		return false;
	if (!request->against)
		return lab_rules_hosts(&p->rules, c, LAB_DEFAULTS);
	if (!lab_rules_hosts(&p->rules, c, LAB_ONE_AT_A_TIME))
		return false;
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

static bool one_table(const struct lab_record *a, const struct lab_record *b)
{
	if (a->kind != b->kind || a->kind == LAB_CONTROL)
		return false;
	return a->kind == LAB_FIDELITY ||
	       a->row.ask.base.path == b->row.ask.base.path;
}

/* Verdicts of one table are corrected for their number. */
static void set_families(struct planner *p)
{
	size_t i, j;

	for (i = 0; i < p->nr; i++) {
		unsigned int n = 0;

		for (j = 0; j < p->nr; j++)
			n += one_table(&p->plan[i], &p->plan[j]) &&
			     !*p->plan[j].why;
		if (n)
			p->plan[i].row.ask.family = n;
	}
}

/* What is most wanted is measured early, should the run be cut short. */
static void headline_first(struct planner *p, size_t first)
{
	struct lab_record r;
	size_t i;

	for (i = first; i < p->nr && !lab_is_headline(&p->plan[i]); i++)
		;
	if (i == p->nr)
		return;
	r = p->plan[i];
	memmove(&p->plan[first + 1], &p->plan[first],
		(i - first) * sizeof(r));
	p->plan[first] = r;
}

/* A design that is wrong is nobody's base. */
static int check_first(const struct lab_request *request, char *err)
{
	unsigned int i;

	for (i = 0; request->nr_variants && i < lab_nr_sets; i++) {
		if (strcmp(lab_sets[i].host, request->host) ||
		    strcmp(lab_sets[i].variant, request->variant[0]) ||
		    !lab_refused(&lab_sets[i]))
			continue;
		snprintf(err, LAB_CASE_ERROR, "variant '%s' is never timed: %s: name another one before it",
			 request->variant[0], lab_refused(&lab_sets[i]));
		return -EINVAL;
	}
	return 0;
}

/* Names are checked before anything is measured. */
static int check_names(const struct lab_request *request, char *err)
{
	int ret = lab_case_names(request->host, NULL, err);
	unsigned int i;

	if (!ret && request->against)
		ret = lab_case_names(request->against, NULL, err);
	for (i = 0; i < request->nr_variants && !ret; i++)
		ret = lab_case_names(request->host, request->variant[i], err);
	return ret ?: check_first(request, err);
}

/* The glob means cases, but none that the base may run. */
static bool base_is_unsafe(const struct planner *p, char *err)
{
	const char *base;
	struct lab_case c;
	size_t i;

	for (i = 0; i < p->nr_cases; i++) {
		base = base_of(p->request, p->cases[i].scenario->name,
			       p->cases[i].path);
		if (strcmp(p->cases[i].set->host, p->request->host) ||
		    !lab_case_match(&p->cases[i], p->request->glob) ||
		    lab_case_move(&p->cases[i], p->request->host, base, 1, &c) !=
		    -EINVAL)
			continue;
		snprintf(err, LAB_CASE_ERROR, "variant '%s' is not safe with the %u threads of %s/%s: name others with it, the first is the base",
			 base, p->cases[i].cfg.threads,
			 p->cases[i].scenario->name, p->cases[i].path->name);
		return true;
	}
	return false;
}

static int nothing_matches(const struct planner *p, char *err)
{
	const struct bench_path *path = NULL;
	const char *scenario = "";
	size_t i, n;

	if (base_is_unsafe(p, err))
		return -EINVAL;
	if (p->request->threads) {
		snprintf(err, LAB_CASE_ERROR, "no row of '%.80s' is for %u threads: locklab list shows how many a path takes",
			 p->request->glob, p->request->threads);
		return -ENOENT;
	}
	if (p->request->against) {
		snprintf(err, LAB_CASE_ERROR, "nothing of '%.80s' is compared between %s and %s: there are vm_bo_lock, vm_bind* and, of variant none, mm_insert/insert .../placed .../reserve .../scan",
			 p->request->glob, p->request->host, p->request->against);
		return -ENOENT;
	}
	n = snprintf(err, LAB_CASE_ERROR, "nothing matches '%.80s'; there are:",
		     p->request->glob);
	for (i = 0; i < p->nr_cases && n < LAB_CASE_ERROR; i++) {
		const struct lab_case *c = &p->cases[i];

		if (strcmp(c->set->host, p->request->host) || c->path == path ||
		    strcmp(c->set->variant, first_of(p->request->host,
						     c->scenario->name)))
			continue;
		path = c->path;
		if (strcmp(scenario, c->scenario->name))
			n += snprintf(err + n, LAB_CASE_ERROR - n, " %s/%s",
				      c->scenario->name, path->name);
		else
			n += snprintf(err + n, LAB_CASE_ERROR - n, " .../%s",
				      path->name);
		scenario = c->scenario->name;
	}
	return -ENOENT;
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
	p.rules = (struct lab_rules) { p.cases, p.nr_cases,
				       strcmp(request->glob, "*") != 0 };
	ret = check_names(request, err);
	if (!ret)
		ret = add_controls(&p);
	controls = p.nr;
	if (!ret && !request->against)
		ret = add_comparisons(&p);
	if (!ret)
		ret = add_fidelity(&p);
	if (!ret && p.nr == controls && (!p.controls || request->threads))
		ret = nothing_matches(&p, err);
	free(p.cases);
	if (ret) {
		free(p.plan);
		return ret;
	}
	headline_first(&p, controls);
	set_families(&p);
	*plan = p.plan;
	*nr = p.nr;
	return 0;
}

bool lab_is_headline(const struct lab_record *r)
{
	const struct lab_ask *a = &r->row.ask;
	const struct lab_case *c = &a->base;

	return r->kind == LAB_COMPARISON &&
	       !strcmp(c->scenario->name, LAB_HEADLINE_SCENARIO) &&
	       !strcmp(c->path->name, LAB_HEADLINE_PATH) &&
	       !strcmp(c->set->variant, LAB_HEADLINE_BASE) && a->new_.set &&
	       !strcmp(a->new_.set->variant, LAB_HEADLINE_NEW) &&
	       lab_has_defaults(c);
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
