/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Part of a design that locks once for a batch of nodes given back. */
static inline void node_remove_all(struct mm_alloc *a, struct mm_node *n,
				   unsigned long nr)
{
	struct mm_guard g;

	mm_lock(a, &g);
	while (nr--)
		guard_remove(&g, n++);
	mm_unlock(&g);
}
