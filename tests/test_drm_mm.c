// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The range allocator: set up, reserve, remove, walk and print. What insertion
 * chooses is in test_drm_mm_insert.c, scans are in test_drm_mm_scan.c.
 */
#include <asm/barrier.h>
#include <drm/drm_print.h>

#include "mm_world.h"
#include "thread.h"

static void expect_empty(struct drm_mm *mm, u64 start, u64 size)
{
	struct drm_mm_node *hole;
	u64 lo, hi, holes = 0;

	KT_CHECK(drm_mm_initialized(mm));
	KT_CHECK(drm_mm_clean(mm));
	KT_EQ(mm->color_adjust, NULL);
	KT_EQ(mm->scan_active, 0);
	KT_EQ(mm->head_node.mm, mm);
	KT_EQ(mm->head_node.flags, 0);
	KT_EQ(mm->head_node.start, start + size);
	KT_EQ(mm->head_node.size, -size);
	KT_EQ(mm->head_node.hole_size, size);
	KT_CHECK(!drm_mm_node_allocated(&mm->head_node));
	KT_CHECK(drm_mm_hole_follows(&mm->head_node));
	KT_EQ(drm_mm_hole_node_start(&mm->head_node), start);
	KT_EQ(drm_mm_hole_node_end(&mm->head_node), start + size);
	KT_EQ(__drm_mm_interval_first(mm, 0, U64_MAX), &mm->head_node);
	drm_mm_for_each_hole(hole, mm, lo, hi) {
		KT_EQ(hole, &mm->head_node);
		KT_EQ(lo, start);
		KT_EQ(hi, start + size);
		holes++;
	}
	KT_EQ(holes, 1);
	KT_EQ(mm_broken(mm), NULL);
}

static const struct {
	u64 start, size;
} spaces[] = {
	{ 0, 1 },
	{ 0x1000, 0x500 },
	{ 0, U64_MAX },
	{ 1, U64_MAX - 1 },
	{ U64_MAX - 1, 1 },
	{ U64_MAX / 2, U64_MAX / 2 + 1 },
	{ 1ull << 63, 1ull << 62 },
};

/* Whatever was in the struct before. */
static int test_init(void)
{
	struct drm_mm mm;
	unsigned int i;

	memset(&mm, 0, sizeof(mm));
	KT_CHECK(!drm_mm_initialized(&mm));
	for (i = 0; i < ARRAY_SIZE(spaces); i++) {
		memset(&mm, 0xa5, sizeof(mm));
		drm_mm_init(&mm, spaces[i].start, spaces[i].size);
		expect_empty(&mm, spaces[i].start, spaces[i].size);
		drm_mm_takedown(&mm);
	}
	return 0;
}

/* One node as large as the range, by each mode and by its address. */
static int test_whole_range(void)
{
	struct drm_mm_node node, more = { };
	enum drm_mm_insert_mode mode;
	struct drm_mm mm;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(spaces); i++) {
		u64 start = spaces[i].start, size = spaces[i].size;

		memset(&node, 0, sizeof(node));
		drm_mm_init(&mm, start, size);
		for (mode = DRM_MM_INSERT_BEST; mode <= DRM_MM_INSERT_EVICT; mode++) {
			KT_EQ(drm_mm_insert_node_generic(&mm, &node, size, 0, 7,
							 mode), 0);
			KT_EQ(node.start, start);
			KT_EQ(node.size, size);
			KT_EQ(node.color, 7);
			KT_EQ(node.mm, &mm);
			KT_CHECK(!drm_mm_hole_follows(&node));
			KT_CHECK(list_empty(&mm.hole_stack));
			KT_EQ(mm_broken(&mm), NULL);
			KT_EQ(drm_mm_insert_node(&mm, &more, 1), -ENOSPC);
			drm_mm_remove_node(&node);
			expect_empty(&mm, start, size);
		}
		KT_EQ(drm_mm_reserve_node(&mm, &node), 0);
		more.start = start;
		more.size = 1;
		KT_EQ(drm_mm_reserve_node(&mm, &more), -ENOSPC);
		drm_mm_remove_node(&node);
		expect_empty(&mm, start, size);
		drm_mm_takedown(&mm);
	}
	return 0;
}

