// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The range allocator: colours. A driver's callback may take from both ends of
 * a hole, even all of it, by what its neighbours are.
 */
#include "mm_world.h"

#define BEST	DRM_MM_INSERT_BEST
#define LOW	DRM_MM_INSERT_LOW
#define HIGH	DRM_MM_INSERT_HIGH
#define EVICT	DRM_MM_INSERT_EVICT

/* What the callback was last asked, and how often it was. */
static struct {
	const struct drm_mm_node *node;
	unsigned long color;
	u64 start, end;
	unsigned int calls;
} asked;

static void note(const struct drm_mm_node *node, unsigned long color,
		 u64 start, u64 end)
{
	asked.node = node;
	asked.color = color;
	asked.start = start;
	asked.end = end;
	asked.calls++;
}

static bool unlike(const struct drm_mm_node *node, unsigned long color)
{
	return drm_mm_node_allocated(node) && node->color != color;
}

/* A unit stays free between nodes of unlike colours. */
static void guard_page(const struct drm_mm_node *node, unsigned long color,
		       u64 *start, u64 *end)
{
	note(node, color, *start, *end);
	if (unlike(node, color))
		++*start;
	if (unlike(list_next_entry(node, node_list), color))
		--*end;
}

/* Holes with an odd start are not to be used. */
static void empty_odd(const struct drm_mm_node *node, unsigned long color,
		      u64 *start, u64 *end)
{
	note(node, color, *start, *end);
	if (*start % 2)
		*end = *start;
}

/* What is left of them is less than nothing. */
static void invert_odd(const struct drm_mm_node *node, unsigned long color,
		       u64 *start, u64 *end)
{
	note(node, color, *start, *end);
	if (*start % 2)
		swap(*start, *end);
}

typedef void (*adjust_fn)(const struct drm_mm_node *node, unsigned long color,
			  u64 *start, u64 *end);

/* The color of node x is 'x' - 'a', whatever it was for draw(). */
static void draw_with(u64 base, const char *picture, adjust_fn adjust)
{
	draw_at(base, picture);
	world.now.mm.color_adjust = adjust;
	memset(&asked, 0, sizeof(asked));
}

static void done(void)
{
	world.now.mm.color_adjust = NULL;
	wipe();
}

static int reserve_colored(char letter, unsigned long color, u64 start, u64 size)
{
	node_of(letter)->color = color;
	return reserve(letter, start, size);
}

static int put_colored(char letter, unsigned long color, u64 size,
		       enum drm_mm_insert_mode mode)
{
	return put_at(letter, size, 0, color, 0, U64_MAX, mode);
}

/* Asked once of the hole, by its owner and its bounds. */
static int test_asked(void)
{
	draw_with(10, "aa...b..", guard_page);
	KT_EQ(reserve_colored('c', 5, 13, 1), 0);
	KT_EQ(asked.calls, 1);
	KT_EQ(asked.node, node_of('a'));
	KT_EQ(asked.color, 5);
	KT_EQ(asked.start, 12);
	KT_EQ(asked.end, 15);
	LOOKS("aa.c.b..");
	KT_EQ(put_colored('d', 1, 2, LOW), 0);
	KT_EQ(asked.node, node_of('b'));
	KT_EQ(asked.color, 1);
	KT_EQ(asked.start, 16);
	KT_EQ(asked.end, 18);
	LOOKS("aa.c.bdd");
	drop_each("abcd");
	KT_EQ(put_colored('a', 3, 8, BEST), 0);
	KT_EQ(asked.node, &world.now.mm.head_node);
	KT_EQ(asked.start, 10);
	KT_EQ(asked.end, 18);
	LOOKS("aaaaaaaa");
	done();

	/* Not when the answer is known. */
	draw_with(0, "a", guard_page);
	KT_EQ(put_colored('b', 0, 1, LOW), -ENOSPC);
	KT_EQ(put_colored('b', 0, 0, LOW), -ENOSPC);
	KT_EQ(reserve_colored('b', 0, 5, 0), -ENOSPC);
	KT_EQ(asked.calls, 0);
	done();
	return 0;
}

