/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * spin: the allocator has a spinlock, and each call takes it; v3d, panfrost, TTM.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"a spinlock of the allocator, per call"
#define VARIANT_MAX_THREADS	0

#else

struct mm_alloc {
	struct drm_mm base;
	struct dma_resv *resv;
	spinlock_t lock;
};

#include "parts/plain_node.h"
#include "parts/plain_guard.h"
#include "parts/plain_remove.h"
#include "parts/owned.h"
#include "parts/no_enter.h"

static inline void mm_setup(struct mm_alloc *a)
{
	spin_lock_init(&a->lock);
}

static inline void mm_lock(struct mm_alloc *a, struct mm_guard *g)
{
	spin_lock(&a->lock);
	g->a = a;
}

static inline void mm_unlock(struct mm_guard *g)
{
	spin_unlock(&g->a->lock);
}

#include "parts/locked_calls.h"
#include "parts/batch_each.h"

#endif /* VARIANT_LAYOUT */
