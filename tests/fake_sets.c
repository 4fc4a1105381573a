// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * A set table for testing the harness without a core: resv, a variant
 * that does 30 % more, and some that are wrong in one way each.
 */
#include <stdlib.h>

#include "base/build.h"
#include "cases/case.h"
#include "fake_clock.h"
#include "host.h"
#include "image/object.h"

#define NODES		64

/* An operation of path heap, and of pair, by fake_clock.c. */
#define FAKE_HEAP_NS	20
#define FAKE_PAIR_NS	100

struct fake_thread {
	unsigned long x, ops;
} __attribute__((aligned(64)));

struct fake_node {
	struct fake_node *next, *prev;
	unsigned long count;
};

struct fake {
	struct fake_node head, *node[NODES];
	unsigned int threads;
	unsigned long shared __attribute__((aligned(64)));
	struct fake_thread thread[8];
};

#define DEAR_NS	30000000	/* to set up once, by fake_clock.c */

static unsigned long fake_warnings;

static void fake_took(unsigned long ns)
{
	if (fake_clock_pass)
		fake_clock_pass(ns);
}

/* How many states of the path that is dear there were, and are. */
unsigned long fake_dear_made, fake_dear_left;

/* Of the first state that was set up since it was 0. */
unsigned long fake_seed;

unsigned long host_warn_count(void)
{
	return fake_warnings;
}

static void *fake_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	struct fake *s = aligned_alloc(64, sizeof(*s));
	struct fake_node *last;

	if (!s)
		return NULL;
	*s = (struct fake){ .threads = cfg->threads };
	if (!fake_seed)
		fake_seed = cfg->seed;
	last = &s->head;
	for (int i = 0; i < NODES; i++) {
		s->node[i] = calloc(1, sizeof(*s->node[i]));
		if (!s->node[i])
			abort();
		last->next = s->node[i];
		s->node[i]->prev = last;
		last = s->node[i];
	}
	last->next = &s->head;
	s->head.prev = last;
	for (unsigned int t = 0; t < cfg->threads; t++)
		s->thread[t].x = cfg->seed + t;
	info->bytes = sizeof(*s) + NODES * sizeof(struct fake_node);
	return s;
}

static void *fake_dear_setup(const struct bench_cfg *cfg,
			     struct bench_info *info)
{
	fake_took(DEAR_NS);
	fake_dear_made++;
	fake_dear_left++;
	return fake_setup(cfg, info);
}

static unsigned long fake_digest(void *p)
{
	struct fake *s = p;
	unsigned long d = s->shared;

	for (unsigned int t = 0; t < s->threads; t++)
		d = d * 31 + s->thread[t].ops;
	return d;
}

/* Twice the operations of the last thread. */
static unsigned long fake_doubled(void *p)
{
	struct fake *s = p;

	return 2 * s->thread[s->threads - 1].ops;
}

static void fake_teardown(void *p)
{
	struct fake *s = p;

	for (int i = 0; i < NODES; i++)
		free(s->node[i]);
	free(s);
}

static int fake_dear_teardown(void *p)
{
	fake_dear_left--;
	fake_teardown(p);
	return 0;
}

static const struct bench_param fake_params[] = {
	{ "n", "1,16,1000", 0 },
	{ "ctx", "none,ww", 0 },
	{ }
};

static const struct bench_wants fake_hosts_wants[] = {
	{ "slow", BENCH_DEFAULTS, BENCH_DEFAULTS, BENCH_ONE_AT_A_TIME },
	{ }
};

static const struct bench_wants fake_no_wants[] = {
	{ "*", BENCH_NOT, BENCH_NOT, BENCH_NOT },
	{ }
};

/* Never this process: it would take the tests with it. */
static void fake_crash_run(void *p, unsigned int thread, unsigned long n,
			   struct bench_hist *hist)
{
	(void)p;
	(void)thread;
	(void)n;
	(void)hist;
	abort();
}

static const struct bench_headline fake_headline = {
	.new_ = "slow",
	.says = "A slow loop costs",
	.weight = 4,
};

static const char *const fake_roles[] = { "submit", "bind" };

