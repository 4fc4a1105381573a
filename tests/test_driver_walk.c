// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * A driver that believes that the resv alone keeps a BO's list still walks it
 * while binds hold only the list's own lock: the fear of the thread. It must be
 * seen, and the same walk with walk_begin() must not. Built for gpuva and for
 * immediate.
 */
#include <host/host.h>

#include "check.h"
#include "thread.h"
#include "variant_world.h"

#define RACE_FOUND	66
#define ROUNDS		2000

/* Read by ThreadSanitizer before anything else runs. */
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
	return "halt_on_error=1:exitcode=66";
}

static struct {
	struct driver drv;
	struct drm_gpuvm *vm;
	struct drm_gem_object *obj;
	struct drm_gpuvm_bo *vm_bo;
	struct drm_gpuva va;
	bool right;
	unsigned long seen;
} world;

static int setup(bool right)
{
	KT_ASSERT(!driver_init(&world.drv));
	world.right = right;
	world.vm = driver_vm_create(&world.drv);
	world.obj = driver_bo_create(&world.drv, NULL);
	KT_ASSERT(world.vm && world.obj);
	world.vm_bo = driver_vm_bo_first(world.vm, world.obj);
	KT_ASSERT(world.vm_bo);
	driver_va_init(&world.va, world.obj, 0);
	return 0;
}

static int teardown(void)
{
	driver_vm_bo_last(world.vm_bo);
	drm_gem_object_put(world.obj);
	drm_gpuvm_put(world.vm);
	KT_ASSERT(!driver_fini(&world.drv));
	return 0;
}

/* The driver's part of an eviction: the list, and the VAs of each entry. */
static void walk(void)
{
	struct drm_gpuvm_bo *vm_bo;

	dma_resv_lock(world.obj->resv, NULL);
	if (world.right)
		walk_begin(world.obj);
	drm_gpuvm_bo_gem_evict(world.obj, true);
	drm_gem_for_each_gpuvm_bo(vm_bo, world.obj)
		world.seen += list_count_nodes(&vm_bo->list.gpuva);
	if (world.right)
		walk_end(world.obj);
	dma_resv_unlock(world.obj->resv);
}

static void walk_and_bind(void *arg, unsigned int i)
{
	unsigned int n;

	for (n = 0; n < ROUNDS; n++) {
		if (i) {
			walk();
			continue;
		}
		va_link(&world.va, world.vm_bo);
		va_unlink(&world.va);
	}
}

static int walks(bool right)
{
	KT_ASSERT(!setup(right));
	threads_run(2, walk_and_bind, NULL);
	return teardown();
}

static int with_the_lists_lock(void)
{
	return walks(true);
}

#ifdef CONFIG_LOCKDEP

/* Told by the assert, whether or not a bind is there. */
static int under_the_resv_is_told(void)
{
	KT_ASSERT(!setup(false));
	host_warn_mute(1);
	walk();
	KT_ASSERT(host_warn_count() > 0);
	host_warn_mute(0);
	host_warn_reset();
	return teardown();
}

#else

static int under_the_resv(void)
{
	return walks(false);
}

static int under_the_resv_is_told(void)
{
	KT_ASSERT(ktest_child("under_the_resv") == RACE_FOUND);
	return 0;
}

#endif

const char ktest_suite[] = "test_driver_walk " VARIANT_NAME;

const struct ktest ktests[] = {
	KTEST(with_the_lists_lock),
	KTEST(under_the_resv_is_told),
#ifndef CONFIG_LOCKDEP
	KTEST_CHILD(under_the_resv),
#endif
	{ 0 },
};
