// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Every misuse of a lock is reported, and nothing else is. */
#include <linux/dma-resv.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/ww_mutex.h>
#include <host/host.h>

#include "ktest.h"
#include "thread.h"

#ifndef CONFIG_LOCKDEP
#error "compile with -DCONFIG_LOCKDEP=1"
#endif

const char ktest_suite[] = "test_lockdep";

static DEFINE_WD_CLASS(class_a);
static DEFINE_WD_CLASS(class_b);

/* Run something that is wrong: exactly @n warnings, not shown. */
#define WRONG(n, statement)						\
	do {								\
		host_warn_mute(1);					\
		statement;						\
		host_warn_mute(0);					\
		KT_WARNINGS(n);						\
	} while (0)

static int correct_use(void)
{
	struct ww_acquire_ctx ctx;
	struct ww_mutex a, b;
	struct mutex m, n;
	spinlock_t s;

	mutex_init(&m);
	mutex_init(&n);
	spin_lock_init(&s);
	ww_mutex_init(&a, &class_a);
	ww_mutex_init(&b, &class_a);

	lockdep_assert_not_held(&m);
	mutex_lock(&m);
	mutex_lock(&n);
	spin_lock(&s);
	lockdep_assert_held(&m);
	lockdep_assert_held(&n);
	lockdep_assert_held(&s);
	/* Not in the order of taking. */
	mutex_unlock(&m);
	lockdep_assert_not_held(&m);
	lockdep_assert_held(&n);
	spin_unlock(&s);
	mutex_unlock(&n);
	might_sleep();

	ww_acquire_init(&ctx, &class_a);
	KT_ASSERT(!ww_mutex_lock(&a, &ctx));
	KT_ASSERT(ww_mutex_lock(&a, &ctx) == -EALREADY);
	KT_ASSERT(ww_mutex_trylock(&b, &ctx));
	ww_acquire_done(&ctx);
	lockdep_assert_held(&b.base);
	ww_mutex_unlock(&a);
	ww_mutex_unlock(&b);
	ww_acquire_fini(&ctx);
	KT_ASSERT(current->lockdep_depth == 0);
	return 0;
}

/* A transaction may have any number; each is known until it is released. */
static int many_in_a_transaction(void)
{
	enum { nr = 10 * MAX_LOCK_DEPTH };
	static struct ww_mutex lock[nr];
	struct ww_acquire_ctx ctx;
	unsigned int i;

	ww_acquire_init(&ctx, &class_a);
	for (i = 0; i < nr; i++) {
		ww_mutex_init(&lock[i], &class_a);
		KT_ASSERT(!ww_mutex_lock(&lock[i], &ctx));
	}
	KT_ASSERT(current->lockdep_depth == nr);
	/* the first, whose place all others move up to, and then each other */
	ww_mutex_unlock(&lock[0]);
	for (i = 1; i < nr; i += 2)
		ww_mutex_unlock(&lock[i]);
	for (i = 2; i < nr; i += 2)
		lockdep_assert_held(&lock[i].base);
	WRONG(1, lockdep_assert_held(&lock[nr - 1].base));
	for (i = nr - 2; i; i -= 2)
		ww_mutex_unlock(&lock[i]);
	ww_acquire_fini(&ctx);
	KT_ASSERT(current->lockdep_depth == 0);
	KT_ASSERT(!current->held_more);
	return 0;
}

static int assert_of_free(void)
{
	struct dma_resv resv;
	struct mutex m;
	spinlock_t s;

	mutex_init(&m);
	spin_lock_init(&s);
	dma_resv_init(&resv);
	WRONG(1, lockdep_assert_held(&m));
	WRONG(1, lockdep_assert_held(&s));
	WRONG(1, dma_resv_assert_held(&resv));
	WRONG(1, dma_resv_reserve_fences(&resv, 1));
	mutex_lock(&m);
	WRONG(1, lockdep_assert_not_held(&m));
	mutex_unlock(&m);
	KT_ASSERT(!dma_resv_lock(&resv, NULL));
	dma_resv_assert_held(&resv);
	dma_resv_unlock(&resv);
	dma_resv_fini(&resv);
	return 0;
}

static void assert_held(void *arg)
{
	lockdep_assert_held((struct mutex *)arg);
}

static int assert_of_anothers(void)
{
	struct mutex m;

	mutex_init(&m);
	mutex_lock(&m);
	WRONG(1, thread_join(thread_start(assert_held, &m)));
	mutex_unlock(&m);
	return 0;
}

/* Shared with a thread that stays behind. */
static struct mutex twice;

static void lock_twice(void *arg)
{
	mutex_lock(&twice);
	mutex_lock(&twice);
}

static int taken_by_its_holder(void)
{
	mutex_init(&twice);
	host_warn_mute(1);
	thread_abandon(thread_start(lock_twice, NULL));
	while (!host_warn_count())
		host_sched_yield();
	host_warn_mute(0);
	KT_WARNINGS(1);
	return 0;
}

static int released_by_another(void)
{
	struct mutex m;
	spinlock_t s;

	mutex_init(&m);
	spin_lock_init(&s);
	WRONG(1, mutex_unlock(&m));
	WRONG(1, spin_unlock(&s));
	mutex_lock(&m);
	mutex_unlock(&m);
	WRONG(1, mutex_unlock(&m));
	return 0;
}

