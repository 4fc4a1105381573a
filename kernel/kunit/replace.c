// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Where drm_mm has no drm_mm_replace_node(); weak, so that one it has is used. */
#include <linux/bug.h>
#include <drm/drm_mm.h>

/**
 * drm_mm_replace_node() - give a node's range to another node
 * @old: allocated; is free then
 * @new: is free; its members are not looked at
 */
void __weak drm_mm_replace_node(struct drm_mm_node *old,
				struct drm_mm_node *new)
{
	struct drm_mm *mm = old->mm;

	*new = (struct drm_mm_node) {
		.start = old->start,
		.size = old->size,
		.color = old->color,
	};
	drm_mm_remove_node(old);
	BUG_ON(drm_mm_reserve_node(mm, new));
}
