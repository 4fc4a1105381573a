/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * resv: the BO's resv, which the caller holds, protects the lists; list calls
 * take nothing. The default of GPUVM, and what xe and nouveau do.
 *
 * The VM is in protected mode: a put that may be the last one needs the VM's
 * resv, too. Its caller holds both, or the BO shares the VM's.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"the BO's resv, held by the caller"
#define VARIANT_MAX_THREADS	0
#define VARIANT_GEM_LOCK	0
#define VARIANT_UNLOCKED	0
#define VARIANT_IMMEDIATE	0

#else

struct variant_bo {
};

static inline enum drm_gpuvm_flags variant_vm_flags(void)
{
	return DRM_GPUVM_RESV_PROTECTED;
}

static inline int variant_bo_init(struct variant_bo *bo,
				  struct drm_gem_object *obj)
{
	return 0;
}

static inline void variant_bo_fini(struct variant_bo *bo,
				   struct drm_gem_object *obj)
{
}

static inline const void *variant_bo_extra(struct variant_bo *bo,
					   unsigned long *size)
{
	return NULL;
}

static inline int bo_enter(struct drm_gem_object *obj,
			   struct ww_acquire_ctx *ctx)
{
	return dma_resv_lock(obj->resv, ctx);
}

static inline void bo_leave(struct drm_gem_object *obj)
{
	dma_resv_unlock(obj->resv);
}

static inline void batch_begin(struct drm_gem_object *obj)
{
}

static inline void batch_end(struct drm_gem_object *obj)
{
}

static inline struct drm_gpuvm_bo *vm_bo_obtain(struct drm_gpuvm *vm,
						struct drm_gem_object *obj)
{
	return drm_gpuvm_bo_obtain(vm, obj);
}

static inline void vm_bo_put(struct drm_gpuvm_bo *vm_bo)
{
	drm_gpuvm_bo_put(vm_bo);
}

static inline void va_link(struct drm_gpuva *va, struct drm_gpuvm_bo *vm_bo)
{
	drm_gpuva_link(va, vm_bo);
}

static inline void va_unlink(struct drm_gpuva *va)
{
	drm_gpuva_unlink(va);
}

static inline void vm_cleanup(struct drm_gpuvm *vm)
{
}

#endif /* VARIANT_LAYOUT */
