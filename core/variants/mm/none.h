/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * none: drm_mm as it is. The floor; right with one thread only.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"no lock; one thread only"
#define VARIANT_MAX_THREADS	1

#else

struct mm_alloc {
	struct drm_mm base;
	struct dma_resv *resv;
};

#include "parts/plain_node.h"
#include "parts/plain_guard.h"
#include "parts/plain_remove.h"
#include "parts/owned.h"
#include "parts/no_enter.h"

static inline void mm_setup(struct mm_alloc *a)
{
}

static inline void mm_lock(struct mm_alloc *a, struct mm_guard *g)
{
	g->a = a;
}

static inline void mm_unlock(struct mm_guard *g)
{
}

#include "parts/locked_calls.h"
#include "parts/batch_each.h"

#endif /* VARIANT_LAYOUT */
