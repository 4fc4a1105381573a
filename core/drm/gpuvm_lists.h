/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What the files of gpuvm share: which lock a list is under. */
#ifndef _DRM_GPUVM_LISTS_H
#define _DRM_GPUVM_LISTS_H

#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <drm/drm_gpuvm.h>

/*
 * The extobj and evict lists of a VM: in protected mode its resv, which the
 * caller holds; else a spinlock each, taken here (@inside).
 */
static inline void vm_list_lock(spinlock_t *lock, bool inside)
{
	if (inside)
		spin_lock(lock);
}

static inline void vm_list_unlock(spinlock_t *lock, bool inside)
{
	if (inside)
		spin_unlock(lock);
}

/* The end of a vm_bo's life on those lists. */
static inline void vm_bo_off_vm_lists(struct drm_gpuvm_bo *vm_bo)
{
	struct drm_gpuvm *gpuvm = vm_bo->vm;
	bool inside = !drm_gpuvm_resv_protected(gpuvm);

	vm_list_lock(&gpuvm->extobj.lock, inside);
	list_del(&vm_bo->list.entry.extobj);
	vm_list_unlock(&gpuvm->extobj.lock, inside);

	vm_list_lock(&gpuvm->evict.lock, inside);
	list_del(&vm_bo->list.entry.evict);
	vm_list_unlock(&gpuvm->evict.lock, inside);
}

/* What protects a BO's gpuva list and the VAs linked to its vm_bos. */
static inline void assert_gpuva_held(struct drm_gpuvm *gpuvm,
				     struct drm_gem_object *obj)
{
#if VARIANT_IMMEDIATE
	if (drm_gpuvm_immediate_mode(gpuvm)) {
		lockdep_assert_held(&obj->gpuva.lock);
		return;
	}
#endif
	drm_gem_gpuva_assert_lock_held(obj);
}

/* The BO's gpuva.lock, which only designs with immediate mode may ask for. */
static inline void gpuva_lock(struct drm_gem_object *obj)
{
#if VARIANT_IMMEDIATE
	mutex_lock(&obj->gpuva.lock);
#endif
}

static inline void gpuva_unlock(struct drm_gem_object *obj)
{
#if VARIANT_IMMEDIATE
	mutex_unlock(&obj->gpuva.lock);
#endif
}

/* A design without locks has nothing to assert. */
static inline void assert_resv_held(struct dma_resv *resv)
{
#if !VARIANT_UNLOCKED
	dma_resv_assert_held(resv);
#endif
}

#endif /* _DRM_GPUVM_LISTS_H */
