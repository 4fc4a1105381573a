// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The range allocator: where an alignment moves what is inserted. */
#include "mm_world.h"

#define BEST	DRM_MM_INSERT_BEST
#define LOW	DRM_MM_INSERT_LOW
#define HIGH	DRM_MM_INSERT_HIGH
#define EVICT	DRM_MM_INSERT_EVICT

static const enum drm_mm_insert_mode modes[] = { BEST, LOW, HIGH, EVICT };

#define for_each_mode(m)						\
	for (m = modes; m < modes + ARRAY_SIZE(modes); m++)

static int test_align(void)
{
	draw_at(33, ".....................");
	KT_EQ(put_aligned('a', 2, 0, LOW), 0);
	KT_EQ(put_aligned('b', 2, 1, LOW), 0);
	LOOKS("aabb.................");
	KT_EQ(put_aligned('c', 1, 8, LOW), 0);
	LOOKS("aabb...c.............");
	KT_EQ(put_aligned('d', 3, 8, HIGH), 0);
	LOOKS("aabb...c.......ddd...");
	/* Not of two. */
	KT_EQ(put_aligned('e', 2, 7, LOW), 0);
	LOOKS("aabb...c.ee....ddd...");
	KT_EQ(put_aligned('f', 1, 5, HIGH), 0);
	LOOKS("aabb...c.ee.f..ddd...");
	drop('f');
	/* No hole has an aligned place with that much behind it. */
	KT_EQ(put_aligned('f', 4, 16, LOW), -ENOSPC);
	KT_EQ(put_aligned('f', 4, 16, HIGH), -ENOSPC);
	KT_EQ(put_aligned('f', 1, 64, LOW), -ENOSPC);
	KT_EQ(put_aligned('f', 1, 64, HIGH), -ENOSPC);
	KT_EQ(put_aligned('f', 1, 1ull << 63, BEST), -ENOSPC);
	KT_EQ(put_aligned('f', 1, U64_MAX, EVICT), -ENOSPC);
	/* Within a range, and in another hole than the first that is large enough. */
	KT_EQ(put_at('f', 2, 3, 0, 36, U64_MAX, LOW), 0);
	LOOKS("aabb...c.ee.ff.ddd...");
	KT_EQ(put_at('g', 1, 3, 0, 0, 53, HIGH), 0);
	LOOKS("aabb...c.ee.ff.dddg..");
	KT_EQ(put_at('h', 1, 2, 0, 52, 54, EVICT), 0);
	LOOKS("aabb...c.ee.ff.dddgh.");
	wipe();
	return 0;
}

/* Its addresses begin at 50. */
static const char large[] = "...aa.....b..c......";

static bool fits_at(u64 at, u64 size)
{
	u64 i;

	for (i = 0; i < size; i++)
		if (large[at - 50 + i] != '.')
			return false;
	return true;
}

static void expect_at(u64 size, u64 align, enum drm_mm_insert_mode mode, u64 at)
{
	KT_EQ(!put_aligned('d', size, align, mode), !!at);
	if (!at)
		return;
	KT_EQ(node_of('d')->start, at);
	drop('d');
}

/* The lowest and the highest place of a size, against a search of each. */
static void align_both_ways(u64 size, u64 align)
{
	u64 at, low = 0, high = 0;

	for (at = 50; at + size <= 50 + strlen(large); at++) {
		if (at % align || !fits_at(at, size))
			continue;
		low = low ?: at;
		high = at;
	}
	expect_at(size, align, LOW, low);
	expect_at(size, align, HIGH, high);
}

static int test_align_all(void)
{
	u64 align, size;

	draw_at(50, large);
	for (align = 1; align <= 70; align++)
		for (size = 1; size <= 6; size++)
			align_both_ways(size, align);
	LOOKS(large);
	wipe();
	return 0;
}

/* At the end of all addresses an aligned start may wrap around to 0. */
static int test_align_wraps(void)
{
	const enum drm_mm_insert_mode *m;

	draw_at(U64_MAX - 9, ".........");
	for_each_mode(m) {
		KT_EQ(put_aligned('a', 1, 1ull << 63, *m), -ENOSPC);
		KT_EQ(put_aligned('a', 1, 1ull << 32, *m), -ENOSPC);
		KT_EQ(put_aligned('a', 1, 16, *m), -ENOSPC);
		KT_EQ(put_aligned('a', 1, U64_MAX, *m), -ENOSPC);
		KT_EQ(put_aligned('a', 1, U64_MAX - 10, *m), -ENOSPC);
	}
	KT_EQ(put_aligned('a', 3, U64_MAX - 5, LOW), 0);
	LOOKS("....aaa..");
	KT_EQ(put_aligned('b', 1, U64_MAX - 1, HIGH), 0);
	LOOKS("....aaa.b");
	KT_EQ(put_aligned('c', 1, 8, HIGH), 0);
	LOOKS("..c.aaa.b");
	wipe();
	return 0;
}

/* An aligned start at the far end of a range that is all addresses. */
static int test_align_is_huge(void)
{
	struct drm_mm_node low = { .size = 5 }, node = { };
	struct drm_mm mm;

	drm_mm_init(&mm, 0, U64_MAX);
	KT_EQ(drm_mm_reserve_node(&mm, &low), 0);
	KT_EQ(drm_mm_insert_node_generic(&mm, &node, 3, U64_MAX - 2, 0, LOW),
	      -ENOSPC);
	KT_EQ(drm_mm_insert_node_generic(&mm, &node, 2, U64_MAX - 2, 0, LOW), 0);
	KT_EQ(node.start, U64_MAX - 2);
	KT_EQ(mm_broken(&mm), NULL);
	drm_mm_remove_node(&node);
	KT_EQ(drm_mm_insert_node_generic(&mm, &node, 9, 1ull << 63, 0, HIGH), 0);
	KT_EQ(node.start, 1ull << 63);
	drm_mm_remove_node(&low);
	KT_EQ(drm_mm_insert_node_generic(&mm, &low, 9, U64_MAX, 0, LOW), 0);
	KT_EQ(low.start, 0);
	KT_EQ(mm_broken(&mm), NULL);
	drm_mm_remove_node(&node);
	drm_mm_remove_node(&low);
	drm_mm_takedown(&mm);
	return 0;
}

const char ktest_suite[] = "test_drm_mm_align";

const struct ktest ktests[] = {
	KTEST(test_align),
	KTEST(test_align_all),
	KTEST(test_align_wraps),
	KTEST(test_align_is_huge),
	{ 0 },
};
