// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * What every locking design must do alike: the contract's calls leave the same
 * lists and the same reference counts behind, alone and with another thread on
 * the same BO. Built once for each variant.
 */
#include <linux/kernel.h>
#include <host/host.h>

#include "check.h"
#include "race.h"
#include "thread.h"
#include "variant_world.h"

#define NR_VAS		3
#define ROUNDS		2000
#define THREADS		2

static struct {
	struct driver drv;
	struct drm_gpuvm *vm[THREADS];
	struct drm_gem_object *obj;
	struct drm_gpuva va[THREADS][NR_VAS];
} world;

static int setup(void)
{
	unsigned int i, k;

	KT_ASSERT(!driver_init(&world.drv));
	world.obj = driver_bo_create(&world.drv, NULL);
	KT_ASSERT(world.obj);
	for (i = 0; i < THREADS; i++) {
		world.vm[i] = driver_vm_create(&world.drv);
		KT_ASSERT(world.vm[i]);
		for (k = 0; k < NR_VAS; k++)
			driver_va_init(&world.va[i][k], world.obj, k);
	}
	return 0;
}

/* Nobody refers to anything any more. */
static int teardown(void)
{
	unsigned int i;

	KT_EQ(kref_read(&world.obj->refcount), 1);
	KT_CHECK(list_empty(gem_gpuva_list(world.obj)));
	drm_gem_object_put(world.obj);
	for (i = 0; i < THREADS; i++) {
		KT_EQ(kref_read(&world.vm[i]->kref), 1);
		drm_gpuvm_put(world.vm[i]);
	}
	KT_ASSERT(!driver_fini(&world.drv));
	return 0;
}

static void expect(struct drm_gpuvm_bo *vm_bo, unsigned int vm_bos,
		   unsigned int vas, unsigned int refs)
{
	KT_EQ(list_count_nodes(gem_gpuva_list(world.obj)), vm_bos);
	KT_EQ(kref_read(&world.obj->refcount), vm_bos + 1);
	KT_EQ(list_count_nodes(&vm_bo->list.gpuva), vas);
	KT_EQ(kref_read(&vm_bo->kref), refs);
	KT_EQ(kref_read(&vm_bo->vm->kref), 2);
}

static struct drm_gpuvm_bo *obtain(unsigned int i)
{
	struct drm_gpuvm_bo *vm_bo;
	struct ww_acquire_ctx ctx;

	enter(&ctx, world.vm[i], world.obj);
	vm_bo = vm_bo_obtain(world.vm[i], world.obj);
	leave(&ctx, world.vm[i], world.obj);
	KT_CHECK(!IS_ERR(vm_bo));
	return vm_bo;
}

static void put(struct drm_gpuvm_bo *vm_bo)
{
	struct drm_gpuvm *vm = vm_bo->vm;
	struct ww_acquire_ctx ctx;

	enter(&ctx, vm, world.obj);
	vm_bo_put(vm_bo);
	leave(&ctx, vm, world.obj);
	vm_cleanup(vm);
}

static void link(unsigned int i, unsigned int k, struct drm_gpuvm_bo *vm_bo)
{
	struct ww_acquire_ctx ctx;

	enter(&ctx, world.vm[i], world.obj);
	va_link(&world.va[i][k], vm_bo);
	leave(&ctx, world.vm[i], world.obj);
}

static void unlink(unsigned int i, unsigned int k)
{
	struct ww_acquire_ctx ctx;

	enter(&ctx, world.vm[i], world.obj);
	va_unlink(&world.va[i][k]);
	leave(&ctx, world.vm[i], world.obj);
	vm_cleanup(world.vm[i]);
}

static int calls(void)
{
	struct drm_gpuvm_bo *a, *b;

	KT_ASSERT(!setup());
	a = obtain(0);
	expect(a, 1, 0, 1);
	KT_ASSERT(obtain(0) == a);
	expect(a, 1, 0, 2);
	link(0, 0, a);
	link(0, 1, a);
	link(0, 2, a);
	expect(a, 1, 3, 5);
	b = obtain(1);
	KT_ASSERT(b != a);
	link(1, 0, b);
	expect(b, 2, 1, 2);
	expect(a, 2, 3, 5);
	KT_ASSERT(list_first_entry(&a->list.gpuva, struct drm_gpuva,
				   gem.entry) == &world.va[0][0]);

	unlink(0, 1);
	put(a);
	expect(a, 2, 2, 3);
	put(a);
	unlink(0, 0);
	expect(a, 2, 1, 1);
	/* The last reference is a VA's. */
	unlink(0, 2);
	KT_EQ(kref_read(&world.vm[0]->kref), 1);
	expect(b, 1, 1, 2);
	unlink(1, 0);
	/* The last reference is the caller's. */
	expect(b, 1, 0, 1);
	put(b);
	return teardown();
}

