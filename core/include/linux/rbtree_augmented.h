/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * Red-black trees whose nodes carry a value computed from their subtree.
 *
 * The caller keeps the values right on the way down of an insert. From then
 * on three callbacks do: propagate() recomputes from a node up to, and not
 * including, a stop; copy() gives a node the value of the one it replaces;
 * rotate() does the same for a rotation and recomputes the lower node.
 * Removal is inline, so that propagate() and copy() are direct calls.
 */
#ifndef _LINUX_RBTREE_AUGMENTED_H
#define _LINUX_RBTREE_AUGMENTED_H

#include <linux/compiler.h>
#include <linux/rbtree.h>

struct rb_augment_callbacks {
	void (*propagate)(struct rb_node *node, struct rb_node *stop);
	void (*copy)(struct rb_node *old, struct rb_node *new);
	void (*rotate)(struct rb_node *old, struct rb_node *new);
};

#define RB_RED		0UL
#define RB_BLACK	1UL

#define rb_color(node)		((node)->__rb_parent_color & RB_BLACK)
#define rb_is_black(node)	(rb_color(node) == RB_BLACK)
#define rb_is_red(node)		(rb_color(node) == RB_RED)

void __rb_insert_augmented(struct rb_node *node, struct rb_root *root,
			   void (*rotate)(struct rb_node *old,
					  struct rb_node *new));
void __rb_erase_color(struct rb_node *parent, struct rb_root *root,
		      void (*rotate)(struct rb_node *old,
				     struct rb_node *new));

static __always_inline void rb_set_parent_color(struct rb_node *node,
						struct rb_node *parent,
						unsigned long color)
{
	node->__rb_parent_color = (unsigned long)parent | color;
}

/* A new parent, the old colour. */
static __always_inline void rb_set_parent(struct rb_node *node,
					  struct rb_node *parent)
{
	rb_set_parent_color(node, parent, rb_color(node));
}

/* @new stands where @old stood below @parent, which may be NULL: the root. */
static __always_inline void __rb_change_child(struct rb_node *old,
					      struct rb_node *new,
					      struct rb_node *parent,
					      struct rb_root *root)
{
	if (!parent)
		WRITE_ONCE(root->rb_node, new);
	else if (parent->rb_left == old)
		WRITE_ONCE(parent->rb_left, new);
	else
		WRITE_ONCE(parent->rb_right, new);
}

/**
 * rb_insert_augmented() - rb_insert_color() for an augmented tree
 * @node: linked, with every value up to the root brought up to date
 * @root: the tree
 * @augment: the callbacks
 */
static inline void
rb_insert_augmented(struct rb_node *node, struct rb_root *root,
		    const struct rb_augment_callbacks *augment)
{
	__rb_insert_augmented(node, root, augment->rotate);
}

/**
 * rb_insert_augmented_cached() - rb_insert_augmented() for a cached root
 * @node: linked, with every value up to the root brought up to date
 * @root: the tree
 * @leftmost: the descent only ever went left
 * @augment: the callbacks
 */
static inline void
rb_insert_augmented_cached(struct rb_node *node, struct rb_root_cached *root,
			   bool leftmost,
			   const struct rb_augment_callbacks *augment)
{
	if (leftmost)
		root->rb_leftmost = node;
	rb_insert_augmented(node, &root->rb_root, augment);
}

/*
 * Unlink a node with two children: its in-order successor takes its place and
 * colour, and what is lost is a black level where the successor was.
 */
static __always_inline struct rb_node *
__rb_unlink_inner(struct rb_node *node, struct rb_root *root,
		  const struct rb_augment_callbacks *augment)
{
	struct rb_node *right = node->rb_right, *left = node->rb_left;
	struct rb_node *heir = right, *above = NULL, *orphan, *lost = NULL;

	while (heir->rb_left) {
		above = heir;
		heir = heir->rb_left;
	}
	orphan = heir->rb_right;

	if (above) {
		WRITE_ONCE(above->rb_left, orphan);
		WRITE_ONCE(heir->rb_right, right);
		rb_set_parent(right, heir);
		augment->copy(node, heir);
		augment->propagate(above, heir);
	} else {
		above = heir;
		augment->copy(node, heir);
	}
	WRITE_ONCE(heir->rb_left, left);
	rb_set_parent(left, heir);
	__rb_change_child(node, heir, rb_parent(node), root);

	/* An only child is red, and pays for the black node above it. */
	if (orphan)
		rb_set_parent_color(orphan, above, RB_BLACK);
	else if (rb_is_black(heir))
		lost = above;
	heir->__rb_parent_color = node->__rb_parent_color;
	augment->propagate(heir, NULL);
	return lost;
}

/*
 * Unlink a node. Returns the node below which a black level is missing on the
 * side of an empty child, or NULL when the tree is balanced.
 */
