// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Designs that are wrong are seen to be wrong, each by everything that claims to
 * see it. Built for resv_in_put, which waits for the resv of its caller, and for
 * per_vm_bo, which has two locks for one list.
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <host/host.h>

#include "check.h"
#include "race.h"
#include "thread.h"
#include "variant_world.h"

/* A design that allocates its vm_bos has its lock in them. */
#if VARIANT_OWN_VM_BO
#define TWO_LOCKS	1
#endif

#define THREADS		2
#define TRIES		2000000
#define SKEW		256
#define REPORTS		2	/* of a lock taken twice: by its holder, and in its class */

static struct {
	struct driver drv;
	struct drm_gpuvm *vm[THREADS];
	struct drm_gem_object *obj;
	struct drm_gpuvm_bo *vm_bo[THREADS];
	unsigned long met;
	bool lost;
} world;

static int setup(void)
{
	unsigned int i;

	KT_ASSERT(!driver_init(&world.drv));
	world.obj = driver_bo_create(&world.drv, NULL);
	KT_ASSERT(world.obj);
	for (i = 0; i < THREADS; i++) {
		world.vm[i] = driver_vm_create(&world.drv);
		KT_ASSERT(world.vm[i]);
	}
	return 0;
}

static int teardown(void)
{
	unsigned int i;

	drm_gem_object_put(world.obj);
	for (i = 0; i < THREADS; i++)
		drm_gpuvm_put(world.vm[i]);
	KT_ASSERT(!driver_fini(&world.drv));
	return 0;
}

static int it_says_why(void)
{
	KT_ASSERT(VARIANT_REFUSED && *VARIANT_REFUSED);
	return 0;
}

/* What there is to say for it: alone, the calls do what they should. */
static int alone(void)
{
	struct drm_gpuvm_bo *vm_bo;
	struct drm_gpuva va = { };

	KT_ASSERT(!setup());
	driver_va_init(&va, world.obj, 0);
	bo_enter(world.obj, NULL);
	host_warn_mute(1);
	vm_bo = vm_bo_obtain(world.vm[0], world.obj);
	va_link(&va, vm_bo);
	host_warn_mute(0);
	bo_leave(world.obj);
	KT_EQ(kref_read(&vm_bo->kref), 2);
	host_warn_mute(1);
	va_unlink(&va);
	vm_bo_drop(vm_bo);
	host_warn_mute(0);
	host_warn_reset();
	KT_EQ(kref_read(&world.obj->refcount), 1);
	return teardown();
}

#if defined(CONFIG_LOCKDEP) && !defined(TWO_LOCKS)

/* Waits for itself for ever. */
static void put_in_a_hold(void *arg)
{
	dma_resv_lock(world.obj->resv, NULL);
	vm_bo_put(world.vm_bo[0]);
}

/*
 * Reported before it waits; what it holds stays with it. All reports are waited
 * for: one that came after the last look at their number would be counted as
 * this test's, or as the next one's.
 */
static int recursion_is_reported(void)
{
	KT_ASSERT(!setup());
	dma_resv_lock(world.obj->resv, NULL);
	world.vm_bo[0] = vm_bo_obtain(world.vm[0], world.obj);
	dma_resv_unlock(world.obj->resv);
	KT_ASSERT(host_warn_count() == 0);
	host_warn_mute(1);
	thread_abandon(thread_start(put_in_a_hold, NULL));
	while (host_warn_count() < REPORTS)
		host_sched_yield();
	KT_WARNINGS(REPORTS);
	host_warn_mute(0);
	return 0;
}

#endif

#if defined(CONFIG_LOCKDEP) && defined(TWO_LOCKS)

