// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Reservation objects: slots, which fence replaces which, references. */
#include <linux/build_bug.h>
#include <linux/dma-resv.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <host/host.h>

#include "ktest.h"
#include "thread.h"

const char ktest_suite[] = "test_dma_resv";

#ifndef CONFIG_LOCKDEP
static_assert(sizeof(struct dma_resv) == 48);
static_assert(offsetof(struct dma_resv, fences) == 40);
#endif
static_assert(sizeof(struct dma_fence) == 64);

#define KERNEL		DMA_RESV_USAGE_KERNEL
#define WRITE		DMA_RESV_USAGE_WRITE
#define READ		DMA_RESV_USAGE_READ
#define BOOKKEEP	DMA_RESV_USAGE_BOOKKEEP

static DEFINE_SPINLOCK(fence_lock);
static int fences_alive;

static const char *fence_name(struct dma_fence *fence)
{
	return "test";
}

static void fence_release(struct dma_fence *fence)
{
	__atomic_fetch_sub(&fences_alive, 1, __ATOMIC_RELAXED);
	dma_fence_free(fence);
}

static const struct dma_fence_ops fence_ops = {
	.use_64bit_seqno = true,
	.get_driver_name = fence_name,
	.get_timeline_name = fence_name,
	.release = fence_release,
};

static const struct dma_fence_ops fence_ops_32 = {
	.get_driver_name = fence_name,
	.get_timeline_name = fence_name,
	.release = fence_release,
};

static struct dma_fence *fence_new(u64 context, u64 seqno)
{
	struct dma_fence *fence = kzalloc(sizeof(*fence), GFP_KERNEL);

	BUG_ON(!fence);
	__atomic_fetch_add(&fences_alive, 1, __ATOMIC_RELAXED);
	dma_fence_init(fence, &fence_ops, &fence_lock, context, seqno);
	return fence;
}

/* Add a new fence and keep no reference. */
static struct dma_fence *add_new(struct dma_resv *resv, u64 context,
				 u64 seqno, enum dma_resv_usage usage)
{
	struct dma_fence *fence = fence_new(context, seqno);

	dma_resv_add_fence(resv, fence, usage);
	dma_fence_put(fence);
	return fence;
}

static unsigned int nr_fences(struct dma_resv *resv, enum dma_resv_usage usage)
{
	struct dma_resv_iter cursor;
	struct dma_fence *fence;
	unsigned int nr = 0;

	dma_resv_for_each_fence(&cursor, resv, usage, fence) {
		KT_CHECK(dma_resv_iter_usage(&cursor) <= usage);
		nr++;
	}
	dma_resv_iter_end(&cursor);
	return nr;
}

static int locking(void)
{
	struct ww_acquire_ctx ctx;
	struct dma_resv resv;

	dma_resv_init(&resv);
	KT_ASSERT(!dma_resv_is_locked(&resv));
	KT_ASSERT(dma_resv_lock(&resv, NULL) == 0);
	KT_ASSERT(dma_resv_is_locked(&resv));
	KT_ASSERT(!dma_resv_locking_ctx(&resv));
	KT_ASSERT(!dma_resv_trylock(&resv));
	dma_resv_unlock(&resv);

	ww_acquire_init(&ctx, &reservation_ww_class);
	KT_ASSERT(ctx.is_wait_die);
	KT_ASSERT(dma_resv_lock_interruptible(&resv, &ctx) == 0);
	KT_ASSERT(dma_resv_locking_ctx(&resv) == &ctx);
	KT_ASSERT(dma_resv_lock(&resv, &ctx) == -EALREADY);
	dma_resv_unlock(&resv);
	ww_acquire_fini(&ctx);
	dma_resv_fini(&resv);
	return 0;
}

