// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Red-black trees: rebalancing and walking.
 *
 * Invariants: a red node has no red child; every way from a node down to an
 * empty child passes the same number of black nodes; the root is black. An
 * insert adds a red leaf and may break the first, a removal the second.
 *
 * Both repairs are written once for a side, which the compiler knows to be
 * left or right wherever they are inlined.
 */
#include <linux/rbtree_augmented.h>

#define LEFT	false
#define RIGHT	true

/* The child pointer on a side; the side is a constant after inlining. */
#define child(node, side)						\
	(*((side) == LEFT ? &(node)->rb_left : &(node)->rb_right))

typedef void (*rotate_fn)(struct rb_node *old, struct rb_node *new);

/*
 * @up, a child of @down on side !@side, takes its place, parent and colour;
 * @down becomes its child on @side, in @color. Returns the subtree between
 * the two, which changes parents: its caller knows its colour.
 */
static __always_inline struct rb_node *lift(struct rb_node *down,
					    struct rb_node *up, bool side,
					    unsigned long color,
					    struct rb_root *root)
{
	struct rb_node *middle = child(up, side);
	struct rb_node *above = rb_parent(down);

	WRITE_ONCE(child(down, !side), middle);
	WRITE_ONCE(child(up, side), down);
	up->__rb_parent_color = down->__rb_parent_color;
	rb_set_parent_color(down, up, color);
	__rb_change_child(down, up, above, root);
	return middle;
}

/*
 * @node and its parent are red, the parent stands on @side of @grand. Returns
 * the node to go on with, which became red, or NULL when all is well.
 */
static __always_inline struct rb_node *
insert_step(struct rb_node *node, struct rb_node *parent,
	    struct rb_node *grand, bool side, struct rb_root *root,
	    rotate_fn augment)
{
	struct rb_node *uncle = child(grand, !side), *middle;

	/* A red uncle: push the grandparent's black down, go on above. */
	if (uncle && rb_is_red(uncle)) {
		rb_set_parent_color(parent, grand, RB_BLACK);
		rb_set_parent_color(uncle, grand, RB_BLACK);
		rb_set_parent_color(grand, rb_parent(grand), RB_RED);
		return grand;
	}

	/* An inner grandchild: make it an outer one. */
	if (child(parent, !side) == node) {
		middle = child(node, side);
		WRITE_ONCE(child(parent, !side), middle);
		WRITE_ONCE(child(node, side), parent);
		if (middle)
			rb_set_parent_color(middle, parent, RB_BLACK);
		rb_set_parent_color(parent, node, RB_RED);
		augment(parent, node);
		parent = node;
	}

	/* An outer one: the parent takes the grandparent's place, black. */
	middle = lift(grand, parent, !side, RB_RED, root);
	if (middle)
		rb_set_parent_color(middle, grand, RB_BLACK);
	augment(grand, parent);
	return NULL;
}

/* A red node's word is its parent's address. */
static __always_inline struct rb_node *red_parent(const struct rb_node *node)
{
	return (struct rb_node *)node->__rb_parent_color;
}

/* Whether a red @node may stand below @parent; the root turns black. */
static __always_inline bool settled(struct rb_node *node,
				    struct rb_node *parent)
{
	if (unlikely(!parent)) {
		rb_set_parent_color(node, NULL, RB_BLACK);
		return true;
	}
	return rb_is_black(parent);
}

/* @node and @parent are red. */
static __always_inline void
insert_repair(struct rb_node *node, struct rb_node *parent,
	      struct rb_root *root, rotate_fn augment)
{
	struct rb_node *grand;

	do {
		/* Red, so not the root. */
		grand = red_parent(parent);
		if (parent == grand->rb_left)
			node = insert_step(node, parent, grand, LEFT, root,
					   augment);
		else
			node = insert_step(node, parent, grand, RIGHT, root,
					   augment);
		if (!node)
			return;
		parent = red_parent(node);
	} while (!settled(node, parent));
}

/* Out of line, so that what is settled at once saves no registers. */
static noinline void insert_repair_rotating(struct rb_node *node,
					    struct rb_node *parent,
					    struct rb_root *root,
					    rotate_fn augment)
{
	insert_repair(node, parent, root, augment);
}

/*
 * The subtree on @side of @parent lacks a black level. Returns the node whose
 * own subtree lacks one now, or NULL when all is well.
 */
static __always_inline struct rb_node *
erase_step(struct rb_node *parent, bool side, struct rb_root *root,
	   rotate_fn augment)
{
	struct rb_node *sibling = child(parent, !side), *near, *far, *middle;

	/* A red sibling: after a rotation its black child is the sibling. */
	if (rb_is_red(sibling)) {
		middle = lift(parent, sibling, side, RB_RED, root);
		rb_set_parent_color(middle, parent, RB_BLACK);
		augment(parent, sibling);
		sibling = middle;
	}

	far = child(sibling, !side);
	if (!far || rb_is_black(far)) {
		near = child(sibling, side);
		/* No red nephew: the other side gives up a level, too. */
		if (!near || rb_is_black(near)) {
			rb_set_parent_color(sibling, parent, RB_RED);
			if (rb_is_black(parent))
				return parent;
			rb_set_parent_color(parent, rb_parent(parent),
					    RB_BLACK);
			return NULL;
		}
		/* A near one: make it the sibling and the old one far. */
		middle = child(near, !side);
		WRITE_ONCE(child(sibling, side), middle);
		WRITE_ONCE(child(near, !side), sibling);
		WRITE_ONCE(child(parent, !side), near);
		if (middle)
			rb_set_parent_color(middle, sibling, RB_BLACK);
		augment(sibling, near);
		far = sibling;
		sibling = near;
	}

	/* A far one: it pays with its colour for the level that is missing. */
	middle = lift(parent, sibling, side, RB_BLACK, root);
	rb_set_parent_color(far, sibling, RB_BLACK);
	if (middle)
		rb_set_parent(middle, parent);
	augment(parent, sibling);
	return NULL;
}