#define FAKE(name)	own_resv_##name
#define FAKE_NAME	"own_resv"
#define FAKE_SPIN_NS	20
#define FAKE_DIGEST	0
#define FAKE_LEAK	0
#define FAKE_WARN	0
#include "fake_body.h"

#define FAKE(name)	own_slow_##name
#define FAKE_NAME	"own_slow"
#define FAKE_SPIN_NS	26
#define FAKE_DIGEST	0
#define FAKE_LEAK	0
#define FAKE_WARN	0
#include "fake_body.h"

#define FAKE(name)	own_none_##name
#define FAKE_NAME	"own_none"
#define FAKE_SPIN_NS	20
#define FAKE_DIGEST	0
#define FAKE_LEAK	0
#define FAKE_WARN	0
#include "fake_body.h"

#define FAKE(name)	own_wrong_##name
#define FAKE_NAME	"own_wrong"
#define FAKE_SPIN_NS	20
#define FAKE_DIGEST	1
#define FAKE_LEAK	0
#define FAKE_WARN	0
#include "fake_body.h"

#define FAKE(name)	own_leaky_##name
#define FAKE_NAME	"own_leaky"
#define FAKE_SPIN_NS	20
#define FAKE_DIGEST	0
#define FAKE_LEAK	3
#define FAKE_WARN	0
#include "fake_body.h"

#define FAKE(name)	own_warns_##name
#define FAKE_NAME	"own_warns"
#define FAKE_SPIN_NS	20
#define FAKE_DIGEST	0
#define FAKE_LEAK	0
#define FAKE_WARN	1
#include "fake_body.h"

#define FAKE(name)	ksrc_resv_##name
#define FAKE_NAME	"ksrc_resv"
#define FAKE_SPIN_NS	20
#define FAKE_DIGEST	0
#define FAKE_LEAK	0
#define FAKE_WARN	0
#include "fake_body.h"

#define FAKE(name)	ksrc_slow_##name
#define FAKE_NAME	"ksrc_slow"
#define FAKE_SPIN_NS	26
#define FAKE_DIGEST	0
#define FAKE_LEAK	0
#define FAKE_WARN	0
#include "fake_body.h"

static const struct bench_variant fake_any = {
	.name = "any",
	.doc = "takes any number of threads",
};

static const struct bench_variant fake_one = {
	.name = "one",
	.doc = "takes one thread",
	.max_threads = 1,
};

/* Another family: a variant of its own, and one whose name is taken. */
static const struct bench_scenario other = {
	.name = "other",
	.question = "Is this another family?",
	.base = "resv",
	.paths = own_resv_paths,
};

static const struct bench_scenario *const other_scenarios[] = { &other, NULL };

/* No objects: the code is what is linked. */
#define SET(...)	{ __VA_ARGS__, NULL, NULL }

const struct lab_set lab_sets[] = {
	SET("own", "resv", &fake_any, own_resv_scenarios, "resv__"),
	SET("own", "slow", &fake_any, own_slow_scenarios, "slow__"),
	SET("own", "none", &fake_one, own_none_scenarios, "none__"),
	SET("own", "wrong", &fake_any, own_wrong_scenarios, "wrong__"),
	SET("own", "leaky", &fake_any, own_leaky_scenarios, "leaky__"),
	SET("own", "warns", &fake_any, own_warns_scenarios, "warns__"),
	SET("own", "resv", &fake_any, other_scenarios, "resv__"),
	SET("own", "only", &fake_any, other_scenarios, "only__"),
	SET("ksrc", "resv", &fake_any, ksrc_resv_scenarios, "ksrc_resv__"),
	SET("ksrc", "slow", &fake_any, ksrc_slow_scenarios, "ksrc_slow__"),
};

const unsigned int lab_nr_sets = sizeof(lab_sets) / sizeof(*lab_sets);

const struct lab_absent lab_absent[] = {
	{ "ksrc", "immediate", "the tree has no DRM_GPUVM_IMMEDIATE_MODE" },
	{ }
};

const struct lab_build lab_build = {
	.compiler = "none",
	.kcflags = "",
	.commit = "",
	.ksrc = "",
};

const struct lab_lent lab_lent[] = { { NULL, NULL } };
