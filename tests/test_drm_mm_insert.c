// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The range allocator: which hole an insertion takes, and which part of it. */
#include "mm_world.h"

#define BEST	DRM_MM_INSERT_BEST
#define LOW	DRM_MM_INSERT_LOW
#define HIGH	DRM_MM_INSERT_HIGH
#define EVICT	DRM_MM_INSERT_EVICT
#define ONCE	DRM_MM_INSERT_ONCE
#define LOWEST	DRM_MM_INSERT_LOWEST
#define HIGHEST	DRM_MM_INSERT_HIGHEST

static const enum drm_mm_insert_mode modes[] = {
	BEST, LOW, HIGH, EVICT, BEST | ONCE, LOWEST, HIGHEST, EVICT | ONCE,
};

#define for_each_mode(m)						\
	for (m = modes; m < modes + ARRAY_SIZE(modes); m++)

/* Nothing, more than there is, and more than the largest hole. */
static int test_refused(void)
{
	const enum drm_mm_insert_mode *m;

	draw_at(100, "..a...b.");
	for_each_mode(m) {
		KT_EQ(put('c', 0, *m), -ENOSPC);
		KT_EQ(put('c', 4, *m), -ENOSPC);
		KT_EQ(put('c', 8, *m), -ENOSPC);
		KT_EQ(put('c', 9, *m), -ENOSPC);
		KT_EQ(put('c', U64_MAX, *m), -ENOSPC);
		KT_EQ(put('c', U64_MAX - 100, *m), -ENOSPC);
	}
	LOOKS("..a...b.");
	wipe();

	draw("abc");
	for_each_mode(m)
		KT_EQ(put('d', 1, *m), -ENOSPC);
	wipe();
	return 0;
}

/* What the caller gets back, from each of the three ways to ask. */
static int test_wrappers(void)
{
	struct drm_mm_node *node;

	draw_at(100, "a.........");
	node = node_of('b');
	KT_EQ(drm_mm_insert_node(&world.now.mm, node, 2), 0);
	KT_EQ(node->color, 0);
	KT_EQ(node->mm, &world.now.mm);
	KT_CHECK(drm_mm_node_allocated(node));
	LOOKS("abb.......");
	node = node_of('c');
	KT_EQ(drm_mm_insert_node_generic(&world.now.mm, node, 2, 4, 9, HIGH), 0);
	KT_EQ(node->start, 108);
	KT_EQ(node->size, 2);
	KT_EQ(node->color, 9);
	LOOKS("abb.....cc");
	KT_EQ(put_at('d', 1, 0, 8, 104, 106, HIGH), 0);
	KT_EQ(node_of('d')->color, 8);
	LOOKS("abb..d..cc");
	wipe();
	return 0;
}

static int test_low(void)
{
	draw(".a..b...c.....d.");
	KT_EQ(put('e', 3, LOW), 0);
	LOOKS(".a..beeec.....d.");
	KT_EQ(put('f', 3, LOW), 0);
	LOOKS(".a..beeecfff..d.");
	KT_EQ(put('g', 1, LOW), 0);
	LOOKS("ga..beeecfff..d.");
	KT_EQ(put('h', 1, LOW), 0);
	KT_EQ(put('i', 2, LOW), 0);
	LOOKS("gah.beeecfffiid.");
	KT_EQ(put('j', 2, LOW), -ENOSPC);
	wipe();
	return 0;
}

/* At the top of the highest hole that fits. */
static int test_high(void)
{
	draw(".a..b...c.....d.");
	KT_EQ(put('e', 3, HIGH), 0);
	LOOKS(".a..b...c..eeed.");
	KT_EQ(put('f', 3, HIGH), 0);
	LOOKS(".a..bfffc..eeed.");
	KT_EQ(put('g', 1, HIGH), 0);
	LOOKS(".a..bfffc..eeedg");
	KT_EQ(put('h', 1, HIGH), 0);
	KT_EQ(put('i', 2, HIGH), 0);
	LOOKS(".aiibfffc.heeedg");
	KT_EQ(put('j', 2, HIGH), -ENOSPC);
	wipe();
	return 0;
}

