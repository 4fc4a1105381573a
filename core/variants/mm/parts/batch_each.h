/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Part of a design that gives nodes back one by one. */
static inline void node_remove_all(struct mm_alloc *a, struct mm_node *n,
				   unsigned long nr)
{
	while (nr--)
		node_remove(a, n++);
}
