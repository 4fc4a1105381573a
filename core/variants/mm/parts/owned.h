/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Part of a design whose allocator has one owner, and ends with it. */
static inline void mm_put(struct mm_alloc *a)
{
	drm_mm_takedown(&a->base);
	kfree(a);
}

static inline unsigned int mm_refs(const struct mm_alloc *a)
{
	return 0;
}
