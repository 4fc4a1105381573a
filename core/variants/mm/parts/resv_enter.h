/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Part of a design whose caller holds the resv, as its ioctl does anyway. */
static inline void mm_enter(struct mm_alloc *a)
{
	dma_resv_lock(a->resv, NULL);
}

static inline void mm_leave(struct mm_alloc *a)
{
	dma_resv_unlock(a->resv);
}
