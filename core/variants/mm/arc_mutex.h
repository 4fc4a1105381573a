/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * arc_mutex: Rust's Arc<Mutex<Mm>>. Each node has a reference to the allocator
 * and to the lock in it: to insert is to clone it and to lock; to drop a node is
 * to lock, to remove it, and to drop the reference. So whoever drops a node need
 * not know its allocator, and the allocator lives as long as its last node.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"Arc<Mutex<>>: each node counts, drop locks"
#define VARIANT_MAX_THREADS	0

#else

struct mm_alloc {
	struct drm_mm base;
	struct dma_resv *resv;
	struct mutex lock;
	struct kref ref;
};

struct mm_node {
	struct drm_mm_node base;
	struct mm_alloc *owner;
};

struct mm_guard {
	struct mm_alloc *a;
};

#include "parts/no_enter.h"

static inline void mm_setup(struct mm_alloc *a)
{
	mutex_init(&a->lock);
	kref_init(&a->ref);
}

static inline void mm_free(struct kref *ref)
{
	struct mm_alloc *a = container_of(ref, struct mm_alloc, ref);

	drm_mm_takedown(&a->base);
	mutex_destroy(&a->lock);
	kfree(a);
}

static inline void mm_put(struct mm_alloc *a)
{
	kref_put(&a->ref, mm_free);
}

static inline unsigned int mm_refs(const struct mm_alloc *a)
{
	return kref_read(&a->ref) - 1;
}

/* A reference for a node, which has none if it did not get in. */
static inline void node_own(struct mm_node *n, struct mm_alloc *a)
{
	kref_get(&a->ref);
	n->owner = a;
}

static inline int node_owned(struct mm_node *n, int err)
{
	if (err)
		mm_put(n->owner);
	return err;
}

#include "parts/mutex_lock.h"

static inline int guard_insert(struct mm_guard *g, struct mm_node *n, u64 size,
			       u64 align, unsigned long color, u64 start,
			       u64 end, enum drm_mm_insert_mode mode)
{
	node_own(n, g->a);
	return node_owned(n, drm_mm_insert_node_in_range(&g->a->base, &n->base,
							 size, align, color,
							 start, end, mode));
}

static inline int guard_reserve(struct mm_guard *g, struct mm_node *n)
{
	node_own(n, g->a);
	return node_owned(n, drm_mm_reserve_node(&g->a->base, &n->base));
}

/* Who holds the guard holds a reference, too: mm_lock()'s caller has one. */
static inline void guard_remove(struct mm_guard *g, struct mm_node *n)
{
	drm_mm_remove_node(&n->base);
	mm_put(n->owner);
}

static inline int node_insert(struct mm_alloc *a, struct mm_node *n, u64 size,
			      u64 align, unsigned long color, u64 start,
			      u64 end, enum drm_mm_insert_mode mode)
{
	int err;

	node_own(n, a);
	mutex_lock(&a->lock);
	err = drm_mm_insert_node_in_range(&a->base, &n->base, size, align,
					  color, start, end, mode);
	mutex_unlock(&a->lock);
	return node_owned(n, err);
}

static inline int node_reserve(struct mm_alloc *a, struct mm_node *n)
{
	int err;

	node_own(n, a);
	mutex_lock(&a->lock);
	err = drm_mm_reserve_node(&a->base, &n->base);
	mutex_unlock(&a->lock);
	return node_owned(n, err);
}

/* Drop: the allocator is the node's to tell, and the reference goes last. */
static inline void node_remove(struct mm_alloc *a, struct mm_node *n)
{
	struct mm_alloc *owner = n->owner;

	mutex_lock(&owner->lock);
	drm_mm_remove_node(&n->base);
	mutex_unlock(&owner->lock);
	mm_put(owner);
}

#include "parts/batch_each.h"

#endif /* VARIANT_LAYOUT */
