/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * resv_mutex: a mutex of the allocator inside the resv that the caller holds. All
 * who want the mutex hold the resv, so it is always free.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"a mutex of the allocator inside a held resv"
#define VARIANT_MAX_THREADS	0

#else

struct mm_alloc {
	struct drm_mm base;
	struct dma_resv *resv;
	struct mutex lock;
};

#include "parts/plain_node.h"
#include "parts/plain_guard.h"
#include "parts/plain_remove.h"
#include "parts/owned.h"
#include "parts/resv_enter.h"

static inline void mm_setup(struct mm_alloc *a)
{
	mutex_init(&a->lock);
}

static inline void mm_lock(struct mm_alloc *a, struct mm_guard *g)
{
	dma_resv_assert_held(a->resv);
	mutex_lock(&a->lock);
	g->a = a;
}

static inline void mm_unlock(struct mm_guard *g)
{
	mutex_unlock(&g->a->lock);
}

#include "parts/locked_calls.h"
#include "parts/batch_each.h"

#endif /* VARIANT_LAYOUT */
