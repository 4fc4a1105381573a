/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Part of a design whose nodes keep nothing of their own. */
struct mm_node {
	struct drm_mm_node base;
};
