/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Part of a variant that keeps nothing of its own in a BO. */
struct variant_bo {
};

static inline void variant_bo_fini(struct variant_bo *bo,
				   struct drm_gem_object *obj)
{
}

static inline const void *variant_bo_extra(struct variant_bo *bo,
					   unsigned long *size)
{
	return NULL;
}
