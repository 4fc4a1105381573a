/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The least of a driver that a scenario needs: a device, VMs, BOs and VAs,
 * made and freed through the kernel's API and the variant's contract.
 */
#ifndef _BENCH_DRIVER_H
#define _BENCH_DRIVER_H

#include <linux/dma-fence.h>
#include <linux/dma-resv.h>
#include <linux/err.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_gem.h>
#include <drm/drm_gpuvm.h>
#include <host/host.h>
#include <variants/contract.h>

#include "bench.h"

#define DRIVER_BO_SIZE		(2ul << 20)
#define DRIVER_VA_SIZE		4096ul

/* Objects alive, to be balanced at teardown. One thread sets up and down. */
struct driver {
	struct drm_device *drm;
	int vms;
	int bos;
};

struct driver_vm {
	struct drm_gpuvm base;
	struct driver *drv;
};

/* The driver is found through the object's private pointer. */
static inline void driver_bo_free(struct drm_gem_object *obj)
{
	struct driver *drv = obj->vma_node.driver_private;
	struct driver_bo *bo = container_of(obj, struct driver_bo, base);

	variant_bo_fini(&bo->variant, obj);
	drm_gem_object_release(obj);
	kfree(bo);
	drv->bos--;
}

static const struct drm_gem_object_funcs driver_gem_funcs = {
	.free = driver_bo_free,
};

static inline void driver_vm_free(struct drm_gpuvm *gpuvm)
{
	struct driver_vm *vm = container_of(gpuvm, struct driver_vm, base);

	vm->drv->vms--;
	kfree(vm);
}

static const struct drm_gpuvm_ops driver_vm_ops = {
	.vm_free = driver_vm_free,
	.vm_bo_alloc = VARIANT_VM_BO_ALLOC,
	.vm_bo_free = VARIANT_VM_BO_FREE,
};

static inline int driver_init(struct driver *drv)
{
	drv->drm = drm_dev_alloc_bare();
	return drv->drm ? 0 : -ENOMEM;
}

/* Returns the number of VMs and BOs that outlived their users. */
static inline int driver_fini(struct driver *drv)
{
	int leaked = drv->vms + drv->bos;

	if (drv->drm)
		drm_dev_put(drv->drm);
	return leaked;
}

/**
 * driver_bo_create() - make a BO
 * @drv: the driver
 * @resv: lock to share, or NULL for one of its own
 *
 * Return: a BO with one reference, aligned to a cache line as the kernel's
 * allocator aligns objects of this size, or NULL.
 */
static inline struct drm_gem_object *driver_bo_create(struct driver *drv,
						      struct dma_resv *resv)
{
	struct driver_bo *bo = kzalloc(sizeof(*bo), GFP_KERNEL);

	if (!bo)
		return NULL;
	bo->base.funcs = &driver_gem_funcs;
	bo->base.resv = resv;
	drm_gem_private_object_init(drv->drm, &bo->base, DRIVER_BO_SIZE);
	bo->base.vma_node.driver_private = drv;
	drv->bos++;
	if (variant_bo_init(&bo->variant, &bo->base)) {
		drm_gem_object_put(&bo->base);
		return NULL;
	}
	return &bo->base;
}

/**
 * driver_vm_create_ops() - make a VM with functions and a mode
 * @drv: the driver
 * @ops: the VM's; its vm_free is driver_vm_free()
 * @flags: the VM's; variant_vm_flags() with no more changed than
 *	DRM_GPUVM_RESV_PROTECTED
 *
 * Return: a VM with one reference, or NULL.
 */
static inline struct drm_gpuvm *
driver_vm_create_ops(struct driver *drv, const struct drm_gpuvm_ops *ops,
		     enum drm_gpuvm_flags flags)
{
	struct driver_vm *vm = kzalloc(sizeof(*vm), GFP_KERNEL);
	struct drm_gem_object *r_obj;

	if (!vm)
		return NULL;
	r_obj = drm_gpuvm_resv_object_alloc(drv->drm);
	if (!r_obj) {
		kfree(vm);
		return NULL;
	}
	vm->drv = drv;
	drm_gpuvm_init(&vm->base, "locklab", flags, drv->drm,
		       r_obj, 0, 1ul << 47, 0, 0, ops);
	drm_gem_object_put(r_obj);
	drv->vms++;
	return &vm->base;
}

/* In the variant's mode; its VAs are linked but never mapped. */
static inline struct drm_gpuvm *driver_vm_create(struct driver *drv)
{
	return driver_vm_create_ops(drv, &driver_vm_ops, variant_vm_flags());
}

/* A VA that maps a page of the BO; it is linked, never inserted in the tree. */
static inline void driver_va_init(struct drm_gpuva *va,
				  struct drm_gem_object *obj, u64 index)
{
	drm_gpuva_init(va, index * DRIVER_VA_SIZE, DRIVER_VA_SIZE, obj, 0);
	INIT_LIST_HEAD(&va->gem.entry);
}

/**
 * struct hold - the caller's transaction around list work
 * @ticket: acquire context
 * @vm_resv: the VM's lock
 * @resv: the BO's lock
 */
struct hold {
	struct ww_acquire_ctx ticket;
	struct dma_resv *vm_resv;
	struct dma_resv *resv;
};

/**
 * hold_begin() - lock the VM's and the BO's resv, as a bind ioctl does
 * @h: the transaction
 * @vm: the VM
 * @obj: the BO
 *
 * A driver in immediate mode works on the lists in the fence signalling path,
 * where it cannot hold a resv: nothing is locked then. The VM's resv is wanted by
 * this caller alone; where an older transaction has the BO's, that is waited for
 * with nothing held and taken first.
 */
