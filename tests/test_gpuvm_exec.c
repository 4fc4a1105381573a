// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Everything that a VM maps, locked, validated and given fences: in protected
 * mode, where the VM's resv keeps its lists, and with their spinlocks.
 */
#include <linux/dma-fence.h>
#include <linux/spinlock.h>

#include "gpuvm_world.h"
#include "thread.h"

#define EXTS	2
#define ROUNDS	500

static struct {
	struct drm_gpuvm *vm;
	struct drm_gem_object *ext[EXTS];	/* each with a resv of its own */
	struct drm_gem_object *own;		/* shares the VM's */
	struct drm_gpuvm_bo *vm_bo[EXTS + 1];
	struct drm_gem_object *other;		/* not in the VM */
} w;

static struct {
	unsigned int calls;
	int err;
	bool back;	/* validated: not evicted any more */
	bool twice;	/* walks the list itself */
} driver;

static bool in_protected_mode(void)
{
	return drm_gpuvm_resv_protected(w.vm);
}

static int validate(struct drm_gpuvm_bo *vm_bo, struct drm_exec *exec)
{
	driver.calls++;
	if (driver.twice) {
		driver.twice = false;
		KT_EQ(drm_gpuvm_validate(vm_bo->vm, exec), 0);
	}
	if (driver.back && in_protected_mode())
		vm_bo->evicted = false;
	if (driver.err)
		return driver.err;
	return 0;
}

static const struct drm_gpuvm_ops validating_ops = {
	.vm_free = world_vm_free,
	.vm_bo_alloc = world_vm_bo_alloc,
	.vm_bo_free = world_vm_bo_free,
	.vm_bo_validate = validate,
};

static struct drm_gpuvm_bo *obtain(struct drm_gem_object *obj)
{
	struct drm_gpuvm_bo *vm_bo;
	struct tx tx;

	tx_begin(&tx, w.vm, obj);
	vm_bo = drm_gpuvm_bo_obtain(w.vm, obj);
	KT_CHECK(!IS_ERR(vm_bo));
	drm_gpuvm_bo_extobj_add(vm_bo);
	tx_end(&tx);
	return vm_bo;
}

static void put(struct drm_gpuvm_bo *vm_bo)
{
	struct drm_gem_object *obj = vm_bo->obj;
	struct tx tx;

	tx_begin(&tx, w.vm, obj);
	drm_gpuvm_bo_put(vm_bo);
	tx_end(&tx);
}

static void begin(enum drm_gpuvm_flags flags)
{
	unsigned int i;

	world_begin();
	memset(&driver, 0, sizeof(driver));
	w.vm = vm_new(flags);
	w.vm->ops = &validating_ops;
	w.own = bo_new(w.vm);
	w.other = bo_new(NULL);
	for (i = 0; i < EXTS; i++) {
		w.ext[i] = bo_new(NULL);
		w.vm_bo[i] = obtain(w.ext[i]);
	}
	w.vm_bo[EXTS] = obtain(w.own);
}

static bool locked(struct drm_gem_object *obj)
{
	return dma_resv_is_locked(obj->resv);
}

static void end(void)
{
	unsigned int i;

	KT_CHECK(list_empty(&w.vm->evict.list));
	KT_CHECK(!locked(w.own) && !locked(w.other));
	for (i = 0; i < EXTS; i++) {
		KT_CHECK(!locked(w.ext[i]));
		put(w.vm_bo[i]);
		KT_EQ(kref_read(&w.ext[i]->refcount), 1);
		drm_gem_object_put(w.ext[i]);
	}
	put(w.vm_bo[EXTS]);
	drm_gem_object_put(w.own);
	KT_EQ(kref_read(&w.other->refcount), 1);
	drm_gem_object_put(w.other);
	KT_CHECK(list_empty(&w.vm->extobj.list));
	KT_EQ(kref_read(&w.vm->kref), 1);
	drm_gpuvm_put(w.vm);
	world_end();
}

/* Only what has a resv of its own is an external object, and only once. */
static void lists_of(enum drm_gpuvm_flags flags)
{
	begin(flags);
	KT_EQ(list_count_nodes(&w.vm->extobj.list), EXTS);
	put(obtain(w.ext[0]));
	KT_EQ(list_count_nodes(&w.vm->extobj.list), EXTS);
	KT_CHECK(list_empty(&w.vm_bo[EXTS]->list.entry.extobj));
	end();
}

