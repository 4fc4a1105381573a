// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The promise of the guard design: a list call whose caller has no token of that
 * BO is told in every build, and does nothing.
 */
#include <linux/array_size.h>
#include <linux/err.h>
#include <host/host.h>

#include "check.h"
#include "thread.h"
#include "variant_world.h"

static struct {
	struct driver drv;
	struct drm_gpuvm *vm;
	struct drm_gem_object *obj, *other;
	struct drm_gpuvm_bo *vm_bo;
	struct drm_gpuva va[2];
} world;

/* One VA of two is linked. */
static int setup(void)
{
	unsigned int i;

	KT_ASSERT(!driver_init(&world.drv));
	world.vm = driver_vm_create(&world.drv);
	world.obj = driver_bo_create(&world.drv, NULL);
	world.other = driver_bo_create(&world.drv, NULL);
	KT_ASSERT(world.vm && world.obj && world.other);
	world.vm_bo = driver_vm_bo_first(world.vm, world.obj);
	KT_ASSERT(world.vm_bo);
	for (i = 0; i < ARRAY_SIZE(world.va); i++)
		driver_va_init(&world.va[i], world.obj, i);
	enter_bo(world.obj);
	va_link(&world.va[0], world.vm_bo);
	leave_bo(world.obj);
	return 0;
}

static int teardown(void)
{
	enter_bo(world.obj);
	va_unlink(&world.va[0]);
	leave_bo(world.obj);
	driver_vm_bo_last(world.vm_bo);
	drm_gem_object_put(world.obj);
	drm_gem_object_put(world.other);
	drm_gpuvm_put(world.vm);
	KT_ASSERT(!driver_fini(&world.drv));
	return 0;
}

static void unchanged(void)
{
	KT_WARNED(1);
	KT_EQ(kref_read(&world.vm_bo->kref), 2);
	KT_EQ(list_count_nodes(&world.vm_bo->list.gpuva), 1);
	KT_EQ(list_count_nodes(gem_gpuva_list(world.obj)), 1);
}

/* Each of the calls, by one that can prove nothing. */
static void all_told(void *unused)
{
	host_warn_mute(1);
	KT_EQ(PTR_ERR(vm_bo_obtain(world.vm, world.obj)), -EINVAL);
	unchanged();
	KT_EQ(PTR_ERR(vm_bo_obtain_prealloc(world.vm_bo)), -EINVAL);
	unchanged();
	vm_bo_put(world.vm_bo);
	unchanged();
	va_link(&world.va[1], world.vm_bo);
	unchanged();
	KT_CHECK(!world.va[1].vm_bo);
	va_unlink(&world.va[0]);
	unchanged();
	host_warn_mute(0);
}

/* To hold the resv is not enough; it was enough a moment ago. */
static int none_made(void)
{
	KT_ASSERT(!setup());
	KT_EQ(bo_enter(world.obj, NULL), 0);
	all_told(NULL);
	batch_begin(world.obj);
	va_link(&world.va[1], world.vm_bo);
	va_unlink(&world.va[1]);
	KT_WARNED(0);
	batch_end(world.obj);
	all_told(NULL);
	bo_leave(world.obj);
	return teardown();
}

static int of_another_thread(void)
{
	KT_ASSERT(!setup());
	enter_bo(world.obj);
	thread_join(thread_start(all_told, NULL));
	leave_bo(world.obj);
	return teardown();
}

static int of_another_bo(void)
{
	struct ww_acquire_ctx ctx;

	KT_ASSERT(!setup());
	ww_acquire_init(&ctx, &reservation_ww_class);
	KT_EQ(bo_enter(world.obj, &ctx), 0);
	KT_EQ(bo_enter(world.other, &ctx), 0);
	batch_begin(world.other);
	all_told(NULL);
	batch_end(world.other);
	bo_leave(world.other);
	bo_leave(world.obj);
	ww_acquire_fini(&ctx);
	return teardown();
}

const char ktest_suite[] = "test_guard";

const struct ktest ktests[] = {
	KTEST(none_made),
	KTEST(of_another_thread),
	KTEST(of_another_bo),
	{ 0 },
};
