// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The semantics that the kernel's own test of ww_mutex asks for: exclusion,
 * AA, ABBA, cycles and stress; here for both algorithms.
 */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/ww_mutex.h>
#include <host/host.h>

#include "lock/mutex.h"
#include "ktest.h"
#include "thread.h"

const char ktest_suite[] = "test_ww_mutex";

#ifndef CONFIG_LOCKDEP
static_assert(sizeof(struct ww_mutex) == 40);
static_assert(offsetof(struct ww_mutex, ctx) == 32);
#endif

static DEFINE_WD_CLASS(wait_die);
static DEFINE_WW_CLASS(wound_wait);

static int for_both(int (*test)(struct ww_class *class))
{
	KT_ASSERT(!test(&wait_die));
	KT_ASSERT(!test(&wound_wait));
	return 0;
}

/* ---- exclusion ------------------------------------------------------- */

#define WITH_SPIN	1	/* the holder waits without sleeping */
#define WITH_TRY	2	/* the other one uses trylock */
#define WITH_CTX	4	/* both in transactions */
#define ALL_WITH	8

struct excl {
	struct ww_mutex lock;
	struct ww_class *class;
	unsigned int with;
	int ready, go, taken;
};

static void excl_other(void *arg)
{
	struct excl *e = arg;
	struct ww_acquire_ctx storage, *ctx = NULL;

	if (e->with & WITH_CTX) {
		ctx = &storage;
		ww_acquire_init(ctx, e->class);
	}
	smp_store_release(&e->ready, 1);
	thread_await(&e->go, 1);
	if (e->with & WITH_TRY) {
		while (!ww_mutex_trylock(&e->lock, ctx))
			host_sched_yield();
	} else {
		KT_CHECK(!ww_mutex_lock(&e->lock, ctx));
	}
	smp_store_release(&e->taken, 1);
	ww_mutex_unlock(&e->lock);
	if (ctx)
		ww_acquire_fini(ctx);
}

/* A loaded machine can hide a lock that is broken, not break one that works. */
static void excl_wait(struct excl *e)
{
	int i;

	if (!(e->with & WITH_SPIN)) {
		host_usleep(3000);
		return;
	}
	for (i = 0; i < 20000 && !READ_ONCE(e->taken); i++)
		cpu_relax();
}

static int exclusion_with(struct ww_class *class, unsigned int with)
{
	struct excl e = { .class = class, .with = with };
	struct ww_acquire_ctx storage, *ctx = NULL;
	struct thread *other;

	ww_mutex_init(&e.lock, class);
	if (with & WITH_CTX) {
		ctx = &storage;
		ww_acquire_init(ctx, class);
	}
	other = thread_start(excl_other, &e);
	thread_await(&e.ready, 1);
	KT_ASSERT(!ww_mutex_lock(&e.lock, ctx));
	smp_store_release(&e.go, 1);
	excl_wait(&e);
	KT_CHECK(!smp_load_acquire(&e.taken));
	ww_mutex_unlock(&e.lock);
	if (ctx)
		ww_acquire_fini(ctx);
	thread_join(other);
	KT_ASSERT(e.taken);
	KT_ASSERT(!ww_mutex_is_locked(&e.lock));
	return 0;
}

static int exclusion_class(struct ww_class *class)
{
	unsigned int with;

	for (with = 0; with < ALL_WITH; with++)
		KT_ASSERT(!exclusion_with(class, with));
	return 0;
}

static int exclusion(void)
{
	return for_both(exclusion_class);
}

/* ---- one lock twice -------------------------------------------------- */

static int aa_from(struct ww_class *class, bool try)
{
	struct ww_acquire_ctx ctx, other;
	struct ww_mutex lock;

	ww_mutex_init(&lock, class);
	ww_acquire_init(&ctx, class);
	if (try)
		KT_ASSERT(ww_mutex_trylock(&lock, &ctx) == 1);
	else
		KT_ASSERT(ww_mutex_lock(&lock, &ctx) == 0);
	KT_ASSERT(ctx.acquired == 1);
	KT_ASSERT(lock.ctx == &ctx);

	KT_ASSERT(ww_mutex_lock(&lock, &ctx) == -EALREADY);
	KT_ASSERT(ww_mutex_lock_interruptible(&lock, &ctx) == -EALREADY);
	KT_ASSERT(ww_mutex_trylock(&lock, NULL) == 0);
	KT_ASSERT(ww_mutex_trylock(&lock, &ctx) == 0);
	ww_acquire_init(&other, class);
	KT_ASSERT(ww_mutex_trylock(&lock, &other) == 0);
	KT_ASSERT(other.acquired == 0);
	ww_acquire_fini(&other);

	KT_ASSERT(ctx.acquired == 1);
	ww_mutex_unlock(&lock);
	KT_ASSERT(ctx.acquired == 0);
	KT_ASSERT(!lock.ctx);
	ww_acquire_fini(&ctx);
	ww_mutex_destroy(&lock);
	return 0;
}

