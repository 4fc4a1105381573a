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

/* Names are checked before anything is measured. */
int lab_request_check(const struct lab_request *request, char *err)
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
		    lab_case_move(c, request->host, base, 1, &moved) != -EINVAL)
			continue;
		snprintf(err, LAB_CASE_ERROR, "variant '%s' is not safe with the %u threads of %s/%s: name others with it, the first is the base",
			 base, c->cfg.threads, c->scenario->name, c->path->name);
		return true;
	}
	return false;
}

/* A list of paths, cut where it gets too long. */
struct list {
	char *text;
	size_t used;
	const struct bench_scenario *scenario;
	const struct bench_path *path;
};

static void list_path(struct list *l, const struct lab_case *c)
{
	const char *scenario = c->scenario->name;

	if (c->path == l->path || l->used >= LAB_CASE_ERROR)
		return;
	if (l->scenario && !strcmp(l->scenario->name, scenario))
		scenario = "...";
	l->used += snprintf(l->text + l->used, LAB_CASE_ERROR - l->used,
			    " %s/%s", scenario, c->path->name);
	l->scenario = c->scenario;
	l->path = c->path;
}

static int no_path(const struct lab_request *request,
		   const struct lab_case *cases, size_t nr, char *err)
{
	struct list l = { .text = err };
	const struct lab_case *c;

	l.used = snprintf(err, LAB_CASE_ERROR, "nothing matches '%.80s'; there are:",
			  request->glob);
	for (c = cases; c < cases + nr; c++)
		if (!strcmp(c->set->host, request->host) &&
		    !strcmp(c->set->variant,
			    lab_base_first(request->host, c->scenario->name)))
			list_path(&l, c);
	return -ENOENT;
}

/* Of the paths whose scenario wants some design compared between hosts. */
static int no_path_on_both(const struct lab_request *request,
			   const struct lab_case *cases, size_t nr, char *err)
{
	const struct lab_choice choice = { cases, nr, true };
	struct list l = { .text = err };
	const struct lab_case *c;

	l.used = snprintf(err, LAB_CASE_ERROR, "nothing of '%.80s' is compared between %s and %s; there are:",
			  request->glob, request->host, request->against);
	for (c = cases; c < cases + nr; c++)
		if (!strcmp(c->set->host, request->host) &&
		    !(c->path->flags & BENCH_CONTROL) &&
		    lab_choice_hosts(&choice, c, true))
			list_path(&l, c);
	return -ENOENT;
}

int lab_request_vain(const struct lab_request *request,
		     const struct lab_case *cases, size_t nr, char *err)
{
	if (base_is_unsafe(request, cases, nr, err))
		return -EINVAL;
	if (request->against && !request->threads)
		return no_path_on_both(request, cases, nr, err);
	if (!request->threads)
		return no_path(request, cases, nr, err);
	snprintf(err, LAB_CASE_ERROR, "no row of '%.80s' is for %u threads: locklab list shows how many a path takes",
		 request->glob, request->threads);
	return -ENOENT;
}
