/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Part of a variant whose list calls are made with the BO's resv held. */
static inline int bo_enter(struct drm_gem_object *obj,
			   struct ww_acquire_ctx *ctx)
{
	return dma_resv_lock(obj->resv, ctx);
}

static inline void bo_leave(struct drm_gem_object *obj)
{
	dma_resv_unlock(obj->resv);
}
