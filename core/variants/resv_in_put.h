/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * resv_in_put: the resv protects the lists; a put, and an unlink that may be one,
 * takes it by itself, as the reference count of a Rust wrapper would.
 *
 * Wrong: a caller that holds the resv, as TTM's callbacks do, waits for itself.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"the resv, taken by each put itself"
#define VARIANT_MAX_THREADS	0
#define VARIANT_GEM_LOCK	0
#define VARIANT_UNLOCKED	0
#define VARIANT_IMMEDIATE	0
#define VARIANT_REFUSED		"a put locks the resv that its caller may hold"

#else

#include "parts/no_bo.h"
#include "parts/resv_enter.h"
#include "parts/no_batch.h"
#include "parts/no_walk.h"
#include "parts/no_cleanup.h"
#include "parts/get_plain.h"
#include "parts/drop_plain.h"
#include "parts/prealloc_plain.h"

static inline enum drm_gpuvm_flags variant_vm_flags(void)
{
	return 0;
}

static inline struct drm_gpuvm_bo *vm_bo_obtain(struct drm_gpuvm *vm,
						struct drm_gem_object *obj)
{
	return drm_gpuvm_bo_obtain(vm, obj);
}

static inline void vm_bo_put(struct drm_gpuvm_bo *vm_bo)
{
	struct dma_resv *resv = vm_bo->obj->resv;

	dma_resv_lock(resv, NULL);
	drm_gpuvm_bo_put(vm_bo);
	dma_resv_unlock(resv);
}

static inline void va_link(struct drm_gpuva *va, struct drm_gpuvm_bo *vm_bo)
{
	drm_gpuva_link(va, vm_bo);
}

static inline void va_unlink(struct drm_gpuva *va)
{
	struct dma_resv *resv = va->gem.obj->resv;

	dma_resv_lock(resv, NULL);
	drm_gpuva_unlink(va);
	dma_resv_unlock(resv);
}

#endif /* VARIANT_LAYOUT */