static int test_lists(void)
{
	lists_of(0);
	lists_of(DRM_GPUVM_RESV_PROTECTED);
	return 0;
}

static void lock_of(enum drm_gpuvm_flags flags, unsigned int num_fences)
{
	struct drm_gpuvm_exec vm_exec = { .num_fences = num_fences };

	begin(flags);
	vm_exec.vm = w.vm;
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
	KT_EQ(vm_exec.exec.num_objects, EXTS + 1);
	KT_CHECK(locked(w.ext[0]) && locked(w.ext[1]) && locked(w.own));
	KT_CHECK(!locked(w.other));
	KT_EQ(kref_read(&w.ext[0]->refcount), 3);
	drm_gpuvm_exec_unlock(&vm_exec);
	KT_EQ(kref_read(&w.ext[0]->refcount), 2);
	/* Walked whole, in order, and given back. */
	KT_EQ(list_count_nodes(&w.vm->extobj.list), EXTS);
	KT_EQ(list_first_entry(&w.vm->extobj.list, struct drm_gpuvm_bo,
			       list.entry.extobj), w.vm_bo[0]);
	end();
}

static int test_lock(void)
{
	lock_of(0, 0);
	lock_of(0, 2);
	lock_of(DRM_GPUVM_RESV_PROTECTED, 0);
	lock_of(DRM_GPUVM_RESV_PROTECTED, 2);
	return 0;
}

static int lock_other(struct drm_gpuvm_exec *vm_exec)
{
	int err = drm_exec_lock_obj(&vm_exec->exec, w.other);

	return err ?: *(int *)vm_exec->extra.priv;
}

static int test_extra(void)
{
	int err = 0;
	struct drm_gpuvm_exec vm_exec = {
		.extra = { .fn = lock_other, .priv = &err },
	};

	begin(DRM_GPUVM_RESV_PROTECTED);
	vm_exec.vm = w.vm;
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
	KT_CHECK(locked(w.other));
	drm_gpuvm_exec_unlock(&vm_exec);

	err = -ENODEV;
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), -ENODEV);
	end();
	return 0;
}

static int test_array(void)
{
	struct drm_gem_object *objs[2];
	struct drm_gpuvm_exec vm_exec = { .num_fences = 1 };

	begin(0);
	vm_exec.vm = w.vm;
	objs[0] = w.other;
	KT_EQ(drm_gpuvm_exec_lock_array(&vm_exec, objs, 1), 0);
	KT_CHECK(locked(w.other) && locked(w.ext[0]));
	drm_gpuvm_exec_unlock(&vm_exec);
	KT_CHECK(!locked(w.other) && !locked(w.ext[0]));

	/* Its resv is locked already: an error unless it is asked for. */
	objs[1] = w.own;
	KT_EQ(drm_gpuvm_exec_lock_array(&vm_exec, objs, 2), -EALREADY);
	KT_CHECK(!locked(w.other) && !locked(w.own));
	vm_exec.flags = DRM_EXEC_IGNORE_DUPLICATES;
	KT_EQ(drm_gpuvm_exec_lock_array(&vm_exec, objs, 2), 0);
	KT_EQ(vm_exec.exec.num_objects, EXTS + 2);
	drm_gpuvm_exec_unlock(&vm_exec);
	end();
	return 0;
}

