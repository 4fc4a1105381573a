// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * A drm_mm that is broken, whatever its text: the linker puts one of these in
 * a call's way (--wrap). tests/test_kunit wants the kernel's test to see it.
 */
#include <linux/bug.h>
#include <drm/drm_mm.h>

void __wrap_drm_mm_remove_node(struct drm_mm_node *node);
int __wrap_drm_mm_insert_node_in_range(struct drm_mm *mm,
				       struct drm_mm_node *node, u64 size,
				       u64 alignment, unsigned long color,
				       u64 start, u64 end,
				       enum drm_mm_insert_mode mode);
int __wrap_drm_mm_reserve_node(struct drm_mm *mm, struct drm_mm_node *node);

/* Only there when it is this one that the linker has put in the way. */
int __weak
__real_drm_mm_insert_node_in_range(struct drm_mm *mm, struct drm_mm_node *node,
				   u64 size, u64 alignment, unsigned long color,
				   u64 start, u64 end,
				   enum drm_mm_insert_mode mode);

/* The hole never comes back. */
void __wrap_drm_mm_remove_node(struct drm_mm_node *node)
{
}

/* Beside the alignment that was asked for. */
int __wrap_drm_mm_insert_node_in_range(struct drm_mm *mm,
				       struct drm_mm_node *node, u64 size,
				       u64 alignment, unsigned long color,
				       u64 start, u64 end,
				       enum drm_mm_insert_mode mode)
{
	int err = __real_drm_mm_insert_node_in_range(mm, node, size, alignment,
						     color, start, end, mode);

	if (!err && alignment)
		node->start += alignment / 2;
	return err;
}

/* A crash is a failure of the case, not the end of the run. */
int __wrap_drm_mm_reserve_node(struct drm_mm *mm, struct drm_mm_node *node)
{
	BUG();
}
