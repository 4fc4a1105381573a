// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"

#define FIDELITY_SCENARIO	"vm_bo_lock"
#define BASE			LAB_HEADLINE_BASE

/* How many of a path's cases a variant is compared on. */
enum width {
	DEFAULTS,	/* every parameter at its default */
	NUMBERS,	/* one number other than its default */
	ONE_AT_A_TIME,
};

/* The first rule that matches a case and names the variant decides. */
static const struct rule {
	const char *scenario, *path, *variant;
	enum width width;
} rules[] = {
	{ "resv_vs_custom_lock", "*",		"gpuva",	ONE_AT_A_TIME },
	{ "resv_vs_custom_lock", "link",	"gpuva_coarse",	ONE_AT_A_TIME },
	{ "resv_vs_custom_lock", "cycle",	"gpuva_coarse",	DEFAULTS },
	{ "resv_vs_custom_lock", "shared_resv",	"gpuva_coarse",	NUMBERS },
	{ "resv_vs_custom_lock", "contended",	"immediate",	ONE_AT_A_TIME },
	{ "resv_vs_custom_lock", "contended",	"arc_mutex",	ONE_AT_A_TIME },
	{ "vm_bo_lock",		 "*",		"*",		DEFAULTS },
};

struct planner {
	const struct lab_wish *wish;
	struct lab_case *cases;
	size_t nr_cases;
	struct lab_record *plan;
	size_t nr, max;
	bool controls;		/* the glob means only these */
};

/* The case whose parameters all have their defaults comes first of a path. */
static const struct lab_case *default_case(const struct planner *p,
					   const struct lab_case *c)
{
	size_t i;

	for (i = 0; i < p->nr_cases; i++)
		if (p->cases[i].set == c->set && p->cases[i].path == c->path)
			return &p->cases[i];
	return c;
}

static bool wide_enough(const struct planner *p, const struct lab_case *c,
			enum width width)
{
	const struct lab_case *d = default_case(p, c);
	unsigned int i, words = 0, numbers = 0, temp = 0;

	if (c->cfg.threads != d->cfg.threads)
		return false;
	for (i = 0; i < lab_path_params(c->path); i++) {
		const struct bench_param *param = &c->path->params[i];

		if (c->cfg.value[i] == d->cfg.value[i])
			continue;
		if (!strcmp(param->name, "temp"))
			temp++;
		else if (lab_param_is_word(param))
			words++;
		else
			numbers++;
	}
	if (width == DEFAULTS)
		return !words && !numbers && !temp;
	if (temp)
		return width == ONE_AT_A_TIME && !words && !numbers;
	return width == NUMBERS ? numbers == 1 : numbers <= 1;
}

static bool wanted(const struct planner *p, const struct lab_case *c,
		   const char *variant)
{
	bool ruled = false;
	size_t i;

	if (p->wish->nr_variants)
		return wide_enough(p, c, ONE_AT_A_TIME);
	for (i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		const struct rule *r = &rules[i];

		if (strcmp(r->scenario, c->scenario->name))
			continue;
		ruled = true;
		if (!fnmatch(r->path, c->path->name, 0) &&
		    !fnmatch(r->variant, variant, 0))
			return wide_enough(p, c, r->width);
	}
	return !ruled && wide_enough(p, c, DEFAULTS);
}

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
	r->row.ask.base.cfg.seed = p->wish->seed;
	r->row.ask.margin = p->wish->margin;
	r->row.ask.seed = p->wish->seed;
	r->row.ask.family = 1;
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
	if (lab_is_headline(r))
		r->weight = 4;
	return 0;
}

static bool host_has(const char *host, const char *variant)
{
	unsigned int i;

	for (i = 0; i < lab_nr_sets; i++)
		if (lab_sets[i].copy == 1 && !strcmp(lab_sets[i].host, host) &&
		    !strcmp(lab_sets[i].variant, variant))
			return true;
	return false;
}

/* The variant that others are compared with: resv, or the first one. */
static const char *base_of(const struct lab_wish *wish)
{
	unsigned int i;

	for (i = 0; i < wish->nr_variants; i++)
		if (!strcmp(wish->variant[i], BASE))
			return BASE;
	if (wish->nr_variants)
		return wish->variant[0];
	if (host_has(wish->host, BASE))
		return BASE;
	for (i = 0; i < lab_nr_sets; i++)
		if (!strcmp(lab_sets[i].host, wish->host))
			return lab_sets[i].variant;
	return BASE;
}

static int add_controls(struct planner *p, const char *base)
{
	size_t i;
	int err = 0;

	for (i = 0; i < p->nr_cases && !err; i++) {
		const struct lab_case *c = &p->cases[i];

		if (c->path->flags & BENCH_CONTROL &&
		    !strcmp(c->set->host, p->wish->host) &&
		    !strcmp(c->set->variant, base) &&
		    lab_case_same(c, default_case(p, c))) {
			p->controls |= lab_case_match(c, p->wish->glob);
			err = add_against(p, LAB_CONTROL, c, p->wish->host,
					  base);
		}
	}
	return err;
}

/* One case against all variants of the wish, or of the host. */
static int add_case(struct planner *p, const struct lab_case *c)
{
	const struct lab_wish *wish = p->wish;
	unsigned int i;
	int err = 0;

	for (i = 0; i < wish->nr_variants && !err; i++) {
		if (wish->nr_variants > 1 &&
		    !strcmp(wish->variant[i], c->set->variant))
			continue;
		if (wanted(p, c, wish->variant[i]))
			err = add_against(p, LAB_COMPARISON, c, wish->host,
					  wish->variant[i]);
	}
	if (wish->nr_variants)
		return err;
	for (i = 0; i < lab_nr_sets && !err; i++) {
		const struct lab_set *s = &lab_sets[i];

		if (s->copy == 1 && !strcmp(s->host, wish->host) &&
		    strcmp(s->variant, c->set->variant) &&
		    wanted(p, c, s->variant))
			err = add_against(p, LAB_COMPARISON, c, s->host,
					  s->variant);
	}
	return err;
}