static int aa_class(struct ww_class *class)
{
	KT_ASSERT(!aa_from(class, false));
	KT_ASSERT(!aa_from(class, true));
	return 0;
}

static int aa(void)
{
	return for_both(aa_class);
}

static int stamps_grow(void)
{
	struct ww_acquire_ctx a, b;

	ww_acquire_init(&a, &wait_die);
	ww_acquire_init(&b, &wait_die);
	KT_ASSERT(b.stamp - a.stamp == 1);
	KT_ASSERT(a.is_wait_die && !a.acquired && !a.wounded);
	KT_ASSERT(a.task == current);
	ww_acquire_fini(&b);
	ww_acquire_fini(&a);
	return 0;
}

/* ---- rings of locks: each thread holds one and wants the next -------- */

#define MAX_RING	8

struct ring {
	struct ww_class *class;
	struct ww_mutex locks[MAX_RING];
	int nr;
	bool try, resolve;
	int holding;
	int deadlocks;
};

/* Lock two, the second of which was held against us, whatever it takes. */
static int ring_resolve(struct ww_acquire_ctx *ctx, struct ww_mutex *mine,
			struct ww_mutex *contended)
{
	struct ww_mutex *swap;
	int err;

	do {
		ww_mutex_unlock(mine);
		ww_mutex_lock_slow(contended, ctx);
		err = ww_mutex_lock(mine, ctx);
		swap = mine;
		mine = contended;
		contended = swap;
	} while (err == -EDEADLK);
	return err;
}

static void ring_thread(void *arg, unsigned int i)
{
	struct ring *ring = arg;
	struct ww_mutex *mine = &ring->locks[i];
	struct ww_mutex *next = &ring->locks[(i + 1) % ring->nr];
	struct ww_acquire_ctx ctx;
	int err;

	ww_acquire_init(&ctx, ring->class);
	if (ring->try)
		KT_CHECK(ww_mutex_trylock(mine, &ctx));
	else
		KT_CHECK(!ww_mutex_lock(mine, &ctx));
	thread_meet(&ring->holding, ring->nr);

	err = ww_mutex_lock(next, &ctx);
	if (err == -EDEADLK) {
		__atomic_fetch_add(&ring->deadlocks, 1, __ATOMIC_RELAXED);
		if (ring->resolve)
			err = ring_resolve(&ctx, mine, next);
	}
	KT_CHECK(!err || (err == -EDEADLK && !ring->resolve));
	KT_CHECK(ctx.acquired == (err ? 1 : 2));
	if (!err)
		ww_mutex_unlock(next);
	ww_mutex_unlock(mine);
	KT_CHECK(ctx.acquired == 0);
	ww_acquire_fini(&ctx);
}

static void ring_run(struct ring *ring)
{
	int i;

	ring->holding = 0;
	ring->deadlocks = 0;
	for (i = 0; i < ring->nr; i++)
		ww_mutex_init(&ring->locks[i], ring->class);
	threads_run(ring->nr, ring_thread, ring);
	for (i = 0; i < ring->nr; i++)
		KT_CHECK(!atomic_long_read(&ring->locks[i].base.owner));
}

static int abba_class(struct ww_class *class)
{
	struct ring ring = { .class = class, .nr = 2 };
	int round;

	for (round = 0; round < 40; round++) {
		ring.try = round & 1;
		ring.resolve = round & 2;
		ring_run(&ring);
		if (ring.resolve)
			KT_ASSERT(ring.deadlocks >= 1);
		else
			KT_ASSERT(ring.deadlocks == 1);
	}
	return 0;
}

static int abba(void)
{
	return for_both(abba_class);
}

static int cycle_class(struct ww_class *class)
{
	struct ring ring = { .class = class, .resolve = true };
	int longest = min(host_nr_cpus() + 1, MAX_RING), round;

	for (ring.nr = 2; ring.nr <= longest; ring.nr++) {
		for (round = 0; round < 10; round++) {
			ring_run(&ring);
			KT_ASSERT(ring.deadlocks >= 1);
		}
	}
	/* Longer than there are CPUs by more than one, too. */
	for (ring.nr = MAX_RING, round = 0; round < 5; round++)
		ring_run(&ring);
	return 0;
}

