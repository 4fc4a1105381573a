/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Part of a variant that takes nothing by itself to obtain with a preallocation:
 * it is held around it, or taken inside.
 */
static inline struct drm_gpuvm_bo *
vm_bo_obtain_prealloc(struct drm_gpuvm_bo *prealloc)
{
	return drm_gpuvm_bo_obtain_prealloc(prealloc);
}
