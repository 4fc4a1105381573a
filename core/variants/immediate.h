/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * immediate: upstream's immediate mode (6.18 and later; panthor, tyr). The VM
 * is updated in the fence signalling path, so gpuva.lock protects the lists
 * instead of the resv, nothing is allocated under it, and a vm_bo whose last
 * reference is gone is freed later, by vm_cleanup().
 *
 * obtain makes a vm_bo first and gives it back if the pair has one, as the
 * drivers do; it never looks before, so a hit pays an allocation.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"gpuva.lock instead of the resv, last put deferred"
#define VARIANT_MAX_THREADS	0
#define VARIANT_GEM_LOCK	1
#define VARIANT_UNLOCKED	0
#define VARIANT_IMMEDIATE	1

#else

#include "parts/no_members.h"
#include "parts/no_enter.h"
#include "parts/no_batch.h"
#include "parts/get_plain.h"
#include "parts/drop_plain.h"
#include "parts/prealloc_plain.h"
#include "parts/obtain_by_prealloc.h"

static inline enum drm_gpuvm_flags variant_vm_flags(void)
{
	return DRM_GPUVM_RESV_PROTECTED | DRM_GPUVM_IMMEDIATE_MODE;
}

static inline int variant_bo_init(struct variant_bo *bo,
				  struct drm_gem_object *obj)
{
	drm_gem_gpuva_set_lock(obj, &obj->gpuva.lock);
	return 0;
}

static inline void vm_bo_put(struct drm_gpuvm_bo *vm_bo)
{
	drm_gpuvm_bo_put_deferred(vm_bo);
}

static inline void va_link(struct drm_gpuva *va, struct drm_gpuvm_bo *vm_bo)
{
	struct mutex *lock = &vm_bo->obj->gpuva.lock;

	mutex_lock(lock);
	drm_gpuva_link(va, vm_bo);
	mutex_unlock(lock);
}

static inline void va_unlink(struct drm_gpuva *va)
{
	drm_gpuva_unlink_defer(va);
}

static inline void walk_begin(struct drm_gem_object *obj)
{
	mutex_lock(&obj->gpuva.lock);
}

static inline void walk_end(struct drm_gem_object *obj)
{
	mutex_unlock(&obj->gpuva.lock);
}

static inline void vm_cleanup(struct drm_gpuvm *vm)
{
	drm_gpuvm_bo_deferred_cleanup(vm);
}

#endif /* VARIANT_LAYOUT */
