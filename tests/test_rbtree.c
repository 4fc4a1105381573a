// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Red-black trees under random inserts and removals; after each step all that
 * defines one is checked, and the augmented values and the cached leftmost.
 */
#include <linux/rbtree_augmented.h>
#include <linux/types.h>
#include <host/host.h>

#include "check.h"

#define NR		200
#define STEPS		20000

struct item {
	unsigned int key, value, max;
	bool in;
	struct rb_node rb;
};

static struct item items[NR];

static unsigned int item_value(struct item *it)
{
	return it->value;
}

RB_DECLARE_CALLBACKS_MAX(static, item_augment, struct item, rb, unsigned int,
			 max, item_value)

static struct item *to_item(const struct rb_node *rb)
{
	return rb_entry_safe(rb, struct item, rb);
}

static bool item_less(struct rb_node *a, const struct rb_node *b)
{
	return to_item(a)->key < to_item(b)->key;
}

static int item_cmp(const void *key, const struct rb_node *rb)
{
	unsigned int k = *(const unsigned int *)key, have = to_item(rb)->key;

	return k < have ? -1 : k > have;
}

static unsigned int greater(unsigned int max, struct item *below)
{
	return below && below->max > max ? below->max : max;
}

/* The height of a good subtree in black nodes; below 0 for a bad one. */
static int check_subtree(struct rb_node *rb, struct rb_node *parent,
			 bool augmented)
{
	struct item *it = to_item(rb), *left, *right;
	int height;

	if (!rb)
		return 1;
	left = to_item(rb->rb_left);
	right = to_item(rb->rb_right);
	KT_ASSERT(rb_parent(rb) == parent);
	KT_ASSERT(rb_is_black(rb) || (parent && rb_is_black(parent)));
	KT_ASSERT(!left || left->key <= it->key);
	KT_ASSERT(!right || right->key >= it->key);
	KT_ASSERT(!augmented ||
		  it->max == greater(greater(it->value, left), right));
	height = check_subtree(rb->rb_left, rb, augmented);
	KT_ASSERT(height > 0);
	KT_ASSERT(height == check_subtree(rb->rb_right, rb, augmented));
	return height + rb_is_black(rb);
}

/* Both walks see what is in, in order. */
static int check_walks(struct rb_root *root)
{
	unsigned int in = 0, i, last = 0;
	struct rb_node *rb;

	for (i = 0; i < NR; i++)
		in += items[i].in;
	for (i = 0, rb = rb_first(root); rb; rb = rb_next(rb), i++) {
		KT_ASSERT(i < in && to_item(rb)->in);
		KT_ASSERT(to_item(rb)->key >= last);
		last = to_item(rb)->key;
	}
	KT_ASSERT(i == in);
	for (i = 0, rb = rb_last(root); rb; rb = rb_prev(rb), i++) {
		KT_ASSERT(i < in && to_item(rb)->key <= last);
		last = to_item(rb)->key;
	}
	KT_ASSERT(i == in);
	return 0;
}

