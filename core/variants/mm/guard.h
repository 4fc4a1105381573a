/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * guard: proof of locking. Who locks an allocator gets a token, and each call is
 * shown it: it works on the token's allocator, and checks that the token holds
 * that one now, that this thread got it, and that a node to be removed is one of
 * its nodes. lockdep for one lock, always on.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"a mutex and a guard token, checked at run time"
#define VARIANT_MAX_THREADS	0

#else

struct mm_guard {
	struct mm_alloc *a;
	struct task_struct *owner;
};

struct mm_alloc {
	struct drm_mm base;
	struct dma_resv *resv;
	struct mutex lock;
	struct mm_guard *holder;	/* written under @lock */
};

#include "parts/plain_node.h"
#include "parts/owned.h"
#include "parts/no_enter.h"

static inline void mm_setup(struct mm_alloc *a)
{
	mutex_init(&a->lock);
}

/* Only the holder can find its own token there, so the read is no race then. */
static inline bool guard_holds(const struct mm_guard *g)
{
	return !WARN(READ_ONCE(g->a->holder) != g || g->owner != current,
		     "a guard that does not hold its allocator");
}

static inline bool guard_owns(const struct mm_guard *g, const struct mm_node *n)
{
	return guard_holds(g) && !WARN(n->base.mm != &g->a->base,
				       "a node of another allocator");
}

static inline int guard_insert(struct mm_guard *g, struct mm_node *n, u64 size,
			       u64 align, unsigned long color, u64 start,
			       u64 end, enum drm_mm_insert_mode mode)
{
	if (!guard_holds(g))
		return -EINVAL;
	return drm_mm_insert_node_in_range(&g->a->base, &n->base, size, align,
					   color, start, end, mode);
}

static inline int guard_reserve(struct mm_guard *g, struct mm_node *n)
{
	return guard_holds(g) ? drm_mm_reserve_node(&g->a->base, &n->base) :
				-EINVAL;
}

static inline void guard_remove(struct mm_guard *g, struct mm_node *n)
{
	if (guard_owns(g, n))
		drm_mm_remove_node(&n->base);
}

static inline void mm_lock(struct mm_alloc *a, struct mm_guard *g)
{
	mutex_lock(&a->lock);
	*g = (struct mm_guard) { .a = a, .owner = current };
	WRITE_ONCE(a->holder, g);
}

static inline void mm_unlock(struct mm_guard *g)
{
	struct mm_alloc *a = g->a;

	if (!guard_holds(g))
		return;
	WRITE_ONCE(a->holder, NULL);
	mutex_unlock(&a->lock);
}

#include "parts/locked_calls.h"
#include "parts/batch_each.h"

#endif /* VARIANT_LAYOUT */
