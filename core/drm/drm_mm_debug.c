// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The range allocator: what it looks like, and whether that is right. */
#include "drm_mm_internal.h"

static u64 print_hole(const struct drm_mm_node *node, struct drm_printer *p)
{
	u64 start = __drm_mm_hole_node_start(node);

	if (node->hole_size)
		drm_printf(p, "%#018llx-%#018llx: %llu: free\n", start,
			   start + node->hole_size, node->hole_size);
	return node->hole_size;
}

/**
 * drm_mm_print() - print nodes, holes and sums in order of address
 * @mm: the allocator; no eviction scan is active
 * @p: where to
 */
void drm_mm_print(const struct drm_mm *mm, struct drm_printer *p)
{
	u64 used = 0, unused = print_hole(&mm->head_node, p);
	const struct drm_mm_node *node;

	drm_mm_for_each_node(node, mm) {
		drm_printf(p, "%#018llx-%#018llx: %llu: used\n", node->start,
			   mm_end(node), node->size);
		used += node->size;
		unused += print_hole(node, p);
	}
	drm_printf(p, "total: %llu, used %llu free %llu\n", used + unused, used,
		   unused);
}

#ifdef CONFIG_DRM_DEBUG_MM
void drm_mm_show_leaks(const struct drm_mm *mm)
{
	const struct drm_mm_node *node;

	drm_mm_for_each_node(node, mm)
		MM_NOTE_ON(true, "takedown: " MM_RANGE ", color %lu, was never removed",
			   node->start, mm_end(node), node->color);
}

void drm_mm_explain_reserve(const struct drm_mm *mm,
			    const struct drm_mm_node *node)
{
	u64 end = mm->head_node.start, start = end + mm->head_node.size;
	const struct drm_mm_node *other;

	MM_NOTE_ON(node->start < start || mm_end(node) > end,
		   "reserve: " MM_RANGE " is not inside [%#llx, %#llx)",
		   node->start, mm_end(node), start, end);
	other = __drm_mm_interval_first(mm, node->start,
					mm_end(node) - 1);
	MM_NOTE_ON(other != &mm->head_node,
		   "reserve: " MM_RANGE " overlaps [%#llx, %#llx)",
		   node->start, mm_end(node), other->start, mm_end(other));
}

void drm_mm_explain_insert(const struct drm_mm *mm, u64 size, u64 range_start,
			   u64 range_end)
{
	u64 end = mm->head_node.start, start = end + mm->head_node.size;

	MM_NOTE_ON(!size, "insert: size 0");
	MM_NOTE_ON(range_start >= end || range_end <= start,
		   "insert: range [%#llx, %#llx) is outside of [%#llx, %#llx)",
		   range_start, range_end, start, end);
}
#endif

/*
 * Memory that somebody has written to may hold any pointer. So each is followed
 * only from what is known to be right, to where a pointer back shows that it is.
 */
static bool is_linked(const struct list_head *at)
{
	return at->next && at->next->prev == at;
}

/* Each node has one way to it, from the root: the walk ends. */
static bool is_tree(const struct rb_node *rb, const struct rb_node *parent)
{
	return !rb || (rb_parent(rb) == parent && is_tree(rb->rb_left, rb) &&
		       is_tree(rb->rb_right, rb));
}

/* I1, I2, I3 and I9; during a scan the holes' sizes are not those of the list. */
static const char *verify_list(const struct drm_mm *mm)
{
	const struct drm_mm_node *head = &mm->head_node, *at = head, *next;
	u64 from = mm_end(head);

	if (head->flags || head->mm != mm)
		return "I3: head_node";
	do {
		if (!is_linked(&at->node_list))
			return "I1: links of the list";
		next = list_next_entry(at, node_list);
		if (next->start < from)
			return "I1: order of the list";
		if (!mm->scan_active && at->hole_size != next->start - from)
			return "I2: hole_size";
		if (next != head &&
		    (next->mm != mm || !drm_mm_node_allocated(next)))
			return "I7: a node that is not allocated";
		if (next != head &&
		    (!next->size || next->size > head->start - next->start))
			return "I9: a node is empty or leaves the range";
		from = mm_end(next);
		at = next;
	} while (at != head);
	return NULL;
}

