/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Part of a design that trusts whose node it is given back. */
static inline void guard_remove(struct mm_guard *g, struct mm_node *n)
{
	drm_mm_remove_node(&n->base);
}
