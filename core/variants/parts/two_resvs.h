/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Part of a variant that locks a VM's resv and a BO's. An older transaction makes
 * a younger one back off (wait-die), whatever order both lock in.
 */
static inline void two_resvs_lock(struct dma_resv *a, struct dma_resv *b,
				  struct ww_acquire_ctx *ctx)
{
	struct dma_resv *held = a, *want = b, *tmp;

	ww_acquire_init(ctx, &reservation_ww_class);
	dma_resv_lock(held, ctx);
	while (want != held && dma_resv_lock(want, ctx) == -EDEADLK) {
		dma_resv_unlock(held);
		dma_resv_lock_slow(want, ctx);
		tmp = held;
		held = want;
		want = tmp;
	}
	ww_acquire_done(ctx);
}

static inline void two_resvs_unlock(struct dma_resv *a, struct dma_resv *b,
				    struct ww_acquire_ctx *ctx)
{
	if (b != a)
		dma_resv_unlock(b);
	dma_resv_unlock(a);
	ww_acquire_fini(ctx);
}