static int test_range(void)
{
	struct drm_gem_object *objs[] = { NULL, NULL, NULL, NULL, NULL };
	struct drm_gpuvm_exec vm_exec = { .num_fences = 1 };
	struct drm_gpuva va[5];
	unsigned int i;

	begin(DRM_GPUVM_RESV_PROTECTED);
	vm_exec.vm = w.vm;
	objs[1] = w.ext[0];
	objs[2] = objs[3] = w.own;
	objs[4] = w.ext[1];
	for (i = 0; i < 5; i++) {
		va_set(&va[i], 20 + 2 * i, 1, objs[i]);
		KT_EQ(drm_gpuva_insert(w.vm, &va[i]), 0);
	}
	/* Two private objects have one resv. */
	KT_EQ(drm_gpuvm_exec_lock_range(&vm_exec, 20 * PAGE, 8 * PAGE),
	      -EALREADY);
	KT_CHECK(!locked(w.ext[0]) && !locked(w.own));
	vm_exec.flags = DRM_EXEC_IGNORE_DUPLICATES;
	KT_EQ(drm_gpuvm_exec_lock_range(&vm_exec, 20 * PAGE, 8 * PAGE), 0);
	KT_CHECK(locked(w.ext[0]) && locked(w.own) && !locked(w.ext[1]));
	KT_EQ(vm_exec.exec.num_objects, 2);
	drm_gpuvm_exec_unlock(&vm_exec);
	/* The VM's resv only where something has it. */
	KT_EQ(drm_gpuvm_exec_lock_range(&vm_exec, 28 * PAGE, PAGE), 0);
	KT_CHECK(locked(w.ext[1]) && !locked(w.own));
	drm_gpuvm_exec_unlock(&vm_exec);
	for (i = 0; i < 5; i++)
		drm_gpuva_remove(&va[i]);
	end();
	return 0;
}

static void evict(struct drm_gpuvm_bo *vm_bo, bool evicted)
{
	dma_resv_lock(vm_bo->obj->resv, NULL);
	drm_gpuvm_bo_evict(vm_bo, evicted);
	dma_resv_unlock(vm_bo->obj->resv);
}

static unsigned long evicted(void)
{
	return list_count_nodes(&w.vm->evict.list);
}

/* An external object's eviction is listed once the VM's resv is held. */
static int test_evict_protected(void)
{
	struct drm_gpuvm_exec vm_exec = { };

	begin(DRM_GPUVM_RESV_PROTECTED);
	vm_exec.vm = w.vm;
	evict(w.vm_bo[0], true);
	KT_EQ(evicted(), 0);
	evict(w.vm_bo[EXTS], true);
	KT_EQ(evicted(), 1);
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
	KT_EQ(evicted(), 2);

	driver.err = -ENOSPC;
	KT_EQ(drm_gpuvm_exec_validate(&vm_exec), -ENOSPC);
	KT_EQ(driver.calls, 1);
	KT_EQ(evicted(), 2);
	driver.err = 0;
	KT_EQ(drm_gpuvm_exec_validate(&vm_exec), 0);
	KT_EQ(driver.calls, 3);
	KT_EQ(evicted(), 2);
	driver.back = true;
	KT_EQ(drm_gpuvm_exec_validate(&vm_exec), 0);
	KT_EQ(driver.calls, 5);
	KT_EQ(evicted(), 0);
	KT_EQ(drm_gpuvm_exec_validate(&vm_exec), 0);
	KT_EQ(driver.calls, 5);
	drm_gpuvm_exec_unlock(&vm_exec);
	end();
	return 0;
}

/* Listed at once, and taken off by drm_gpuvm_bo_evict() alone. */
static int test_evict_walked(void)
{
	struct drm_gpuvm_exec vm_exec = { };

	begin(0);
	vm_exec.vm = w.vm;
	evict(w.vm_bo[0], true);
	evict(w.vm_bo[1], true);
	KT_EQ(evicted(), 2);
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
	driver.err = -ENOSPC;
	KT_EQ(drm_gpuvm_exec_validate(&vm_exec), -ENOSPC);
	driver.err = 0;
	KT_EQ(drm_gpuvm_exec_validate(&vm_exec), 0);
	KT_EQ(driver.calls, 3);
	KT_EQ(evicted(), 2);
	KT_EQ(list_first_entry(&w.vm->evict.list, struct drm_gpuvm_bo,
			       list.entry.evict), w.vm_bo[0]);
	KT_EQ(kref_read(&w.vm_bo[0]->kref), 1);
	drm_gpuvm_exec_unlock(&vm_exec);
	evict(w.vm_bo[0], false);
	evict(w.vm_bo[1], false);
	end();
	return 0;
}

static int test_no_validate(void)
{
	struct drm_gpuvm_exec vm_exec = { };

	begin(0);
	vm_exec.vm = w.vm;
	w.vm->ops = &world_vm_ops;
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
	KT_EQ(drm_gpuvm_exec_validate(&vm_exec), -EOPNOTSUPP);
	drm_gpuvm_exec_unlock(&vm_exec);
	w.vm->ops = &validating_ops;
	end();
	return 0;
}

