// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The range allocator: nodes and holes.
 *
 * The algorithm is that of Linux: every hole is found by size, by address and
 * by age, every node by address. Invariants between calls, while no eviction
 * scan is active:
 *
 *  I1 The list of nodes is in order of address and nothing overlaps.
 *  I2 hole_size is the distance to the next node, so free space is one hole.
 *  I3 head_node closes the list, as struct drm_mm says, and is not allocated.
 *  I4 A node is in hole_stack, holes_size and holes_addr while its hole_size
 *     is not 0, and in none of them otherwise.
 *  I5 holes_size has greater holes to the left, of equal ones the older.
 *  I6 holes_addr is in order of address; subtree_max_hole is right.
 *  I7 interval_tree holds the nodes in order of address; __subtree_last is
 *     right.
 *  I8 hole_stack has the newest hole first.
 *  I9 There is nothing but nodes and holes between the ends of the range.
 */
#include <linux/errno.h>
#include <linux/interval_tree_generic.h>

#include "drm_mm_internal.h"

static inline u64 mm_first(const struct drm_mm_node *node)
{
	return node->start;
}

static inline u64 mm_last(const struct drm_mm_node *node)
{
	return mm_end(node) - 1;
}

static inline u64 mm_hole(const struct drm_mm_node *node)
{
	return node->hole_size;
}

INTERVAL_TREE_DEFINE(struct drm_mm_node, rb, u64, __subtree_last, mm_first,
		     mm_last, static inline __maybe_unused, mm_nodes)

RB_DECLARE_CALLBACKS_MAX(static, mm_holes_augment, struct drm_mm_node,
			 rb_hole_addr, u64, subtree_max_hole, mm_hole)

/**
 * __drm_mm_interval_first() - the first node that overlaps a range
 * @mm: the allocator
 * @start: first address
 * @last: last address, inclusive
 *
 * O(log nodes).
 *
 * Return: the node; the allocator's head_node when there is none.
 */
struct drm_mm_node *__drm_mm_interval_first(const struct drm_mm *mm,
					    u64 start, u64 last)
{
	struct drm_mm *m = (struct drm_mm *)mm;
	struct drm_mm_node *node;

	node = mm_nodes_iter_first(&m->interval_tree, start, last);
	return node ? node : &m->head_node;
}

/*
 * @node comes right behind @before, so it belongs at the left end of the right
 * subtree of @before; of the whole tree when that is the head. Everything on the
 * way there lies behind it. The way is still found by comparing, as Linux does:
 * what it reads of each node is a part of the price. Out of line, as there, for
 * its caller has few registers.
 */
static noinline void add_interval(struct drm_mm *mm, struct drm_mm_node *before,
				  struct drm_mm_node *node)
{
	struct rb_node **slot = &mm->interval_tree.rb_root.rb_node;
	bool leftmost = !drm_mm_node_allocated(before);
	struct rb_node *up = NULL, *rb;
	u64 last = mm_last(node);
	struct drm_mm_node *at;

	if (!leftmost) {
		for (rb = &before->rb; rb; rb = rb_parent(rb)) {
			at = rb_entry(rb, struct drm_mm_node, rb);
			if (at->__subtree_last >= last)
				break;
			at->__subtree_last = last;
		}
		up = &before->rb;
		slot = &up->rb_right;
	}
	while (*slot) {
		up = *slot;
		at = rb_entry(up, struct drm_mm_node, rb);
		if (at->__subtree_last < last)
			at->__subtree_last = last;
		slot = node->start < at->start ? &up->rb_left : &up->rb_right;
	}
	node->__subtree_last = last;
	rb_link_node(&node->rb, up, slot);
	rb_insert_augmented_cached(&node->rb, &mm->interval_tree, leftmost,
				   &mm_nodes_augment);
}

static bool is_greater_hole(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct drm_mm_node, rb_hole_size)->hole_size >
	       rb_entry(b, struct drm_mm_node, rb_hole_size)->hole_size;
}

static void add_hole_addr(struct rb_root *root, struct drm_mm_node *node,
			  u64 start, u64 size)
{
	struct rb_node **slot = &root->rb_node, *up = NULL;

	while (*slot) {
		struct drm_mm_node *at;

		up = *slot;
		at = rb_entry(up, struct drm_mm_node, rb_hole_addr);
		if (at->subtree_max_hole < size)
			at->subtree_max_hole = size;
		slot = start < __drm_mm_hole_node_start(at) ? &up->rb_left :
							      &up->rb_right;
	}
	rb_link_node(&node->rb_hole_addr, up, slot);
	rb_insert_augmented(&node->rb_hole_addr, root, &mm_holes_augment);
}

