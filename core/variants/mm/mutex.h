/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * mutex: the allocator has a mutex, and each call takes it; panthor, lima, xe.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"a mutex of the allocator, per call"
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
#include "parts/no_enter.h"

static inline void mm_setup(struct mm_alloc *a)
{
	mutex_init(&a->lock);
}

#include "parts/mutex_lock.h"
#include "parts/locked_calls.h"
#include "parts/batch_each.h"

#endif /* VARIANT_LAYOUT */
