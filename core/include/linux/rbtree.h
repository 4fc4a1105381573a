/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * Red-black trees after Guibas and Sedgewick, with the order left to the
 * caller: descend, rb_link_node(), rb_insert_color(). No locking here.
 */
#ifndef _LINUX_RBTREE_H
#define _LINUX_RBTREE_H

#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/types.h>
#include <linux/rbtree_types.h>

#define rb_parent(node)							\
	((struct rb_node *)((node)->__rb_parent_color & ~3UL))

#define rb_entry(ptr, type, member)	container_of(ptr, type, member)
#define rb_entry_safe(ptr, type, member) ({				\
	__typeof__(ptr) __rb_ptr = (ptr);				\
									\
	__rb_ptr ? rb_entry(__rb_ptr, type, member) : NULL;		\
})

#define RB_EMPTY_ROOT(root)	(!READ_ONCE((root)->rb_node))

/* A node that is in no tree is its own parent. */
#define RB_EMPTY_NODE(node)						\
	((unsigned long)(node) == (node)->__rb_parent_color)
#define RB_CLEAR_NODE(node)						\
	((node)->__rb_parent_color = (unsigned long)(node))

void rb_insert_color(struct rb_node *node, struct rb_root *root);
void rb_erase(struct rb_node *node, struct rb_root *root);
void rb_replace_node(struct rb_node *old, struct rb_node *new,
		     struct rb_root *root);

struct rb_node *rb_first(const struct rb_root *root);
struct rb_node *rb_last(const struct rb_root *root);
struct rb_node *rb_next(const struct rb_node *node);
struct rb_node *rb_prev(const struct rb_node *node);

/* The smallest node of a struct rb_root_cached, or NULL. */
#define rb_first_cached(root)	((root)->rb_leftmost)

/**
 * rb_link_node() - make a node a red leaf
 * @node: the node
 * @parent: its parent, or NULL for the root
 * @link: the empty child pointer of @parent, or of the root
 *
 * rb_insert_color() or an augmented insert must follow.
 */
static inline void rb_link_node(struct rb_node *node, struct rb_node *parent,
				struct rb_node **link)
{
	node->__rb_parent_color = (unsigned long)parent;
	node->rb_left = NULL;
	node->rb_right = NULL;
	*link = node;
}

/**
 * rb_insert_color_cached() - rb_insert_color() for a cached root
 * @node: linked
 * @root: the tree
 * @leftmost: the descent only ever went left
 */
static inline void rb_insert_color_cached(struct rb_node *node,
					  struct rb_root_cached *root,
					  bool leftmost)
{
	if (leftmost)
		root->rb_leftmost = node;
	rb_insert_color(node, &root->rb_root);
}

/**
 * rb_erase_cached() - rb_erase() for a cached root
 * @node: in the tree
 * @root: the tree
 *
 * Return: the new smallest node if it changed, else NULL.
 */
static inline struct rb_node *rb_erase_cached(struct rb_node *node,
					      struct rb_root_cached *root)
{
	bool smallest = root->rb_leftmost == node;
	struct rb_node *next = smallest ? rb_next(node) : NULL;

	if (smallest)
		root->rb_leftmost = next;
	rb_erase(node, &root->rb_root);
	return next;
}

/**
 * rb_replace_node_cached() - rb_replace_node() for a cached root
 * @old: in the tree
 * @new: in none
 * @root: the tree
 */
static inline void rb_replace_node_cached(struct rb_node *old,
					  struct rb_node *new,
					  struct rb_root_cached *root)
{
	rb_replace_node(old, new, &root->rb_root);
	if (root->rb_leftmost == old)
		root->rb_leftmost = new;
}

/* Descend for rb_add*(): equal goes right. True if only ever to the left. */
static __always_inline bool
__rb_add(struct rb_node *node, struct rb_root *root,
	 bool (*less)(struct rb_node *a, const struct rb_node *b))
{
	struct rb_node **link, *parent = NULL;
	bool leftmost = true;

	for (link = &root->rb_node; *link;) {
		parent = *link;
		if (!less(node, parent)) {
			leftmost = false;
			link = &parent->rb_right;
		} else {
			link = &parent->rb_left;
		}
	}
	rb_link_node(node, parent, link);
	return leftmost;
}

/**
 * rb_add() - insert by order
 * @node: what to insert; behind its equals
 * @root: the tree
 * @less: the order
 */
static __always_inline void rb_add(struct rb_node *node, struct rb_root *root,
				   bool (*less)(struct rb_node *a,
						const struct rb_node *b))
{
	__rb_add(node, root, less);
	rb_insert_color(node, root);
}

/**
 * rb_add_cached() - rb_add() for a cached root
 * @node: what to insert; behind its equals
 * @root: the tree
 * @less: the order
 *
 * Return: @node if it is the smallest now, else NULL.
 */
static __always_inline struct rb_node *
rb_add_cached(struct rb_node *node, struct rb_root_cached *root,
	      bool (*less)(struct rb_node *a, const struct rb_node *b))
{
	bool leftmost = __rb_add(node, &root->rb_root, less);

	rb_insert_color_cached(node, root, leftmost);
	return leftmost ? node : NULL;
}

/**
 * rb_find() - find any node equal to a key
 * @key: passed to @cmp
 * @root: the tree
 * @cmp: below, at or above 0 as the key is less than, equal to or greater
 *
 * Return: the node, or NULL.
 */
static __always_inline struct rb_node *
rb_find(const void *key, const struct rb_root *root,
	int (*cmp)(const void *key, const struct rb_node *node))
{
	struct rb_node *node;
	int order;

	for (node = root->rb_node; node;
	     node = order < 0 ? node->rb_left : node->rb_right) {
		order = cmp(key, node);
		if (!order)
			break;
	}
	return node;
}

#endif /* _LINUX_RBTREE_H */