/* A hole [start, end) behind @node. */
static void add_hole(struct drm_mm *mm, struct drm_mm_node *node, u64 start,
		     u64 end)
{
	u64 size = end - start;

	node->hole_size = size;
	node->subtree_max_hole = size;
	rb_add_cached(&node->rb_hole_size, &mm->holes_size, is_greater_hole);
	add_hole_addr(&mm->holes_addr, node, start, size);
	list_add(&node->hole_stack, &mm->hole_stack);
}

static void rm_hole(struct drm_mm *mm, struct drm_mm_node *node)
{
	list_del(&node->hole_stack);
	rb_erase_cached(&node->rb_hole_size, &mm->holes_size);
	rb_erase_augmented(&node->rb_hole_addr, &mm->holes_addr,
			   &mm_holes_augment);
	node->hole_size = 0;
	node->subtree_max_hole = 0;
}

/* What @node leaves of the hole [start, end) behind @before. */
static __always_inline void take_from_hole(struct drm_mm *mm,
					   struct drm_mm_node *before,
					   struct drm_mm_node *node,
					   u64 start, u64 end)
{
	u64 node_end = mm_end(node);

	node->mm = mm;
	node->hole_size = 0;
	__set_bit(DRM_MM_NODE_ALLOCATED_BIT, &node->flags);
	list_add(&node->node_list, &before->node_list);
	add_interval(mm, before, node);

	rm_hole(mm, before);
	if (node->start > start)
		add_hole(mm, before, start, node->start);
	if (node_end < end)
		add_hole(mm, node, node_end, end);
	MM_VERIFY(mm);
}

/* Whether the subtree has a hole of @size. */
static inline bool reaches(const struct rb_node *rb, u64 size)
{
	return rb && rb_entry(rb, struct drm_mm_node,
			      rb_hole_addr)->subtree_max_hole >= size;
}

static inline struct drm_mm_node *hole_of_addr(struct rb_node *rb)
{
	return rb_entry_safe(rb, struct drm_mm_node, rb_hole_addr);
}

static inline struct drm_mm_node *hole_of_size(struct rb_node *rb)
{
	return rb_entry_safe(rb, struct drm_mm_node, rb_hole_size);
}

/*
 * The hole at @addr, whose end counts as inside, or the last one on the way
 * there. Subtrees without a hole of @size are not entered, yet the hole itself
 * may be smaller.
 */
static struct drm_mm_node *find_hole(const struct drm_mm *mm, u64 addr,
				     u64 size)
{
	struct rb_node *rb = mm->holes_addr.rb_node;
	struct drm_mm_node *at = NULL;

	while (reaches(rb, size)) {
		u64 start;

		at = hole_of_addr(rb);
		start = __drm_mm_hole_node_start(at);
		if (addr < start)
			rb = rb->rb_left;
		else if (addr > start + at->hole_size)
			rb = rb->rb_right;
		else
			break;
	}
	return at;
}

/* The smallest hole of at least @size; of equal ones the newest. */
static struct drm_mm_node *best_hole(const struct drm_mm *mm, u64 size)
{
	struct rb_node *rb = mm->holes_size.rb_root.rb_node;
	struct drm_mm_node *best = NULL;

	while (rb) {
		struct drm_mm_node *at = hole_of_size(rb);

		if (at->hole_size < size) {
			rb = rb->rb_left;
		} else {
			best = at;
			rb = rb->rb_right;
		}
	}
	return best;
}

/*
 * The next hole of holes_addr, towards greater addresses or, with @down,
 * smaller ones. Only subtrees with a hole of @size are entered; a hole met on
 * the way up may be smaller.
 */
static __always_inline struct drm_mm_node *
step_addr(struct drm_mm_node *hole, u64 size, bool down)
{
	struct rb_node *rb = &hole->rb_hole_addr, *from;
	struct rb_node *far = down ? rb->rb_left : rb->rb_right;

	if (reaches(far, size)) {
		while (far) {
			rb = far;
			far = down ? rb->rb_right : rb->rb_left;
			if (!reaches(far, size))
				break;
		}
		return hole_of_addr(rb);
	}
	do {
		from = rb;
		rb = rb_parent(rb);
	} while (rb && from == (down ? rb->rb_left : rb->rb_right));
	return hole_of_addr(rb);
}