/* Warned of once, and left as it is. */
static int test_takedown(void)
{
	draw("a.b");
	host_warn_mute(1);
	drm_mm_takedown(&world.now.mm);
	host_warn_mute(0);
	KT_WARNINGS(1);
	LOOKS("a.b");
	drop('a');
	KT_EQ(put('a', 2, DRM_MM_INSERT_LOW), 0);
	LOOKS("aab");
	wipe();
	KT_WARNINGS(0);
	return 0;
}

/* draw() reserves in the order of letters: upwards, downwards, inwards, any. */
static int test_reserve(void)
{
	static const char *const pictures[] = {
		"", ".", "a", "abc", "cba", "a.b.c.d", "d.c.b.a", ".a.", "aaaa....",
		"....aaaa", "aaabbbccc", "..aa.dd.bb.ee.cc", "ca.eb.hg.fd",
		"hdbfacegjikl", ".o.n.m.l.k.j.i.h.g.f.e.d.c.b.a.",
	};
	unsigned int i;

	for (i = 1; i < ARRAY_SIZE(pictures); i++) {
		draw(pictures[i]);
		wipe();
		draw_at(0x100000, pictures[i]);
		wipe();
		draw_at(U64_MAX - strlen(pictures[i]), pictures[i]);
		wipe();
	}
	return 0;
}

/* In a hole at once, whatever part of it. */
static int test_reserve_places(void)
{
	draw_at(100, "aaa.....bbb");
	KT_EQ(reserve('c', 103, 5), 0);
	LOOKS("aaacccccbbb");
	drop('c');
	KT_EQ(reserve('c', 103, 1), 0);
	LOOKS("aaac....bbb");
	drop('c');
	KT_EQ(reserve('c', 107, 1), 0);
	LOOKS("aaa....cbbb");
	KT_EQ(reserve('d', 105, 1), 0);
	LOOKS("aaa..d.cbbb");
	KT_EQ(reserve('e', 106, 1), 0);
	KT_EQ(reserve('f', 103, 2), 0);
	LOOKS("aaaffdecbbb");
	wipe();
	return 0;
}

/* The range is [100, 112). */
static int test_reserve_refused(void)
{
	static const struct {
		u64 start, size;
	} bad[] = {
		/* empty, or around the end of all addresses */
		{ 100, 0 }, { 102, 0 }, { 112, 0 }, { 0, 0 }, { U64_MAX, 0 },
		{ U64_MAX, 1 }, { 100, U64_MAX - 99 }, { 100, U64_MAX }, { 1, U64_MAX },
		/* outside */
		{ 99, 1 }, { 0, 1 }, { 0, 100 }, { 112, 1 }, { 200, 5 },
		{ U64_MAX - 1, 1 }, { 0, U64_MAX },
		/* half outside */
		{ 99, 2 }, { 111, 2 }, { 100, 13 }, { 99, 13 },
		/* another's, all of it, a part of it, and from a hole into it */
		{ 102, 3 }, { 102, 1 }, { 103, 1 }, { 104, 1 }, { 103, 2 },
		{ 101, 2 }, { 104, 2 }, { 101, 5 }, { 100, 12 }, { 105, 3 },
		{ 107, 1 }, { 108, 1 },
	};
	unsigned int i;

	draw_at(100, "..aaa..bb...");
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (!reserve('c', bad[i].start, bad[i].size))
			ktest_fail(__FILE__, i, "reserved");
	LOOKS("..aaa..bb...");
	wipe();

	/* Its own range is taken, too. */
	draw("a.b");
	KT_EQ(reserve('b', 2, 1), -ENOSPC);
	LOOKS("a.b");
	wipe();

	draw_at(100, "abc");
	for (i = 99; i <= 103; i++)
		KT_EQ(reserve('d', i, 1), -ENOSPC);
	wipe();
	return 0;
}

/* What is freed joins the holes at both sides, in any order of removal. */
static int test_remove(void)
{
	unsigned int i, k, bit;

	draw("..abc..");
	drop('b');
	LOOKS("..a.c..");
	drop('a');
	LOOKS("....c..");
	drop('c');
	LOOKS(".......");
	wipe();

	for (i = 0; i < 24; i++) {
		char order[5] = "abcd";

		for (k = 3, bit = i; k; bit /= k + 1, k--)
			swap(order[k], order[bit % (k + 1)]);
		draw("abcd");
		for (k = 0; k < 4; k++) {
			drop(order[k]);
			KT_EQ(mm_broken(&world.now.mm), NULL);
		}
		LOOKS("....");
		wipe();
		draw("a.b..c.d");
		drop_each(order);
		LOOKS("........");
		wipe();
	}
	return 0;
}

