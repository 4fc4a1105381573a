/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * The range allocator. It hands out ranges of numbers, takes no lock and
 * allocates nothing: the caller serialises and owns the nodes.
 *
 * A hole has no object of its own. The node before it stands for it, and the
 * allocator's head_node for the hole at the start of the range.
 */
#ifndef _DRM_MM_H
#define _DRM_MM_H

#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/bug.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <drm/drm_print.h>

/* What must never be; looked at in a debug build only. */
#ifdef CONFIG_DRM_DEBUG_MM
#define DRM_MM_BUG_ON(expr)	BUG_ON(expr)
#else
#define DRM_MM_BUG_ON(expr)	BUILD_BUG_ON_INVALID(expr)
#endif

#define DRM_MM_NODE_ALLOCATED_BIT	0
#define DRM_MM_NODE_SCANNED_BIT		1

/**
 * enum drm_mm_insert_mode - which hole is taken, and which end of it
 * @DRM_MM_INSERT_BEST: the smallest that fits; its low end
 * @DRM_MM_INSERT_LOW: the lowest that fits; its low end
 * @DRM_MM_INSERT_HIGH: the highest that fits; its high end
 * @DRM_MM_INSERT_EVICT: the newest that fits; its low end
 * @DRM_MM_INSERT_ONCE: with another: try the first candidate only
 * @DRM_MM_INSERT_HIGHEST: the first candidate of HIGH, or none
 * @DRM_MM_INSERT_LOWEST: the first candidate of LOW, or none
 */
enum drm_mm_insert_mode {
	DRM_MM_INSERT_BEST	= 0,
	DRM_MM_INSERT_LOW	= 1,
	DRM_MM_INSERT_HIGH	= 2,
	DRM_MM_INSERT_EVICT	= 3,

	DRM_MM_INSERT_ONCE	= BIT(31),
	DRM_MM_INSERT_HIGHEST	= DRM_MM_INSERT_ONCE | DRM_MM_INSERT_HIGH,
	DRM_MM_INSERT_LOWEST	= DRM_MM_INSERT_ONCE | DRM_MM_INSERT_LOW,
};

/**
 * struct drm_mm_node - a range; all zero before its first use
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
 * @color_adjust: may shrink the hole [start, end) behind @node for a colour;
 *	NULL unless the driver set it after drm_mm_init()
 * @hole_stack: holes, newest first
 * @head_node: closes the list of nodes. It starts at the end of the range and
 *	its size is minus that of the range, so the hole behind it is the one
 *	at the start of the range. Never allocated.
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
 * struct drm_mm_scan - an eviction scan; on the driver's stack
 * @mm: the allocator
 * @size: of the hole that is wanted
 * @alignment: of its start, 0 for none
 * @remainder_mask: of a power of two, else 0
 * @range_start: where it may start
 * @range_end: where it must end
 * @hit_start: start of what was found; U64_MAX before
 * @hit_end: end of what was found; 0 before
 * @color: of what shall be inserted
 * @mode: with which it shall be
 */
struct drm_mm_scan {
	struct drm_mm *mm;
	u64 size;
	u64 alignment;
	u64 remainder_mask;
	u64 range_start;
	u64 range_end;
	u64 hit_start;
	u64 hit_end;
	unsigned long color;
	enum drm_mm_insert_mode mode;
};

void drm_mm_init(struct drm_mm *mm, u64 start, u64 size);
void drm_mm_takedown(struct drm_mm *mm);
int drm_mm_reserve_node(struct drm_mm *mm, struct drm_mm_node *node);
int drm_mm_insert_node_in_range(struct drm_mm *mm, struct drm_mm_node *node,
				u64 size, u64 alignment, unsigned long color,
				u64 range_start, u64 range_end,
				enum drm_mm_insert_mode mode);
void drm_mm_remove_node(struct drm_mm_node *node);
struct drm_mm_node *__drm_mm_interval_first(const struct drm_mm *mm,
					    u64 start, u64 last);

void drm_mm_scan_init_with_range(struct drm_mm_scan *scan, struct drm_mm *mm,
				 u64 size, u64 alignment, unsigned long color,
				 u64 start, u64 end,
				 enum drm_mm_insert_mode mode);
bool drm_mm_scan_add_block(struct drm_mm_scan *scan, struct drm_mm_node *node);
bool drm_mm_scan_remove_block(struct drm_mm_scan *scan,
			      struct drm_mm_node *node);
struct drm_mm_node *drm_mm_scan_color_evict(struct drm_mm_scan *scan);

void drm_mm_print(const struct drm_mm *mm, struct drm_printer *p);

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
 * drm_mm_hole_follows() - is there a hole behind a node?
 * @node: allocated, or the allocator's head_node
 */
static inline bool drm_mm_hole_follows(const struct drm_mm_node *node)
{
	return node->hole_size != 0;
}

/* Where a hole behind @hole_node starts, whether there is one or not. */
static inline u64 __drm_mm_hole_node_start(const struct drm_mm_node *hole_node)
{
	return hole_node->size + hole_node->start;
}