static __always_inline struct drm_mm_node *
first_hole(struct drm_mm *mm, u64 start, u64 end, u64 size,
	   enum drm_mm_insert_mode mode)
{
	switch (mode) {
	case DRM_MM_INSERT_LOW:
		return find_hole(mm, start, size);
	case DRM_MM_INSERT_HIGH:
		return find_hole(mm, end, size);
	case DRM_MM_INSERT_EVICT:
		return list_first_entry_or_null(&mm->hole_stack,
						struct drm_mm_node, hole_stack);
	default:
		return best_hole(mm, size);
	}
}

static __always_inline struct drm_mm_node *
next_hole(const struct drm_mm *mm, struct drm_mm_node *hole, u64 size,
	  enum drm_mm_insert_mode mode)
{
	switch (mode) {
	case DRM_MM_INSERT_LOW:
		return step_addr(hole, size, false);
	case DRM_MM_INSERT_HIGH:
		return step_addr(hole, size, true);
	case DRM_MM_INSERT_EVICT:
		hole = list_next_entry(hole, hole_stack);
		return list_entry_is_head(hole, &mm->hole_stack, hole_stack) ?
		       NULL : hole;
	default:
		return hole_of_size(rb_prev(&hole->rb_hole_size));
	}
}

/* Misuse that taking a range, either way, and takedown have in common. */
static void check_mm(const struct drm_mm *mm, const char *what)
{
	MM_BUG_ON(!drm_mm_initialized(mm), "%s: the allocator is not initialised",
		  what);
	MM_BUG_ON(mm->scan_active, "%s: an eviction scan of %lu nodes is open",
		  what, mm->scan_active);
	MM_VERIFY(mm);
}

/**
 * drm_mm_reserve_node() - take a given range
 * @mm: the allocator; the caller serialises
 * @node: with start, size and color set and all else zero or as
 *	drm_mm_remove_node() left it
 *
 * O(log nodes + log holes).
 *
 * Return: 0; -ENOSPC when the range is empty, wraps around, or is not free as
 * a whole, after color_adjust.
 */
int drm_mm_reserve_node(struct drm_mm *mm, struct drm_mm_node *node)
{
	u64 start, end, lo, hi, node_end = mm_end(node);
	struct drm_mm_node *hole;

	check_mm(mm, "reserve");
	/* In its own allocator its range is taken, which is the answer. */
	MM_BUG_ON(drm_mm_node_allocated(node) && node->mm != mm,
		  "reserve: " MM_RANGE " is allocated in another allocator",
		  node->start, mm_end(node));
	MM_NOTE_ON(!node->size, "reserve: size 0 at %#llx", node->start);
	MM_NOTE_ON(node->size && node_end <= node->start,
		   "reserve: " MM_RANGE " wraps around", node->start, mm_end(node));
	if (unlikely(node_end <= node->start))
		return -ENOSPC;

	hole = find_hole(mm, node->start, 0);
	if (!hole)
		goto taken;
	start = __drm_mm_hole_node_start(hole);
	end = start + hole->hole_size;
	lo = start;
	hi = end;
	if (mm->color_adjust)
		mm->color_adjust(hole, node->color, &lo, &hi);
	if (node->start < lo || node_end > hi)
		goto taken;

	take_from_hole(mm, hole, node, start, end);
	return 0;

taken:
	drm_mm_explain_reserve(mm, node);
	return -ENOSPC;
}

/**
 * drm_mm_insert_node_in_range() - find a place in a range
 * @mm: the allocator; the caller serialises
 * @node: all zero, or as drm_mm_remove_node() left it
 * @size: length
 * @alignment: of the start; 0 or 1 for none. A power of two saves a division.
 * @color: passed to color_adjust
 * @range_start: lowest start
 * @range_end: highest end, not below @range_start
 * @mode: which hole
 *
 * O(log nodes + log holes), and a step for each hole that is too small once
 * colour, range and alignment are heeded; with EVICT for any that is.
 *
 * Return: 0; -ENOSPC when nothing fits, or @size is 0. @node is untouched then.
 */
int drm_mm_insert_node_in_range(struct drm_mm *mm, struct drm_mm_node *node,
				u64 size, u64 alignment, unsigned long color,
				u64 range_start, u64 range_end,
				enum drm_mm_insert_mode mode)
{
	const bool once = mode & DRM_MM_INSERT_ONCE;
	struct drm_mm_node *hole;
	u64 mask;