/* A node goes on to another place or allocator as it is. */
static int test_reuse(void)
{
	struct drm_mm other;
	struct drm_mm_node *node;

	draw("a...b...");
	node = node_of('a');
	drm_mm_init(&other, 1000, 10);
	drop('a');
	KT_EQ(drm_mm_insert_node(&other, node, 10), 0);
	KT_EQ(node->start, 1000);
	KT_EQ(node->mm, &other);
	KT_EQ(mm_broken(&other), NULL);
	LOOKS("....b...");
	drm_mm_remove_node(node);
	KT_EQ(put('a', 2, DRM_MM_INSERT_HIGH), 0);
	LOOKS("....b.aa");
	drop('a');
	KT_EQ(reserve('a', 3, 1), 0);
	LOOKS("...ab...");
	expect_empty(&other, 1000, 10);
	drm_mm_takedown(&other);
	wipe();
	return 0;
}

static int test_walk_nodes(void)
{
	struct drm_mm_node *node, *next;
	char seen[NR_NODES + 1];
	unsigned int n = 0;

	draw("..e.ddc..bba");
	drm_mm_for_each_node(node, &world.now.mm)
		seen[n++] = letter_of(node);
	seen[n] = 0;
	KT_CHECK(!strcmp(seen, "edcba"));

	n = 0;
	drm_mm_for_each_node_safe(node, next, &world.now.mm) {
		seen[n++] = letter_of(node);
		if (n % 2)
			drm_mm_remove_node(node);
	}
	seen[n] = 0;
	KT_CHECK(!strcmp(seen, "edcba"));
	LOOKS("....dd...bb.");
	wipe();
	drm_mm_for_each_node(node, &world.now.mm)
		KT_CHECK(!"a node in an empty allocator");
	return 0;
}

/* Newest first, whatever the address. */
static int test_walk_holes(void)
{
	struct drm_mm_node *hole;
	u64 start, end, seen = 0;

	draw("abcdefg");
	drop_each("dbfa");
	LOOKS("..c.e.g");
	drm_mm_for_each_hole(hole, &world.now.mm, start, end) {
		KT_EQ(drm_mm_hole_node_start(hole), start);
		KT_EQ(drm_mm_hole_node_end(hole), end);
		KT_EQ(end - start, hole->hole_size);
		seen = seen * 100 + start * 10 + end;
	}
	KT_EQ(seen, 25634);
	wipe();

	draw("ab");
	drm_mm_for_each_hole(hole, &world.now.mm, start, end)
		KT_CHECK(!"a hole in a full allocator");
	wipe();
	return 0;
}

static char first_in(u64 start, u64 last)
{
	struct drm_mm_node *node;

	node = __drm_mm_interval_first(&world.now.mm, start, last);
	return node == &world.now.mm.head_node ? '-' : letter_of(node);
}

static int test_interval_first(void)
{
	draw_at(10, "..aaa.b.cc..");
	KT_EQ(first_in(10, 11), '-');
	KT_EQ(first_in(10, 12), 'a');
	KT_EQ(first_in(14, 14), 'a');
	KT_EQ(first_in(15, 15), '-');
	KT_EQ(first_in(15, 16), 'b');
	KT_EQ(first_in(17, 100), 'c');
	KT_EQ(first_in(19, 19), 'c');
	KT_EQ(first_in(20, U64_MAX), '-');
	KT_EQ(first_in(0, 9), '-');
	KT_EQ(first_in(0, U64_MAX), 'a');
	wipe();

	draw_at(U64_MAX - 4, "..ab");
	KT_EQ(first_in(U64_MAX - 1, U64_MAX - 1), 'b');
	KT_EQ(first_in(U64_MAX, U64_MAX), '-');
	wipe();
	return 0;
}

static const char *nodes_in(u64 start, u64 end)
{
	static char seen[NR_NODES + 1];
	struct drm_mm_node *node;
	unsigned int n = 0;

	drm_mm_for_each_node_in_range(node, &world.now.mm, start, end)
		seen[n++] = letter_of(node);
	seen[n] = 0;
	return seen;
}