static int add_comparisons(struct planner *p, const char *base)
{
	size_t i;
	int err = 0;

	for (i = 0; i < p->nr_cases && !err; i++) {
		const struct lab_case *c = &p->cases[i];

		if (!(c->path->flags & BENCH_CONTROL) &&
		    !strcmp(c->set->host, p->wish->host) &&
		    !strcmp(c->set->variant, base) &&
		    lab_case_match(c, p->wish->glob))
			err = add_case(p, c);
	}
	return err;
}

/* Our own core against the kernel's files, whatever both can express. */
static int add_fidelity(struct planner *p)
{
	size_t i;
	int err = 0;

	if (!strcmp(p->wish->host, "own"))
		return 0;
	for (i = 0; i < p->nr_cases && !err; i++) {
		const struct lab_case *c = &p->cases[i];

		if (!strcmp(c->set->host, "own") &&
		    !strcmp(c->scenario->name, FIDELITY_SCENARIO) &&
		    lab_case_match(c, p->wish->glob) &&
		    host_has(p->wish->host, c->set->variant) &&
		    wide_enough(p, c, DEFAULTS))
			err = add_against(p, LAB_FIDELITY, c, p->wish->host,
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

/* Names are checked before anything is measured. */
static int check_names(const struct planner *p, char *err)
{
	struct lab_pick pick = { .host = p->wish->host };
	struct lab_case c;
	unsigned int i;
	int ret;

	for (i = 0; i < lab_nr_sets; i++)
		if (!strcmp(lab_sets[i].host, p->wish->host))
			break;
	pick.variant = i < lab_nr_sets ? lab_sets[i].variant : BASE;
	pick.scenario = i < lab_nr_sets ? (*lab_sets[i].scenarios)->name : "";
	ret = i < lab_nr_sets ? 0 : lab_case_find(&pick, &c, err);
	for (i = 0; i < p->wish->nr_variants && !ret; i++) {
		pick.variant = p->wish->variant[i];
		ret = lab_case_find(&pick, &c, err);
		if (ret == -EINVAL)
			ret = 0;
	}
	return ret ? -ENOENT : 0;
}

/* The glob means cases, but none that the base may run. */
static bool base_is_unsafe(const struct planner *p, const char *base, char *err)
{
	struct lab_case c;
	size_t i;

	for (i = 0; i < p->nr_cases; i++) {
		if (strcmp(p->cases[i].set->host, p->wish->host) ||
		    !lab_case_match(&p->cases[i], p->wish->glob) ||
		    lab_case_move(&p->cases[i], p->wish->host, base, 1, &c) !=
		    -EINVAL)
			continue;
		snprintf(err, LAB_CASE_ERROR, "variant '%s' is not safe with the %u threads of %s/%s: name others with it, the first is the base",
			 base, p->cases[i].cfg.threads,
			 p->cases[i].scenario->name, p->cases[i].path->name);
		return true;
	}
	return false;
}

static int nothing_matches(const struct planner *p, const char *base, char *err)
{
	const struct bench_path *path = NULL;
	const char *scenario = "";
	size_t i, n;

	if (base_is_unsafe(p, base, err))
		return -EINVAL;
	n = snprintf(err, LAB_CASE_ERROR, "nothing matches '%.80s'; there are:",
		     p->wish->glob);
	for (i = 0; i < p->nr_cases && n < LAB_CASE_ERROR; i++) {
		const struct lab_case *c = &p->cases[i];

		if (strcmp(c->set->host, p->wish->host) || c->path == path ||
		    (i && c->set != p->cases[0].set &&
		     !strcmp(c->set->host, p->cases[0].set->host)))
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

int lab_plan(const struct lab_wish *wish, struct lab_record **plan, size_t *nr,
	     char *err)
{
	struct planner p = { .wish = wish };
	const char *base = base_of(wish);
	size_t controls;
	int ret;

	snprintf(err, LAB_CASE_ERROR, "out of memory");
	ret = lab_case_all(&p.cases, &p.nr_cases);
	if (ret)
		return ret;
	ret = check_names(&p, err);
	if (!ret)
		ret = add_controls(&p, base);
	controls = p.nr;
	if (!ret)
		ret = add_comparisons(&p, base);
	if (!ret)
		ret = add_fidelity(&p);
	if (!ret && p.nr == controls && !p.controls)
		ret = nothing_matches(&p, base, err);
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
	unsigned int i;

	if (r->kind != LAB_COMPARISON ||
	    strcmp(c->scenario->name, LAB_HEADLINE_SCENARIO) ||
	    strcmp(c->path->name, LAB_HEADLINE_PATH) ||
	    strcmp(c->set->variant, LAB_HEADLINE_BASE) || !a->new_.set ||
	    strcmp(a->new_.set->variant, LAB_HEADLINE_NEW))
		return false;
	for (i = 0; i < lab_path_params(c->path); i++) {
		const struct bench_param *p = &c->path->params[i];
		char word[64];
		size_t n;

		n = strlen(lab_param_word(p, c->cfg.value[i], word,
					  sizeof(word)));
		if (strncmp(p->values, word, n) ||
		    (p->values[n] && p->values[n] != ','))
			return false;
	}
	return true;
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