	check_mm(mm, "insert");
	MM_BUG_ON(drm_mm_node_allocated(node), "insert: " MM_RANGE
		  " is allocated already", node->start, mm_end(node));
	MM_BUG_ON(range_start > range_end, "insert: range [%#llx, %#llx)",
		  range_start, range_end);
	drm_mm_explain_insert(mm, size, range_start, range_end);
	if (unlikely(!size || range_end - range_start < size))
		return -ENOSPC;
	hole = hole_of_size(rb_first_cached(&mm->holes_size));
	if (!hole || hole->hole_size < size)
		return -ENOSPC;

	alignment = mm_alignment(alignment);
	mask = mm_remainder_mask(alignment);
	mode &= ~DRM_MM_INSERT_ONCE;
	hole = first_hole(mm, range_start, range_end, size, mode);
	for (; hole; hole = once ? NULL : next_hole(mm, hole, size, mode)) {
		u64 start = __drm_mm_hole_node_start(hole);
		u64 end = start + hole->hole_size, lo = start, hi = end, at;

		if (mode == DRM_MM_INSERT_LOW ? start >= range_end :
		    mode == DRM_MM_INSERT_HIGH && end <= range_start)
			break;
		if (mm->color_adjust)
			mm->color_adjust(hole, color, &lo, &hi);
		if (!mm_place(max(lo, range_start), min(hi, range_end), size,
			      alignment, mask, mode == DRM_MM_INSERT_HIGH, &at))
			continue;

		node->start = at;
		node->size = size;
		node->color = color;
		take_from_hole(mm, hole, node, start, end);
		return 0;
	}
	return -ENOSPC;
}

/**
 * drm_mm_remove_node() - give a range back
 * @node: allocated, and in no eviction scan
 *
 * The node may be used again, for any allocator, without being cleared.
 * O(log nodes + log holes).
 */
void drm_mm_remove_node(struct drm_mm_node *node)
{
	struct drm_mm *mm = node->mm;
	struct drm_mm_node *before;

	MM_BUG_ON(!drm_mm_node_allocated(node), "remove: " MM_RANGE
		  " is not allocated: removed twice, or never inserted",
		  node->start, mm_end(node));
	MM_BUG_ON(mm->scan_active, "remove: " MM_RANGE
		  ", while an eviction scan of %lu nodes is open",
		  node->start, mm_end(node), mm->scan_active);
	MM_BUG_ON(mm_is_scanned(node), "remove: " MM_RANGE " is in a scan",
		  node->start, mm_end(node));
	MM_VERIFY(mm);

	before = list_prev_entry(node, node_list);
	if (node->hole_size)
		rm_hole(mm, node);
	mm_nodes_remove(node, &mm->interval_tree);
	list_del(&node->node_list);

	if (before->hole_size)
		rm_hole(mm, before);
	add_hole(mm, before, __drm_mm_hole_node_start(before),
		 __drm_mm_hole_node_end(before));
	MM_VERIFY(mm);

	/* The last access: who sees it clear may free the node. */
	clear_bit_unlock(DRM_MM_NODE_ALLOCATED_BIT, &node->flags);
}

/**
 * drm_mm_init() - set up an allocator
 * @mm: the allocator; zeroed if drm_mm_initialized() is to be asked of it
 * @start: of the range
 * @size: of the range, not 0; start + size must not wrap around
 */
void drm_mm_init(struct drm_mm *mm, u64 start, u64 size)
{
	struct drm_mm_node *head = &mm->head_node;

	MM_BUG_ON(start + size <= start, "init: range [%#llx, +%#llx)", start,
		  size);
	mm->color_adjust = NULL;
	mm->interval_tree = RB_ROOT_CACHED;
	mm->holes_size = RB_ROOT_CACHED;
	mm->holes_addr = RB_ROOT;
	mm->scan_active = 0;
	INIT_LIST_HEAD(&mm->hole_stack);

	INIT_LIST_HEAD(&head->node_list);
	head->mm = mm;
	head->flags = 0;
	head->start = start + size;
	head->size = -size;
	add_hole(mm, head, start, head->start);
	MM_VERIFY(mm);
}

/**
 * drm_mm_takedown() - end an allocator
 * @mm: the allocator; must be clean, or is warned of and left as it is
 */
void drm_mm_takedown(struct drm_mm *mm)
{
	check_mm(mm, "takedown");
	if (WARN(!drm_mm_clean(mm), "drm_mm: taken down with nodes in it"))
		drm_mm_show_leaks(mm);
}
