/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * resv: the allocator is protected by a resv that the caller holds anyway, such
 * as the VM's; calls take nothing.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"a resv, held by the caller"
#define VARIANT_MAX_THREADS	0

#else

struct mm_alloc {
	struct drm_mm base;
	struct dma_resv *resv;
};

#include "parts/plain_node.h"
#include "parts/plain_guard.h"
#include "parts/plain_remove.h"
#include "parts/owned.h"
#include "parts/resv_enter.h"

static inline void mm_setup(struct mm_alloc *a)
{
}

static inline void mm_lock(struct mm_alloc *a, struct mm_guard *g)
{
	dma_resv_assert_held(a->resv);
	g->a = a;
}

static inline void mm_unlock(struct mm_guard *g)
{
}

#include "parts/locked_calls.h"
#include "parts/batch_each.h"

#endif /* VARIANT_LAYOUT */