static __always_inline void
erase_repair(struct rb_node *parent, struct rb_root *root, rotate_fn augment)
{
	struct rb_node *node = NULL;

	/* The child that lacks a level is empty at first; its sibling is not. */
	while (parent) {
		if (parent->rb_right != node)
			node = erase_step(parent, LEFT, root, augment);
		else
			node = erase_step(parent, RIGHT, root, augment);
		if (!node)
			return;
		parent = rb_parent(node);
	}
}

static __always_inline void plain_propagate(struct rb_node *node,
					    struct rb_node *stop)
{
}

static __always_inline void plain_pair(struct rb_node *old,
				       struct rb_node *new)
{
}

static const struct rb_augment_callbacks plain = {
	.propagate = plain_propagate,
	.copy = plain_pair,
	.rotate = plain_pair,
};

/**
 * rb_insert_color() - repair the tree after rb_link_node()
 * @node: the node that was linked
 * @root: the tree
 */
void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent = red_parent(node);

	if (!settled(node, parent))
		insert_repair(node, parent, root, plain_pair);
}

/**
 * rb_erase() - take a node out
 * @node: in the tree; its links are left as they were
 * @root: the tree
 */
void rb_erase(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *lost = __rb_erase_augmented(node, root, &plain);

	if (lost)
		erase_repair(lost, root, plain_pair);
}

/**
 * __rb_insert_augmented() - rb_insert_color() that tells of rotations
 * @node: the node that was linked
 * @root: the tree
 * @rotate: called after a rotation with the lower and the upper node
 */
void __rb_insert_augmented(struct rb_node *node, struct rb_root *root,
			   void (*rotate)(struct rb_node *old,
					  struct rb_node *new))
{
	struct rb_node *parent = red_parent(node);

	if (!settled(node, parent))
		insert_repair_rotating(node, parent, root, rotate);
}

/**
 * __rb_erase_color() - restore a black level
 * @parent: as returned by __rb_erase_augmented()
 * @root: the tree
 * @rotate: called after a rotation with the lower and the upper node
 */
void __rb_erase_color(struct rb_node *parent, struct rb_root *root,
		      void (*rotate)(struct rb_node *old,
				     struct rb_node *new))
{
	erase_repair(parent, root, rotate);
}

/* The outermost node on a side of a subtree that is not empty. */
static __always_inline struct rb_node *outermost(struct rb_node *node,
						 bool side)
{
	struct rb_node *next;

	while ((next = child(node, side)))
		node = next;
	return node;
}

/* The neighbour on a side: in the subtree there, or the first ancestor. */
static __always_inline struct rb_node *neighbour(const struct rb_node *node,
						 bool side)
{
	struct rb_node *parent;

	if (RB_EMPTY_NODE(node))
		return NULL;
	if (child(node, side))
		return outermost(child(node, side), !side);
	while ((parent = rb_parent(node)) && child(parent, side) == node)
		node = parent;
	return parent;
}

/**
 * rb_replace_node() - put another node in a node's place
 * @old: in the tree
 * @new: in none, and orders as @old does
 * @root: the tree
 */
void rb_replace_node(struct rb_node *old, struct rb_node *new,
		     struct rb_root *root)
{
	*new = *old;
	if (new->rb_left)
		rb_set_parent(new->rb_left, new);
	if (new->rb_right)
		rb_set_parent(new->rb_right, new);
	__rb_change_child(old, new, rb_parent(old), root);
}

/**
 * rb_first() - the smallest node
 * @root: the tree
 *
 * Return: the node, or NULL.
 */
struct rb_node *rb_first(const struct rb_root *root)
{
	return root->rb_node ? outermost(root->rb_node, LEFT) : NULL;
}

/**
 * rb_last() - the greatest node
 * @root: the tree
 *
 * Return: the node, or NULL.
 */
struct rb_node *rb_last(const struct rb_root *root)
{
	return root->rb_node ? outermost(root->rb_node, RIGHT) : NULL;
}

/**
 * rb_next() - the next greater node
 * @node: in a tree
 *
 * Return: the node, or NULL.
 */
struct rb_node *rb_next(const struct rb_node *node)
{
	return neighbour(node, RIGHT);
}

/**
 * rb_prev() - the next smaller node
 * @node: in a tree
 *
 * Return: the node, or NULL.
 */
struct rb_node *rb_prev(const struct rb_node *node)
{
	return neighbour(node, LEFT);
}
