/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A device, VMs and BOs for the tests of gpuvm, counted, so that a test can
 * ask what is left. BOs have no lock but those of struct drm_gem_object.
 */
#ifndef _GPUVM_WORLD_H
#define _GPUVM_WORLD_H

#include <linux/dma-resv.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <drm/drm_drv.h>
#include <drm/drm_gem.h>
#include <drm/drm_gpuvm.h>
#include <host/host.h>

#include "check.h"

#define PAGE		0x1000ull
#define VM_START	(16 * PAGE)
#define VM_RANGE	(256 * PAGE)
#define KERNEL_START	(64 * PAGE)
#define KERNEL_RANGE	(4 * PAGE)

static struct {
	struct drm_device *drm;
	int vms, bos, vm_bos;
	bool no_memory;
} world;

static inline void world_vm_free(struct drm_gpuvm *vm)
{
	world.vms--;
	kfree(vm);
}

static inline struct drm_gpuvm_bo *world_vm_bo_alloc(void)
{
	struct drm_gpuvm_bo *vm_bo;

	if (world.no_memory)
		return NULL;
	vm_bo = kzalloc(sizeof(*vm_bo), GFP_KERNEL);
	KT_CHECK(vm_bo);
	world.vm_bos++;
	return vm_bo;
}

static inline void world_vm_bo_free(struct drm_gpuvm_bo *vm_bo)
{
	world.vm_bos--;
	kfree(vm_bo);
}

static const struct drm_gpuvm_ops world_vm_ops = {
	.vm_free = world_vm_free,
	.vm_bo_alloc = world_vm_bo_alloc,
	.vm_bo_free = world_vm_bo_free,
};

static inline struct drm_gpuvm *vm_new(enum drm_gpuvm_flags flags)
{
	struct drm_gpuvm *vm = kzalloc(sizeof(*vm), GFP_KERNEL);
	struct drm_gem_object *r_obj = drm_gpuvm_resv_object_alloc(world.drm);

	KT_CHECK(vm && r_obj);
	drm_gpuvm_init(vm, "test", flags, world.drm, r_obj, VM_START, VM_RANGE,
		       KERNEL_START, KERNEL_RANGE, &world_vm_ops);
	drm_gem_object_put(r_obj);
	world.vms++;
	return vm;
}

static inline void world_bo_free(struct drm_gem_object *obj)
{
	world.bos--;
	drm_gem_object_release(obj);
	kfree(obj);
}

static const struct drm_gem_object_funcs world_bo_funcs = {
	.free = world_bo_free,
};

/* A BO with a resv of its own, or one that shares @vm's. */
static inline struct drm_gem_object *bo_new(struct drm_gpuvm *vm)
{
	struct drm_gem_object *obj = kzalloc(sizeof(*obj), GFP_KERNEL);

	KT_CHECK(obj);
	obj->funcs = &world_bo_funcs;
	if (vm)
		obj->resv = drm_gpuvm_resv(vm);
	drm_gem_private_object_init(world.drm, obj, VM_RANGE);
	world.bos++;
	return obj;
}

static inline void world_begin(void)
{
	world.drm = drm_dev_alloc_bare();
	KT_CHECK(world.drm);
}

/* Everything is gone, and nobody but the test refers to the device. */
static inline void world_end(void)
{
	KT_EQ(world.vm_bos, 0);
	KT_EQ(world.bos, 0);
	KT_EQ(world.vms, 0);
	KT_EQ(kref_read(&world.drm->ref), 1);
	drm_dev_put(world.drm);
}

/* The VM's and the BO's resv, as a bind ioctl holds them. */
struct tx {
	struct ww_acquire_ctx ctx;
	struct dma_resv *vm, *bo;
};

static inline void tx_begin(struct tx *tx, struct drm_gpuvm *vm,
			    struct drm_gem_object *obj)
{
	tx->vm = drm_gpuvm_resv(vm);
	tx->bo = obj->resv;
	ww_acquire_init(&tx->ctx, &reservation_ww_class);
	KT_EQ(dma_resv_lock(tx->vm, &tx->ctx), 0);
	if (tx->bo != tx->vm)
		KT_EQ(dma_resv_lock(tx->bo, &tx->ctx), 0);
}

static inline void tx_end(struct tx *tx)
{
	if (tx->bo != tx->vm)
		dma_resv_unlock(tx->bo);
	dma_resv_unlock(tx->vm);
	ww_acquire_fini(&tx->ctx);
}

static inline void va_set(struct drm_gpuva *va, u64 page, u64 pages,
			  struct drm_gem_object *obj)
{
	*va = (struct drm_gpuva) { };
	drm_gpuva_init(va, page * PAGE, pages * PAGE, obj, 0);
	INIT_LIST_HEAD(&va->gem.entry);
}

#endif /* _GPUVM_WORLD_H */