/* One walk at a time; the second is told. Ours loses nothing for it. */
static int test_second_walk(void)
{
	struct drm_gpuvm_exec vm_exec = { };

	begin(0);
	vm_exec.vm = w.vm;
	evict(w.vm_bo[0], true);
	evict(w.vm_bo[1], true);
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
	driver.twice = true;
	host_warn_mute(1);
	KT_EQ(drm_gpuvm_exec_validate(&vm_exec), 0);
	host_warn_mute(0);
	KT_CHECK(host_warn_count() > 0);
	host_warn_reset();
#ifndef LAB_HOST_KSRC
	KT_EQ(evicted(), 2);
#endif
	drm_gpuvm_exec_unlock(&vm_exec);
	evict(w.vm_bo[0], false);
	evict(w.vm_bo[1], false);
	end();
	return 0;
}

static const char *fence_name(struct dma_fence *fence)
{
	return "test";
}

static const struct dma_fence_ops fence_ops = {
	.get_driver_name = fence_name,
	.get_timeline_name = fence_name,
};

static unsigned int fences(struct drm_gem_object *obj, enum dma_resv_usage usage)
{
	struct dma_resv_iter cursor;
	struct dma_fence *fence;
	unsigned int n = 0;

	dma_resv_iter_begin(&cursor, obj->resv, usage);
	for (fence = dma_resv_iter_first(&cursor); fence;
	     fence = dma_resv_iter_next(&cursor))
		n++;
	dma_resv_iter_end(&cursor);
	return n;
}

static int test_fences(void)
{
	struct drm_gpuvm_exec vm_exec = { .num_fences = 1 };
	struct dma_fence *fence = kzalloc(sizeof(*fence), GFP_KERNEL);
	spinlock_t lock;

	KT_ASSERT(fence);
	spin_lock_init(&lock);
	begin(DRM_GPUVM_RESV_PROTECTED);
	vm_exec.vm = w.vm;
	dma_fence_init(fence, &fence_ops, &lock, dma_fence_context_alloc(1), 1);
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
	drm_gpuvm_exec_resv_add_fence(&vm_exec, fence, DMA_RESV_USAGE_BOOKKEEP,
				      DMA_RESV_USAGE_WRITE);
	KT_EQ(kref_read(&fence->refcount), 2 + EXTS);
	KT_EQ(fences(w.own, DMA_RESV_USAGE_READ), 0);
	KT_EQ(fences(w.own, DMA_RESV_USAGE_BOOKKEEP), 1);
	KT_EQ(fences(w.ext[0], DMA_RESV_USAGE_WRITE), 1);
	KT_EQ(fences(w.ext[1], DMA_RESV_USAGE_WRITE), 1);
	drm_gpuvm_exec_unlock(&vm_exec);
	end();
	KT_EQ(kref_read(&fence->refcount), 1);
	dma_fence_put(fence);
	return 0;
}

/* Thread 0 locks all there is; thread 1 puts a BO in the VM and takes it out. */
static void churn_main(void *arg, unsigned int i)
{
	struct drm_gpuvm_exec vm_exec = { .vm = w.vm };
	struct drm_gpuvm_bo *vm_bo;
	unsigned int n;

	for (n = 0; n < ROUNDS && i == 0; n++) {
		KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
		KT_CHECK(vm_exec.exec.num_objects > EXTS);
		drm_gpuvm_exec_unlock(&vm_exec);
	}
	for (n = 0; n < ROUNDS && i == 1; n++) {
		dma_resv_lock(w.other->resv, NULL);
		vm_bo = drm_gpuvm_bo_obtain(w.vm, w.other);
		drm_gpuvm_bo_extobj_add(vm_bo);
		dma_resv_unlock(w.other->resv);

		dma_resv_lock(w.other->resv, NULL);
		drm_gpuvm_bo_put(vm_bo);
		dma_resv_unlock(w.other->resv);
	}
}

static int test_churn(void)
{
	begin(0);
	threads_run(2, churn_main, NULL);
	KT_EQ(list_count_nodes(&w.vm->extobj.list), EXTS);
	end();
	return 0;
}

#if VARIANT_IMMEDIATE

