// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The range allocator: of one that was broken by hand drm_mm_verify() says which
 * invariant does not hold; of a valid one, nothing.
 */
#include "mm_world.h"

/* The largest hole is behind c, the next ones are before and behind. */
#define PICTURE		"..aab.ccc...dde..f"

static struct drm_mm *const mm = &world.now.mm;

/* Beyond the end. */
#define FAR		(1ull << 40)

static void order_of_list(void)
{
	node_of('b')->start = node_of('a')->start - 1;
}

static void link_of_list(void)
{
	node_of('c')->node_list.prev = &node_of('a')->node_list;
}

static void node_into_another(void)
{
	node_of('a')->size = 4;
}

static void node_of_no_size(void)
{
	node_of('a')->size = 0;
	node_of('a')->hole_size = 2;
}

static void node_beyond_the_end(void)
{
	node_of('f')->size = FAR;
}

static void hole_too_small(void)
{
	node_of('a')->hole_size = 1;
}

static void hole_of_head(void)
{
	mm->head_node.hole_size = 3;
}

static void forgotten_hole(void)
{
	node_of('c')->hole_size = 0;
}

static void head_allocated(void)
{
	__set_bit(DRM_MM_NODE_ALLOCATED_BIT, &mm->head_node.flags);
}

static void head_of_another(void)
{
	mm->head_node.mm = NULL;
}

static void hole_not_in_addrs(void)
{
	rb_erase(&node_of('c')->rb_hole_addr, &mm->holes_addr);
}

static void hole_not_in_sizes(void)
{
	rb_erase_cached(&node_of('b')->rb_hole_size, &mm->holes_size);
}

static void hole_not_in_stack(void)
{
	list_del_init(&node_of('c')->hole_stack);
}

static void node_in_addrs(void)
{
	rb_link_node(&node_of('a')->rb_hole_addr, rb_last(&mm->holes_addr),
		     &rb_last(&mm->holes_addr)->rb_right);
}

static void node_in_sizes(void)
{
	struct rb_node *last = rb_last(&mm->holes_size.rb_root);

	rb_link_node(&node_of('a')->rb_hole_size, last, &last->rb_right);
}

static void node_in_stack(void)
{
	list_add_tail(&node_of('a')->hole_stack, &mm->hole_stack);
}

/* The largest hole is no longer the first. */
static void order_of_sizes(void)
{
	struct rb_node *a = &node_of('c')->rb_hole_size;
	struct rb_node *b = &node_of('b')->rb_hole_size;

	rb_replace_node_cached(a, &node_of('z')->rb_hole_size, &mm->holes_size);
	rb_replace_node_cached(b, a, &mm->holes_size);
	rb_replace_node_cached(&node_of('z')->rb_hole_size, b, &mm->holes_size);
}

static void first_of_sizes(void)
{
	mm->holes_size.rb_leftmost = &node_of('b')->rb_hole_size;
}

static void order_of_addrs(void)
{
	struct rb_node *a = &node_of('c')->rb_hole_addr;
	struct rb_node *b = &node_of('b')->rb_hole_addr;

	rb_replace_node(a, &node_of('z')->rb_hole_addr, &mm->holes_addr);
	rb_replace_node(b, a, &mm->holes_addr);
	rb_replace_node(&node_of('z')->rb_hole_addr, b, &mm->holes_addr);
}

static void max_too_small(void)
{
	rb_entry(mm->holes_addr.rb_node, struct drm_mm_node,
		 rb_hole_addr)->subtree_max_hole--;
}

static void max_too_large(void)
{
	node_of('e')->subtree_max_hole = FAR;
}

static void node_not_allocated(void)
{
	__clear_bit(DRM_MM_NODE_ALLOCATED_BIT, &node_of('d')->flags);
}

static void node_of_another(void)
{
	node_of('d')->mm = NULL;
}

static void node_not_in_tree(void)
{
	rb_erase_cached(&node_of('d')->rb, &mm->interval_tree);
}

static void tree_has_more(void)
{
	struct rb_node *last = rb_last(&mm->interval_tree.rb_root);

	rb_link_node(&node_of('z')->rb, last, &last->rb_right);
}

static void first_of_tree(void)
{
	mm->interval_tree.rb_leftmost = &node_of('b')->rb;
}

static void last_too_small(void)
{
	rb_entry(mm->interval_tree.rb_root.rb_node, struct drm_mm_node,
		 rb)->__subtree_last--;
}

