/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Part of a variant whose lists are under the BO's resv, with VMs in protected
 * mode: a put that may be the last one needs that and the VM's.
 */
#include "two_resvs.h"

static inline void vm_bo_drop(struct drm_gpuvm_bo *vm_bo)
{
	struct dma_resv *vm_resv = drm_gpuvm_resv(vm_bo->vm);
	struct drm_gem_object *obj = vm_bo->obj;
	struct dma_resv *resv = obj->resv;
	struct ww_acquire_ctx ctx;

	two_resvs_lock(vm_resv, resv, &ctx);
	batch_begin(obj);
	vm_bo_put(vm_bo);
	batch_end(obj);
	two_resvs_unlock(vm_resv, resv, &ctx);
}