/* What waits for its cleanup is neither locked nor validated. */
static int test_zombies(void)
{
	struct drm_gpuvm_exec vm_exec = { };
	struct drm_gpuvm_bo *dead;

	begin(DRM_GPUVM_RESV_PROTECTED);
	vm_exec.vm = w.vm;
	dead = obtain(w.other);
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
	dead->evicted = true;
	drm_gpuvm_exec_unlock(&vm_exec);
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
	KT_EQ(evicted(), 1);
	drm_gpuvm_exec_unlock(&vm_exec);
	w.vm->flags |= DRM_GPUVM_IMMEDIATE_MODE;
	drm_gpuvm_bo_put_deferred(dead);
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
	KT_CHECK(!locked(w.other) && locked(w.ext[0]));
	KT_EQ(drm_gpuvm_exec_validate(&vm_exec), 0);
	KT_EQ(driver.calls, 0);
	drm_gpuvm_exec_unlock(&vm_exec);
	drm_gpuvm_bo_deferred_cleanup(w.vm);
	w.vm->flags &= ~DRM_GPUVM_IMMEDIATE_MODE;
	end();
	return 0;
}

#endif

#if HAVE_DRM_GPUVM_SM_EXEC_LOCK && HAVE_DRM_GPUVM_MAP_REQ_OP

/* What a map or an unmap would touch, and nothing else; the tree stays. */
static int test_sm_exec_lock(void)
{
	struct drm_gpuvm_map_req req = {
		.op = { .va = { 21 * PAGE, 3 * PAGE } },
	};
	struct drm_gpuva va[2], none;
	struct drm_exec exec;

	begin(DRM_GPUVM_RESV_PROTECTED);
	va_set(&va[0], 20, 3, w.ext[0]);
	va_set(&va[1], 23, 1, w.own);
	va_set(&none, 26, 1, NULL);
	KT_EQ(drm_gpuva_insert(w.vm, &va[0]), 0);
	KT_EQ(drm_gpuva_insert(w.vm, &va[1]), 0);
	KT_EQ(drm_gpuva_insert(w.vm, &none), 0);

	drm_exec_init(&exec, DRM_EXEC_IGNORE_DUPLICATES, 0);
	drm_exec_until_all_locked(&exec) {
		req.op.gem.obj = w.other;
		KT_EQ(drm_gpuvm_sm_map_exec_lock(w.vm, &exec, 1, &req), 0);
		drm_exec_retry_on_contention(&exec);
	}
	KT_CHECK(locked(w.other) && locked(w.ext[0]) && locked(w.own));
	KT_CHECK(!locked(w.ext[1]));
	drm_exec_fini(&exec);

	drm_exec_init(&exec, DRM_EXEC_IGNORE_DUPLICATES, 0);
	drm_exec_until_all_locked(&exec) {
		KT_EQ(drm_gpuvm_sm_unmap_exec_lock(w.vm, &exec, 23 * PAGE,
						   5 * PAGE), 0);
		drm_exec_retry_on_contention(&exec);
		req.op.va.addr = 0;
		KT_EQ(drm_gpuvm_sm_map_exec_lock(w.vm, &exec, 0, &req),
		      -EINVAL);
	}
	KT_CHECK(locked(w.own) && !locked(w.ext[0]));
	drm_exec_fini(&exec);
	drm_gpuva_remove(&va[0]);
	drm_gpuva_remove(&va[1]);
	drm_gpuva_remove(&none);
	end();
	return 0;
}

#endif

const char ktest_suite[] = "test_gpuvm_exec";

const struct ktest ktests[] = {
	KTEST(test_lists),
	KTEST(test_lock),
	KTEST(test_extra),
	KTEST(test_array),
	KTEST(test_range),
	KTEST(test_evict_protected),
	KTEST(test_evict_walked),
	KTEST(test_no_validate),
	KTEST(test_second_walk),
	KTEST(test_fences),
	KTEST(test_churn),
#if VARIANT_IMMEDIATE
	KTEST(test_zombies),
#endif
#if HAVE_DRM_GPUVM_SM_EXEC_LOCK && HAVE_DRM_GPUVM_MAP_REQ_OP
	KTEST(test_sm_exec_lock),
#endif
	{ 0 },
};
