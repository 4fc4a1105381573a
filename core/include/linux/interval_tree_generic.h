/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * Interval trees: ordered by start, augmented with the greatest last of the
 * subtree (Cormen et al., Introduction to Algorithms, section 14.3).
 */
#ifndef _LINUX_INTERVAL_TREE_GENERIC_H
#define _LINUX_INTERVAL_TREE_GENERIC_H

#include <linux/rbtree_augmented.h>

/**
 * INTERVAL_TREE_DEFINE() - define an interval tree
 * @ITSTRUCT: type of the nodes
 * @ITRB: their struct rb_node
 * @ITTYPE: type of the ends
 * @ITSUBTREE: the augmented value, an ITTYPE
 * @ITSTART: ITTYPE f(ITSTRUCT *node): first value of the interval
 * @ITLAST: ITTYPE f(ITSTRUCT *node): last value, inclusive
 * @ITSTATIC: static or empty
 * @ITPREFIX: prefix of the functions
 *
 * Defines ITPREFIX_insert(node, root), ITPREFIX_remove(node, root),
 * ITPREFIX_iter_first(root, start, last): the first node, in order, that
 * overlaps [start, last], or NULL; ITPREFIX_iter_next(node, start, last): the
 * next one; and ITPREFIX_augment, the callbacks.
 *
 * subtree_search() is given a subtree whose greatest last reaches start. The
 * leftmost node whose last reaches start lies to the left if the left
 * subtree's greatest last does; if that node starts behind last, all that
 * follow do, so nothing overlaps and the search never backs up.
 */
#define INTERVAL_TREE_DEFINE(ITSTRUCT, ITRB, ITTYPE, ITSUBTREE,		\
			     ITSTART, ITLAST, ITSTATIC, ITPREFIX)	\
									\
RB_DECLARE_CALLBACKS_MAX(static, ITPREFIX ## _augment, ITSTRUCT, ITRB,	\
			 ITTYPE, ITSUBTREE, ITLAST)			\
									\
/* Is there a subtree at @rb, and does it reach @start? */		\
static __always_inline bool						\
ITPREFIX ## _reaches(struct rb_node *rb, ITTYPE start)			\
{									\
	return rb && rb_entry(rb, ITSTRUCT, ITRB)->ITSUBTREE >= start;	\
}									\
									\
ITSTATIC void								\
ITPREFIX ## _insert(ITSTRUCT *node, struct rb_root_cached *root)	\
{									\
	struct rb_node *up = NULL, **slot = &root->rb_root.rb_node;	\
	ITTYPE first = ITSTART(node), end = ITLAST(node);		\
	bool smallest = true;						\
									\
	while (*slot) {							\
		ITSTRUCT *at = rb_entry(*slot, ITSTRUCT, ITRB);		\
									\
		up = *slot;						\
		if (at->ITSUBTREE < end)				\
			at->ITSUBTREE = end;				\
		if (ITSTART(at) > first) {				\
			slot = &up->rb_left;				\
		} else {						\
			slot = &up->rb_right;				\
			smallest = false;				\
		}							\
	}								\
	node->ITSUBTREE = end;						\
	rb_link_node(&node->ITRB, up, slot);				\
	rb_insert_augmented_cached(&node->ITRB, root, smallest,		\
				   &ITPREFIX ## _augment);		\
}									\
									\
ITSTATIC void								\
ITPREFIX ## _remove(ITSTRUCT *node, struct rb_root_cached *root)	\
{									\
	rb_erase_augmented_cached(&node->ITRB, root,			\
				  &ITPREFIX ## _augment);		\
}									\
									\
/* In the subtree at @rb, which reaches @start. */			\
ITSTATIC ITSTRUCT *ITPREFIX ## _subtree_search(struct rb_node *rb,	\
					       ITTYPE start, ITTYPE last) \
{									\
	for (;;) {							\
		ITSTRUCT *at = rb_entry(rb, ITSTRUCT, ITRB);		\
									\
		if (ITPREFIX ## _reaches(rb->rb_left, start)) {		\
			rb = rb->rb_left;				\
			continue;					\
		}							\
		if (ITSTART(at) > last)					\
			return NULL;					\
		if (ITLAST(at) >= start)				\
			return at;					\
		rb = rb->rb_right;					\
		if (!ITPREFIX ## _reaches(rb, start))			\
			return NULL;					\
	}								\
}									\
									\
ITSTATIC ITSTRUCT *ITPREFIX ## _iter_first(struct rb_root_cached *root,	\
					   ITTYPE start, ITTYPE last)	\
{									\
	struct rb_node *top = root->rb_root.rb_node;			\
									\
	if (!ITPREFIX ## _reaches(top, start) ||			\
	    ITSTART(rb_entry(rb_first_cached(root), ITSTRUCT,		\
			     ITRB)) > last)				\
		return NULL;						\
	return ITPREFIX ## _subtree_search(top, start, last);		\
}									\
									\
ITSTATIC ITSTRUCT *ITPREFIX ## _iter_next(ITSTRUCT *node,		\
					  ITTYPE start, ITTYPE last)	\
{									\
	struct rb_node *rb = &node->ITRB, *from;			\
									\
	while (!ITPREFIX ## _reaches(rb->rb_right, start)) {		\
		do {							\
			from = rb;					\
			rb = rb_parent(rb);				\
			if (!rb)					\
				return NULL;				\
		} while (rb->rb_right == from);				\
		node = rb_entry(rb, ITSTRUCT, ITRB);			\
		if (ITSTART(node) > last)				\
			return NULL;					\
		if (ITLAST(node) >= start)				\
			return node;					\
	}								\
	return ITPREFIX ## _subtree_search(rb->rb_right, start, last);	\
}

#endif /* _LINUX_INTERVAL_TREE_GENERIC_H */