static int test_reserve(void)
{
	draw_with(0, "..a...b..", guard_page);
	KT_EQ(reserve_colored('c', 9, 3, 1), -ENOSPC);
	KT_EQ(reserve_colored('c', 9, 5, 1), -ENOSPC);
	KT_EQ(reserve_colored('c', 9, 3, 3), -ENOSPC);
	KT_EQ(reserve_colored('c', 9, 1, 1), -ENOSPC);
	KT_EQ(reserve_colored('c', 9, 7, 2), -ENOSPC);
	KT_EQ(reserve_colored('c', 9, 4, 1), 0);
	LOOKS("..a.c.b..");
	drop('c');
	/* Like one neighbour, and like those at the ends. */
	KT_EQ(reserve_colored('c', 0, 3, 2), 0);
	LOOKS("..acc.b..");
	KT_EQ(reserve_colored('d', 0, 0, 2), 0);
	KT_EQ(reserve_colored('e', 1, 7, 2), 0);
	LOOKS("ddacc.bee");
	KT_EQ(reserve_colored('f', 0, 5, 1), -ENOSPC);
	KT_EQ(reserve_colored('f', 1, 5, 1), -ENOSPC);
	done();
	return 0;
}

static int test_insert(void)
{
	draw_with(0, "a....b....c", guard_page);
	KT_EQ(put_colored('d', 9, 2, LOW), 0);
	LOOKS("a.dd.b....c");
	KT_EQ(put_colored('e', 9, 2, HIGH), 0);
	LOOKS("a.dd.b.ee.c");
	/* A guard on each side leaves nothing of a hole of one or two. */
	KT_EQ(put_colored('f', 8, 1, LOW), -ENOSPC);
	KT_EQ(put_colored('f', 8, 1, EVICT), -ENOSPC);
	KT_EQ(put_colored('f', 0, 1, BEST), -ENOSPC);
	drop('d');
	/* Like the left one, the right one, and none. */
	KT_EQ(put_colored('f', 0, 3, LOW), 0);
	LOOKS("afff.b.ee.c");
	drop('f');
	KT_EQ(put_colored('f', 1, 3, HIGH), 0);
	LOOKS("a.fffb.ee.c");
	drop('f');
	KT_EQ(put_colored('f', 1, 4, LOW), -ENOSPC);
	KT_EQ(put_colored('f', 7, 3, LOW), -ENOSPC);
	KT_EQ(put_colored('f', 7, 2, BEST), 0);
	LOOKS("a.ff.b.ee.c");
	done();
	return 0;
}

/* Aligned within what the colour leaves; the range counts, too. */
static int test_insert_aligned(void)
{
	draw_with(0, "aaaa......bbbb", guard_page);
	KT_EQ(put_at('c', 1, 4, 9, 0, U64_MAX, LOW), 0);
	LOOKS("aaaa....c.bbbb");
	drop('c');
	KT_EQ(put_at('c', 1, 9, 9, 0, U64_MAX, LOW), -ENOSPC);
	KT_EQ(put_at('c', 1, 9, 9, 0, U64_MAX, HIGH), -ENOSPC);
	KT_EQ(put_at('c', 1, 4, 9, 0, U64_MAX, HIGH), 0);
	LOOKS("aaaa....c.bbbb");
	drop('c');
	/* In [5, 9) downwards there is no multiple of 5 but the first. */
	KT_EQ(put_at('c', 2, 5, 9, 0, U64_MAX, HIGH), 0);
	LOOKS("aaaa.cc...bbbb");
	drop('c');
	KT_EQ(put_at('c', 2, 0, 9, 4, 7, LOW), 0);
	LOOKS("aaaa.cc...bbbb");
	drop('c');
	KT_EQ(put_at('c', 2, 0, 9, 8, 11, HIGH), -ENOSPC);
	KT_EQ(put_at('c', 2, 0, 1, 8, 11, HIGH), 0);
	LOOKS("aaaa....ccbbbb");
	done();
	return 0;
}