static void insert_augmented(struct item *new, struct rb_root_cached *root)
{
	struct rb_node **link = &root->rb_root.rb_node, *parent = NULL;
	bool leftmost = true;

	while (*link) {
		struct item *at = to_item(*link);

		parent = *link;
		if (at->max < new->value)
			at->max = new->value;
		if (new->key < at->key) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	new->max = new->value;
	rb_link_node(&new->rb, parent, link);
	rb_insert_augmented_cached(&new->rb, root, leftmost, &item_augment);
}

static void setup(unsigned long *seed, unsigned int keys)
{
	unsigned int i;

	for (i = 0; i < NR; i++) {
		items[i] = (struct item) {
			.key = kt_random(seed) % keys,
			.value = kt_random(seed) % 1000,
		};
		RB_CLEAR_NODE(&items[i].rb);
		KT_CHECK(RB_EMPTY_NODE(&items[i].rb));
		KT_EQ(rb_next(&items[i].rb), NULL);
	}
}

/* Grow for a while, shrink for a while, so that all sizes come by. */
static bool want_in(unsigned int step, unsigned long random)
{
	return random % 8 < (step / (STEPS / 8) % 2 ? 2 : 6);
}

static int torture(unsigned long seed, unsigned int keys, bool augmented)
{
	struct rb_root_cached root = RB_ROOT_CACHED;
	unsigned int step;

	setup(&seed, keys);
	for (step = 0; step < STEPS; step++) {
		struct item *it = &items[kt_random(&seed) % NR];
		bool in = want_in(step, kt_random(&seed) >> 8);

		if (in == it->in)
			continue;
		it->in = in;
		if (in && augmented)
			insert_augmented(it, &root);
		else if (in)
			rb_add_cached(&it->rb, &root, item_less);
		else if (augmented)
			rb_erase_augmented_cached(&it->rb, &root,
						  &item_augment);
		else
			rb_erase_cached(&it->rb, &root);

		KT_ASSERT(check_subtree(root.rb_root.rb_node, NULL, augmented) > 0);
		KT_ASSERT(rb_first_cached(&root) == rb_first(&root.rb_root));
		if (step % 16 == 0)
			KT_ASSERT(!check_walks(&root.rb_root));
	}
	return 0;
}

static int test_cached(void)
{
	KT_ASSERT(!torture(1, 1000000, false));
	KT_ASSERT(!torture(2, 50, false));		/* many equal keys */
	return 0;
}

static int test_augmented(void)
{
	KT_ASSERT(!torture(3, 1000000, true));
	KT_ASSERT(!torture(4, 50, true));
	return 0;
}

/* Equal keys keep the order of their inserts; a removal says what is first. */
static int test_order(void)
{
	struct rb_root_cached root = RB_ROOT_CACHED;
	unsigned int i;

	for (i = 0; i < 5; i++) {
		items[i].key = 7;
		KT_EQ(rb_add_cached(&items[i].rb, &root, item_less),
			 i ? NULL : &items[i].rb);
	}
	for (i = 1; i < 5; i++)
		KT_EQ(rb_prev(&items[i].rb), &items[i - 1].rb);
	KT_EQ(rb_erase_cached(&items[2].rb, &root), NULL);
	KT_EQ(rb_erase_cached(&items[0].rb, &root), &items[1].rb);
	KT_EQ(rb_next(&items[1].rb), &items[3].rb);
	return 0;
}

/* Every node of trees of every size gives its place to a twin. */
static int test_replace(void)
{
	struct rb_root_cached root = RB_ROOT_CACHED;
	unsigned int i, nr = NR / 2;
	unsigned long seed = 5;

	setup(&seed, 1);
	for (i = 0; i < nr; i++) {
		unsigned int at = kt_random(&seed) % (i + 1), twin;

		items[i].key = 2 * i;
		items[i].in = true;
		rb_add_cached(&items[i].rb, &root, item_less);
		twin = items[at].in ? at + nr : at;
		at = items[at].in ? at : at + nr;
		items[twin].key = items[at].key;
		items[twin].in = true;
		items[at].in = false;
		rb_replace_node_cached(&items[at].rb, &items[twin].rb, &root);
		KT_ASSERT(check_subtree(root.rb_root.rb_node, NULL, false) > 0);
		KT_ASSERT(rb_first_cached(&root) == rb_first(&root.rb_root));
		KT_ASSERT(!check_walks(&root.rb_root));
	}
	return 0;
}

static int test_find(void)
{
	struct rb_root root = RB_ROOT;
	unsigned int i, key;

	KT_CHECK(RB_EMPTY_ROOT(&root));
	KT_EQ(rb_first(&root), NULL);
	KT_EQ(rb_last(&root), NULL);
	for (i = 0; i < NR; i++) {
		items[i].key = 2 * (i * 7 % NR);
		rb_add(&items[i].rb, &root, item_less);
	}
	for (key = 0; key < 2 * NR; key++) {
		struct item *it = to_item(rb_find(&key, &root, item_cmp));

		KT_EQ(!it, key % 2);
		KT_CHECK(!it || it->key == key);
	}
	for (i = 0; i < NR; i++)
		rb_erase(&items[i].rb, &root);
	KT_CHECK(RB_EMPTY_ROOT(&root));
	return 0;
}

const char ktest_suite[] = "test_rbtree";

const struct ktest ktests[] = {
	KTEST(test_cached),
	KTEST(test_augmented),
	KTEST(test_order),
	KTEST(test_replace),
	KTEST(test_find),
	{ 0 },
};