static int batch(void)
{
	struct drm_gpuvm_bo *vm_bo;
	struct ww_acquire_ctx ctx;
	unsigned int k;

	KT_ASSERT(!setup());
	enter(&ctx, world.vm[0], world.obj);
	vm_bo = vm_bo_obtain(world.vm[0], world.obj);
	for (k = 0; k < NR_VAS; k++)
		va_link(&world.va[0][k], vm_bo);
	vm_bo_put(vm_bo);
	leave(&ctx, world.vm[0], world.obj);
	expect(vm_bo, 1, NR_VAS, NR_VAS);

	enter(&ctx, world.vm[0], world.obj);
	for (k = 0; k < NR_VAS; k++)
		va_unlink(&world.va[0][k]);
	leave(&ctx, world.vm[0], world.obj);
	vm_cleanup(world.vm[0]);
	return teardown();
}

static struct drm_gpuvm_bo *obtain_prealloc(unsigned int i)
{
	struct drm_gpuvm_bo *vm_bo = drm_gpuvm_bo_create(world.vm[i], world.obj);
	struct ww_acquire_ctx ctx;

	KT_CHECK(vm_bo);
	enter(&ctx, world.vm[i], world.obj);
	vm_bo = vm_bo_obtain_prealloc(vm_bo);
	leave(&ctx, world.vm[i], world.obj);
	return vm_bo;
}

/* A preallocation is the pair's vm_bo, or goes without a trace. */
static int prealloc(void)
{
	struct drm_gpuvm_bo *vm_bo;

	KT_ASSERT(!setup());
	vm_bo = obtain_prealloc(0);
	KT_ASSERT(!IS_ERR(vm_bo));
	expect(vm_bo, 1, 0, 1);
	KT_ASSERT(obtain_prealloc(0) == vm_bo);
	expect(vm_bo, 1, 0, 2);
	KT_ASSERT(obtain(0) == vm_bo);
	expect(vm_bo, 1, 0, 3);
	vm_bo_drop(vm_bo);
	vm_bo_drop(vm_bo);
	vm_bo_drop(vm_bo);
	vm_cleanup(world.vm[0]);
	return teardown();
}

/* A put by one that holds nothing, not the last one and the last. */
static int drop(void)
{
	struct drm_gpuvm_bo *vm_bo;

	KT_ASSERT(!setup());
	vm_bo = obtain(0);
	KT_ASSERT(obtain(0) == vm_bo);
	vm_bo_drop(vm_bo);
	vm_cleanup(world.vm[0]);
	expect(vm_bo, 1, 0, 1);
	vm_bo_get(vm_bo);
	expect(vm_bo, 1, 0, 2);
	vm_bo_drop(vm_bo);
	vm_bo_drop(vm_bo);
	vm_cleanup(world.vm[0]);
	return teardown();
}

/* Each thread binds and unbinds the BO in its own VM: only the BO is shared. */
static void bind_thread(void *arg, unsigned int i)
{
	struct drm_gpuvm_bo *vm_bo;
	struct ww_acquire_ctx ctx;
	unsigned int n;

	for (n = 0; n < ROUNDS; n++) {
		vm_bo = obtain(i);
		link(i, n % NR_VAS, vm_bo);
		put(vm_bo);
		unlink(i, n % NR_VAS);

		enter(&ctx, world.vm[i], world.obj);
		vm_bo = vm_bo_obtain(world.vm[i], world.obj);
		va_link(&world.va[i][0], vm_bo);
		va_unlink(&world.va[i][0]);
		vm_bo_put(vm_bo);
		leave(&ctx, world.vm[i], world.obj);

		vm_bo_drop(obtain(i));
	}
	vm_cleanup(world.vm[i]);
}

static int two_threads(void)
{
	KT_ASSERT(!setup());
	threads_run(THREADS, bind_thread, NULL);
	return teardown();
}

/* A driver's look at the BO's list and at all that hangs on it. */
static void walk(unsigned long *seen)
{
	struct drm_gpuvm_bo *vm_bo;

	if (!VARIANT_IMMEDIATE)
		dma_resv_lock(world.obj->resv, NULL);
	walk_begin(world.obj);
	drm_gem_for_each_gpuvm_bo(vm_bo, world.obj)
		*seen += 1 + list_count_nodes(&vm_bo->list.gpuva);
	walk_end(world.obj);
	if (!VARIANT_IMMEDIATE)
		dma_resv_unlock(world.obj->resv);
}

