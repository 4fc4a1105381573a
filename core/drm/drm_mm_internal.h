/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What the files of the range allocator share. */
#ifndef _DRM_MM_INTERNAL_H
#define _DRM_MM_INTERNAL_H

#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <drm/drm_mm.h>

/*
 * A debug build names misuse before it gives up (MM_BUG_ON), says why a call
 * was refused that could not have been meant (MM_NOTE_ON), and looks at every
 * invariant before and after each operation (MM_VERIFY). Elsewhere none of this
 * is there; the arguments are still checked.
 */
#ifdef CONFIG_DRM_DEBUG_MM
#define MM_BUG_ON(cond, fmt, ...)					\
	do {								\
		if (unlikely(cond)) {					\
			pr_err("drm_mm: " fmt "\n", ##__VA_ARGS__);	\
			BUG();						\
		}							\
	} while (0)
#define MM_NOTE_ON(cond, fmt, ...)					\
	do {								\
		if (cond)						\
			pr_notice("drm_mm: " fmt "\n", ##__VA_ARGS__);	\
	} while (0)
#define MM_VERIFY(mm)							\
	do {								\
		const char *__broken = drm_mm_verify(mm);		\
									\
		MM_BUG_ON(__broken, "invariant broken: %s", __broken);	\
	} while (0)
#else
#define MM_BUG_ON(cond, fmt, ...)					\
	do {								\
		BUILD_BUG_ON_INVALID(cond);				\
		no_printk(fmt, ##__VA_ARGS__);				\
	} while (0)
#define MM_NOTE_ON(cond, fmt, ...)	MM_BUG_ON(cond, fmt, ##__VA_ARGS__)
#define MM_VERIFY(mm)			((void)(mm))
#endif

/* A node in a message: its start and its mm_end(). */
#define MM_RANGE	"node [%#llx, %#llx)"

/* Where a node ends, exclusive. */
static inline u64 mm_end(const struct drm_mm_node *node)
{
	return node->start + node->size;
}

/**
 * drm_mm_verify() - look for a broken invariant
 * @mm: initialised; with an eviction scan active only the scan's part
 *
 * O(number of nodes). The invariants are those that drm_mm.c states; the ages of
 * holes, in I5 and I8, cannot be seen.
 *
 * Return: what is broken, or NULL.
 */
const char *drm_mm_verify(const struct drm_mm *mm);

/* Why a reserve or an insert was refused, and what a takedown found. */
#ifdef CONFIG_DRM_DEBUG_MM
void drm_mm_explain_reserve(const struct drm_mm *mm,
			    const struct drm_mm_node *node);
void drm_mm_explain_insert(const struct drm_mm *mm, u64 size, u64 range_start,
			   u64 range_end);
void drm_mm_show_leaks(const struct drm_mm *mm);
#else
static inline void drm_mm_explain_reserve(const struct drm_mm *mm,
					  const struct drm_mm_node *node)
{
}

static inline void drm_mm_explain_insert(const struct drm_mm *mm, u64 size,
					 u64 range_start, u64 range_end)
{
}

static inline void drm_mm_show_leaks(const struct drm_mm *mm)
{
}
#endif

static inline bool mm_is_scanned(const struct drm_mm_node *node)
{
	return test_bit(DRM_MM_NODE_SCANNED_BIT, &node->flags);
}

/* 0 for a call that wants no alignment. */
static inline u64 mm_alignment(u64 alignment)
{
	return alignment > 1 ? alignment : 0;
}

/* Of a power of two the bits below, else 0; a division is dear. */
static inline u64 mm_remainder_mask(u64 alignment)
{
	return is_power_of_2(alignment) ? alignment - 1 : 0;
}

/**
 * mm_place() - where in a hole a range would go
 * @lo: lowest address that may be used, after colour and range
 * @hi: end of what may be used
 * @size: of the range, not 0
 * @alignment: as mm_alignment() gave it
 * @mask: as mm_remainder_mask() gave it
 * @high: as high as possible, else as low
 * @at: gets the start
 *
 * Return: whether there is room.
 */
static __always_inline bool mm_place(u64 lo, u64 hi, u64 size, u64 alignment,
				     u64 mask, bool high, u64 *at)
{
	u64 rem;

	if (hi <= lo || hi - lo < size)
		return false;
	*at = high ? hi - size : lo;
	if (!alignment)
		return true;

	if (likely(mask))
		rem = *at & mask;
	else
		div64_u64_rem(*at, alignment, &rem);
	if (!rem)
		return true;
	*at -= rem;
	if (!high)
		*at += alignment;
	/* It may have left the hole, and even wrapped around. */
	return *at >= lo && *at < hi && hi - *at >= size;
}

#endif /* _DRM_MM_INTERNAL_H */
