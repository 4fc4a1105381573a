// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * What every locking design of the range allocator must do alike: the contract's
 * calls, alone and with other threads on the same allocator. Built once for each
 * design.
 */
#include "mm_variant_world.h"
#include "race.h"

/* Of all threads together. Who spins keeps a holder off the CPU that it lost. */
#define ROUNDS		(IS("spin") ? 2000 : 20000)
#define SAFE		(VARIANT_MAX_THREADS == 0)

static int calls(void)
{
	struct mm_node *n = node_of(0);

	setup();
	mm_enter(world.a);
	KT_EQ(node_insert(world.a, &n[0], 5, 16, 7, BASE, END, LOW), 0);
	KT_EQ(n[0].base.start, BASE);
	KT_EQ(n[0].base.size, 5);
	KT_EQ(n[0].base.color, 7);
	KT_EQ(n[0].base.mm, &world.a->base);
	expect(1);
	KT_EQ(node_insert(world.a, &n[1], 5, 16, 0, BASE, END, HIGH), 0);
	KT_EQ(n[1].base.start, BASE + PAGES - 16);
	KT_EQ(node_insert(world.a, &n[2], 2, 0, 0, BASE + 50, BASE + 60, LOW), 0);
	KT_EQ(n[2].base.start, BASE + 50);
	n[3].base.start = BASE + 100;
	n[3].base.size = 10;
	KT_EQ(node_reserve(world.a, &n[3]), 0);
	expect(4);

	node_remove(world.a, &n[1]);
	KT_CHECK(!in_use(&n[1]) && in_use(&n[0]));
	expect(3);
	KT_EQ(insert(&n[1], 3, BEST), 0);
	expect(4);
	node_remove_all(world.a, n, 4);
	KT_CHECK(!in_use(&n[0]) && !in_use(&n[3]));
	expect(0);
	node_remove_all(world.a, n, 0);
	mm_leave(world.a);
	teardown();
	return 0;
}

/* Who did not get in refers to nothing. */
static int no_room(void)
{
	struct mm_node *n = node_of(0);
	struct mm_guard g;

	setup();
	mm_enter(world.a);
	KT_EQ(insert(&n[0], PAGES, BEST), 0);
	KT_EQ(insert(&n[1], 1, BEST), -ENOSPC);
	KT_EQ(insert(&n[1], 0, LOW), -ENOSPC);
	n[1].base.start = BASE;
	n[1].base.size = 1;
	KT_EQ(node_reserve(world.a, &n[1]), -ENOSPC);
	expect(1);
	mm_lock(world.a, &g);
	KT_EQ(guard_insert(&g, &n[1], 1, 0, 0, BASE, END, LOW), -ENOSPC);
	KT_EQ(guard_reserve(&g, &n[1]), -ENOSPC);
	expect(1);
	mm_unlock(&g);
	KT_CHECK(!in_use(&n[1]));
	node_remove(world.a, &n[0]);
	expect(0);
	mm_leave(world.a);
	teardown();
	return 0;
}

/* Several calls and an eviction scan under one lock. */
static int compound(void)
{
	struct mm_node *n = node_of(0);
	struct drm_mm_scan scan;
	struct mm_guard g;
	unsigned int k;

	setup();
	mm_enter(world.a);
	mm_lock(world.a, &g);
	for (k = 0; k < 8; k++)
		KT_EQ(guard_insert(&g, &n[k], PAGES / 8, 0, 0, BASE, END, LOW), 0);
	expect(8);
	guard_remove(&g, &n[3]);
	n[3].base.start = BASE + 3 * PAGES / 8;
	n[3].base.size = 1;
	KT_EQ(guard_reserve(&g, &n[3]), 0);
	expect(8);

	drm_mm_scan_init(&scan, &world.a->base, PAGES / 4, 0, 0, LOW);
	KT_CHECK(!drm_mm_scan_add_block(&scan, &n[5].base));
	KT_CHECK(drm_mm_scan_add_block(&scan, &n[6].base));
	KT_CHECK(drm_mm_scan_remove_block(&scan, &n[6].base));
	KT_CHECK(drm_mm_scan_remove_block(&scan, &n[5].base));
	guard_remove(&g, &n[5]);
	guard_remove(&g, &n[6]);
	KT_EQ(guard_insert(&g, &n[5], PAGES / 4, 0, 0, BASE, END,
			   DRM_MM_INSERT_EVICT), 0);
	KT_EQ(n[5].base.start, scan.hit_start);
	mm_unlock(&g);
	expect(7);
	for (k = 0; k < 8; k++)
		if (in_use(&n[k]))
			node_remove(world.a, &n[k]);
	mm_leave(world.a);
	teardown();
	return 0;
}

/* @n has just been given its place, or is about to lose it. */
static void mark(const struct mm_node *n, int by)
{
	u64 at = n->base.start - BASE, end = at + n->base.size;

	for (; at < end; at++) {
		int was = __atomic_fetch_add(&world.taken[at], by,
					     __ATOMIC_RELAXED);

		if (was != (by < 0))
			ktest_fail(__FILE__, __LINE__, "nodes overlap");
	}
}

