/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * Lock-free singly linked lists (Treiber, 1986): any number of threads add,
 * any number take the whole list; both are one fully ordered read-modify-write
 * when nobody interferes. What was written before an add is seen by who takes the entry.
 */
#ifndef _LINUX_LLIST_H
#define _LINUX_LLIST_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/types.h>

struct llist_node {
	struct llist_node *next;
};

struct llist_head {
	struct llist_node *first;
};

#define LLIST_HEAD_INIT(name)	{ NULL }
#define LLIST_HEAD(name)	struct llist_head name = LLIST_HEAD_INIT(name)

/**
 * init_llist_head() - make a list empty
 * @head: the list; nobody else knows it yet
 */
static inline void init_llist_head(struct llist_head *head)
{
	head->first = NULL;
}

/* A node on no list points at itself. */
static inline void init_llist_node(struct llist_node *node)
{
	node->next = node;
}

static inline bool llist_on_list(const struct llist_node *node)
{
	return node->next != node;
}

bool llist_add_batch(struct llist_node *first, struct llist_node *last,
		     struct llist_head *head);
struct llist_node *llist_reverse_order(struct llist_node *node);

/**
 * llist_add() - put an entry in front
 * @node: on no list; it belongs to whoever takes the list from then on
 * @head: the list
 *
 * Return: true if the list was empty.
 */
static inline bool llist_add(struct llist_node *node, struct llist_head *head)
{
	return llist_add_batch(node, node, head);
}

/**
 * llist_del_all() - take every entry
 * @head: the list
 *
 * Return: the newest entry, or NULL.
 */
static inline struct llist_node *llist_del_all(struct llist_head *head)
{
	return xchg(&head->first, NULL);
}

/**
 * llist_empty() - was the list empty when looked at?
 * @head: the list
 */
static inline bool llist_empty(const struct llist_head *head)
{
	const struct llist_node *first = READ_ONCE(head->first);

	return !first;
}

#define llist_entry(node, type, member)					\
	container_of(node, type, member)

/* Walk what llist_del_all() returned, newest first; the body may free @link. */
#define llist_for_each_safe(link, tmp, node)				\
	for (link = (node); link && ((tmp = (link)->next), true); link = tmp)

/* The same by entries; neither @pos nor what follows it may be freed. */
#define llist_for_each_entry(pos, node, member)				\
	for (struct llist_node *__at = (node);				\
	     __at && ((pos) = llist_entry(__at, __typeof__(*(pos)),	\
					  member), true);		\
	     __at = __at->next)

#endif /* _LINUX_LLIST_H */
