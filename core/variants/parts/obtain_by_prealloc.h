/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Part of a variant that makes a vm_bo before it looks for one, each time. */
static inline struct drm_gpuvm_bo *vm_bo_obtain(struct drm_gpuvm *vm,
						struct drm_gem_object *obj)
{
	struct drm_gpuvm_bo *prealloc = drm_gpuvm_bo_create(vm, obj);

	return prealloc ? vm_bo_obtain_prealloc(prealloc) : ERR_PTR(-ENOMEM);
}