static int reserving(void)
{
	struct dma_resv resv;
	int i;

	dma_resv_init(&resv);
	KT_ASSERT(!dma_resv_lock(&resv, NULL));
	host_warn_mute(1);
	KT_CHECK(dma_resv_reserve_fences(&resv, 0) == -EINVAL);
	host_warn_mute(0);
	KT_WARNINGS(1);
	for (i = 0; i < 100; i++) {
		KT_ASSERT(dma_resv_reserve_fences(&resv, 1) == 0);
		add_new(&resv, i, 1, BOOKKEEP);
	}
	KT_ASSERT(nr_fences(&resv, BOOKKEEP) == 100);
	KT_ASSERT(dma_resv_reserve_fences(&resv, 200) == 0);
	for (; i < 300; i++)
		add_new(&resv, i, 1, BOOKKEEP);
	KT_ASSERT(nr_fences(&resv, BOOKKEEP) == 300);
	dma_resv_unlock(&resv);
	KT_ASSERT(fences_alive == 300);
	dma_resv_fini(&resv);
	KT_ASSERT(fences_alive == 0);
	return 0;
}

/* Growing drops what is signalled, with its reference. */
static int growing(void)
{
	struct dma_fence *fences[4];
	struct dma_resv resv;
	int i;

	dma_resv_init(&resv);
	KT_ASSERT(!dma_resv_lock(&resv, NULL));
	KT_ASSERT(!dma_resv_reserve_fences(&resv, 4));
	for (i = 0; i < 4; i++)
		fences[i] = add_new(&resv, i, 1, READ);
	KT_ASSERT(dma_fence_signal(fences[1]) == 0);
	KT_ASSERT(dma_fence_signal(fences[1]) == -EINVAL);
	KT_ASSERT(!dma_resv_test_signaled(&resv, READ));
	KT_ASSERT(!dma_resv_reserve_fences(&resv, 100));
	KT_ASSERT(nr_fences(&resv, READ) == 3);
	KT_ASSERT(fences_alive == 3);
	dma_resv_unlock(&resv);
	dma_resv_fini(&resv);
	KT_ASSERT(fences_alive == 0);
	return 0;
}

static int replacing(void)
{
	struct dma_resv resv;
	struct dma_fence *f;

	dma_resv_init(&resv);
	KT_ASSERT(!dma_resv_lock(&resv, NULL));
	KT_ASSERT(!dma_resv_reserve_fences(&resv, 16));

	/* Later, of the same context and not of weaker usage: one slot. */
	add_new(&resv, 7, 1, READ);
	add_new(&resv, 7, 2, READ);
	KT_ASSERT(nr_fences(&resv, BOOKKEEP) == 1);
	add_new(&resv, 7, 3, WRITE);
	KT_ASSERT(nr_fences(&resv, WRITE) == 1);
	KT_ASSERT(nr_fences(&resv, BOOKKEEP) == 1);
	/* A weaker usage does not replace a stronger one. */
	add_new(&resv, 7, 4, READ);
	KT_ASSERT(nr_fences(&resv, BOOKKEEP) == 2);
	/* Nor does an earlier fence a later one; nor another context. */
	add_new(&resv, 7, 2, WRITE);
	KT_ASSERT(nr_fences(&resv, BOOKKEEP) == 3);
	f = add_new(&resv, 8, 9, KERNEL);
	KT_ASSERT(nr_fences(&resv, BOOKKEEP) == 4);
	KT_ASSERT(nr_fences(&resv, KERNEL) == 1);
	KT_ASSERT(fences_alive == 4);
	/* A signalled one makes room for any. */
	dma_fence_signal(f);
	add_new(&resv, 9, 1, BOOKKEEP);
	KT_ASSERT(nr_fences(&resv, BOOKKEEP) == 4);
	KT_ASSERT(nr_fences(&resv, KERNEL) == 0);
	KT_ASSERT(fences_alive == 4);

	dma_resv_unlock(&resv);
	dma_resv_fini(&resv);
	KT_ASSERT(fences_alive == 0);
	return 0;
}

