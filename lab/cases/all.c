// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <stdlib.h>

#include "base/cpus.h"
#include "cases/case.h"

/* Growing list of cases. */
struct list {
	struct lab_case *v;
	size_t nr, max;
};

static int list_add(struct list *l, const struct lab_case *c)
{
	if (l->nr == l->max) {
		size_t max = l->max ? 2 * l->max : 64;
		struct lab_case *v = realloc(l->v, max * sizeof(*v));

		if (!v)
			return -ENOMEM;
		l->v = v;
		l->max = max;
	}
	l->v[l->nr++] = *c;
	return 0;
}

static int add_threads(struct list *l, struct lab_case *c)
{
	unsigned int min = lab_path_min_threads(c->path);
	unsigned int max = lab_path_max_threads(c->path);
	unsigned int most = c->set->meta->max_threads;
	int ret = 0;

	if (most && most < max)
		max = most;
	for (unsigned int n = min; n <= max && !ret; n *= 2) {
		if (n > min && n > lab_cpus_allowed())
			break;
		c->cfg.threads = n;
		ret = list_add(l, c);
	}
	return ret;
}

/* Counts through the values like a mileage counter, the last one fastest. */
static int add_path(struct list *l, struct lab_case *c)
{
	unsigned int n = lab_path_params(c->path), pos[BENCH_MAX_PARAMS] = { 0 };
	const struct bench_param *p = c->path->params;
	unsigned int i;
	int ret;

	for (;;) {
		for (i = 0; i < n; i++)
			c->cfg.value[i] = lab_param_at(&p[i], pos[i]);
		ret = add_threads(l, c);
		if (ret)
			return ret;
		for (i = n; i && ++pos[i - 1] == lab_param_nr(&p[i - 1]); i--)
			pos[i - 1] = 0;
		if (!i)
			return 0;
	}
}

static int add_set(struct list *l, const struct lab_set *set)
{
	struct lab_case c = { .set = set };
	int ret = 0;

	for (unsigned int i = 0; set->scenarios[i] && !ret; i++) {
		c.scenario = set->scenarios[i];
		for (c.path = c.scenario->paths; c.path->name && !ret; c.path++)
			ret = add_path(l, &c);
	}
	return ret;
}

int lab_case_all(struct lab_case **cases, size_t *nr)
{
	struct list l = { 0 };
	int ret = 0;

	for (unsigned int i = 0; i < lab_nr_sets && !ret; i++)
		if (!lab_refused(&lab_sets[i]))
			ret = add_set(&l, &lab_sets[i]);
	if (ret) {
		free(l.v);
		return ret;
	}
	*cases = l.v;
	*nr = l.nr;
	return 0;
}