/* An obtain that holds nothing but its own lock. */
static int obtain_without_a_resv(void)
{
	struct drm_gpuvm_bo *vm_bo;

	KT_ASSERT(!setup());
	host_warn_mute(1);
	vm_bo = vm_bo_obtain(world.vm[0], world.obj);
	host_warn_mute(0);
	KT_ASSERT(host_warn_count() > 0);
	host_warn_mute(1);
	vm_bo_drop(vm_bo);
	host_warn_mute(0);
	host_warn_reset();
	return teardown();
}

#endif

#ifdef TWO_LOCKS

/* Both leave it at once, or the adds would not meet. */
static void meet(unsigned long nr)
{
	unsigned int spin = 0;

	__atomic_fetch_add(&world.met, 1, __ATOMIC_ACQ_REL);
	while (__atomic_load_n(&world.met, __ATOMIC_ACQUIRE) < nr)
		if (++spin % 4096 == 0)
			host_sched_yield();
}

/*
 * Who comes last to a meeting leaves it first, by about as much each time, which
 * may be more than an add takes: either is held up, by every length in turn.
 */
static void skew(unsigned int i, unsigned long n)
{
	unsigned long k = i == (n / SKEW) % THREADS ? n % SKEW : 0;

	while (k--)
		cpu_relax();
}

/*
 * Two VMs put their vm_bo on one BO's list at the same time, again and again,
 * until one of the two is not there. Only adds: a list that lost one can be
 * walked.
 */
static void obtain_main(void *arg, unsigned int i)
{
	struct list_head *list = gem_gpuva_list(world.obj);
	unsigned long n;
	unsigned int k;

	thread_spread(i);
	for (n = 1; n <= TRIES && !world.lost; n++) {
		meet(THREADS * (3 * n - 2));
		skew(i, n);
		world.vm_bo[i] = vm_bo_obtain(world.vm[i], world.obj);
		meet(THREADS * (3 * n - 1));
		if (i == 0) {
			world.lost = list_count_nodes(list) != THREADS;
			INIT_LIST_HEAD(list);
			for (k = 0; k < THREADS; k++)
				INIT_LIST_HEAD(&world.vm_bo[k]->list.entry.gem);
		}
		meet(THREADS * 3 * n);
		vm_bo_drop(world.vm_bo[i]);
	}
}

static int threads(void)
{
	KT_ASSERT(!setup());
	host_warn_mute(1);
	threads_run(THREADS, obtain_main, NULL);
	host_warn_mute(0);
	host_warn_reset();
	return teardown();
}

/* One after the other, both are there. */
static int in_turn(void)
{
	unsigned int i;

	KT_ASSERT(!setup());
	host_warn_mute(1);
	for (i = 0; i < THREADS; i++)
		world.vm_bo[i] = vm_bo_obtain(world.vm[i], world.obj);
	KT_EQ(list_count_nodes(gem_gpuva_list(world.obj)), THREADS);
	for (i = 0; i < THREADS; i++)
		vm_bo_drop(world.vm_bo[i]);
	host_warn_mute(0);
	host_warn_reset();
	return teardown();
}

/* Every digest counts the list, so this is what it tells. */
static int __maybe_unused digest_tells(void)
{
	KT_ASSERT(!threads());
	KT_ASSERT(world.lost);
	return 0;
}

#if WITH_TSAN

static int race_is_caught(void)
{
	KT_ASSERT(ktest_child("threads") == RACE_FOUND);
	return 0;
}

#endif

#endif /* TWO_LOCKS */

const char ktest_suite[] = "test_refused " VARIANT_NAME;

const struct ktest ktests[] = {
	KTEST(it_says_why),
	KTEST(alone),
#ifdef CONFIG_LOCKDEP
#ifdef TWO_LOCKS
	KTEST(obtain_without_a_resv),
#else
	KTEST(recursion_is_reported),
#endif
#endif
#ifdef TWO_LOCKS
	KTEST(in_turn),
#if WITH_TSAN
	KTEST(race_is_caught),
#else
	KTEST(digest_tells),
#endif
	KTEST_CHILD(threads),
#endif
	{ 0 },
};
