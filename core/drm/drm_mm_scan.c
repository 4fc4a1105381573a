// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The range allocator: eviction scans.
 *
 * A driver that finds no room walks its list of what could be evicted and adds
 * each node to a scan until some of them together would make a hole. It then
 * takes all of them out again, in reverse, and is told which to evict.
 *
 * A node that is added leaves the list of nodes, and nothing else: what was
 * before and behind it become neighbours, so the hole between them is the list's
 * to tell. Its own pointers stay, and put it back where it was provided that
 * those who left later are back. The trees of holes are stale meanwhile.
 */
#include "drm_mm_internal.h"

/**
 * drm_mm_scan_init_with_range() - begin an eviction scan
 * @scan: the scan
 * @mm: the allocator, which no scan is active on
 * @size: of the hole that is wanted, not 0
 * @alignment: of its start, 0 or 1 for none
 * @color: of what shall be inserted
 * @start: lowest start
 * @end: highest end
 * @mode: with which it shall be inserted
 *
 * From the first drm_mm_scan_add_block() until as many nodes are removed from
 * the scan as were added nothing else may be done with the allocator.
 */
void drm_mm_scan_init_with_range(struct drm_mm_scan *scan, struct drm_mm *mm,
				 u64 size, u64 alignment, unsigned long color,
				 u64 start, u64 end,
				 enum drm_mm_insert_mode mode)
{
	MM_BUG_ON(mm->scan_active,
		  "scan: another scan of %lu nodes is open", mm->scan_active);
	MM_VERIFY(mm);
	MM_BUG_ON(start >= end || !size || size > end - start,
		  "scan: size %#llx in [%#llx, %#llx)", size, start, end);

	alignment = mm_alignment(alignment);
	*scan = (struct drm_mm_scan) {
		.mm = mm,
		.size = size,
		.alignment = alignment,
		.remainder_mask = mm_remainder_mask(alignment),
		.range_start = start,
		.range_end = end,
		.hit_start = U64_MAX,
		.color = color,
		.mode = mode,
	};
}

/**
 * drm_mm_scan_add_block() - what if this node were evicted, too?
 * @scan: the scan
 * @node: allocated in its allocator, not in the scan
 *
 * O(1).
 *
 * Return: whether the nodes that were added leave a hole that will do.
 */
bool drm_mm_scan_add_block(struct drm_mm_scan *scan, struct drm_mm_node *node)
{
	struct drm_mm_node *before = list_prev_entry(node, node_list);
	struct drm_mm *mm = scan->mm;
	u64 lo, hi, at;

	MM_BUG_ON(node->mm != mm, "scan: " MM_RANGE " is another allocator's",
		  node->start, mm_end(node));
	MM_BUG_ON(!drm_mm_node_allocated(node) || mm_is_scanned(node),
		  "scan: " MM_RANGE " is %s", node->start, mm_end(node),
		  mm_is_scanned(node) ? "added twice" : "not allocated");
	__set_bit(DRM_MM_NODE_SCANNED_BIT, &node->flags);
	mm->scan_active++;
	/* Keeps the node's own pointers. */
	__list_del_entry(&node->node_list);
	MM_VERIFY(mm);

	lo = __drm_mm_hole_node_start(before);
	hi = __drm_mm_hole_node_end(before);
	if (mm->color_adjust)
		mm->color_adjust(before, scan->color, &lo, &hi);
	if (!mm_place(max(lo, scan->range_start), min(hi, scan->range_end),
		      scan->size, scan->alignment, scan->remainder_mask,
		      scan->mode == DRM_MM_INSERT_HIGH, &at))
		return false;

	scan->hit_start = at;
	scan->hit_end = at + scan->size;
	return true;
}

/**
 * drm_mm_scan_remove_block() - take a node out of the scan
 * @scan: the scan
 * @node: of those that are left in it, the last that was added
 *
 * O(1).
 *
 * Return: whether it has to be evicted, once the scan is empty. Never without
 * a hit.
 */
bool drm_mm_scan_remove_block(struct drm_mm_scan *scan,
			      struct drm_mm_node *node)
{
	struct drm_mm *mm = node->mm;
	u64 end = mm_end(node);

	MM_BUG_ON(mm != scan->mm || !mm_is_scanned(node),
		  "scan: " MM_RANGE " is not in this scan", node->start, mm_end(node));
	MM_BUG_ON(node->node_list.prev->next != node->node_list.next,
		  "scan: " MM_RANGE " is removed out of order", node->start, mm_end(node));
	__clear_bit(DRM_MM_NODE_SCANNED_BIT, &node->flags);
	mm->scan_active--;
	list_add(&node->node_list, node->node_list.prev);
	MM_VERIFY(mm);

	return end > scan->hit_start && node->start < scan->hit_end;
}

/**
 * drm_mm_scan_color_evict() - what colour wants evicted besides
 * @scan: empty again, with a hit, and the nodes that it named removed
 *
 * O(1) right after the last removal, else O(holes).
 *
 * Return: a neighbour of the hit to be removed before the call is made again;
 * NULL when there is none.
 */
struct drm_mm_node *drm_mm_scan_color_evict(struct drm_mm_scan *scan)
{
	struct drm_mm *mm = scan->mm;
	struct drm_mm_node *hole;
	u64 start, end;

	MM_BUG_ON(mm->scan_active, "scan: colour is asked for with %lu nodes left",
		  mm->scan_active);
	if (!mm->color_adjust)
		return NULL;

	drm_mm_for_each_hole(hole, mm, start, end) {
		if (start > scan->hit_start || end < scan->hit_end)
			continue;
		mm->color_adjust(hole, scan->color, &start, &end);
		if (start > scan->hit_start)
			return hole;
		if (end < scan->hit_end)
			return list_next_entry(hole, node_list);
		return NULL;
	}
	MM_BUG_ON(true, "scan: no hole at the hit [%#llx, %#llx)",
		  scan->hit_start, scan->hit_end);
	return NULL;
}
