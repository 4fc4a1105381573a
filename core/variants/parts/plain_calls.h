/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Part of a variant whose list calls take no lock by themselves: it is held
 * around them, or there is none.
 */
#include "prealloc_plain.h"

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