static int sleeping_under_spinlock(void)
{
	struct mutex m;
	spinlock_t s;

	mutex_init(&m);
	spin_lock_init(&s);
	spin_lock(&s);
	WRONG(1, might_sleep());
	WRONG(1, mutex_lock(&m));
	mutex_unlock(&m);
	/* A trylock does not sleep. */
	KT_ASSERT(mutex_trylock(&m));
	mutex_unlock(&m);
	spin_unlock(&s);
	might_sleep();
	return 0;
}

static int two_of_a_class(void)
{
	struct ww_acquire_ctx ctx;
	struct ww_mutex a, b;

	ww_mutex_init(&a, &class_a);
	ww_mutex_init(&b, &class_a);
	KT_ASSERT(!ww_mutex_lock(&a, NULL));
	WRONG(1, (void)ww_mutex_lock(&b, NULL));
	ww_mutex_unlock(&b);
	/* By trylock it cannot deadlock. */
	KT_ASSERT(ww_mutex_trylock(&b, NULL));
	ww_mutex_unlock(&b);
	ww_mutex_unlock(&a);

	ww_acquire_init(&ctx, &class_a);
	KT_ASSERT(!ww_mutex_lock(&a, &ctx));
	WRONG(1, (void)ww_mutex_lock(&b, NULL));
	ww_mutex_unlock(&b);
	ww_mutex_unlock(&a);
	ww_acquire_fini(&ctx);
	return 0;
}

static int another_class(void)
{
	struct ww_acquire_ctx ctx;
	struct ww_mutex b;

	ww_mutex_init(&b, &class_b);
	ww_acquire_init(&ctx, &class_a);
	WRONG(1, (void)ww_mutex_lock(&b, &ctx));
	ww_mutex_unlock(&b);
	ww_acquire_fini(&ctx);
	return 0;
}

static int after_done(void)
{
	struct ww_acquire_ctx ctx;
	struct ww_mutex a;

	ww_mutex_init(&a, &class_a);
	ww_acquire_init(&ctx, &class_a);
	ww_acquire_done(&ctx);
	WRONG(1, ww_acquire_done(&ctx));
	WRONG(1, (void)ww_mutex_lock(&a, &ctx));
	WRONG(1, ww_acquire_fini(&ctx));
	ww_mutex_unlock(&a);
	return 0;
}

struct contend {
	struct ww_mutex a, b, c;
	int held, stop;
};

/* An older transaction that holds b until it is told to stop. */
static void contend_older(void *arg)
{
	struct contend *s = arg;
	struct ww_acquire_ctx ctx;

	ww_acquire_init(&ctx, &class_a);
	KT_CHECK(!ww_mutex_lock(&s->b, &ctx));
	smp_store_release(&s->held, 1);
	thread_await(&s->stop, 1);
	ww_mutex_unlock(&s->b);
	ww_acquire_fini(&ctx);
}

static int contend_wrongly(struct contend *s, struct thread *older)
{
	struct ww_acquire_ctx ctx;

	ww_acquire_init(&ctx, &class_a);
	WRONG(1, ww_mutex_lock_slow(&s->c, &ctx));
	ww_mutex_unlock(&s->c);

	KT_ASSERT(!ww_mutex_lock(&s->a, &ctx));
	KT_ASSERT(ww_mutex_lock(&s->b, &ctx) == -EDEADLK);
	/* Another lock first, and without releasing what is held: two rules. */
	WRONG(1, (void)ww_mutex_lock(&s->c, &ctx));
	ww_mutex_unlock(&s->c);

	KT_ASSERT(ww_mutex_lock(&s->b, &ctx) == -EDEADLK);
	smp_store_release(&s->stop, 1);
	thread_join(older);
	/* Told by lock_slow() itself and by the lock being taken. */
	WRONG(2, ww_mutex_lock_slow(&s->b, &ctx));
	ww_mutex_unlock(&s->b);
	ww_mutex_unlock(&s->a);
	ww_acquire_fini(&ctx);
	return 0;
}

static int wrong_backoff(void)
{
	struct contend s = { .stop = 0 };
	struct thread *older;

	ww_mutex_init(&s.a, &class_a);
	ww_mutex_init(&s.b, &class_a);
	ww_mutex_init(&s.c, &class_a);
	older = thread_start(contend_older, &s);
	thread_await(&s.held, 1);
	return contend_wrongly(&s, older);
}

static int destroyed_while_held(void)
{
	struct mutex m;

	mutex_init(&m);
	mutex_lock(&m);
	WRONG(1, mutex_destroy(&m));
	mutex_unlock(&m);
	mutex_destroy(&m);
	return 0;
}

static int failing_allocation(void)
{
	void *p, *q;

	kmalloc_fail_after(1);
	p = kmalloc(16, GFP_KERNEL);
	q = kmalloc(16, GFP_KERNEL);
	KT_CHECK(p && !q);
	kfree(p);
	p = kzalloc(200, GFP_KERNEL);
	KT_ASSERT(p);
	kfree(p);
	return 0;
}

const struct ktest ktests[] = {
	KTEST(correct_use),
	KTEST(many_in_a_transaction),
	KTEST(assert_of_free),
	KTEST(assert_of_anothers),
	KTEST(taken_by_its_holder),
	KTEST(released_by_another),
	KTEST(sleeping_under_spinlock),
	KTEST(two_of_a_class),
	KTEST(another_class),
	KTEST(after_done),
	KTEST(wrong_backoff),
	KTEST(destroyed_while_held),
	KTEST(failing_allocation),
	{ 0 },
};