static u64 subtree_last(const struct rb_node *rb)
{
	return rb ? rb_entry(rb, struct drm_mm_node, rb)->__subtree_last : 0;
}

/* The tree, in order, against the list. */
static const char *verify_intervals(const struct drm_mm *mm)
{
	const struct drm_mm_node *node;
	struct rb_node *rb;

	if (!is_tree(mm->interval_tree.rb_root.rb_node, NULL))
		return "I7: links of interval_tree";
	rb = rb_first(&mm->interval_tree.rb_root);
	if (rb != mm->interval_tree.rb_leftmost)
		return "I7: leftmost of interval_tree";
	drm_mm_for_each_node(node, mm) {
		u64 last = mm_end(node) - 1;

		if (rb != &node->rb)
			return "I7: interval_tree";
		last = max3(last, subtree_last(rb->rb_left),
			    subtree_last(rb->rb_right));
		if (node->__subtree_last != last)
			return "I7: __subtree_last";
		rb = rb_next(rb);
	}
	return rb ? "I7: interval_tree has more than the list" : NULL;
}

static u64 max_hole(const struct rb_node *rb)
{
	return rb ? rb_entry(rb, struct drm_mm_node,
			     rb_hole_addr)->subtree_max_hole : 0;
}

/* The same for the holes; counts them. */
static const char *verify_addrs(const struct drm_mm *mm, unsigned long *nr)
{
	const struct drm_mm_node *head = &mm->head_node, *node = head;
	struct rb_node *rb;

	*nr = 0;
	if (!is_tree(mm->holes_addr.rb_node, NULL))
		return "I6: links of holes_addr";
	rb = rb_first(&mm->holes_addr);
	do {
		if (node->hole_size) {
			u64 max;

			if (rb != &node->rb_hole_addr)
				return "I6: holes_addr";
			max = max3(node->hole_size, max_hole(rb->rb_left),
				   max_hole(rb->rb_right));
			if (node->subtree_max_hole != max)
				return "I6: subtree_max_hole";
			rb = rb_next(rb);
			++*nr;
		}
		node = list_next_entry(node, node_list);
	} while (node != head);
	return rb ? "I4: holes_addr has more than the list" : NULL;
}

static const char *verify_sizes(const struct drm_mm *mm, unsigned long nr)
{
	u64 size, before = U64_MAX;
	struct rb_node *rb;

	if (!is_tree(mm->holes_size.rb_root.rb_node, NULL))
		return "I5: links of holes_size";
	rb = rb_first(&mm->holes_size.rb_root);
	if (rb != mm->holes_size.rb_leftmost)
		return "I5: leftmost of holes_size";
	for (; rb && nr; rb = rb_next(rb), nr--) {
		const struct drm_mm_node *at;

		at = rb_entry(rb, struct drm_mm_node, rb_hole_size);
		size = at->hole_size;
		if (at->mm != mm)
			return "I4: a node of another allocator in holes_size";
		if (!size || size > before)
			return "I5: order of holes_size";
		before = size;
	}
	return rb || nr ? "I4: number of holes in holes_size" : NULL;
}

static const char *verify_stack(const struct drm_mm *mm, unsigned long nr)
{
	const struct list_head *at = &mm->hole_stack;

	do {
		if (!is_linked(at))
			return "I8: links of hole_stack";
		at = at->next;
		if (at != &mm->hole_stack &&
		    !list_entry(at, struct drm_mm_node, hole_stack)->hole_size)
			return "I4: a node without a hole in hole_stack";
	} while (at != &mm->hole_stack && nr--);
	return nr || at != &mm->hole_stack ?
	       "I4: number of holes in hole_stack" : NULL;
}

const char *drm_mm_verify(const struct drm_mm *mm)
{
	const char *broken = verify_list(mm);
	unsigned long nr;

	if (mm->scan_active)
		return broken;
	if (!broken)
		broken = verify_intervals(mm);
	if (!broken)
		broken = verify_addrs(mm, &nr);
	if (!broken)
		broken = verify_sizes(mm, nr);
	if (!broken)
		broken = verify_stack(mm, nr);
	return broken;
}
