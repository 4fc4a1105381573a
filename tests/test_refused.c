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
#define TRIES		10000
#define REPORTS		2	/* of a lock taken twice: by its holder, and in its class */

static struct {
	struct driver drv;
	struct drm_gpuvm *vm[THREADS];
	struct drm_gem_object *obj;
	struct drm_gpuvm_bo *vm_bo[THREADS];
	int before, after, emptied;	/* who has met */
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

#if WITH_TSAN

/*
 * Two VMs put their vm_bo on one BO's list, again and again. Only adds: a list
 * that lost one can be walked. What a meeting orders is what came before it: each
 * stage has a word of its own, so that no add is ordered before the other's,
 * however late a thread is. ThreadSanitizer need not see them at once.
 */
static void obtain_main(void *arg, unsigned int i)
{
	struct list_head *list = gem_gpuva_list(world.obj);
	int n;

	for (n = 1; n <= TRIES; n++) {
		thread_meet(&world.before, THREADS * n);
		world.vm_bo[i] = vm_bo_obtain(world.vm[i], world.obj);
		thread_meet(&world.after, THREADS * n);
		if (i == 0) {
			INIT_LIST_HEAD(list);
			INIT_LIST_HEAD(&world.vm_bo[0]->list.entry.gem);
			INIT_LIST_HEAD(&world.vm_bo[1]->list.entry.gem);
		}
		thread_meet(&world.emptied, THREADS * n);
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

static int race_is_caught(void)
{
	KT_ASSERT(ktest_child("threads") == RACE_FOUND);
	return 0;
}

#else

static void obtain_second(void *arg)
{
	world.vm_bo[1] = vm_bo_obtain(world.vm[1], world.obj);
}

/* The first VM's add is about to write to the list. */
static void meanwhile(void)
{
	thread_join(thread_start(obtain_second, NULL));
}

/* A BO whose list begins a page, before which is all else that an add writes to. */
static struct drm_gem_object *bo_at_page(void)
{
	static char room[2 * THREAD_PAGE + sizeof(struct driver_bo)]
		__aligned(THREAD_PAGE);
	struct driver_bo *bo = (void *)(room + THREAD_PAGE -
		offsetof(struct driver_bo, base.gpuva.list));

	bo->base.funcs = &driver_gem_funcs;
	drm_gem_private_object_init(world.drv.drm, &bo->base, DRIVER_BO_SIZE);
	KT_EQ(gem_gpuva_list(&bo->base), room + THREAD_PAGE);
	return &bo->base;
}

/*
 * One VM's obtain has read the end of the BO's list and is stopped on its way to
 * write to it; there another VM obtains, with its own lock. If both had one lock,
 * that would wait for ever. Every digest counts the list, so this is what it tells.
 */
static int digest_tells(void)
{
	KT_ASSERT(!setup());
	drm_gem_object_put(world.obj);
	world.obj = bo_at_page();
	host_warn_mute(1);
	thread_at_write(gem_gpuva_list(world.obj), meanwhile);
	world.vm_bo[0] = vm_bo_obtain(world.vm[0], world.obj);
	host_warn_mute(0);
	host_warn_reset();
	KT_ASSERT(world.vm_bo[0] && world.vm_bo[1]);
	KT_EQ(kref_read(&world.obj->refcount), 1 + THREADS);
	KT_EQ(list_count_nodes(gem_gpuva_list(world.obj)), 1);
	return 0;
}

#endif

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
	KTEST_CHILD(threads),
#else
	KTEST(digest_tells),
#endif
#endif
	{ 0 },
};
