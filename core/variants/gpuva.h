/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * gpuva: a dedicated mutex in the BO protects the lists, and each list call
 * takes it: the extra lock, always free where the caller holds the resv.
 *
 * A put takes it always, since it may be the last one. The caller's BO
 * reference keeps the mutex alive until it is unlocked. A last put in
 * protected mode needs the VM's resv besides.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"a dedicated mutex in the BO, per call"
#define VARIANT_MAX_THREADS	0
#define VARIANT_GEM_LOCK	1
#define VARIANT_UNLOCKED	0
#define VARIANT_IMMEDIATE	0

#else

#include "parts/list_mutex.h"
#include "parts/no_enter.h"
#include "parts/no_batch.h"
#include "parts/no_cleanup.h"
#include "parts/get_plain.h"
#include "parts/drop_vm_resv.h"
#include "parts/walk_list_mutex.h"

static inline enum drm_gpuvm_flags variant_vm_flags(void)
{
	return DRM_GPUVM_RESV_PROTECTED;
}

static inline struct drm_gpuvm_bo *vm_bo_obtain(struct drm_gpuvm *vm,
						struct drm_gem_object *obj)
{
	struct drm_gpuvm_bo *vm_bo;

	mutex_lock(list_lock(obj));
	vm_bo = drm_gpuvm_bo_obtain(vm, obj);
	mutex_unlock(list_lock(obj));
	return vm_bo;
}

static inline struct drm_gpuvm_bo *
vm_bo_obtain_prealloc(struct drm_gpuvm_bo *prealloc)
{
	struct mutex *lock = list_lock(prealloc->obj);
	struct drm_gpuvm_bo *vm_bo;

	mutex_lock(lock);
	vm_bo = drm_gpuvm_bo_obtain_prealloc(prealloc);
	mutex_unlock(lock);
	return vm_bo;
}

static inline void vm_bo_put(struct drm_gpuvm_bo *vm_bo)
{
	struct mutex *lock = list_lock(vm_bo->obj);

	mutex_lock(lock);
	drm_gpuvm_bo_put(vm_bo);
	mutex_unlock(lock);
}

static inline void va_link(struct drm_gpuva *va, struct drm_gpuvm_bo *vm_bo)
{
	struct mutex *lock = list_lock(vm_bo->obj);

	mutex_lock(lock);
	drm_gpuva_link(va, vm_bo);
	mutex_unlock(lock);
}

static inline void va_unlink(struct drm_gpuva *va)
{
	struct mutex *lock = list_lock(va->gem.obj);

	mutex_lock(lock);
	drm_gpuva_unlink(va);
	mutex_unlock(lock);
}

#endif /* VARIANT_LAYOUT */
