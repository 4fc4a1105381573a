/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Part of a variant in which a handle is a reference to the vm_bo, no more. */
static inline void vm_bo_get(struct drm_gpuvm_bo *vm_bo)
{
	drm_gpuvm_bo_get(vm_bo);
}