static __always_inline struct rb_node *
__rb_erase_augmented(struct rb_node *node, struct rb_root *root,
		     const struct rb_augment_callbacks *augment)
{
	struct rb_node *left = node->rb_left, *child = node->rb_right;
	struct rb_node *parent, *lost = NULL;
	unsigned long word;

	if (left) {
		if (child)
			return __rb_unlink_inner(node, root, augment);
		child = left;
	}

	word = node->__rb_parent_color;
	parent = rb_parent(node);
	__rb_change_child(node, child, parent, root);
	if (child)
		child->__rb_parent_color = word;
	else if (word & RB_BLACK)
		lost = parent;
	augment->propagate(parent, NULL);
	return lost;
}

/**
 * rb_erase_augmented() - rb_erase() for an augmented tree
 * @node: in the tree
 * @root: the tree
 * @augment: the callbacks
 */
static __always_inline void
rb_erase_augmented(struct rb_node *node, struct rb_root *root,
		   const struct rb_augment_callbacks *augment)
{
	struct rb_node *lost = __rb_erase_augmented(node, root, augment);

	if (lost)
		__rb_erase_color(lost, root, augment->rotate);
}

/**
 * rb_erase_augmented_cached() - rb_erase_augmented() for a cached root
 * @node: in the tree
 * @root: the tree
 * @augment: the callbacks
 */
static __always_inline void
rb_erase_augmented_cached(struct rb_node *node, struct rb_root_cached *root,
			  const struct rb_augment_callbacks *augment)
{
	if (node == root->rb_leftmost)
		root->rb_leftmost = rb_next(node);
	rb_erase_augmented(node, &root->rb_root, augment);
}

/**
 * RB_DECLARE_CALLBACKS() - define the callbacks of an augmented tree
 * @RBSTATIC: static or empty
 * @RBNAME: name of the struct rb_augment_callbacks
 * @RBSTRUCT: type of the nodes
 * @RBFIELD: their struct rb_node
 * @RBAUGMENTED: the value
 * @RBCOMPUTE: bool f(RBSTRUCT *node, bool exit): recompute; true if @exit and
 *	nothing changed
 */
#define RB_DECLARE_CALLBACKS(RBSTATIC, RBNAME, RBSTRUCT, RBFIELD,	\
			     RBAUGMENTED, RBCOMPUTE)			\
static inline void RBNAME ## _propagate(struct rb_node *rb,		\
					struct rb_node *stop)		\
{									\
	for (; rb != stop; rb = rb_parent(rb))				\
		if (RBCOMPUTE(rb_entry(rb, RBSTRUCT, RBFIELD), true))	\
			return;						\
}									\
static inline void RBNAME ## _copy(struct rb_node *rb_from,		\
				   struct rb_node *rb_to)		\
{									\
	rb_entry(rb_to, RBSTRUCT, RBFIELD)->RBAUGMENTED =		\
		rb_entry(rb_from, RBSTRUCT, RBFIELD)->RBAUGMENTED;	\
}									\
static void RBNAME ## _rotate(struct rb_node *rb_lower,			\
			      struct rb_node *rb_upper)			\
{									\
	RBNAME ## _copy(rb_lower, rb_upper);				\
	RBCOMPUTE(rb_entry(rb_lower, RBSTRUCT, RBFIELD), false);	\
}									\
RBSTATIC const struct rb_augment_callbacks RBNAME = {			\
	.copy = RBNAME ## _copy,					\
	.rotate = RBNAME ## _rotate,					\
	.propagate = RBNAME ## _propagate,				\
};

/**
 * RB_DECLARE_CALLBACKS_MAX() - callbacks for the maximum of a subtree
 * @RBSTATIC: static or empty
 * @RBNAME: name of the struct rb_augment_callbacks
 * @RBSTRUCT: type of the nodes
 * @RBFIELD: their struct rb_node
 * @RBTYPE: type of the value
 * @RBAUGMENTED: the value
 * @RBCOMPUTE: RBTYPE f(RBSTRUCT *node): what the node itself contributes
 */
#define RB_DECLARE_CALLBACKS_MAX(RBSTATIC, RBNAME, RBSTRUCT, RBFIELD,	\
				 RBTYPE, RBAUGMENTED, RBCOMPUTE)	\
static inline RBTYPE RBNAME ## _above(struct rb_node *rb, RBTYPE max)	\
{									\
	RBTYPE below;							\
									\
	if (!rb)							\
		return max;						\
	below = rb_entry(rb, RBSTRUCT, RBFIELD)->RBAUGMENTED;		\
	return below > max ? below : max;				\
}									\
static inline bool RBNAME ## _compute_max(RBSTRUCT *node, bool exit)	\
{									\
	RBTYPE max = RBCOMPUTE(node);					\
									\
	max = RBNAME ## _above((node)->RBFIELD.rb_left, max);		\
	max = RBNAME ## _above((node)->RBFIELD.rb_right, max);		\
	if (exit && max == (node)->RBAUGMENTED)				\
		return true;						\
	(node)->RBAUGMENTED = max;					\
	return false;							\
}									\
RB_DECLARE_CALLBACKS(RBSTATIC, RBNAME, RBSTRUCT, RBFIELD, RBAUGMENTED,	\
		     RBNAME ## _compute_max)

#endif /* _LINUX_RBTREE_AUGMENTED_H */