/* A hole of which the callback leaves nothing is passed over. */
static int nothing_left(adjust_fn adjust)
{
	draw_with(0, "a..b...c..d..", adjust);
	KT_EQ(put_colored('e', 0, 2, LOW), 0);
	KT_EQ(asked.calls, 2);
	LOOKS("a..bee.c..d..");
	drop('e');
	KT_EQ(put_colored('e', 0, 1, HIGH), 0);
	LOOKS("a..b...c.ed..");
	drop('e');
	KT_EQ(put_colored('e', 0, 2, BEST), 0);
	LOOKS("a..b...ceed..");
	KT_EQ(put_colored('f', 0, 1, DRM_MM_INSERT_LOWEST), -ENOSPC);
	KT_EQ(put_colored('f', 0, 1, DRM_MM_INSERT_HIGHEST), -ENOSPC);
	KT_EQ(reserve_colored('f', 0, 1, 1), -ENOSPC);
	KT_EQ(reserve_colored('f', 0, 12, 1), -ENOSPC);
	KT_EQ(reserve_colored('f', 0, 4, 3), 0);
	LOOKS("a..bfffceed..");
	KT_EQ(put_colored('g', 0, 1, LOW), -ENOSPC);
	KT_EQ(put_colored('g', 0, 1, HIGH), -ENOSPC);
	KT_EQ(put_colored('g', 0, 1, BEST), -ENOSPC);
	KT_EQ(put_colored('g', 0, 1, EVICT), -ENOSPC);
	done();
	return 0;
}

static int test_nothing_left(void)
{
	KT_ASSERT(!nothing_left(empty_odd));
	KT_ASSERT(!nothing_left(invert_odd));
	return 0;
}

static bool scan_add_each(struct drm_mm_scan *scan, const char *letters)
{
	bool hit = false;

	while (*letters)
		hit = drm_mm_scan_add_block(scan, node_of(*letters++));
	return hit;
}

/* Take all out again; those to be evicted are removed then. */
static void scan_end(struct drm_mm_scan *scan, const char *letters,
		     const char *evicted)
{
	char evict[NR_NODES + 1];
	unsigned int n = strlen(letters), nr = 0;

	while (n--)
		if (drm_mm_scan_remove_block(scan, node_of(letters[n])))
			evict[nr++] = letters[n];
	evict[nr] = 0;
	KT_CHECK(!strcmp(evict, evicted));
	drop_each(evict);
}

/* The gap is asked for as a hole is, between what is on the list. */
static int test_scan(void)
{
	struct drm_mm_scan scan;

	draw_with(0, "aabbccdd", guard_page);
	node_of('d')->color = 9;
	drm_mm_scan_init(&scan, &world.now.mm, 3, 0, 9, LOW);
	KT_CHECK(!scan_add_each(&scan, "b"));
	KT_EQ(asked.node, node_of('a'));
	KT_EQ(asked.color, 9);
	KT_EQ(asked.start, 2);
	KT_EQ(asked.end, 4);
	KT_CHECK(drm_mm_scan_add_block(&scan, node_of('c')));
	KT_EQ(asked.node, node_of('a'));
	KT_EQ(asked.start, 2);
	KT_EQ(asked.end, 6);
	KT_EQ(scan.hit_start, 3);
	KT_EQ(scan.hit_end, 6);
	scan_end(&scan, "bc", "cb");
	LOOKS("aa....dd");
	KT_EQ(drm_mm_scan_color_evict(&scan), NULL);
	KT_EQ(put_colored('e', 9, 3, EVICT), 0);
	LOOKS("aa.eeedd");
	done();

	draw_with(1, "aabbcc", empty_odd);
	drm_mm_scan_init(&scan, &world.now.mm, 1, 0, 0, LOW);
	KT_CHECK(!scan_add_each(&scan, "cba"));
	scan_end(&scan, "cba", "");
	LOOKS("aabbcc");
	done();
	return 0;
}

/* Nodes that were scanned but stay may be unlike what will be inserted. */
static int test_evict_both_sides(void)
{
	struct drm_mm_scan scan;

	draw_with(0, "aabbccddee", guard_page);
	drm_mm_scan_init_with_range(&scan, &world.now.mm, 2, 4, 9, 3, U64_MAX, LOW);
	KT_CHECK(scan_add_each(&scan, "abcde"));
	KT_EQ(scan.hit_start, 4);
	KT_EQ(scan.hit_end, 6);
	scan_end(&scan, "abcde", "c");
	LOOKS("aabb..ddee");
	KT_EQ(drm_mm_scan_color_evict(&scan), node_of('b'));
	drop('b');
	KT_EQ(drm_mm_scan_color_evict(&scan), node_of('d'));
	drop('d');
	LOOKS("aa......ee");
	KT_EQ(drm_mm_scan_color_evict(&scan), NULL);
	KT_EQ(put_at('f', 2, 4, 9, 3, U64_MAX, EVICT), 0);
	LOOKS("aa..ff..ee");
	done();
	return 0;
}

