/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Part of a design whose lock is the allocator's mutex, @lock. */
static inline void mm_lock(struct mm_alloc *a, struct mm_guard *g)
{
	mutex_lock(&a->lock);
	g->a = a;
}

static inline void mm_unlock(struct mm_guard *g)
{
	mutex_unlock(&g->a->lock);
}
