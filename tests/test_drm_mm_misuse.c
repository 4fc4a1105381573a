// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The range allocator: a debug build says what its caller did wrong, and ends
 * the program where there is no return value to say so. Each misuse is done in
 * a process of its own.
 */
#include "mm_world.h"

#ifndef CONFIG_DRM_DEBUG_MM
#error "compile with -DCONFIG_DRM_DEBUG_MM=1"
#endif

static struct drm_mm *const mm = &world.now.mm;
static struct drm_mm_scan scan;

static void scan_begin(u64 size)
{
	drm_mm_scan_init(&scan, mm, size, 0, 0, DRM_MM_INSERT_LOW);
}

/* "ab..", with a scan that a is in. */
static void scan_open(void)
{
	draw("ab..");
	scan_begin(1);
	drm_mm_scan_add_block(&scan, node_of('a'));
}

static int init_empty(void)
{
	drm_mm_init(mm, 16, 0);
	return 0;
}

static int init_wraps(void)
{
	drm_mm_init(mm, 16, U64_MAX - 15);
	return 0;
}

static int reserve_uninitialised(void)
{
	return drm_mm_reserve_node(mm, node_of('a'));
}

static int insert_uninitialised(void)
{
	return drm_mm_insert_node(mm, node_of('a'), 1);
}

static int reserve_elsewhere(void)
{
	struct drm_mm other;

	draw("a..");
	drm_mm_init(&other, 0, 3);
	return drm_mm_reserve_node(&other, node_of('a'));
}

static int insert_twice(void)
{
	draw("a..");
	return drm_mm_insert_node(mm, node_of('a'), 1);
}

static int insert_range_inverted(void)
{
	draw("...");
	return put_within('a', 1, 2, 1, DRM_MM_INSERT_LOW);
}

/* These are refused, and the process goes on. */
static int reserve_size_0(void)
{
	draw_at(16, "...");
	return reserve('a', 17, 0) != -ENOSPC;
}

static int reserve_wraps(void)
{
	draw_at(16, "...");
	return reserve('a', U64_MAX, 2) != -ENOSPC;
}

static int reserve_outside(void)
{
	draw_at(16, "...");
	return reserve('a', 15, 1) != -ENOSPC;
}

static int reserve_half_outside(void)
{
	draw_at(16, "...");
	return reserve('a', 17, 3) != -ENOSPC;
}

static int reserve_overlaps(void)
{
	draw_at(16, "..a..");
	return reserve('b', 17, 3) != -ENOSPC;
}

static int reserve_twice(void)
{
	draw("a..");
	return drm_mm_reserve_node(mm, node_of('a')) != -ENOSPC;
}

static int insert_size_0(void)
{
	draw("...");
	return put('a', 0, DRM_MM_INSERT_LOW) != -ENOSPC;
}

static int insert_outside(void)
{
	draw_at(16, "...");
	return put_within('a', 1, 32, 48, DRM_MM_INSERT_LOW) != -ENOSPC;
}

static int remove_twice(void)
{
	draw("a..");
	drm_mm_remove_node(node_of('a'));
	drm_mm_remove_node(node_of('a'));
	return 0;
}

static int remove_never_inserted(void)
{
	draw("...");
	drm_mm_remove_node(node_of('a'));
	return 0;
}

static int takedown_dirty(void)
{
	draw_at(16, ".a.bb");
	host_warn_mute(1);
	drm_mm_takedown(mm);
	KT_WARNINGS(1);
	return 0;
}

static int reserve_in_scan(void)
{
	scan_open();
	return reserve('c', 3, 1);
}

static int insert_in_scan(void)
{
	scan_open();
	return put('c', 1, DRM_MM_INSERT_LOW);
}

static int remove_in_scan(void)
{
	scan_open();
	drm_mm_remove_node(node_of('b'));
	return 0;
}

static int remove_scanned(void)
{
	scan_open();
	drm_mm_remove_node(node_of('a'));
	return 0;
}