static int cycle(void)
{
	return for_both(cycle_class);
}

/* ---- a waiter comes before the holder's transaction is known ------------ */

struct window {
	struct ww_class *class;
	struct ww_mutex lock, held;
	struct ww_acquire_ctx holder;
	int ready, go, err;
};

/* In a transaction of its own, holding a lock, wait for the other one. */
static void window_waiter(void *arg)
{
	struct window *w = arg;
	struct ww_acquire_ctx ctx;

	/* Wait-die: the younger waits. Wound-wait: the older does. */
	if (w->class->is_wait_die)
		thread_await(&w->go, 1);
	ww_acquire_init(&ctx, w->class);
	KT_CHECK(!ww_mutex_lock(&w->held, &ctx));
	smp_store_release(&w->ready, 1);
	thread_await(&w->go, 1);
	w->err = ww_mutex_lock(&w->lock, &ctx);
	if (!w->err)
		ww_mutex_unlock(&w->lock);
	ww_mutex_unlock(&w->held);
	ww_acquire_fini(&ctx);
}

/*
 * Stops between the two halves of ww_mutex_lock()'s fast path: taking the
 * mutex, and making the transaction known.
 */
static int window_class(struct ww_class *class)
{
	struct window w = { .class = class };
	struct thread *waiter;

	ww_mutex_init(&w.lock, class);
	ww_mutex_init(&w.held, class);
	waiter = thread_start(window_waiter, &w);
	if (!class->is_wait_die)
		thread_await(&w.ready, 1);
	ww_acquire_init(&w.holder, class);
	mutex_lock(&w.lock.base);
	smp_store_release(&w.go, 1);
	while (!mutex_has_waiters(&w.lock.base))
		host_sched_yield();
	/* Let it fall asleep; it must be woken, or it is wrong for ever. */
	host_usleep(2000);
	ww_acquired_unqueued(&w.lock.base, &w.holder);
	if (class->is_wait_die) {
		thread_join(waiter);
		KT_CHECK(w.err == -EDEADLK);
		KT_CHECK(!w.holder.wounded);
		ww_mutex_unlock(&w.lock);
	} else {
		KT_CHECK(READ_ONCE(w.holder.wounded));
		ww_mutex_unlock(&w.lock);
		thread_join(waiter);
		KT_CHECK(!w.err);
	}
	ww_acquire_fini(&w.holder);
	return 0;
}

static int window(void)
{
	return for_both(window_class);
}

/* ---- stress ---------------------------------------------------------- */

#define IN_ORDER	1
#define RANDOM_ORDER	2
#define ONE_LOCK	4

struct stress {
	struct ww_class *class;
	struct ww_mutex *locks;
	unsigned long *counts;
	int nr_locks, rounds;
	unsigned int flags;
	unsigned long transactions;
};

static int *stress_order(int n, unsigned int *seed)
{
	int *order = kmalloc_array(n, sizeof(*order), GFP_KERNEL);
	int i;

	BUG_ON(!order);
	for (i = 0; i < n; i++)
		order[i] = i;
	for (i = n - 1; i > 0; i--) {
		*seed = *seed * 1664525 + 1013904223;
		swap(order[i], order[(*seed >> 8) % (i + 1)]);
	}
	return order;
}

static void stress_unlock(struct stress *s, const int *order, int nr)
{
	while (nr--)
		ww_mutex_unlock(&s->locks[order[nr]]);
}

/*
 * Lock all in one order: back off without changing it, so that the contended
 * one is held while those before it are taken again.
 */
static void stress_lock_in_order(struct stress *s, const int *order,
				 struct ww_acquire_ctx *ctx)
{
	int contended = -1, i, err;

again:
	for (i = 0; i < s->nr_locks; i++) {
		if (i == contended)
			continue;
		err = ww_mutex_lock(&s->locks[order[i]], ctx);
		if (!err)
			continue;
		KT_CHECK(err == -EDEADLK);
		if (contended > i)
			ww_mutex_unlock(&s->locks[order[contended]]);
		stress_unlock(s, order, i);
		KT_CHECK(!ctx->acquired);
		ww_mutex_lock_slow(&s->locks[order[i]], ctx);
		contended = i;
		goto again;
	}
}

/* Lock all in any order: the contended one goes to the front. */
static void stress_lock_reordering(struct stress *s, int *order,
				   struct ww_acquire_ctx *ctx)
{
	int i, k, contended, err;