static void last_too_large(void)
{
	node_of('a')->__subtree_last = FAR;
}

static void link_of_stack(void)
{
	node_of('c')->hole_stack.prev = &mm->hole_stack;
}

#define BREAKS(invariant, fn)	{ #fn, fn, invariant ":" }

static const struct {
	const char *name;
	void (*fn)(void);
	const char *says;
} broken[] = {
	BREAKS("I1", order_of_list),
	BREAKS("I1", link_of_list),
	BREAKS("I1", node_into_another),
	BREAKS("I2", hole_too_small),
	BREAKS("I2", hole_of_head),
	BREAKS("I2", forgotten_hole),
	BREAKS("I3", head_allocated),
	BREAKS("I3", head_of_another),
	BREAKS("I4", hole_not_in_sizes),
	BREAKS("I4", hole_not_in_stack),
	BREAKS("I4", node_in_addrs),
	BREAKS("I4", node_in_sizes),
	BREAKS("I4", node_in_stack),
	BREAKS("I5", order_of_sizes),
	BREAKS("I5", first_of_sizes),
	BREAKS("I6", hole_not_in_addrs),
	BREAKS("I6", order_of_addrs),
	BREAKS("I6", max_too_small),
	BREAKS("I6", max_too_large),
	BREAKS("I7", node_not_allocated),
	BREAKS("I7", node_of_another),
	BREAKS("I7", node_not_in_tree),
	BREAKS("I7", tree_has_more),
	BREAKS("I7", first_of_tree),
	BREAKS("I7", last_too_small),
	BREAKS("I7", last_too_large),
	BREAKS("I8", link_of_stack),
	BREAKS("I9", node_beyond_the_end),
	BREAKS("I9", node_of_no_size),
};

static int test_verify(void)
{
	unsigned int i;

	draw(PICTURE);
	world.before = world.now;
	for (i = 0; i < ARRAY_SIZE(broken); i++) {
		const char *said;

		broken[i].fn();
		said = drm_mm_verify(mm);
		if (!said || strncmp(said, broken[i].says, 3)) {
			pr_err("%s: %s\n", broken[i].name, said ?: "nothing");
			KT_CHECK(!"not told");
		}
		world.now = world.before;
		KT_EQ(drm_mm_verify(mm), NULL);
	}
	wipe();
	return 0;
}

/* An empty allocator and a full one have their own edges. */
static int test_verify_edges(void)
{
	draw("a");
	KT_EQ(drm_mm_verify(mm), NULL);
	mm->holes_size.rb_leftmost = &node_of('a')->rb_hole_size;
	KT_CHECK(!strncmp(drm_mm_verify(mm), "I5:", 3));
	mm->holes_size.rb_leftmost = NULL;
	list_add(&node_of('a')->hole_stack, &mm->hole_stack);
	KT_CHECK(!strncmp(drm_mm_verify(mm), "I4:", 3));
	INIT_LIST_HEAD(&mm->hole_stack);
	wipe();

	draw("...");
	KT_EQ(drm_mm_verify(mm), NULL);
	mm->interval_tree.rb_leftmost = &node_of('a')->rb;
	KT_CHECK(!strncmp(drm_mm_verify(mm), "I7:", 3));
	mm->interval_tree.rb_leftmost = NULL;
	mm->head_node.size++;
	KT_CHECK(!strncmp(drm_mm_verify(mm), "I2:", 3));
	mm->head_node.size--;
	wipe();
	return 0;
}

/* The trees are stale during a scan; the list is looked at all the same. */
static int test_verify_scan(void)
{
	struct drm_mm_scan scan;

	draw("abc");
	drm_mm_scan_init(&scan, mm, 2, 0, 0, DRM_MM_INSERT_LOW);
	KT_CHECK(!drm_mm_scan_add_block(&scan, node_of('b')));
	KT_EQ(drm_mm_verify(mm), NULL);
	node_of('a')->size = 3;
	KT_CHECK(!strncmp(drm_mm_verify(mm), "I1:", 3));
	node_of('a')->size = 1;
	KT_CHECK(!drm_mm_scan_remove_block(&scan, node_of('b')));
	KT_EQ(drm_mm_verify(mm), NULL);
	wipe();
	return 0;
}

const char ktest_suite[] = "test_drm_mm_verify";

const struct ktest ktests[] = {
	KTEST(test_verify),
	KTEST(test_verify_edges),
	KTEST(test_verify_scan),
	{ 0 },
};