static void torture_remove(struct mm_node *n)
{
	mark(n, -1);
	mm_enter(world.a);
	node_remove(world.a, n);
	mm_leave(world.a);
}

static void torture_add(struct mm_node *n, unsigned long r)
{
	int err;

	n->base.start = BASE + r / 16 % PAGES;
	n->base.size = 1 + r / 4096 % 8;
	mm_enter(world.a);
	if (r % 4)
		err = node_insert(world.a, n, n->base.size, 1 + r / 32768 % 4, 0,
				  BASE, END, r % 4);
	else
		err = node_reserve(world.a, n);
	mm_leave(world.a);
	if (!err)
		mark(n, 1);
	else
		KT_EQ(err, -ENOSPC);
}

/* Move a node within one lock: nobody may get in between and take all room. */
static void torture_move(struct mm_node *n)
{
	struct mm_guard g;

	mark(n, -1);
	mm_enter(world.a);
	mm_lock(world.a, &g);
	guard_remove(&g, n);
	KT_EQ(guard_insert(&g, n, n->base.size, 0, 0, BASE, END, HIGH), 0);
	mm_unlock(&g);
	mm_leave(world.a);
	mark(n, 1);
}

/* Give back the nodes from @n on that are in use. */
static void torture_batch(struct mm_node *n, unsigned int nr)
{
	unsigned int k;

	for (k = 0; k < nr && in_use(&n[k]); k++)
		mark(&n[k], -1);
	mm_enter(world.a);
	node_remove_all(world.a, n, k);
	mm_leave(world.a);
}

static void torture_thread(void *arg, unsigned int i)
{
	unsigned int rounds = ROUNDS / *(unsigned int *)arg, k;
	struct mm_node *mine = world.node[i];
	unsigned long seed = i + 1;

	while (rounds--) {
		unsigned long r = kt_random(&seed);
		struct mm_node *n = &mine[r % MINE];

		r /= MINE;
		if (!in_use(n))
			torture_add(n, r / 8);
		else if (r % 8 == 0)
			torture_batch(n, mine + MINE - n);
		else if (r % 2)
			torture_remove(n);
		else
			torture_move(n);
		if (r % 64 == 0)
			host_sched_yield();
	}
	for (k = 0; k < MINE; k++)
		if (in_use(&mine[k]))
			torture_remove(&mine[k]);
}

static int torture(unsigned int threads)
{
	unsigned int at;

	setup();
	threads_run(threads, torture_thread, &threads);
	for (at = 0; at < PAGES; at++)
		KT_EQ(world.taken[at], 0);
	teardown();
	return 0;
}

static int one_thread(void)
{
	return torture(1);
}

static int many_threads(void)
{
	unsigned int threads;

	for (threads = 2; threads <= MAX_THREADS; threads++)
		KT_ASSERT(!torture(threads));
	return 0;
}

#if WITH_TSAN && VARIANT_MAX_THREADS == 1

/* The control: a design without locks, with two threads. */
static int race_is_caught(void)
{
	KT_ASSERT(ktest_child("many_threads") == RACE_FOUND);
	return 0;
}

#endif

/*
 * The control of the other checks: a thread has chosen its place, at the top of
 * the hole, when another one takes that. Without a lock both get it.
 */
static struct {
	int chosen, taken;
} meet;

static void wait_for_other(const struct drm_mm_node *node, unsigned long color,
			   u64 *start, u64 *end)
{
	if (!color)
		return;
	smp_store_release(&meet.chosen, 1);
	thread_await(&meet.taken, 1);
}

static void take_chosen(void *arg)
{
	thread_await(&meet.chosen, 1);
	KT_EQ(insert(node_of(0), 10, HIGH), 0);
	smp_store_release(&meet.taken, 1);
}

static int overlap(void)
{
	struct thread *other;

	setup();
	world.a->base.color_adjust = wait_for_other;
	other = thread_start(take_chosen, NULL);
	KT_EQ(node_insert(world.a, node_of(1), 10, 0, 1, BASE, END, HIGH), 0);
	thread_join(other);
	KT_EQ(node_of(0)->base.start, node_of(1)->base.start);
	return 0;
}

#ifndef CONFIG_DRM_DEBUG_MM

static int overlap_is_caught(void)
{
	KT_ASSERT(!overlap());
#ifndef LAB_HOST_KSRC
	KT_ASSERT(!strncmp(drm_mm_verify(&world.a->base) ?: "", "I1:", 3));
#endif
	kfree(world.a);
	return 0;
}

#else

static int overlap_is_caught(void)
{
	KT_ASSERT(ktest_child_says("overlap", KTEST_BUG, "invariant broken: I1:"));
	return 0;
}

#endif

const char ktest_suite[] = "test_mm_variant " VARIANT_NAME;

const struct ktest ktests[] = {
	KTEST(calls),
	KTEST(no_room),
	KTEST(compound),
	KTEST(one_thread),
	KTEST_IF(SAFE, many_threads),
#if WITH_TSAN && VARIANT_MAX_THREADS == 1
	KTEST(race_is_caught),
#endif
	KTEST_IF(!SAFE, overlap_is_caught),
	KTEST_CHILD(overlap),
	{ 0 },
};