static int takedown_in_scan(void)
{
	scan_open();
	drm_mm_takedown(mm);
	return 0;
}

static int scan_in_scan(void)
{
	scan_open();
	scan_begin(1);
	return 0;
}

static int color_evict_in_scan(void)
{
	scan_open();
	drm_mm_scan_color_evict(&scan);
	return 0;
}

static int scan_size_0(void)
{
	draw("a");
	scan_begin(0);
	return 0;
}

static int scan_range_empty(void)
{
	draw("a");
	drm_mm_scan_init_with_range(&scan, mm, 1, 0, 0, 1, 1, DRM_MM_INSERT_LOW);
	return 0;
}

static int scan_range_too_small(void)
{
	draw("a");
	drm_mm_scan_init_with_range(&scan, mm, 3, 0, 0, 1, 3, DRM_MM_INSERT_LOW);
	return 0;
}

static int scan_add_of_another(void)
{
	struct drm_mm_node node = { .size = 1 };
	struct drm_mm other;

	draw("a");
	drm_mm_init(&other, 0, 1);
	KT_ASSERT(!drm_mm_reserve_node(&other, &node));
	scan_begin(1);
	drm_mm_scan_add_block(&scan, &node);
	return 0;
}

static int scan_add_removed(void)
{
	draw("ab");
	drop('a');
	scan_begin(1);
	drm_mm_scan_add_block(&scan, node_of('a'));
	return 0;
}

static int scan_add_twice(void)
{
	scan_open();
	drm_mm_scan_add_block(&scan, node_of('a'));
	return 0;
}

static int scan_remove_not_added(void)
{
	scan_open();
	drm_mm_scan_remove_block(&scan, node_of('b'));
	return 0;
}

static int scan_remove_in_order(void)
{
	draw("abc");
	scan_begin(3);
	drm_mm_scan_add_block(&scan, node_of('a'));
	drm_mm_scan_add_block(&scan, node_of('b'));
	drm_mm_scan_remove_block(&scan, node_of('a'));
	return 0;
}

static void keep_hole(const struct drm_mm_node *node, unsigned long color,
		      u64 *start, u64 *end)
{
}

/* The node that was to be evicted was not. */
static int color_evict_too_early(void)
{
	draw("ab");
	mm->color_adjust = keep_hole;
	scan_begin(1);
	drm_mm_scan_add_block(&scan, node_of('a'));
	drm_mm_scan_remove_block(&scan, node_of('a'));
	drm_mm_scan_color_evict(&scan);
	return 0;
}

static int hole_that_is_none(void)
{
	draw("ab");
	return drm_mm_hole_node_start(node_of('a'));
}

/* Somebody has written where he should not. */
static int broken_by_hand(void)
{
	draw("a.b.");
	node_of('b')->hole_size = 2;
	drop('a');
	return 0;
}

static int node_zeroed(void)
{
	draw("a.b.");
	memset(node_of('a'), 0, sizeof(*node_of('a')));
	return put('c', 1, DRM_MM_INSERT_LOW);
}

static int node_poisoned(void)
{
	draw("a.b.");
	memset(node_of('b'), 0x6b, sizeof(*node_of('b')));
	return put('c', 3, DRM_MM_INSERT_LOW);
}

static int links_zeroed(void)
{
	draw("a.b.");
	memset(&node_of('b')->rb, 0, sizeof(node_of('b')->rb));
	drop('a');
	return 0;
}

static int tree_of_sizes_loops(void)
{
	struct rb_node *rb;

	draw("a.b..");
	rb = &node_of('b')->rb_hole_size;
	rb->rb_left = rb;
	return reserve('c', 1, 1);
}

static int tree_of_addresses_loops(void)
{
	struct rb_node *rb;

	draw("a.b..");
	rb = &node_of('b')->rb_hole_addr;
	rb->rb_right = rb;
	scan_begin(1);
	return 0;
}

static int takedown_zeroed(void)
{
	draw("a.b.");
	memset(node_of('b'), 0, sizeof(*node_of('b')));
	drm_mm_takedown(mm);
	return 0;
}