static void walk_or_bind(void *arg, unsigned int i)
{
	unsigned int n;

	if (!i) {
		bind_thread(NULL, 0);
		return;
	}
	for (n = 0; n < ROUNDS; n++)
		walk(arg);
}

static int walk_sees_all(void)
{
	struct drm_gpuvm_bo *vm_bo;
	unsigned long seen = 0;

	KT_ASSERT(!setup());
	vm_bo = obtain(0);
	walk(&seen);
	KT_EQ(seen, 1);
	link(0, 0, vm_bo);
	link(0, 1, vm_bo);
	walk(&seen);
	KT_EQ(seen, 1 + 3);
	unlink(0, 0);
	unlink(0, 1);
	put(vm_bo);
	walk(&seen);
	KT_EQ(seen, 1 + 3);
	return teardown();
}

/* What walk_begin() keeps still is what a bind changes. */
static int walk_and_bind(void)
{
	unsigned long seen = 0;

	KT_ASSERT(!setup());
	threads_run(THREADS, walk_or_bind, &seen);
	KT_CHECK(seen <= ROUNDS * (1ul + NR_VAS));
	return teardown();
}

/*
 * Both threads use one VM, and so one vm_bo, whose list and references they
 * share. Nobody holds the VM's resv, which would keep them apart; they give way
 * between the calls, so that these meet on a machine with little time, too.
 */
static void share_thread(void *arg, unsigned int i)
{
	struct drm_gpuvm_bo *vm_bo;
	unsigned int n;

	for (n = 0; n < ROUNDS; n++) {
		enter_bo(world.obj);
		vm_bo = vm_bo_obtain(world.vm[0], world.obj);
		leave_bo(world.obj);
		KT_CHECK(vm_bo == arg);

		host_sched_yield();
		enter_bo(world.obj);
		va_link(&world.va[i][0], vm_bo);
		leave_bo(world.obj);

		host_sched_yield();
		enter_bo(world.obj);
		vm_bo_put(vm_bo);
		va_unlink(&world.va[i][0]);
		leave_bo(world.obj);
	}
}

static int two_threads_one_vm(void)
{
	struct drm_gpuvm_bo *vm_bo;

	KT_ASSERT(!setup());
	vm_bo = obtain(0);
	threads_run(THREADS, share_thread, vm_bo);
	expect(vm_bo, 1, 0, 1);
	put(vm_bo);
	return teardown();
}

#if WITH_TSAN && VARIANT_MAX_THREADS == 1

/* The control: a design without locks, with two threads. */
static int race_is_caught(void)
{
	KT_ASSERT(ktest_child("two_threads") == RACE_FOUND);
	return 0;
}

#endif

#ifdef CONFIG_LOCKDEP

/* The control: a call past the design's lock is told by an assert. */
static int missed_lock_is_caught(void)
{
	struct drm_gpuvm_bo *vm_bo;

	KT_ASSERT(!setup());
	vm_bo = obtain(0);
	host_warn_mute(1);
	drm_gpuva_link(&world.va[0][0], vm_bo);
	KT_WARNINGS(VARIANT_UNLOCKED ? 0 : 1);
	drm_gpuva_unlink(&world.va[0][0]);
	KT_WARNINGS(VARIANT_UNLOCKED ? 0 : 1);
	host_warn_mute(0);
	put(vm_bo);
	return teardown();
}

/* A handle that was not made leaves nothing behind. */
static int no_memory(void)
{
	struct drm_gpuvm_bo *vm_bo;
	struct ww_acquire_ctx ctx;

	KT_ASSERT(!setup());
	enter(&ctx, world.vm[0], world.obj);
	kmalloc_fail_after(0);
	vm_bo = vm_bo_obtain(world.vm[0], world.obj);
	kmalloc_fail_after(-1);
	leave(&ctx, world.vm[0], world.obj);
	KT_ASSERT(PTR_ERR(vm_bo) == -ENOMEM);
	return teardown();
}

#endif

const char ktest_suite[] = "test_variant " VARIANT_NAME;

const struct ktest ktests[] = {
	KTEST(calls),
	KTEST(batch),
	KTEST(prealloc),
	KTEST(drop),
	KTEST(walk_sees_all),
	{ "walk_and_bind", walk_and_bind, VARIANT_MAX_THREADS == 1 },
	{ "two_threads", two_threads, VARIANT_MAX_THREADS == 1 },
	{ "two_threads_one_vm", two_threads_one_vm, VARIANT_MAX_THREADS == 1 },
#if WITH_TSAN && VARIANT_MAX_THREADS == 1
	KTEST(race_is_caught),
#endif
#ifdef CONFIG_LOCKDEP
	KTEST(no_memory),
	KTEST(missed_lock_is_caught),
#endif
	{ 0 },
};