static int test_evict_one_side(void)
{
	struct drm_mm_scan scan;

	draw_with(0, "aabbcc", guard_page);
	drm_mm_scan_init(&scan, &world.now.mm, 2, 0, 9, HIGH);
	KT_CHECK(scan_add_each(&scan, "cab"));
	KT_EQ(scan.hit_start, 4);
	scan_end(&scan, "cab", "c");
	KT_EQ(drm_mm_scan_color_evict(&scan), node_of('b'));
	drop('b');
	KT_EQ(drm_mm_scan_color_evict(&scan), NULL);
	LOOKS("aa....");
	done();

	draw_with(0, "aabbcc", guard_page);
	node_of('b')->color = 9;
	drm_mm_scan_init(&scan, &world.now.mm, 2, 0, 9, LOW);
	KT_CHECK(scan_add_each(&scan, "cba"));
	KT_EQ(scan.hit_start, 0);
	scan_end(&scan, "cba", "a");
	KT_EQ(drm_mm_scan_color_evict(&scan), NULL);
	node_of('b')->color = 8;
	KT_EQ(drm_mm_scan_color_evict(&scan), node_of('b'));
	done();
	return 0;
}

/* The hit is looked for though it be not the newest hole. */
static int test_evict_later(void)
{
	struct drm_mm_scan scan;

	draw_with(0, "aabbccdd", guard_page);
	drm_mm_scan_init(&scan, &world.now.mm, 2, 0, 9, LOW);
	KT_CHECK(scan_add_each(&scan, "ba"));
	scan_end(&scan, "ba", "a");
	drop('d');
	LOOKS("..bbcc..");
	KT_EQ(drm_mm_scan_color_evict(&scan), node_of('b'));
	KT_EQ(asked.node, &world.now.mm.head_node);
	drop('b');
	KT_EQ(drm_mm_scan_color_evict(&scan), NULL);
	KT_EQ(put_colored('e', 9, 2, EVICT), 0);
	LOOKS("ee..cc..");
	done();
	return 0;
}

static int test_evict_without_callback(void)
{
	struct drm_mm_scan scan;

	draw("aabb");
	drm_mm_scan_init(&scan, &world.now.mm, 2, 0, 9, LOW);
	KT_CHECK(scan_add_each(&scan, "a"));
	scan_end(&scan, "a", "a");
	KT_EQ(drm_mm_scan_color_evict(&scan), NULL);
	wipe();
	return 0;
}

#ifndef CONFIG_DRM_DEBUG_MM

/* No answer while what was named is still there; a debug build ends here. */
static int test_evict_too_early(void)
{
	struct drm_mm_scan scan;

	draw_with(0, "aabb.", guard_page);
	drm_mm_scan_init(&scan, &world.now.mm, 1, 0, 9, LOW);
	KT_CHECK(scan_add_each(&scan, "a"));
	KT_CHECK(drm_mm_scan_remove_block(&scan, node_of('a')));
	KT_EQ(drm_mm_scan_color_evict(&scan), NULL);
	LOOKS("aabb.");
	done();
	return 0;
}

#endif

const char ktest_suite[] = "test_drm_mm_color";

const struct ktest ktests[] = {
	KTEST(test_asked),
	KTEST(test_reserve),
	KTEST(test_insert),
	KTEST(test_insert_aligned),
	KTEST(test_nothing_left),
	KTEST(test_scan),
	KTEST(test_evict_both_sides),
	KTEST(test_evict_one_side),
	KTEST(test_evict_later),
	KTEST(test_evict_without_callback),
#ifndef CONFIG_DRM_DEBUG_MM
	KTEST(test_evict_too_early),
#endif
	{ 0 },
};
