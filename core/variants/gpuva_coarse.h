/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * gpuva_coarse: the dedicated mutex of gpuva, taken once per batch of list calls.
 *
 * A last put in protected mode needs the VM's resv besides.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"a dedicated mutex in the BO, per batch"
#define VARIANT_MAX_THREADS	0
#define VARIANT_GEM_LOCK	1
#define VARIANT_UNLOCKED	0
#define VARIANT_IMMEDIATE	0

#else

#include "parts/list_mutex.h"

static inline enum drm_gpuvm_flags variant_vm_flags(void)
{
	return DRM_GPUVM_RESV_PROTECTED;
}

static inline int bo_enter(struct drm_gem_object *obj,
			   struct ww_acquire_ctx *ctx)
{
	return 0;
}

static inline void bo_leave(struct drm_gem_object *obj)
{
}

static inline void batch_begin(struct drm_gem_object *obj)
{
	mutex_lock(list_lock(obj));
}

static inline void batch_end(struct drm_gem_object *obj)
{
	mutex_unlock(list_lock(obj));
}

static inline struct drm_gpuvm_bo *vm_bo_obtain(struct drm_gpuvm *vm,
						struct drm_gem_object *obj)
{
	return drm_gpuvm_bo_obtain(vm, obj);
}

static inline void vm_bo_put(struct drm_gpuvm_bo *vm_bo)
{
	drm_gpuvm_bo_put(vm_bo);
}

static inline void va_link(struct drm_gpuva *va, struct drm_gpuvm_bo *vm_bo)
{
	drm_gpuva_link(va, vm_bo);
}

static inline void va_unlink(struct drm_gpuva *va)
{
	drm_gpuva_unlink(va);
}

static inline void vm_cleanup(struct drm_gpuvm *vm)
{
}

#endif /* VARIANT_LAYOUT */
