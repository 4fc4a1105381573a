// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * What some locking designs of the range allocator promise beyond the contract:
 * who may go first, and which mistakes are told. Built once for each design.
 */
#include "mm_variant_world.h"

/*
 * The owner goes first; the nodes keep what they are in, and the last ends it.
 * Who drops a node need not know where it is.
 */
static int nodes_outlive_owner(void)
{
	struct mm_node *n = node_of(0);
	struct mm_alloc *unknown;

	setup();
	unknown = COUNTS ? NULL : world.a;
	KT_EQ(insert(&n[0], 1, LOW), 0);
	KT_EQ(insert(&n[1], 1, LOW), 0);
	KT_EQ(insert(&n[2], 1, LOW), 0);
	mm_put(world.a);
	node_remove(unknown, &n[1]);
	KT_CHECK(!drm_mm_clean(&world.a->base));
	node_remove_all(world.a, &n[2], 1);
	KT_EQ(drm_mm_verify(&world.a->base), NULL);
	node_remove(world.a, &n[0]);
	return 0;
}

/* Owner and nodes go at once, each in its thread. */
static void drop_thread(void *arg, unsigned int i)
{
	if (i)
		node_remove(world.a, node_of(i));
	else
		mm_put(world.a);
}

static int owner_and_nodes_race(void)
{
	unsigned int round, k;

	for (round = 0; round < 200; round++) {
		setup();
		for (k = 1; k < MAX_THREADS; k++)
			KT_EQ(insert(node_of(k), 1, LOW), 0);
		threads_run(MAX_THREADS, drop_thread, NULL);
	}
	return 0;
}

/* Something wrong: exactly @n warnings, not shown. */
#define WRONG(n, statement)						\
	do {								\
		host_warn_mute(1);					\
		statement;						\
		host_warn_mute(0);					\
		KT_WARNED(n);						\
	} while (0)

/* Each of the calls of a token that proves nothing warns and does nothing. */
static void proves_nothing(struct mm_guard *g, struct mm_node *in)
{
	struct mm_node *out = node_of(MINE - 1);
	int err;

	WRONG(1, err = guard_insert(g, out, 1, 0, 0, BASE, END, LOW));
	KT_EQ(err, -EINVAL);
	WRONG(1, err = guard_reserve(g, out));
	KT_EQ(err, -EINVAL);
	KT_CHECK(!in_use(out));
	WRONG(1, guard_remove(g, in));
	KT_CHECK(in_use(in));
	WRONG(1, mm_unlock(g));
	expect(1);
}

static void anothers_token(void *arg)
{
	proves_nothing(arg, node_of(0));
}

static int token(void)
{
	struct mm_guard g, copy;
	struct mm_alloc *other;

	setup();
	other = alloc_new();
	KT_EQ(insert(node_of(0), 1, LOW), 0);

	mm_lock(world.a, &g);
	copy = g;
	proves_nothing(&copy, node_of(0));
	thread_join(thread_start(anothers_token, &g));
	/* It is still good for who got it. */
	KT_EQ(guard_insert(&g, node_of(1), 1, 0, 0, BASE, END, LOW), 0);
	guard_remove(&g, node_of(1));
	mm_unlock(&g);
	proves_nothing(&g, node_of(0));

	/* Told by the token of another allocator, whether or not that is locked. */
	mm_lock(other, &copy);
	copy.a = world.a;
	proves_nothing(&copy, node_of(0));
	mm_lock(world.a, &g);
	proves_nothing(&copy, node_of(0));
	mm_unlock(&g);
	copy.a = other;
	mm_unlock(&copy);

	node_remove(world.a, node_of(0));
	mm_put(other);
	teardown();
	return 0;
}

/* A node is not taken from an allocator that it is not in. */
static int node_of_another(void)
{
	struct mm_alloc *other;
	struct mm_guard g;

	setup();
	other = alloc_new();
	KT_EQ(insert(node_of(0), 1, LOW), 0);
	KT_EQ(insert(node_of(1), 1, LOW), 0);
	WRONG(1, node_remove(other, node_of(0)));
	WRONG(2, node_remove_all(other, node_of(0), 2));
	mm_lock(other, &g);
	WRONG(1, guard_remove(&g, node_of(0)));
	mm_unlock(&g);
	KT_CHECK(in_use(node_of(0)));
	expect(2);
	KT_CHECK(drm_mm_clean(&other->base));
	node_remove_all(world.a, node_of(0), 2);
	mm_put(other);
	teardown();
	return 0;
}

/* An allocator whose owner goes before its nodes is complained of. */
static int put_dirty(void)
{
	setup();
	mm_enter(world.a);
	KT_EQ(insert(node_of(0), 1, LOW), 0);
	mm_leave(world.a);
	WRONG(1, mm_put(world.a));
	return 0;
}

#ifdef CONFIG_LOCKDEP

/* Every call past a resv that should be held is told. */
static int resv_not_held(void)
{
	struct mm_node *n = node_of(0);
	struct mm_guard g;

	setup();
	WRONG(1, (void)insert(&n[0], 1, LOW));
	n[1].base.start = BASE + 9;
	n[1].base.size = 1;
	WRONG(1, (void)node_reserve(world.a, &n[1]));
	WRONG(1, node_remove(world.a, &n[0]));
	WRONG(1, node_remove_all(world.a, &n[1], 1));
	WRONG(1, mm_lock(world.a, &g));
	mm_unlock(&g);
	teardown();
	return 0;
}

static void lock_twice(void *arg)
{
	struct mm_guard g, again;

	mm_enter(world.a);
	mm_lock(world.a, &g);
	mm_lock(world.a, &again);
}

static void insert_locked(void *arg)
{
	struct mm_guard g;

	mm_enter(world.a);
	mm_lock(world.a, &g);
	insert(node_of(0), 1, LOW);
}

/* A lock that its holder wants is told before he waits; he stays behind. */
static int told_and_left(void (*fn)(void *arg))
{
	setup();
	host_warn_mute(1);
	thread_abandon(thread_start(fn, NULL));
	while (!host_warn_count())
		host_sched_yield();
	host_warn_mute(0);
	KT_WARNINGS(1);
	return 0;
}

static int locked_twice(void)
{
	return told_and_left(lock_twice);
}

static int inserted_locked(void)
{
	return told_and_left(insert_locked);
}

/* Who may sleep for the lock must not hold a spinlock. */
static int locked_while_spinning(void)
{
	spinlock_t lock;
	struct mm_guard g;

	setup();
	mm_enter(world.a);
	spin_lock_init(&lock);
	spin_lock(&lock);
	WRONG(!IS("spin"), mm_lock(world.a, &g));
	mm_unlock(&g);
	spin_unlock(&lock);
	mm_leave(world.a);
	teardown();
	return 0;
}

#endif

const char ktest_suite[] = "test_mm_promises " VARIANT_NAME;

const struct ktest ktests[] = {
	KTEST_IF(COUNTS, nodes_outlive_owner),
	KTEST_IF(COUNTS, owner_and_nodes_race),
	KTEST_IF(!COUNTS, put_dirty),
	KTEST_IF(SHOWS_TOKEN, token),
	KTEST_IF(KNOWS_NODES, node_of_another),
#ifdef CONFIG_LOCKDEP
	KTEST_IF(IN_RESV, resv_not_held),
	KTEST_IF(HAS_LOCK, locked_while_spinning),
	KTEST_IF(HAS_LOCK, locked_twice),
	KTEST_IF(HAS_LOCK, inserted_locked),
#endif
	{ 0 },
};