static int takedown_uninitialised(void)
{
	drm_mm_takedown(mm);
	return 0;
}

static int remove_marked_scanned(void)
{
	draw("ab");
	__set_bit(DRM_MM_NODE_SCANNED_BIT, &node_of('a')->flags);
	drop('a');
	return 0;
}

static const struct {
	const char *name;
	int status;
	const char *says;
} misuses[] = {
	{ "init_empty", KTEST_BUG, "init: range [0x10, +0)" },
	{ "init_wraps", KTEST_BUG, "init: range [0x10, +0xfffffffffffffff0)" },
	{ "reserve_uninitialised", KTEST_BUG, "reserve: the allocator is not initialised" },
	{ "insert_uninitialised", KTEST_BUG, "insert: the allocator is not initialised" },
	{ "reserve_elsewhere", KTEST_BUG,
	  "reserve: node [0, 0x1) is allocated in another allocator" },
	{ "insert_twice", KTEST_BUG, "insert: node [0, 0x1) is allocated already" },
	{ "insert_range_inverted", KTEST_BUG, "insert: range [0x2, 0x1)" },
	{ "reserve_size_0", 0, "reserve: size 0 at 0x11" },
	{ "reserve_wraps", 0, "reserve: node [0xffffffffffffffff, 0x1) wraps around" },
	{ "reserve_outside", 0,
	  "reserve: node [0xf, 0x10) is not inside [0x10, 0x13)" },
	{ "reserve_half_outside", 0,
	  "reserve: node [0x11, 0x14) is not inside [0x10, 0x13)" },
	{ "reserve_overlaps", 0, "reserve: node [0x11, 0x14) overlaps [0x12, 0x13)" },
	{ "reserve_twice", 0, "reserve: node [0, 0x1) overlaps [0, 0x1)" },
	{ "insert_size_0", 0, "insert: size 0" },
	{ "insert_outside", 0,
	  "insert: range [0x20, 0x30) is outside of [0x10, 0x13)" },
	{ "remove_twice", KTEST_BUG,
	  "remove: node [0, 0x1) is not allocated: removed twice" },
	{ "remove_never_inserted", KTEST_BUG,
	  "is not allocated: removed twice, or never inserted" },
	{ "takedown_dirty", 0,
	  "takedown: node [0x11, 0x12), color 0, was never removed\n"
	  "drm_mm: takedown: node [0x13, 0x15), color 1, was never removed\n" },
	{ "reserve_in_scan", KTEST_BUG, "reserve: an eviction scan of 1 nodes is open" },
	{ "insert_in_scan", KTEST_BUG, "insert: an eviction scan of 1 nodes is open" },
	{ "remove_in_scan", KTEST_BUG,
	  "remove: node [0x1, 0x2), while an eviction scan of 1 nodes is open" },
	{ "remove_scanned", KTEST_BUG,
	  "remove: node [0, 0x1), while an eviction scan of 1 nodes is open" },
	{ "takedown_in_scan", KTEST_BUG, "takedown: an eviction scan of 1 nodes is open" },
	{ "scan_in_scan", KTEST_BUG, "scan: another scan of 1 nodes is open" },
	{ "color_evict_in_scan", KTEST_BUG, "scan: colour is asked for with 1 nodes left" },
	{ "scan_size_0", KTEST_BUG, "scan: size 0 in [0, 0xffffffffffffffff)" },
	{ "scan_range_empty", KTEST_BUG, "scan: size 0x1 in [0x1, 0x1)" },
	{ "scan_range_too_small", KTEST_BUG, "scan: size 0x3 in [0x1, 0x3)" },
	{ "scan_add_of_another", KTEST_BUG, "scan: node [0, 0x1) is another allocator's" },
	{ "scan_add_removed", KTEST_BUG, "scan: node [0, 0x1) is not allocated" },
	{ "scan_add_twice", KTEST_BUG, "scan: node [0, 0x1) is added twice" },
	{ "scan_remove_not_added", KTEST_BUG, "scan: node [0x1, 0x2) is not in this scan" },
	{ "scan_remove_in_order", KTEST_BUG, "scan: node [0, 0x1) is removed out of order" },
	{ "color_evict_too_early", KTEST_BUG, "scan: no hole at the hit [0, 0x1)" },
	{ "hole_that_is_none", KTEST_BUG, "!hole_node->hole_size" },
	{ "broken_by_hand", KTEST_BUG, "invariant broken: I2: hole_size" },
	{ "node_zeroed", KTEST_BUG, "invariant broken: I1: links of the list" },
	{ "node_poisoned", KTEST_BUG, "invariant broken: I1: links of the list" },
	{ "links_zeroed", KTEST_BUG, "invariant broken: I7: links of interval_tree" },
	{ "tree_of_sizes_loops", KTEST_BUG,
	  "invariant broken: I5: links of holes_size" },
	{ "tree_of_addresses_loops", KTEST_BUG,
	  "invariant broken: I6: links of holes_addr" },
	{ "takedown_zeroed", KTEST_BUG, "invariant broken: I1: links of the list" },
	{ "takedown_uninitialised", KTEST_BUG,
	  "takedown: the allocator is not initialised" },
	{ "remove_marked_scanned", KTEST_BUG, "remove: node [0, 0x1) is in a scan" },
};