/* Up to the end of the allocator; beyond it the walk does not end. */
static int test_walk_range(void)
{
	draw_at(10, "..aaa.b.cc..");
	KT_CHECK(!strcmp(nodes_in(10, 22), "abc"));
	KT_CHECK(!strcmp(nodes_in(10, 12), ""));
	KT_CHECK(!strcmp(nodes_in(10, 13), "a"));
	KT_CHECK(!strcmp(nodes_in(14, 17), "ab"));
	KT_CHECK(!strcmp(nodes_in(14, 16), "a"));
	KT_CHECK(!strcmp(nodes_in(15, 18), "b"));
	KT_CHECK(!strcmp(nodes_in(16, 19), "bc"));
	KT_CHECK(!strcmp(nodes_in(20, 22), ""));
	KT_CHECK(!strcmp(nodes_in(0, 5), ""));
	wipe();
	draw_at(10, "....");
	KT_CHECK(!strcmp(nodes_in(10, 14), ""));
	wipe();
	return 0;
}

static void keep_text(struct drm_printer *p, const char *text)
{
	char *to = p->arg;
	unsigned long len = strlen(to);

	KT_CHECK(len + strlen(text) < 1000);
	memcpy(to + len, text, strlen(text) + 1);
}

static int test_print(void)
{
	char text[1000] = "";
	struct drm_printer p = { .puts = keep_text, .arg = text };

	draw_at(0x100000000, "...aabb.c");
	drm_mm_print(&world.now.mm, &p);
	KT_CHECK(!strcmp(text,
		 "0x0000000100000000-0x0000000100000003: 3: free\n"
		 "0x0000000100000003-0x0000000100000005: 2: used\n"
		 "0x0000000100000005-0x0000000100000007: 2: used\n"
		 "0x0000000100000007-0x0000000100000008: 1: free\n"
		 "0x0000000100000008-0x0000000100000009: 1: used\n"
		 "total: 9, used 5 free 4\n"));
	wipe();

	text[0] = 0;
	draw_at(1, "a");
	drm_mm_print(&world.now.mm, &p);
	KT_CHECK(!strcmp(text,
		 "0x0000000000000001-0x0000000000000002: 1: used\n"
		 "total: 1, used 1 free 0\n"));
	wipe();

	text[0] = 0;
	drm_mm_init(&world.now.mm, 1, U64_MAX - 1);
	drm_mm_print(&world.now.mm, &p);
	KT_CHECK(!strcmp(text,
		 "0x0000000000000001-0xffffffffffffffff: 18446744073709551614: free\n"
		 "total: 18446744073709551614, used 0 free 18446744073709551614\n"));
	return 0;
}

/* Who sees that a node is not allocated any more may free it. */
static void wait_and_wipe(void *arg)
{
	struct drm_mm_node *node = arg;

	while (smp_load_acquire(&node->flags) & BIT(DRM_MM_NODE_ALLOCATED_BIT))
		host_sched_yield();
	memset(node, 0x6b, sizeof(*node));
}

static int test_remove_ends_with_the_flag(void)
{
	unsigned int round;

	for (round = 0; round < 200; round++) {
		struct thread *other;

		draw("a.bc.");
		other = thread_start(wait_and_wipe, node_of('b'));
		drm_mm_remove_node(node_of('b'));
		thread_join(other);
		memset(node_of('b'), 0, sizeof(*node_of('b')));
		KT_EQ(mm_broken(&world.now.mm), NULL);
		wipe();
	}
	return 0;
}

const char ktest_suite[] = "test_drm_mm";

const struct ktest ktests[] = {
	KTEST(test_init),
	KTEST(test_whole_range),
	KTEST(test_takedown),
	KTEST(test_reserve),
	KTEST(test_reserve_places),
	KTEST(test_reserve_refused),
	KTEST(test_remove),
	KTEST(test_reuse),
	KTEST(test_walk_nodes),
	KTEST(test_walk_holes),
	KTEST(test_interval_first),
	KTEST(test_walk_range),
	KTEST(test_print),
	KTEST(test_remove_ends_with_the_flag),
	{ 0 },
};
