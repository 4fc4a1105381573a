/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The contract of a locking variant of the range allocator.
 *
 * A variant is one header in this folder: the layer that a driver or a Rust
 * wrapper would be around drm_mm, which takes no lock itself. It says who locks
 * what around which drm_mm_* call, and what a node keeps of its allocator. It
 * uses kernel primitives only, so that it means the same in every host.
 *
 * The header is read twice. With VARIANT_LAYOUT defined it defines macros only:
 *
 *   VARIANT_DOC		one line for people
 *   VARIANT_MAX_THREADS	0: any number; 1: not safe with two threads
 *
 * Without VARIANT_LAYOUT it defines, itself or through parts/,
 *
 *   struct mm_alloc	the allocator: struct drm_mm base first, struct
 *			dma_resv *resv, and what the design adds
 *   struct mm_node	a node: struct drm_mm_node base first, and what it adds
 *   struct mm_guard	proof that mm_lock() was called
 *
 * and every function declared below; a missing or a wrong one does not
 * compile.
 */
#ifndef _VARIANTS_MM_CONTRACT_H
#define _VARIANTS_MM_CONTRACT_H

#include <linux/dma-resv.h>
#include <linux/err.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <drm/drm_mm.h>

#include "variants/layout.h"

struct mm_alloc;
struct mm_node;
struct mm_guard;

/**
 * mm_setup() - set up what the design adds to an allocator
 * @a: zeroed but for @a->base and @a->resv, which are ready
 */
static inline void mm_setup(struct mm_alloc *a);

/**
 * mm_put() - the owner has done with an allocator from kzalloc()
 * @a: the allocator; freed now, or where nodes keep it, with the last of them
 *
 * Nothing may be held.
 */
static inline void mm_put(struct mm_alloc *a);

/**
 * mm_refs() - how many references there are beside the owner's
 * @a: the allocator
 */
static inline unsigned int mm_refs(const struct mm_alloc *a);

/**
 * mm_enter() - take what the design wants held around its calls
 * @a: the allocator
 *
 * For a caller that holds nothing: the designs that rely on a resv lock it
 * here, the others do nothing.
 */
static inline void mm_enter(struct mm_alloc *a);

/**
 * mm_leave() - undo mm_enter()
 * @a: the allocator
 */
static inline void mm_leave(struct mm_alloc *a);

/**
 * mm_lock() - begin work on an allocator that is more than one call
 * @a: the allocator, which the caller keeps alive until mm_unlock(); between
 *	mm_enter() and mm_leave(), or with its resv held
 * @g: the proof; stays where it is, with this thread, until mm_unlock()
 *
 * Until then @a->base may be used, too, but for what has a guard_ call.
 */
static inline void mm_lock(struct mm_alloc *a, struct mm_guard *g);

/**
 * mm_unlock() - end it
 * @g: from mm_lock()
 */
static inline void mm_unlock(struct mm_guard *g);

/**
 * guard_insert() - drm_mm_insert_node_in_range() for who has the guard
 * @g: the guard
 * @n: the node
 * @size: as there
 * @align: as there
 * @color: as there
 * @start: as there
 * @end: as there
 * @mode: as there
 *
 * Return: 0, -ENOSPC, or -EINVAL for a guard that proves nothing.
 */
static inline int guard_insert(struct mm_guard *g, struct mm_node *n, u64 size,
			       u64 align, unsigned long color, u64 start,
			       u64 end, enum drm_mm_insert_mode mode);

/**
 * guard_reserve() - drm_mm_reserve_node() for who has the guard
 * @g: the guard
 * @n: the node
 *
 * Return: as guard_insert().
 */
static inline int guard_reserve(struct mm_guard *g, struct mm_node *n);

/**
 * guard_remove() - give a node back, for who has the guard
 * @g: the guard
 * @n: allocated in the guard's allocator, and in no eviction scan
 */
static inline void guard_remove(struct mm_guard *g, struct mm_node *n);

/**
 * node_insert() - find a place, with the design's locking
 * @a: the allocator; between mm_enter() and mm_leave(), or with its resv held
 * @n: the node
 * @size: as drm_mm_insert_node_in_range()
 * @align: as there
 * @color: as there
 * @start: as there
 * @end: as there
 * @mode: as there
 *
 * Return: 0, or -ENOSPC.
 */
static inline int node_insert(struct mm_alloc *a, struct mm_node *n, u64 size,
			      u64 align, unsigned long color, u64 start,
			      u64 end, enum drm_mm_insert_mode mode);

/**
 * node_reserve() - take a given range, with the design's locking
 * @a: the allocator, as for node_insert()
 * @n: the node
 *
 * Return: 0, or -ENOSPC.
 */
static inline int node_reserve(struct mm_alloc *a, struct mm_node *n);

/**
 * node_remove() - give a node back, with the design's locking
 * @a: its allocator, as for node_insert()
 * @n: allocated
 */
static inline void node_remove(struct mm_alloc *a, struct mm_node *n);

/**
 * node_remove_all() - give back a batch of nodes
 * @a: their allocator, as for node_insert()
 * @n: the first of an array
 * @nr: how many
 *
 * The design says whether the batch can be one call or has to be one for each.
 */
static inline void node_remove_all(struct mm_alloc *a, struct mm_node *n,
				   unsigned long nr);

#include VARIANT_HEADER

#endif /* _VARIANTS_MM_CONTRACT_H */
