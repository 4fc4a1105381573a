/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: dup */
/*
 * The range allocator's structures, which every GEM object embeds, and what
 * can be asked of them without the allocator.
 */
#ifndef _DRM_MM_H
#define _DRM_MM_H

#include <linux/bitops.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/types.h>

#define DRM_MM_NODE_ALLOCATED_BIT	0
#define DRM_MM_NODE_SCANNED_BIT		1

/**
 * struct drm_mm_node - a range, allocated or not
 * @color: the driver's
 * @start: first address
 * @size: length
 * @mm: the allocator it belongs to
 * @node_list: all nodes in order of address
 * @hole_stack: holes, newest first, by the node before
 * @rb: in the tree of allocated ranges
 * @rb_hole_size: in the tree of holes by size
 * @rb_hole_addr: in the tree of holes by address
 * @__subtree_last: greatest last address of the subtree of @rb
 * @hole_size: size of the hole that follows, or 0
 * @subtree_max_hole: greatest @hole_size of the subtree of @rb_hole_addr
 * @flags: the bits above
 */
struct drm_mm_node {
	unsigned long color;
	u64 start;
	u64 size;
	struct drm_mm *mm;
	struct list_head node_list;
	struct list_head hole_stack;
	struct rb_node rb;
	struct rb_node rb_hole_size;
	struct rb_node rb_hole_addr;
	u64 __subtree_last;
	u64 hole_size;
	u64 subtree_max_hole;
	unsigned long flags;
};

/**
 * struct drm_mm - a range allocator; the caller serialises
 * @color_adjust: may shrink a hole for a colour; NULL unless the driver set it
 * @hole_stack: holes, newest first
 * @head_node: closes the list of nodes; it starts at the end of the range
 * @interval_tree: allocated ranges
 * @holes_size: holes, greatest first
 * @holes_addr: holes by address
 * @scan_active: nodes added to an eviction scan
 */
struct drm_mm {
	void (*color_adjust)(const struct drm_mm_node *node,
			     unsigned long color, u64 *start, u64 *end);
	struct list_head hole_stack;
	struct drm_mm_node head_node;
	struct rb_root_cached interval_tree;
	struct rb_root_cached holes_size;
	struct rb_root holes_addr;
	unsigned long scan_active;
};

/**
 * drm_mm_node_allocated() - is a node in use?
 * @node: zeroed before its first use
 *
 * Needs no lock: removal clears the bit as its last step.
 */
static inline bool drm_mm_node_allocated(const struct drm_mm_node *node)
{
	return test_bit(DRM_MM_NODE_ALLOCATED_BIT, &node->flags);
}

/**
 * drm_mm_initialized() - has an allocator been set up?
 * @mm: zeroed before drm_mm_init()
 */
static inline bool drm_mm_initialized(const struct drm_mm *mm)
{
	const struct list_head *first = READ_ONCE(mm->hole_stack.next);

	return first;
}

/**
 * drm_mm_clean() - is nothing allocated?
 * @mm: initialised
 */
static inline bool drm_mm_clean(const struct drm_mm *mm)
{
	return list_empty(&mm->head_node.node_list);
}

#endif /* _DRM_MM_H */
