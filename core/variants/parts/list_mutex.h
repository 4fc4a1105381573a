/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Part of a variant whose list lock is a mutex of the BO's own: in the GEM
 * object where the host has it, else right behind. For variants that say
 * VARIANT_GEM_LOCK 1 and have nothing else to keep in a BO.
 */
struct variant_bo {
#if !HAVE_DRM_GEM_GPUVA_LOCK
	struct mutex lock;
#endif
};

static inline struct mutex *list_lock(struct drm_gem_object *obj)
{
#if HAVE_DRM_GEM_GPUVA_LOCK
	return &obj->gpuva.lock;
#else
	return &bo_to_variant(obj)->lock;
#endif
}

static inline int variant_bo_init(struct variant_bo *bo,
				  struct drm_gem_object *obj)
{
#if !HAVE_DRM_GEM_GPUVA_LOCK
	mutex_init(&bo->lock);
#endif
	drm_gem_gpuva_set_lock(obj, list_lock(obj));
	return 0;
}

static inline void variant_bo_fini(struct variant_bo *bo,
				   struct drm_gem_object *obj)
{
#if !HAVE_DRM_GEM_GPUVA_LOCK
	mutex_destroy(&bo->lock);
#endif
}

static inline const void *variant_bo_extra(struct variant_bo *bo,
					   unsigned long *size)
{
	return NULL;
}
