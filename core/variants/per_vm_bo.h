/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * per_vm_bo: a mutex in each vm_bo protects the lists that it stands on.
 *
 * Wrong: a BO in two VMs has two vm_bos, and so two locks for the one list that
 * both stand on. The last put cannot even be made under a lock that it frees.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"a mutex in the vm_bo"
#define VARIANT_MAX_THREADS	0
#define VARIANT_GEM_LOCK	0
#define VARIANT_UNLOCKED	0
#define VARIANT_IMMEDIATE	0
#define VARIANT_REFUSED		"a BO in two VMs has two locks for one list"

#else

#include "parts/no_bo.h"
#include "parts/no_enter.h"
#include "parts/no_batch.h"
#include "parts/no_walk.h"
#include "parts/no_cleanup.h"
#include "parts/get_plain.h"
#include "parts/drop_plain.h"

#define VARIANT_VM_BO_ALLOC	locked_vm_bo_alloc
#define VARIANT_VM_BO_FREE	locked_vm_bo_free

struct locked_vm_bo {
	struct drm_gpuvm_bo base;
	struct mutex lock;
};

static inline struct drm_gpuvm_bo *locked_vm_bo_alloc(void)
{
	struct locked_vm_bo *own = kzalloc(sizeof(*own), GFP_KERNEL);

	if (!own)
		return NULL;
	mutex_init(&own->lock);
	return &own->base;
}

static inline void locked_vm_bo_free(struct drm_gpuvm_bo *vm_bo)
{
	kfree(container_of(vm_bo, struct locked_vm_bo, base));
}

static inline struct mutex *vm_bo_lock(struct drm_gpuvm_bo *vm_bo)
{
	return &container_of(vm_bo, struct locked_vm_bo, base)->lock;
}

static inline enum drm_gpuvm_flags variant_vm_flags(void)
{
	return 0;
}

static inline struct drm_gpuvm_bo *
vm_bo_obtain_prealloc(struct drm_gpuvm_bo *prealloc)
{
	struct drm_gpuvm_bo *found;

	mutex_lock(vm_bo_lock(prealloc));
	found = drm_gpuvm_bo_find(prealloc->vm, prealloc->obj);
	if (!found)
		drm_gpuvm_bo_obtain_prealloc(prealloc);
	mutex_unlock(vm_bo_lock(prealloc));
	if (!found)
		return prealloc;
	drm_gpuvm_bo_put(prealloc);
	return found;
}

#include "parts/obtain_by_prealloc.h"

static inline void vm_bo_put(struct drm_gpuvm_bo *vm_bo)
{
	struct mutex *lock = vm_bo_lock(vm_bo);
	bool last;

	mutex_lock(lock);
	last = kref_read(&vm_bo->kref) == 1;
	if (!last)
		drm_gpuvm_bo_put(vm_bo);
	mutex_unlock(lock);
	if (last)
		drm_gpuvm_bo_put(vm_bo);
}

static inline void va_link(struct drm_gpuva *va, struct drm_gpuvm_bo *vm_bo)
{
	mutex_lock(vm_bo_lock(vm_bo));
	drm_gpuva_link(va, vm_bo);
	mutex_unlock(vm_bo_lock(vm_bo));
}

static inline void va_unlink(struct drm_gpuva *va)
{
	struct drm_gpuvm_bo *vm_bo = drm_gpuvm_bo_get(va->vm_bo);

	mutex_lock(vm_bo_lock(vm_bo));
	drm_gpuva_unlink(va);
	mutex_unlock(vm_bo_lock(vm_bo));
	vm_bo_put(vm_bo);
}

#endif /* VARIANT_LAYOUT */