static inline void hold_begin(struct hold *h, struct drm_gpuvm *vm,
			      struct drm_gem_object *obj)
{
	h->vm_resv = drm_gpuvm_resv(vm);
	h->resv = obj->resv;
	if (VARIANT_IMMEDIATE)
		return;
	ww_acquire_init(&h->ticket, &reservation_ww_class);
	dma_resv_lock(h->vm_resv, &h->ticket);
	if (h->resv != h->vm_resv &&
	    dma_resv_lock(h->resv, &h->ticket) == -EDEADLK) {
		dma_resv_unlock(h->vm_resv);
		dma_resv_lock_slow(h->resv, &h->ticket);
		dma_resv_lock(h->vm_resv, &h->ticket);
	}
	ww_acquire_done(&h->ticket);
}

static inline void hold_end(struct hold *h)
{
	if (VARIANT_IMMEDIATE)
		return;
	if (h->resv != h->vm_resv)
		dma_resv_unlock(h->resv);
	dma_resv_unlock(h->vm_resv);
	ww_acquire_fini(&h->ticket);
}

/**
 * driver_vm_bo_first() - the reference that keeps a vm_bo alive meanwhile
 * @vm: the VM
 * @obj: the BO
 *
 * Return: the vm_bo, or NULL.
 */
static inline struct drm_gpuvm_bo *driver_vm_bo_first(struct drm_gpuvm *vm,
						      struct drm_gem_object *obj)
{
	struct drm_gpuvm_bo *vm_bo;
	struct hold h;

	hold_begin(&h, vm, obj);
	batch_begin(obj);
	vm_bo = vm_bo_obtain(vm, obj);
	batch_end(obj);
	hold_end(&h);
	return IS_ERR(vm_bo) ? NULL : vm_bo;
}

static inline void driver_vm_bo_last(struct drm_gpuvm_bo *vm_bo)
{
	struct drm_gpuvm *vm = vm_bo->vm;
	struct drm_gem_object *obj = vm_bo->obj;
	struct hold h;

	drm_gpuvm_get(vm);
	drm_gem_object_get(obj);
	hold_begin(&h, vm, obj);
	batch_begin(obj);
	vm_bo_put(vm_bo);
	batch_end(obj);
	hold_end(&h);
	vm_cleanup(vm);
	drm_gem_object_put(obj);
	drm_gpuvm_put(vm);
}

/* Where the fences of submits come from. */
struct driver_timeline {
	spinlock_t lock;
	u64 context;
	u64 seqno;
};

static inline const char *driver_fence_name(struct dma_fence *fence)
{
	return "locklab";
}

static const struct dma_fence_ops driver_fence_ops = {
	.get_driver_name = driver_fence_name,
	.get_timeline_name = driver_fence_name,
};

static inline void driver_timeline_init(struct driver_timeline *t)
{
	spin_lock_init(&t->lock);
	t->context = dma_fence_context_alloc(1);
	t->seqno = 0;
}

/**
 * driver_fence_create() - the fence of the next submit
 * @t: where it stands behind the one before; used by one thread
 *
 * Return: a fence with one reference, or NULL.
 */
static inline struct dma_fence *driver_fence_create(struct driver_timeline *t)
{
	struct dma_fence *fence = kzalloc(sizeof(*fence), GFP_KERNEL);

	if (fence)
		dma_fence_init(fence, &driver_fence_ops, &t->lock, t->context,
			       ++t->seqno);
	return fence;
}

/* FNV-1a over words. */
static inline unsigned long digest_add(unsigned long d, unsigned long word)
{
	return (d ^ word) * 0x100000001b3ul;
}

#define DIGEST_SEED	0xcbf29ce484222325ul

/* Balanced calls leave nothing behind, so one of each is looked at half-way. */
static inline unsigned long digest_calls(unsigned long d,
					 struct drm_gpuvm_bo *vm_bo)
{
	struct drm_gpuvm *vm = vm_bo->vm;
	struct drm_gem_object *obj = vm_bo->obj;
	unsigned int refs = kref_read(&vm_bo->kref);
	struct drm_gpuvm_bo *found;
	struct drm_gpuva va = {};
	struct hold h;

	driver_va_init(&va, obj, 0);
	hold_begin(&h, vm, obj);
	batch_begin(obj);
	found = vm_bo_obtain(vm, obj);
	d = digest_add(d, found == vm_bo);
	if (!IS_ERR(found)) {
		d = digest_add(d, kref_read(&found->kref) - refs);
		va_link(&va, found);
		d = digest_add(d, list_count_nodes(&found->list.gpuva));
		va_unlink(&va);
		d = digest_add(d, list_count_nodes(&found->list.gpuva));
		vm_bo_put(found);
	}
	batch_end(obj);
	hold_end(&h);
	vm_cleanup(vm);
	return d;
}

/**
 * digest_vm_bo() - what list calls do and leave behind, without addresses
 * @d: digest so far
 * @vm_bo: a vm_bo that nobody works on
 *
 * Covers the lengths of both lists and the three reference counts, and what
 * one obtain, link, unlink and put of the variant change.
 */
static inline unsigned long digest_vm_bo(unsigned long d,
					 struct drm_gpuvm_bo *vm_bo)
{
	d = digest_calls(d, vm_bo);
	d = digest_add(d, list_count_nodes(gem_gpuva_list(vm_bo->obj)));
	d = digest_add(d, list_count_nodes(&vm_bo->list.gpuva));
	d = digest_add(d, kref_read(&vm_bo->kref));
	d = digest_add(d, kref_read(&vm_bo->obj->refcount));
	return digest_add(d, kref_read(&vm_bo->vm->kref));
}

#endif /* _BENCH_DRIVER_H */
