/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Part of a variant whose put needs nothing held around it. */
static inline void vm_bo_drop(struct drm_gpuvm_bo *vm_bo)
{
	vm_bo_put(vm_bo);
}
