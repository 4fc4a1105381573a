/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Part of a variant with a list lock of its own and VMs in protected mode: a put
 * that may be the last one needs the VM's resv for the VM's lists, and no other.
 */
static inline void vm_bo_drop(struct drm_gpuvm_bo *vm_bo)
{
	struct dma_resv *vm_resv = drm_gpuvm_resv(vm_bo->vm);
	struct drm_gem_object *obj = vm_bo->obj;

	dma_resv_lock(vm_resv, NULL);
	batch_begin(obj);
	vm_bo_put(vm_bo);
	batch_end(obj);
	dma_resv_unlock(vm_resv);
}
