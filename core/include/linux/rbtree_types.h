/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: dup */
#ifndef _LINUX_RBTREE_TYPES_H
#define _LINUX_RBTREE_TYPES_H

#include <linux/types.h>

/*
 * The parent's address and the colour share a word (bit 0 set: black).
 * Two bits are free because nodes are aligned to a long.
 */
struct rb_node {
	unsigned long __rb_parent_color;
	struct rb_node *rb_right;
	struct rb_node *rb_left;
} __aligned(sizeof(long));

struct rb_root {
	struct rb_node *rb_node;
};

/* A root that remembers its smallest node. */
struct rb_root_cached {
	struct rb_root rb_root;
	struct rb_node *rb_leftmost;
};

#define RB_ROOT		((struct rb_root) { .rb_node = NULL })
#define RB_ROOT_CACHED	((struct rb_root_cached) { .rb_leftmost = NULL })

#endif /* _LINUX_RBTREE_TYPES_H */