static int test_misuse_is_named(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(misuses); i++)
		KT_CHECK(ktest_child_says(misuses[i].name, misuses[i].status,
					  misuses[i].says));
	return 0;
}

const char ktest_suite[] = "test_drm_mm_misuse";

const struct ktest ktests[] = {
	KTEST(test_misuse_is_named),
	KTEST_CHILD(init_empty),
	KTEST_CHILD(init_wraps),
	KTEST_CHILD(reserve_uninitialised),
	KTEST_CHILD(insert_uninitialised),
	KTEST_CHILD(reserve_elsewhere),
	KTEST_CHILD(insert_twice),
	KTEST_CHILD(insert_range_inverted),
	KTEST_CHILD(reserve_size_0),
	KTEST_CHILD(reserve_wraps),
	KTEST_CHILD(reserve_outside),
	KTEST_CHILD(reserve_half_outside),
	KTEST_CHILD(reserve_overlaps),
	KTEST_CHILD(reserve_twice),
	KTEST_CHILD(insert_size_0),
	KTEST_CHILD(insert_outside),
	KTEST_CHILD(remove_twice),
	KTEST_CHILD(remove_never_inserted),
	KTEST_CHILD(takedown_dirty),
	KTEST_CHILD(reserve_in_scan),
	KTEST_CHILD(insert_in_scan),
	KTEST_CHILD(remove_in_scan),
	KTEST_CHILD(remove_scanned),
	KTEST_CHILD(takedown_in_scan),
	KTEST_CHILD(scan_in_scan),
	KTEST_CHILD(color_evict_in_scan),
	KTEST_CHILD(scan_size_0),
	KTEST_CHILD(scan_range_empty),
	KTEST_CHILD(scan_range_too_small),
	KTEST_CHILD(scan_add_of_another),
	KTEST_CHILD(scan_add_removed),
	KTEST_CHILD(scan_add_twice),
	KTEST_CHILD(scan_remove_not_added),
	KTEST_CHILD(scan_remove_in_order),
	KTEST_CHILD(color_evict_too_early),
	KTEST_CHILD(hole_that_is_none),
	KTEST_CHILD(broken_by_hand),
	KTEST_CHILD(node_zeroed),
	KTEST_CHILD(node_poisoned),
	KTEST_CHILD(links_zeroed),
	KTEST_CHILD(tree_of_sizes_loops),
	KTEST_CHILD(tree_of_addresses_loops),
	KTEST_CHILD(takedown_zeroed),
	KTEST_CHILD(takedown_uninitialised),
	KTEST_CHILD(remove_marked_scanned),
	{ 0 },
};