/* The bottom of the smallest hole; of equal ones the newest. */
static int test_best(void)
{
	draw("....a..b...c....");
	KT_EQ(put('d', 3, BEST), 0);
	LOOKS("....a..bdddc....");
	KT_EQ(put('e', 1, BEST), 0);
	LOOKS("....ae.bdddc....");
	KT_EQ(put('f', 2, BEST), 0);
	KT_EQ(put('g', 4, BEST), 0);
	LOOKS("ggggae.bdddcff..");
	KT_EQ(put('h', 1, BEST), 0);
	LOOKS("ggggaehbdddcff..");
	wipe();

	draw("abcdefg");
	drop_each("dbf");
	KT_EQ(put('h', 1, BEST), 0);
	LOOKS("a.c.ehg");
	KT_EQ(put('i', 1, BEST), 0);
	LOOKS("aic.ehg");
	drop('h');
	KT_EQ(put('h', 1, BEST | ONCE), 0);
	LOOKS("aic.ehg");
	wipe();
	return 0;
}

/* The next larger when the best is not where it was asked for. */
static int test_best_goes_on(void)
{
	draw("a.b..c...d....");
	KT_EQ(put_within('e', 1, 5, U64_MAX, BEST), 0);
	LOOKS("a.b..ce..d....");
	KT_EQ(put_within('f', 1, 8, U64_MAX, BEST), 0);
	LOOKS("a.b..ce.fd....");
	KT_EQ(put_within('g', 1, 9, U64_MAX, BEST), 0);
	LOOKS("a.b..ce.fdg...");
	KT_EQ(put_within('h', 1, 9, U64_MAX, BEST | ONCE), -ENOSPC);
	/* A mode that there is not is BEST. */
	KT_EQ(put('h', 2, (enum drm_mm_insert_mode)77), 0);
	LOOKS("a.bhhce.fdg...");
	wipe();
	return 0;
}

/* The newest, and those before it when it does not fit. */
static int test_evict(void)
{
	draw("aabccdeef");
	drop_each("aec");
	LOOKS("..b..d..f");
	KT_EQ(put('g', 1, EVICT), 0);
	LOOKS("..bg.d..f");
	/* What is left of a hole is a new one. */
	KT_EQ(put('h', 1, EVICT), 0);
	LOOKS("..bghd..f");
	KT_EQ(put('i', 1, EVICT), 0);
	LOOKS("..bghdi.f");
	KT_EQ(put('j', 2, EVICT | ONCE), -ENOSPC);
	KT_EQ(put('j', 2, EVICT), 0);
	LOOKS("jjbghdi.f");
	KT_EQ(put('k', 2, EVICT), -ENOSPC);
	KT_EQ(put('k', 1, EVICT | ONCE), 0);
	LOOKS("jjbghdikf");
	wipe();
	return 0;
}

/*
 * ONCE looks at the hole that the search by address ends at. At a range's edge
 * that is the hole there, though it be too small; but a subtree of small holes
 * only is passed over, so it depends on the shape of the tree.
 */
static int test_once(void)
{
	/* The small hole is the older one, and the root. */
	draw(".aaaa...");
	KT_EQ(put('b', 2, LOWEST), -ENOSPC);
	KT_EQ(put('b', 1, LOWEST), 0);
	LOOKS("baaaa...");
	drop('b');
	/* Now it is a leaf. */
	KT_EQ(put('b', 2, LOWEST), 0);
	LOOKS(".aaaabb.");
	wipe();

	draw("baaaa...");
	drop('b');
	KT_EQ(put('b', 3, LOWEST), 0);
	LOOKS(".aaaabbb");
	wipe();

	draw("...aaaac");
	drop('c');
	KT_EQ(put('b', 3, HIGHEST), 0);
	LOOKS("bbbaaaa.");
	KT_EQ(put('c', 1, HIGHEST), 0);
	LOOKS("bbbaaaac");
	wipe();

	draw("aaabbbb.");
	drop('a');
	KT_EQ(put('a', 3, HIGHEST), -ENOSPC);
	KT_EQ(put('a', 3, HIGH), 0);
	LOOKS("aaabbbb.");
	wipe();
	return 0;
}

/* Both ends of a hole count as in it: there is no room, and no second try. */
static int test_once_at_an_edge(void)
{
	draw("..aa..");
	KT_EQ(put_within('b', 1, 2, 6, LOWEST), -ENOSPC);
	KT_EQ(put_within('b', 1, 3, 6, LOWEST), 0);
	LOOKS("..aab.");
	drop('b');
	KT_EQ(put_within('b', 1, 2, 6, LOW), 0);
	LOOKS("..aab.");
	drop('b');
	KT_EQ(put_within('b', 1, 0, 4, HIGHEST), -ENOSPC);
	KT_EQ(put_within('b', 1, 0, 3, HIGHEST), -ENOSPC);
	KT_EQ(put_within('b', 1, 0, 2, HIGHEST), 0);
	LOOKS(".baa..");
	drop('b');
	KT_EQ(put_within('b', 1, 0, 4, HIGH), 0);
	LOOKS(".baa..");
	wipe();
	return 0;
}

