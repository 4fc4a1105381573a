// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Interval trees against a search through all intervals. */
#include <linux/compiler.h>
#include <linux/interval_tree_generic.h>
#include <linux/limits.h>
#include <linux/types.h>
#include <host/host.h>

#include "check.h"

#define NR		64
#define STEPS		20000
#define SPAN		1000

struct item {
	u64 start, last, subtree_last;
	bool in;
	struct rb_node rb;
};

#define START(it)	((it)->start)
#define LAST(it)	((it)->last)

INTERVAL_TREE_DEFINE(struct item, rb, u64, subtree_last, START, LAST,
		     static __maybe_unused, it)

static struct item items[NR];

static u64 greater(u64 max, struct item *below)
{
	return below && below->subtree_last > max ? below->subtree_last : max;
}

static int check_subtree(struct rb_node *rb)
{
	struct item *at = rb_entry_safe(rb, struct item, rb);
	u64 max;

	if (!at)
		return 0;
	max = greater(at->last, rb_entry_safe(rb->rb_left, struct item, rb));
	max = greater(max, rb_entry_safe(rb->rb_right, struct item, rb));
	KT_ASSERT(at->subtree_last == max);
	KT_ASSERT(!check_subtree(rb->rb_left));
	KT_ASSERT(!check_subtree(rb->rb_right));
	return 0;
}

/* Those that overlap come once each, by start, and no others. */
static int check_query(struct rb_root_cached *root, u64 start, u64 last)
{
	unsigned int i, expect = 0, got = 0;
	u64 before = 0;
	struct item *at;

	for (i = 0; i < NR; i++)
		expect += items[i].in && items[i].start <= last &&
			  items[i].last >= start;
	for (at = it_iter_first(root, start, last); at;
	     at = it_iter_next(at, start, last)) {
		KT_ASSERT(at->in && got < expect);
		KT_ASSERT(at->start <= last && at->last >= start);
		KT_ASSERT(at->start >= before);
		before = at->start;
		got++;
	}
	KT_ASSERT(got == expect);
	return 0;
}

static int torture(unsigned long seed, u64 base, u64 longest)
{
	struct rb_root_cached root = RB_ROOT_CACHED;
	unsigned int step, i;
	u64 start, last;

	for (i = 0; i < NR; i++)
		items[i].in = false;
	for (step = 0; step < STEPS; step++) {
		struct item *at = &items[kt_random(&seed) % NR];

		if (at->in) {
			it_remove(at, &root);
		} else {
			at->start = base + kt_random(&seed) % SPAN;
			at->last = at->start + kt_random(&seed) % longest;
			it_insert(at, &root);
		}
		at->in = !at->in;

		KT_ASSERT(!check_subtree(root.rb_root.rb_node));
		KT_ASSERT(rb_first_cached(&root) == rb_first(&root.rb_root));
		start = base + kt_random(&seed) % (2 * SPAN);
		last = start + kt_random(&seed) % longest;
		KT_ASSERT(!check_query(&root, start, last));
		KT_ASSERT(!check_query(&root, start, start));
	}
	KT_ASSERT(!check_query(&root, 0, U64_MAX));
	return 0;
}

static int test_short(void)
{
	KT_ASSERT(!torture(1, 0, 10));
	return 0;
}

static int test_long(void)
{
	KT_ASSERT(!torture(2, 0, SPAN));
	return 0;
}

/* The ends of a query may be the ends of the type. */
static int test_high(void)
{
	KT_ASSERT(!torture(3, U64_MAX - 4 * SPAN, SPAN));
	return 0;
}

static int test_empty(void)
{
	struct rb_root_cached root = RB_ROOT_CACHED;

	KT_EQ(it_iter_first(&root, 0, U64_MAX), NULL);
	return 0;
}

const char ktest_suite[] = "test_interval_tree";

const struct ktest ktests[] = {
	KTEST(test_short),
	KTEST(test_long),
	KTEST(test_high),
	KTEST(test_empty),
	{ 0 },
};
