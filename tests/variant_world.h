/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A caller of the variant's contract that other threads may get in the way of. */
#ifndef _VARIANT_WORLD_H
#define _VARIANT_WORLD_H

#include "driver.h"

/**
 * enter() - what a caller holds around list calls, final puts among them
 * @ctx: the transaction
 * @vm: the VM; its resv is locked, but for immediate mode
 * @obj: the BO; what the design wants is taken by bo_enter()
 *
 * Begins anew when another thread is in the way, so it always comes through.
 */
static inline void enter(struct ww_acquire_ctx *ctx, struct drm_gpuvm *vm,
			 struct drm_gem_object *obj)
{
	while (!VARIANT_IMMEDIATE) {
		ww_acquire_init(ctx, &reservation_ww_class);
		KT_EQ(dma_resv_lock(drm_gpuvm_resv(vm), ctx), 0);
		if (!bo_enter(obj, ctx))
			break;
		dma_resv_unlock(drm_gpuvm_resv(vm));
		ww_acquire_fini(ctx);
	}
	batch_begin(obj);
}

static inline void leave(struct ww_acquire_ctx *ctx, struct drm_gpuvm *vm,
			 struct drm_gem_object *obj)
{
	batch_end(obj);
	if (VARIANT_IMMEDIATE)
		return;
	bo_leave(obj);
	dma_resv_unlock(drm_gpuvm_resv(vm));
	ww_acquire_fini(ctx);
}

/**
 * enter_bo() - enter() without the VM's resv, so that only the design serialises
 * @obj: the BO; no put may be the last
 */
static inline void enter_bo(struct drm_gem_object *obj)
{
	KT_EQ(bo_enter(obj, NULL), 0);
	batch_begin(obj);
}

static inline void leave_bo(struct drm_gem_object *obj)
{
	batch_end(obj);
	bo_leave(obj);
}

#endif /* _VARIANT_WORLD_H */