static int test_range(void)
{
	const enum drm_mm_insert_mode *m;

	draw("..aaa.....bbb..");
	for_each_mode(m) {
		/* Empty, too small, taken, and outside of all. */
		KT_EQ(put_within('c', 1, 6, 6, *m), -ENOSPC);
		KT_EQ(put_within('c', 3, 6, 8, *m), -ENOSPC);
		KT_EQ(put_within('c', 1, 2, 5, *m), -ENOSPC);
		KT_EQ(put_within('c', 3, 1, 7, *m), -ENOSPC);
		KT_EQ(put_within('c', 3, 8, 15, *m), -ENOSPC);
		KT_EQ(put_within('c', 1, 15, 100, *m), -ENOSPC);
		KT_EQ(put_within('c', 1, U64_MAX, U64_MAX, *m), -ENOSPC);
	}
	KT_EQ(put_within('c', 2, 6, 9, LOW), 0);
	LOOKS("..aaa.cc..bbb..");
	drop('c');
	KT_EQ(put_within('c', 2, 6, 9, HIGH), 0);
	LOOKS("..aaa..cc.bbb..");
	drop('c');
	KT_EQ(put_within('c', 2, 6, 9, EVICT), 0);
	LOOKS("..aaa.cc..bbb..");
	drop('c');
	KT_EQ(put_within('c', 5, 5, 10, BEST), 0);
	LOOKS("..aaacccccbbb..");
	/* Some of the range is room. */
	KT_EQ(put_within('d', 1, 0, 14, HIGH), 0);
	KT_EQ(put_within('e', 1, 3, 15, LOW), 0);
	LOOKS("..aaacccccbbbde");
	wipe();
	return 0;
}

static const char small[] = "..a...b.c..";

/* Is there room for @size in [start, end) of it? */
static bool small_has_room(u64 start, u64 end, u64 size)
{
	u64 run = 0;

	for (; start < end; start++) {
		run = small[start] == '.' ? run + 1 : 0;
		if (run >= size)
			return true;
	}
	return false;
}

static void put_by_each_mode(u64 start, u64 end, u64 size)
{
	bool room = small_has_room(start, end, size);
	const enum drm_mm_insert_mode *m;

	for (m = modes; m <= modes + EVICT; m++) {
		KT_EQ(!put_within('d', size, start, end, *m), room);
		if (!room)
			continue;
		KT_CHECK(node_of('d')->start >= start);
		KT_CHECK(node_of('d')->start + size <= end);
		KT_EQ(mm_broken(&world.now.mm), NULL);
		drop('d');
	}
}

/* Every start, end and size in a small allocator, by each mode. */
static int test_range_fits(void)
{
	u64 start, end, size;

	draw(small);
	for (start = 0; start < sizeof(small); start++)
		for (end = start; end < sizeof(small); end++)
			for (size = 1; size <= 4; size++)
				put_by_each_mode(start, end, size);
	LOOKS(small);
	wipe();
	return 0;
}

/* A shuffled crowd comes and goes, by all modes; every step is looked at. */
static int test_crowd(void)
{
	unsigned long seed = 20;
	unsigned int i, in = 0;

	draw("................................................................");
	for (i = 0; i < 20000; i++) {
		unsigned long r = kt_random(&seed);
		char letter = 'a' + r % NR_NODES;

		if (drm_mm_node_allocated(node_of(letter)))
			drop(letter);
		else if (!put_aligned(letter, 1 + r / 32 % 9, 1 + r / 512 % 5,
				      r / 4096 % 4))
			in++;
		if (mm_broken(&world.now.mm))
			break;
	}
	KT_EQ(mm_broken(&world.now.mm), NULL);
	KT_CHECK(in > 5000);
	wipe();
	return 0;
}

const char ktest_suite[] = "test_drm_mm_insert";

const struct ktest ktests[] = {
	KTEST(test_refused),
	KTEST(test_wrappers),
	KTEST(test_low),
	KTEST(test_high),
	KTEST(test_best),
	KTEST(test_best_goes_on),
	KTEST(test_evict),
	KTEST(test_once),
	KTEST(test_once_at_an_edge),
	KTEST(test_range),
	KTEST(test_range_fits),
	KTEST(test_crowd),
	{ 0 },
};