static int replacing_a_context(void)
{
	struct dma_fence *f = fence_new(20, 1);
	struct dma_resv resv;

	dma_resv_init(&resv);
	KT_ASSERT(!dma_resv_lock(&resv, NULL));
	KT_ASSERT(!dma_resv_reserve_fences(&resv, 4));
	add_new(&resv, 7, 5, WRITE);
	add_new(&resv, 7, 4, WRITE);
	add_new(&resv, 8, 1, READ);
	KT_ASSERT(nr_fences(&resv, BOOKKEEP) == 3);
	dma_resv_replace_fences(&resv, 7, f, KERNEL);
	KT_ASSERT(kref_read(&f->refcount) == 3);
	KT_ASSERT(nr_fences(&resv, KERNEL) == 2);
	KT_ASSERT(nr_fences(&resv, BOOKKEEP) == 3);
	dma_resv_unlock(&resv);
	dma_resv_fini(&resv);
	KT_ASSERT(kref_read(&f->refcount) == 1);
	dma_fence_put(f);
	KT_ASSERT(fences_alive == 0);
	return 0;
}

static int usages(void)
{
	struct dma_resv resv;

	dma_resv_init(&resv);
	KT_ASSERT(!dma_resv_lock(&resv, NULL));
	KT_ASSERT(nr_fences(&resv, BOOKKEEP) == 0);
	KT_ASSERT(dma_resv_test_signaled(&resv, BOOKKEEP));
	KT_ASSERT(!dma_resv_reserve_fences(&resv, 4));
	add_new(&resv, 1, 1, BOOKKEEP);
	add_new(&resv, 2, 1, READ);
	add_new(&resv, 3, 1, WRITE);
	add_new(&resv, 4, 1, KERNEL);
	KT_ASSERT(nr_fences(&resv, KERNEL) == 1);
	KT_ASSERT(nr_fences(&resv, WRITE) == 2);
	KT_ASSERT(nr_fences(&resv, READ) == 3);
	KT_ASSERT(nr_fences(&resv, BOOKKEEP) == 4);
	KT_ASSERT(dma_resv_usage_rw(true) == READ);
	KT_ASSERT(dma_resv_usage_rw(false) == WRITE);
	dma_resv_unlock(&resv);
	dma_resv_fini(&resv);
	return 0;
}

static int order_of_fences(void)
{
	struct dma_fence *a = fence_new(1, 0xffffffff);
	struct dma_fence *b = fence_new(1, 0x100000001);
	struct dma_fence *other = fence_new(2, 5);
	u64 context = dma_fence_context_alloc(3);

	KT_ASSERT(dma_fence_context_alloc(1) == context + 3);
	KT_ASSERT(dma_fence_is_later(b, a) && !dma_fence_is_later(a, b));
	KT_ASSERT(dma_fence_is_later_or_same(a, a));
	KT_ASSERT(!dma_fence_is_later(a, a));
	/* 32 bits wrap: 1 comes after 0xffffffff. */
	a->ops = &fence_ops_32;
	b->ops = &fence_ops_32;
	KT_ASSERT(dma_fence_is_later(b, a) && !dma_fence_is_later(a, b));
	host_warn_mute(1);
	KT_CHECK(!dma_fence_is_later(a, other));
	host_warn_mute(0);
	KT_WARNINGS(1);
	dma_fence_put(a);
	dma_fence_put(b);
	dma_fence_put(other);
	dma_fence_put(NULL);
	KT_ASSERT(!dma_fence_get(NULL));
	KT_ASSERT(fences_alive == 0);
	return 0;
}

/* Adding without a slot is a BUG. */
static int add_unreserved(void)
{
	struct dma_resv resv;

	dma_resv_init(&resv);
	KT_ASSERT(!dma_resv_lock(&resv, NULL));
	add_new(&resv, 1, 1, READ);
	return 0;
}

static int add_unreserved_is_a_bug(void)
{
	/* SIGABRT; ThreadSanitizer and others may end it in their own way. */
	KT_ASSERT(ktest_child("add_unreserved") == -6);
	return 0;
}

