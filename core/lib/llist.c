// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Lock-free singly linked lists: what is not inline. */
#include <linux/llist.h>

/**
 * llist_add_batch() - put a chain of entries in front
 * @first: newest entry of the chain
 * @last: oldest entry of the chain
 * @head: the list
 *
 * One fully ordered cmpxchg when nobody interferes: the chain's contents are
 * seen by whoever takes it.
 *
 * Return: true if the list was empty.
 */
bool llist_add_batch(struct llist_node *first, struct llist_node *last,
		     struct llist_head *head)
{
	struct llist_node *top = READ_ONCE(head->first);

	for (;;) {
		last->next = top;
		if (try_cmpxchg(&head->first, &top, first))
			break;
	}
	return !top;
}

/**
 * llist_reverse_order() - turn a taken list round, so oldest first
 * @node: what llist_del_all() returned
 *
 * Return: the oldest entry, or NULL.
 */
struct llist_node *llist_reverse_order(struct llist_node *node)
{
	struct llist_node *older, *done = NULL;

	for (; node; node = older) {
		older = node->next;
		node->next = done;
		done = node;
	}
	return done;
}