/* Where it ends: at the next node; the last one's at the end of the range. */
static inline u64 __drm_mm_hole_node_end(const struct drm_mm_node *hole_node)
{
	const struct drm_mm_node *next = list_next_entry(hole_node, node_list);

	return next->start;
}

/**
 * drm_mm_hole_node_start() - where a hole starts
 * @hole_node: the node before it; drm_mm_hole_follows()
 */
static inline u64 drm_mm_hole_node_start(const struct drm_mm_node *hole_node)
{
	DRM_MM_BUG_ON(!hole_node->hole_size);
	return __drm_mm_hole_node_start(hole_node);
}

/**
 * drm_mm_hole_node_end() - where a hole ends
 * @hole_node: the node before it
 */
static inline u64 drm_mm_hole_node_end(const struct drm_mm_node *hole_node)
{
	return __drm_mm_hole_node_end(hole_node);
}

/* The list of all nodes in order of address. */
#define drm_mm_nodes(mm)	(&(mm)->head_node.node_list)

/**
 * drm_mm_clean() - is nothing allocated?
 * @mm: initialised
 */
static inline bool drm_mm_clean(const struct drm_mm *mm)
{
	return list_empty(drm_mm_nodes(mm));
}

/**
 * drm_mm_for_each_node() - walk the nodes in order of address
 * @entry: the node
 * @mm: the allocator; nothing may be removed meanwhile
 */
#define drm_mm_for_each_node(entry, mm)					\
	list_for_each_entry(entry, drm_mm_nodes(mm), node_list)

/**
 * drm_mm_for_each_node_safe() - walk the nodes; @entry may be removed
 * @entry: the node
 * @next: for the macro
 * @mm: the allocator
 */
#define drm_mm_for_each_node_safe(entry, next, mm)			\
	list_for_each_entry_safe(entry, next, drm_mm_nodes(mm), node_list)

/**
 * drm_mm_for_each_hole() - walk the holes, newest first
 * @pos: the node before the hole; may be the allocator's head_node
 * @mm: the allocator; nothing may be inserted or removed meanwhile
 * @hole_start: gets the start of the hole
 * @hole_end: gets its end
 */
#define drm_mm_for_each_hole(pos, mm, hole_start, hole_end)		\
	for (pos = list_first_entry(&(mm)->hole_stack, __typeof__(*pos),\
				    hole_stack);			\
	     !list_entry_is_head(pos, &(mm)->hole_stack, hole_stack) &&	\
	     (hole_start = drm_mm_hole_node_start(pos),			\
	      hole_end = hole_start + pos->hole_size, true);		\
	     pos = list_next_entry(pos, hole_stack))

/**
 * drm_mm_for_each_node_in_range() - walk the nodes that overlap a range
 * @node__: the node
 * @mm__: the allocator; nothing may be removed meanwhile
 * @start__: first address
 * @end__: end of the range. Above the allocator's own end the walk passes its
 *	head_node and may never stop.
 */
#define drm_mm_for_each_node_in_range(node__, mm__, start__, end__)	\
	for (node__ = __drm_mm_interval_first(mm__, start__, (end__) - 1); \
	     (end__) > node__->start;					\
	     node__ = list_next_entry(node__, node_list))

/**
 * drm_mm_insert_node_generic() - find a place anywhere
 * @mm: the allocator
 * @node: not allocated, zeroed before its first use
 * @size: length
 * @alignment: of the start, 0 or 1 for none
 * @color: passed to color_adjust
 * @mode: which hole
 *
 * Return: 0, or -ENOSPC.
 */
static inline int
drm_mm_insert_node_generic(struct drm_mm *mm, struct drm_mm_node *node,
			   u64 size, u64 alignment, unsigned long color,
			   enum drm_mm_insert_mode mode)
{
	return drm_mm_insert_node_in_range(mm, node, size, alignment, color, 0,
					   U64_MAX, mode);
}

/**
 * drm_mm_insert_node() - find the best place anywhere
 * @mm: the allocator
 * @node: not allocated, zeroed before its first use
 * @size: length
 *
 * Return: 0, or -ENOSPC.
 */
static inline int drm_mm_insert_node(struct drm_mm *mm,
				     struct drm_mm_node *node, u64 size)
{
	return drm_mm_insert_node_generic(mm, node, size, 0, 0,
					  DRM_MM_INSERT_BEST);
}

/**
 * drm_mm_scan_init() - begin an eviction scan for a hole anywhere
 * @scan: the scan
 * @mm: the allocator, which no scan is active on
 * @size: of the hole
 * @alignment: of its start, 0 or 1 for none
 * @color: of what shall be inserted
 * @mode: with which it shall be
 *
 * As drm_mm_scan_init_with_range().
 */
static inline void drm_mm_scan_init(struct drm_mm_scan *scan,
				    struct drm_mm *mm, u64 size, u64 alignment,
				    unsigned long color,
				    enum drm_mm_insert_mode mode)
{
	drm_mm_scan_init_with_range(scan, mm, size, alignment, color, 0,
				    U64_MAX, mode);
}

#endif /* _DRM_MM_H */
