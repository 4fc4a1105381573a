// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "run/base.h"
#include "run/choice.h"
#include "run/refuse.h"

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

/* For who writes a scenario: the members of its headlines that go together. */
static int check_headlines(const struct bench_scenario *s, char *err)
{
	const struct bench_headline *h;
	const struct bench_path *p;

	for (p = s->paths; p->name; p++) {
		h = p->headline;
		if (!h || (h->new_ && h->says && !h->control == !h->control_says &&
			   !h->also == !h->also_says))
			continue;
		snprintf(err, LAB_CASE_ERROR, "the headline of %s/%s is not whole: it needs .new_ and .says, .control_says with .control, .also_says with .also",
			 s->name, p->name);
		return -EINVAL;
	}
	return 0;
}

static int check_scenarios(char *err)
{
	const struct bench_scenario *const *s;
	unsigned int i;
	int ret = 0;

	for (i = 0; i < lab_nr_sets; i++)
		for (s = lab_sets[i].scenarios; *s && !ret; s++)
			ret = check_headlines(*s, err);
	return ret;
}

/* Names are checked before anything is measured. */
int lab_request_check(const struct lab_request *request, char *err)
{
	int ret = check_scenarios(err);
	unsigned int i;

	if (!ret)
		ret = lab_case_names(request->host, NULL, err);
	if (!ret && request->against)
		ret = lab_case_names(request->against, NULL, err);
	for (i = 0; i < request->nr_variants && !ret; i++)
		ret = lab_case_names(request->host, request->variant[i], err);
	return ret ?: check_first(request, err);
}

/* The glob means cases, but none that the base may run. */
static bool base_is_unsafe(const struct lab_request *request,
			   const struct lab_case *cases, size_t nr, char *err)
{
	const struct lab_case *c;
	struct lab_case moved;
	const char *base;

	for (c = cases; c < cases + nr; c++) {
		base = lab_base_asked(request, c);
		if (strcmp(c->set->host, request->host) ||
		    !lab_case_match(c, request->glob) ||
		    lab_case_move(c, request->host, base, &moved) != -EINVAL)
			continue;
		snprintf(err, LAB_CASE_ERROR, "variant '%s' is not safe with the %u threads of %s/%s: name others with it, the first is the base",
			 base, c->cfg.threads, c->scenario->name, c->path->name);
		return true;
	}
	return false;
}

/* A list of paths, each once, cut where it gets too long. */
struct list {
	char *text;
	size_t used;
	const struct lab_case *last;
};

static bool one_path(const struct lab_case *a, const struct lab_case *b)
{
	return !strcmp(a->scenario->name, b->scenario->name) &&
	       !strcmp(a->path->name, b->path->name);
}

static void list_path(struct list *l, const struct lab_case *c)
{
	const char *scenario = c->scenario->name;

	if (l->used >= LAB_CASE_ERROR)
		return;
	if (l->last && !strcmp(l->last->scenario->name, scenario))
		scenario = "...";
	l->used += snprintf(l->text + l->used, LAB_CASE_ERROR - l->used,
			    " %s/%s", scenario, c->path->name);
	l->last = c;
}

typedef bool is_meant_fn(const struct lab_request *request,
			 const struct lab_choice *choice,
			 const struct lab_case *c);

/* Paths of cases that are meant; a path stands in many sets. */
static void list_paths(struct list *l, const struct lab_request *request,
		       const struct lab_choice *choice, is_meant_fn *is_meant)
{
	size_t i, j;

	for (i = 0; i < choice->nr; i++) {
		if (!is_meant(request, choice, &choice->cases[i]))
			continue;
		for (j = 0; j < i; j++)
			if (one_path(&choice->cases[j], &choice->cases[i]) &&
			    is_meant(request, choice, &choice->cases[j]))
				break;
		if (j == i)
			list_path(l, &choice->cases[i]);
	}
}

static bool on_host(const struct lab_request *request,
		    const struct lab_choice *choice, const struct lab_case *c)
{
	(void)choice;
	return !strcmp(c->set->host, request->host);
}

/* Of a design that is asked for, and that the scenario wants compared so. */
static bool on_both(const struct lab_request *request,
		    const struct lab_choice *choice, const struct lab_case *c)
{
	bool asked = !request->nr_variants;
	unsigned int i;

	for (i = 0; i < request->nr_variants; i++)
		asked |= !strcmp(request->variant[i], c->set->variant);
	return asked && !strcmp(c->set->host, request->host) &&
	       !(c->path->flags & BENCH_CONTROL) &&
	       lab_host_has(request->against, c->set->variant,
			    c->scenario->name) &&
	       lab_choice_hosts(choice, c, true);
}

static int no_path(const struct lab_request *request,
		   const struct lab_choice *choice, char *err)
{
	struct list l = { .text = err };

	l.used = snprintf(err, LAB_CASE_ERROR, "nothing matches '%.80s'; there are:",
			  request->glob);
	list_paths(&l, request, choice, on_host);
	return -ENOENT;
}

static int no_path_on_both(const struct lab_request *request,
			   const struct lab_choice *choice, char *err)
{
	struct list l = { .text = err };

	l.used = snprintf(err, LAB_CASE_ERROR, "nothing of '%.80s' is compared between %s and %s%s; there are:",
			  request->glob, request->host, request->against,
			  request->nr_variants ? " of these variants" : "");
	list_paths(&l, request, choice, on_both);
	return -ENOENT;
}

int lab_request_vain(const struct lab_request *request,
		     const struct lab_case *cases, size_t nr, char *err)
{
	const struct lab_choice choice = { cases, nr, true };

	if (base_is_unsafe(request, cases, nr, err))
		return -EINVAL;
	if (request->against && !request->threads)
		return no_path_on_both(request, &choice, err);
	if (!request->threads)
		return no_path(request, &choice, err);
	snprintf(err, LAB_CASE_ERROR, "no row of '%.80s' is for %u threads: locklab list shows how many a path takes",
		 request->glob, request->threads);
	return -ENOENT;
}
