// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Mutual exclusion under load: threads add to plain counters under each lock
 * and the sums must be exact. A lock that excludes nobody must be caught.
 */
#include <linux/dma-resv.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/osq_lock.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/ww_mutex.h>
#include <host/host.h>

#include "ktest.h"
#include "thread.h"

const char ktest_suite[] = "torture";

#define MAX_THREADS	16
#define MAX_LOCKS	4
#define TOTAL_ROUNDS	8000

static DEFINE_WD_CLASS(torture_wd_class);
static DEFINE_WW_CLASS(torture_ww_class);

/* A lock of every kind, and what it protects. */
struct cell {
	struct mutex mutex;
	struct ww_mutex wd;
	struct ww_mutex ww;
	spinlock_t spin;
	struct dma_resv resv;
	struct optimistic_spin_queue osq;
	int busted;
	int seen_free, seen_count;
	unsigned long count;
	int inside;
};

struct torture;

/**
 * struct kind - a kind of lock
 * @lock: take it; false when it was not taken after all
 * @trylock: or NULL
 * @unlock: release it
 * @inside: called between reading and writing what is protected; or NULL
 * @class: for transactions over several locks; the others are unused then
 */
struct kind {
	bool (*lock)(struct cell *cell);
	bool (*trylock)(struct cell *cell);
	void (*unlock)(struct cell *cell);
	void (*inside)(struct cell *cell);
	struct ww_class *class;
};

struct torture {
	const struct kind *kind;
	unsigned int rounds;
	unsigned int violations;
	unsigned long done[MAX_THREADS][MAX_LOCKS];
	struct cell cells[MAX_LOCKS];
};

static bool lock_mutex(struct cell *cell)
{
	mutex_lock(&cell->mutex);
	return true;
}

static bool trylock_mutex(struct cell *cell)
{
	return mutex_trylock(&cell->mutex);
}

static void unlock_mutex(struct cell *cell)
{
	mutex_unlock(&cell->mutex);
}

static bool lock_ww_null(struct cell *cell)
{
	return !ww_mutex_lock(&cell->wd, NULL);
}

static bool trylock_ww_null(struct cell *cell)
{
	return ww_mutex_trylock(&cell->wd, NULL);
}

static void unlock_ww_null(struct cell *cell)
{
	ww_mutex_unlock(&cell->wd);
}

static bool lock_spin(struct cell *cell)
{
	spin_lock(&cell->spin);
	return true;
}

static bool trylock_spin(struct cell *cell)
{
	return spin_trylock(&cell->spin);
}

static void unlock_spin(struct cell *cell)
{
	spin_unlock(&cell->spin);
}

static bool lock_resv(struct cell *cell)
{
	return !dma_resv_lock(&cell->resv, NULL);
}

static bool trylock_resv(struct cell *cell)
{
	return dma_resv_trylock(&cell->resv);
}

static void unlock_resv(struct cell *cell)
{
	dma_resv_unlock(&cell->resv);
}

static bool lock_osq(struct cell *cell)
{
	spin_begin();
	return osq_lock(&cell->osq);
}

static void unlock_osq(struct cell *cell)
{
	osq_unlock(&cell->osq);
}

/* The first two to come here go on together. */
static void pair_up(int *word)
{
	if (__atomic_add_fetch(word, 1, __ATOMIC_RELAXED) > 2)
		return;
	while (READ_ONCE(*word) < 2)
		host_sched_yield();
}

/* Not a lock: two threads may both find it free, and the first two do. */
static bool lock_busted(struct cell *cell)
{
	while (smp_load_acquire(&cell->busted))
		host_sched_yield();
	pair_up(&cell->seen_free);
	WRITE_ONCE(cell->busted, 1);
	return true;
}

static void inside_busted(struct cell *cell)
{
	pair_up(&cell->seen_count);
}

static void unlock_busted(struct cell *cell)
{
	WRITE_ONCE(cell->busted, 0);
}

