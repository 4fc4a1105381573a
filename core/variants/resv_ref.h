/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * resv_ref: the resv, and a BO reference around each call that may drop a vm_bo's
 * last one, so that the lock is still there to be unlocked: take a BO reference,
 * lock, put, unlock, put the BO reference.
 *
 * Inside a hold the lock is the caller's, and so is the reference that outlives
 * it; the design cannot know and takes its own. A drop needs nothing of its caller.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"the resv, and a BO reference around each put"
#define VARIANT_MAX_THREADS	0
#define VARIANT_GEM_LOCK	0
#define VARIANT_UNLOCKED	0
#define VARIANT_IMMEDIATE	0

#else

#include "parts/no_bo.h"
#include "parts/resv_enter.h"
#include "parts/no_batch.h"
#include "parts/no_walk.h"
#include "parts/no_cleanup.h"
#include "parts/get_plain.h"
#include "parts/two_resvs.h"

static inline enum drm_gpuvm_flags variant_vm_flags(void)
{
	return DRM_GPUVM_RESV_PROTECTED;
}

static inline struct drm_gpuvm_bo *vm_bo_obtain(struct drm_gpuvm *vm,
						struct drm_gem_object *obj)
{
	return drm_gpuvm_bo_obtain(vm, obj);
}

static inline struct drm_gpuvm_bo *
vm_bo_obtain_prealloc(struct drm_gpuvm_bo *prealloc)
{
	struct drm_gem_object *obj = prealloc->obj;
	struct drm_gpuvm_bo *vm_bo;

	drm_gem_object_get(obj);
	vm_bo = drm_gpuvm_bo_obtain_prealloc(prealloc);
	drm_gem_object_put(obj);
	return vm_bo;
}

static inline void vm_bo_put(struct drm_gpuvm_bo *vm_bo)
{
	struct drm_gem_object *obj = vm_bo->obj;

	drm_gem_object_get(obj);
	drm_gpuvm_bo_put(vm_bo);
	drm_gem_object_put(obj);
}

static inline void va_link(struct drm_gpuva *va, struct drm_gpuvm_bo *vm_bo)
{
	drm_gpuva_link(va, vm_bo);
}

static inline void va_unlink(struct drm_gpuva *va)
{
	struct drm_gem_object *obj = va->gem.obj;

	drm_gem_object_get(obj);
	drm_gpuva_unlink(va);
	drm_gem_object_put(obj);
}

static inline void vm_bo_drop(struct drm_gpuvm_bo *vm_bo)
{
	struct drm_gem_object *obj = vm_bo->obj;
	struct drm_gpuvm *vm = vm_bo->vm;
	struct ww_acquire_ctx ctx;

	drm_gpuvm_get(vm);
	drm_gem_object_get(obj);
	two_resvs_lock(drm_gpuvm_resv(vm), obj->resv, &ctx);
	drm_gpuvm_bo_put(vm_bo);
	two_resvs_unlock(drm_gpuvm_resv(vm), obj->resv, &ctx);
	drm_gem_object_put(obj);
	drm_gpuvm_put(vm);
}

#endif /* VARIANT_LAYOUT */
