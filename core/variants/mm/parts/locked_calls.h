/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Part of a design in which each call locks and unlocks. */
static inline int node_insert(struct mm_alloc *a, struct mm_node *n, u64 size,
			      u64 align, unsigned long color, u64 start,
			      u64 end, enum drm_mm_insert_mode mode)
{
	struct mm_guard g;
	int ret;

	mm_lock(a, &g);
	ret = guard_insert(&g, n, size, align, color, start, end, mode);
	mm_unlock(&g);
	return ret;
}

static inline int node_reserve(struct mm_alloc *a, struct mm_node *n)
{
	struct mm_guard g;
	int ret;

	mm_lock(a, &g);
	ret = guard_reserve(&g, n);
	mm_unlock(&g);
	return ret;
}

static inline void node_remove(struct mm_alloc *a, struct mm_node *n)
{
	struct mm_guard g;

	mm_lock(a, &g);
	guard_remove(&g, n);
	mm_unlock(&g);
}