	for (i = 0; i < s->nr_locks; i++) {
		err = ww_mutex_lock(&s->locks[order[i]], ctx);
		if (!err)
			continue;
		KT_CHECK(err == -EDEADLK);
		stress_unlock(s, order, i);
		KT_CHECK(!ctx->acquired);
		contended = order[i];
		for (k = i; k > 0; k--)
			order[k] = order[k - 1];
		order[0] = contended;
		ww_mutex_lock_slow(&s->locks[contended], ctx);
		i = 0;
	}
}

static void stress_all(struct stress *s, int *order, bool reorder)
{
	struct ww_acquire_ctx ctx;
	int i;

	ww_acquire_init(&ctx, s->class);
	if (reorder)
		stress_lock_reordering(s, order, &ctx);
	else
		stress_lock_in_order(s, order, &ctx);
	ww_acquire_done(&ctx);
	KT_CHECK(ctx.acquired == s->nr_locks);
	for (i = 0; i < s->nr_locks; i++)
		s->counts[i]++;
	host_usleep(20);
	stress_unlock(s, order, s->nr_locks);
	KT_CHECK(!ctx.acquired);
	ww_acquire_fini(&ctx);
	__atomic_fetch_add(&s->transactions, s->nr_locks, __ATOMIC_RELAXED);
}

static void stress_one(struct stress *s, int i)
{
	KT_CHECK(!ww_mutex_lock(&s->locks[i], NULL));
	s->counts[i]++;
	ww_mutex_unlock(&s->locks[i]);
	__atomic_fetch_add(&s->transactions, 1, __ATOMIC_RELAXED);
}

/* Threads take turns among the kinds of work that the flags ask for. */
static unsigned int stress_kind(unsigned int flags, unsigned int id)
{
	unsigned int kinds[3], nr = 0, bit;

	for (bit = IN_ORDER; bit <= ONE_LOCK; bit <<= 1) {
		if (flags & bit)
			kinds[nr++] = bit;
	}
	return kinds[id % nr];
}

static void stress_thread(void *arg, unsigned int id)
{
	struct stress *s = arg;
	unsigned int kind = stress_kind(s->flags, id), seed = id + 1;
	int *order = stress_order(s->nr_locks, &seed);
	int round;

	for (round = 0; round < s->rounds; round++) {
		if (kind == ONE_LOCK)
			stress_one(s, order[round % s->nr_locks]);
		else
			stress_all(s, order, kind == RANDOM_ORDER);
	}
	kfree(order);
}

static int stress(struct ww_class *class, int nr_locks, int threads,
		  int rounds, unsigned int flags)
{
	struct stress s = {
		.class = class, .nr_locks = nr_locks, .rounds = rounds,
		.flags = flags,
	};
	unsigned long sum = 0;
	int i;

	s.locks = kcalloc(nr_locks, sizeof(*s.locks), GFP_KERNEL);
	s.counts = kcalloc(nr_locks, sizeof(*s.counts), GFP_KERNEL);
	KT_ASSERT(s.locks && s.counts);
	for (i = 0; i < nr_locks; i++)
		ww_mutex_init(&s.locks[i], class);
	threads_run(threads, stress_thread, &s);
	for (i = 0; i < nr_locks; i++) {
		KT_CHECK(!atomic_long_read(&s.locks[i].base.owner));
		KT_CHECK(!s.locks[i].ctx);
		sum += s.counts[i];
	}
	kfree(s.counts);
	kfree(s.locks);
	KT_ASSERT(sum == s.transactions);
	return 0;
}

static int stress_few_class(struct ww_class *class)
{
	int threads = 2 * host_nr_cpus();

	KT_ASSERT(!stress(class, 16, threads, 60, IN_ORDER));
	KT_ASSERT(!stress(class, 16, threads, 60, RANDOM_ORDER));
	KT_ASSERT(!stress(class, 16, threads, 60,
			  IN_ORDER | RANDOM_ORDER | ONE_LOCK));
	return 0;
}

static int stress_few(void)
{
	return for_both(stress_few_class);
}

/* Held at once by one task: more than a record of held locks has room for. */
#ifdef CONFIG_LOCKDEP
#define MANY_LOCKS	40
#else
#define MANY_LOCKS	2047
#endif

static int stress_many_class(struct ww_class *class)
{
	return stress(class, MANY_LOCKS, 3 * host_nr_cpus(), 3,
		      IN_ORDER | RANDOM_ORDER | ONE_LOCK);
}

static int stress_many(void)
{
	return for_both(stress_many_class);
}

const struct ktest ktests[] = {
	KTEST(exclusion),
	KTEST(aa),
	KTEST(stamps_grow),
	KTEST(abba),
	KTEST(cycle),
	KTEST(window),
	KTEST(stress_few),
	KTEST(stress_many),
	{ 0 },
};
