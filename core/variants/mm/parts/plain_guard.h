/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Part of a design that trusts who says that it has locked. */
struct mm_guard {
	struct mm_alloc *a;
};

static inline int guard_insert(struct mm_guard *g, struct mm_node *n, u64 size,
			       u64 align, unsigned long color, u64 start,
			       u64 end, enum drm_mm_insert_mode mode)
{
	return drm_mm_insert_node_in_range(&g->a->base, &n->base, size, align,
					   color, start, end, mode);
}

static inline int guard_reserve(struct mm_guard *g, struct mm_node *n)
{
	return drm_mm_reserve_node(&g->a->base, &n->base);
}