static unsigned int next_random(unsigned int *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* What the lock is for; now and then slow, so that owners get preempted. */
static void critical(struct torture *t, struct cell *cell, unsigned int r)
{
	unsigned long count;

	if (xchg(&cell->inside, 1))
		__atomic_fetch_add(&t->violations, 1, __ATOMIC_RELAXED);
	count = cell->count;
	if (t->kind->inside)
		t->kind->inside(cell);
	if (r % 64 == 0)
		host_sched_yield();
	cell->count = count + 1;
	WRITE_ONCE(cell->inside, 0);
}

static void torture_thread(void *arg, unsigned int id)
{
	struct torture *t = arg;
	struct cell *cell = &t->cells[0];
	unsigned int seed = id + 1, i, r;
	bool taken;

	for (i = 0; i < t->rounds; i++) {
		r = next_random(&seed);
		if (t->kind->trylock && r % 4 == 0)
			taken = t->kind->trylock(cell);
		else
			taken = t->kind->lock(cell);
		if (!taken)
			continue;
		critical(t, cell, r / 4);
		t->kind->unlock(cell);
		t->done[id][0]++;
	}
}

static struct ww_mutex *cell_ww(struct torture *t, unsigned int i)
{
	struct cell *cell = &t->cells[i % MAX_LOCKS];

	return t->kind->class->is_wait_die ? &cell->wd : &cell->ww;
}

/* Lock @nr cells from @first on, @step apart, backing off as needed. */
static void lock_all(struct torture *t, struct ww_acquire_ctx *ctx,
		     unsigned int first, unsigned int step, unsigned int nr)
{
	unsigned int contended = nr, i, k;
	int err;

again:
	if (contended < nr)
		ww_mutex_lock_slow(cell_ww(t, first + contended * step), ctx);
	for (i = 0; i < nr; i++) {
		if (i == contended)
			continue;
		err = ww_mutex_lock(cell_ww(t, first + i * step), ctx);
		if (!err)
			continue;
		KT_CHECK(err == -EDEADLK);
		for (k = 0; k < nr; k++) {
			if (k < i || k == contended)
				ww_mutex_unlock(cell_ww(t, first + k * step));
		}
		KT_CHECK(ctx->acquired == 0);
		contended = i;
		goto again;
	}
}

static void transaction(struct torture *t, unsigned int id, unsigned int r)
{
	unsigned int first = r % MAX_LOCKS, step = 1 + r / 4 % 2 * 2;
	unsigned int nr = 1 + r / 8 % MAX_LOCKS, i;
	struct ww_acquire_ctx ctx;

	ww_acquire_init(&ctx, t->kind->class);
	if (nr == 1 && r / 32 % 2) {
		if (!ww_mutex_trylock(cell_ww(t, first), &ctx))
			goto fini;
	} else {
		lock_all(t, &ctx, first, step, nr);
	}
	ww_acquire_done(&ctx);

	for (i = 0; i < nr; i++) {
		unsigned int c = (first + i * step) % MAX_LOCKS;

		critical(t, &t->cells[c], r / 64);
		t->done[id][c]++;
	}
	for (i = 0; i < nr; i++)
		ww_mutex_unlock(cell_ww(t, first + i * step));
	KT_CHECK(ctx.acquired == 0);
fini:
	ww_acquire_fini(&ctx);
}

static void transaction_thread(void *arg, unsigned int id)
{
	struct torture *t = arg;
	unsigned int seed = id + 1, i;

	for (i = 0; i < t->rounds; i++)
		transaction(t, id, next_random(&seed));
}

static void cell_init(struct cell *cell)
{
	mutex_init(&cell->mutex);
	ww_mutex_init(&cell->wd, &torture_wd_class);
	ww_mutex_init(&cell->ww, &torture_ww_class);
	spin_lock_init(&cell->spin);
	dma_resv_init(&cell->resv);
	osq_lock_init(&cell->osq);
}

static bool cell_is_free(struct cell *cell)
{
	return !mutex_is_locked(&cell->mutex) &&
	       !atomic_long_read(&cell->mutex.owner) &&
	       !atomic_long_read(&cell->wd.base.owner) &&
	       !atomic_long_read(&cell->ww.base.owner) &&
	       !atomic_long_read(&cell->resv.lock.base.owner) &&
	       !spin_is_locked(&cell->spin) &&
	       !osq_is_locked(&cell->osq) &&
	       !osq_is_locked(&cell->mutex.osq);
}

/* Is every count the sum of what the threads have done? */
static bool counts_exact(struct torture *t, unsigned int threads)
{
	unsigned int c, i;

	for (c = 0; c < MAX_LOCKS; c++) {
		unsigned long sum = 0;

		for (i = 0; i < threads; i++)
			sum += t->done[i][c];
		if (sum != t->cells[c].count)
			return false;
	}
	return true;
}

static int torture(const struct kind *kind, unsigned int threads)
{
	struct torture *t = kzalloc(sizeof(*t), GFP_KERNEL);
	bool exact;
	int c;

	KT_ASSERT(t);
	t->kind = kind;
	t->rounds = TOTAL_ROUNDS / threads;
	for (c = 0; c < MAX_LOCKS; c++)
		cell_init(&t->cells[c]);

	threads_run(threads, kind->class ? transaction_thread : torture_thread,
		    t);

	exact = counts_exact(t, threads) && !t->violations;
	for (c = 0; c < MAX_LOCKS; c++) {
		KT_CHECK(cell_is_free(&t->cells[c]));
		KT_CHECK(list_empty(&t->cells[c].mutex.wait_list));
	}
	kfree(t);
	return exact ? 0 : -1;
}

static int torture_kind(const struct kind *kind)
{
	static const unsigned int threads[] = { 2, 3, 5, 8, 16 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(threads); i++)
		KT_ASSERT(!torture(kind, threads[i]));
	return 0;
}

static int mutex(void)
{
	static const struct kind kind = {
		.lock = lock_mutex,
		.trylock = trylock_mutex,
		.unlock = unlock_mutex,
	};

	return torture_kind(&kind);
}

static int ww_mutex_without_ctx(void)
{
	static const struct kind kind = {
		.lock = lock_ww_null,
		.trylock = trylock_ww_null,
		.unlock = unlock_ww_null,
	};

	return torture_kind(&kind);
}

static int ww_mutex_wait_die(void)
{
	static const struct kind kind = { .class = &torture_wd_class };

	return torture_kind(&kind);
}

static int ww_mutex_wound_wait(void)
{
	static const struct kind kind = { .class = &torture_ww_class };

	return torture_kind(&kind);
}

static int spinlock(void)
{
	static const struct kind kind = {
		.lock = lock_spin,
		.trylock = trylock_spin,
		.unlock = unlock_spin,
	};

	return torture_kind(&kind);
}

static int dma_resv(void)
{
	static const struct kind kind = {
		.lock = lock_resv,
		.trylock = trylock_resv,
		.unlock = unlock_resv,
	};

	return torture_kind(&kind);
}

/* As a lock of its own; taking it may fail, as its time may run out. */
static int osq(void)
{
	static const struct kind kind = {
		.lock = lock_osq,
		.unlock = unlock_osq,
	};

	return torture_kind(&kind);
}

static const struct kind busted_kind = {
	.lock = lock_busted,
	.unlock = unlock_busted,
	.inside = inside_busted,
};

/* In a process of its own, since ThreadSanitizer ends it. */
static int busted_in_child(void)
{
	return torture(&busted_kind, 2);
}

static int busted_is_caught(void)
{
	KT_ASSERT(ktest_child("busted_in_child") > 0);
	return 0;
}

const struct ktest ktests[] = {
	KTEST(mutex),
	KTEST(ww_mutex_without_ctx),
	KTEST(ww_mutex_wait_die),
	KTEST(ww_mutex_wound_wait),
	KTEST(spinlock),
	KTEST(dma_resv),
	KTEST(osq),
	KTEST(busted_is_caught),
	KTEST_CHILD(busted_in_child),
	{ 0 },
};