struct submit {
	struct dma_resv resv;
	u64 context[4];
};

/* The last one of a thread is not signalled, so nothing replaces it. */
#define SUBMITS		500

static void submit_thread(void *arg, unsigned int id)
{
	struct submit *s = arg;
	int i;

	for (i = 1; i <= SUBMITS; i++) {
		struct dma_fence *fence = fence_new(s->context[id], i);

		KT_CHECK(!dma_resv_lock(&s->resv, NULL));
		KT_CHECK(!dma_resv_reserve_fences(&s->resv, 1));
		dma_resv_add_fence(&s->resv, fence, WRITE);
		dma_resv_unlock(&s->resv);
		if (i % 3 == 0)
			dma_fence_signal(fence);
		dma_fence_put(fence);
	}
}

static unsigned int nr_of(struct dma_resv *resv, u64 context, u64 seqno)
{
	struct dma_resv_iter cursor;
	struct dma_fence *fence;
	unsigned int nr = 0;

	dma_resv_for_each_fence(&cursor, resv, BOOKKEEP, fence)
		nr += fence->context == context && fence->seqno == seqno;
	return nr;
}

static int submitters(void)
{
	struct submit s;
	int i;

	dma_resv_init(&s.resv);
	for (i = 0; i < 4; i++)
		s.context[i] = dma_fence_context_alloc(1);
	threads_run(4, submit_thread, &s);
	KT_ASSERT(!dma_resv_lock(&s.resv, NULL));
	for (i = 0; i < 4; i++)
		KT_CHECK(nr_of(&s.resv, s.context[i], SUBMITS) == 1);
	dma_resv_unlock(&s.resv);
	dma_resv_fini(&s.resv);
	KT_ASSERT(fences_alive == 0);
	return 0;
}

#ifdef CONFIG_LOCKDEP
static int no_memory(void)
{
	struct dma_resv resv;

	dma_resv_init(&resv);
	KT_ASSERT(!dma_resv_lock(&resv, NULL));
	kmalloc_fail_after(0);
	KT_ASSERT(dma_resv_reserve_fences(&resv, 1) == -ENOMEM);
	KT_ASSERT(!dma_resv_reserve_fences(&resv, 1));
	add_new(&resv, 1, 1, READ);
	kmalloc_fail_after(0);
	KT_ASSERT(dma_resv_reserve_fences(&resv, 100) == -ENOMEM);
	KT_ASSERT(nr_fences(&resv, READ) == 1);
	dma_resv_unlock(&resv);
	dma_resv_fini(&resv);
	KT_ASSERT(fences_alive == 0);
	return 0;
}

/* What was reserved is lost when the lock is released. */
static int add_after_unlock(void)
{
	struct dma_resv resv;

	dma_resv_init(&resv);
	KT_ASSERT(!dma_resv_lock(&resv, NULL));
	KT_ASSERT(!dma_resv_reserve_fences(&resv, 1));
	dma_resv_unlock(&resv);
	KT_ASSERT(!dma_resv_lock(&resv, NULL));
	add_new(&resv, 1, 1, READ);
	return 0;
}

static int add_after_unlock_is_a_bug(void)
{
	KT_ASSERT(ktest_child("add_after_unlock") == -6);
	return 0;
}
#endif

const struct ktest ktests[] = {
	KTEST(locking),
	KTEST(reserving),
	KTEST(growing),
	KTEST(replacing),
	KTEST(replacing_a_context),
	KTEST(usages),
	KTEST(order_of_fences),
	KTEST(add_unreserved_is_a_bug),
	KTEST_CHILD(add_unreserved),
	KTEST(submitters),
#ifdef CONFIG_LOCKDEP
	KTEST(no_memory),
	KTEST(add_after_unlock_is_a_bug),
	KTEST_CHILD(add_after_unlock),
#endif
	{ 0 },
};
