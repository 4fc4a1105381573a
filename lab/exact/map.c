// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/progress.h"
#include "exact/map.h"

#define SECONDS_EACH	0.1	/* of a process */
#define NS		1e-9

static bool same_case(const struct lab_case *a, const struct lab_case *b)
{
	return lab_same_variant(a->set, b->set) &&
	       !strcmp(a->scenario->name, b->scenario->name) &&
	       !strcmp(a->path->name, b->path->name) &&
	       !memcmp(a->cfg.value, b->cfg.value, sizeof(a->cfg.value)) &&
	       a->cfg.threads == b->cfg.threads;
}

static double seconds_of(double ns)
{
	/* of what takes so long, setup() has few counted */
	double ops = ns > LAB_EXACT_DEAR_NS ? 1 : LAB_EXACT_OPS;

	return SECONDS_EACH + (ns > 0 ? LAB_EXACT_SLOWER * LAB_EXACT_CALLS * ops *
				 ns * NS : 0);
}

int lab_exact_map_add(struct lab_exact_map *x, const struct lab_case *c, double ns)
{
	size_t i;

	for (i = 0; i < x->nr; i++)
		if (same_case(&x->cases[i], c))
			return 0;
	if (x->nr == x->max) {
		size_t max = x->max ? 2 * x->max : 64;
		struct lab_case *cases = realloc(x->cases, max * sizeof(*cases));

		if (!cases)
			return -ENOMEM;
		x->cases = cases;
		x->max = max;
	}
	x->cases[x->nr++] = *c;
	x->seconds += seconds_of(ns);
	return 0;
}

struct ticker {
	struct lab_progress progress;
	size_t all;
};

static void tick(void *arg, size_t done)
{
	struct ticker *t = arg;

	lab_progress_show(&t->progress, done, t->all, "counting");
}

int lab_exact_map_count(struct lab_exact_map *x)
{
	struct ticker t = { .all = x->nr };
	int ret;

	if (!x->nr)
		return 0;
	x->e = calloc(x->nr, sizeof(*x->e));
	if (!x->e)
		return -ENOMEM;
	lab_progress_begin(&t.progress, x->seconds);
	ret = lab_exact_count(x->cases, x->nr, x->e, tick, &t);
	lab_progress_end(&t.progress);
	return ret;
}

const struct lab_exact *lab_exact_map_find(const struct lab_exact_map *x,
					   const struct lab_case *c)
{
	for (size_t i = 0; x->e && i < x->nr; i++)
		if (same_case(&x->cases[i], c))
			return &x->e[i];
	return NULL;
}

static json_t *functions(const struct lab_exact *e)
{
	json_t *o = json_object();

	for (size_t i = 0; i < e->nr; i++) {
		const struct lab_exact_fn *fn = &e->fn[i];

		if (fn->ir || fn->ge)
			json_object_set_new(o, fn->name, json_pack("[f,f]",
								   fn->ir,
								   fn->ge));
	}
	return o;
}

json_t *lab_exact_json(const struct lab_exact *e)
{
	if (!e)
		return json_null();
	if (*e->why)
		return json_pack("{s:s}", "why", e->why);
	return json_pack("{s:f, s:f, s:I, s:b, s:b, s:o}",
			 "instructions", e->ir, "atomics", e->ge,
			 "ops", (json_int_t)e->ops, "steady", e->steady,
			 "thread_0_alone", e->alone,
			 "functions", functions(e));
}

json_t *lab_exact_map_json(const struct lab_exact_map *x)
{
	json_t *cases = json_object();
	char name[LAB_CASE_NAME];

	for (size_t i = 0; x->e && i < x->nr; i++)
		json_object_set_new(cases, lab_case_format(&x->cases[i], name),
				    lab_exact_json(&x->e[i]));
	return json_pack("{s:s, s:o}", "schema", "locklab-counts/1", "cases",
			 cases);
}

void lab_exact_map_free(struct lab_exact_map *x)
{
	if (x->e)
		lab_exact_free(x->e, x->nr);
	free(x->e);
	free(x->cases);
	memset(x, 0, sizeof(*x));
}
