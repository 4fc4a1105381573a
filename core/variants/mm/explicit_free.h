/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * explicit_free: Rust without Drop. A node is handed back to the allocator that
 * it came from, which locks, sees that it is its own and still there, and removes
 * it; a batch is handed back under one lock. A node keeps no reference, and the allocator
 * may go first: a node that was never handed back is complained of, and leaks.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"a mutex; nodes are handed back, and know nothing"
#define VARIANT_MAX_THREADS	0

#else

struct mm_alloc {
	struct drm_mm base;
	struct dma_resv *resv;
	struct mutex lock;
};

#include "parts/plain_node.h"
#include "parts/plain_guard.h"

static inline void guard_remove(struct mm_guard *g, struct mm_node *n)
{
	if (WARN(n->base.mm != &g->a->base, "a node of another allocator") ||
	    WARN(!drm_mm_node_allocated(&n->base), "a node handed back twice"))
		return;
	drm_mm_remove_node(&n->base);
}

#include "parts/owned.h"
#include "parts/no_enter.h"

static inline void mm_setup(struct mm_alloc *a)
{
	mutex_init(&a->lock);
}

#include "parts/mutex_lock.h"
#include "parts/locked_calls.h"
#include "parts/batch_once.h"

#endif /* VARIANT_LAYOUT */
