/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * Circular doubly linked lists. No locking here; the marked accesses let
 * list_empty() be asked without the lock, as the kernel allows.
 */
#ifndef _LINUX_LIST_H
#define _LINUX_LIST_H

#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/poison.h>
#include <linux/types.h>

#define LIST_HEAD_INIT(name)	{ &(name), &(name) }
#define LIST_HEAD(name)		struct list_head name = LIST_HEAD_INIT(name)

/**
 * INIT_LIST_HEAD() - make an entry or a head point at itself
 * @head: the entry; it must not be on a list
 */
static inline void INIT_LIST_HEAD(struct list_head *head)
{
	head->prev = head;
	WRITE_ONCE(head->next, head);
}

/* Make @a and @b neighbours; the forward link is what lockless readers see. */
static __always_inline void __list_join(struct list_head *a,
					struct list_head *b)
{
	b->prev = a;
	WRITE_ONCE(a->next, b);
}

/* The new entry is complete before the forward link shows it. */
static __always_inline void __list_add(struct list_head *entry,
				       struct list_head *before,
				       struct list_head *after)
{
	entry->prev = before;
	entry->next = after;
	__list_join(before, entry);
	after->prev = entry;
}

/**
 * list_add_tail() - add an entry before a position, so at the end of a head
 * @entry: what to add
 * @pos: the head, or an entry
 */
static inline void list_add_tail(struct list_head *entry, struct list_head *pos)
{
	__list_add(entry, pos->prev, pos);
}

/**
 * list_add() - add an entry behind a position, so at the start of a head
 * @entry: what to add
 * @pos: the head, or an entry
 */
static inline void list_add(struct list_head *entry, struct list_head *pos)
{
	__list_add(entry, pos, pos->next);
}

/* Take an entry out; its own links stay as they were. */
static inline void __list_del_entry(struct list_head *entry)
{
	__list_join(entry->prev, entry->next);
}

/**
 * list_del_init() - take an entry out and leave it empty
 * @entry: on a list, or empty already
 */
static inline void list_del_init(struct list_head *entry)
{
	__list_del_entry(entry);
	INIT_LIST_HEAD(entry);
}

/**
 * list_del() - take an entry out and poison it
 * @entry: on a list, or empty already
 */
static inline void list_del(struct list_head *entry)
{
	__list_del_entry(entry);
	entry->prev = LIST_POISON2;
	entry->next = LIST_POISON1;
}

/**
 * list_replace() - put another entry in an entry's place
 * @old: on a list; its own links stay as they were
 * @new: on none
 */
static inline void list_replace(struct list_head *old, struct list_head *new)
{
	__list_add(new, old->prev, old->next);
}

/**
 * list_move_tail() - take an entry out and add it before a position
 * @entry: on a list
 * @pos: not @entry
 */
static inline void list_move_tail(struct list_head *entry,
				  struct list_head *pos)
{
	__list_del_entry(entry);
	list_add_tail(entry, pos);
}

/**
 * list_move() - take an entry out and add it behind a position
 * @entry: on a list
 * @pos: not @entry
 */
static inline void list_move(struct list_head *entry, struct list_head *pos)
{
	__list_del_entry(entry);
	list_add(entry, pos);
}

/**
 * list_empty() - does an entry or a head point at itself?
 * @head: initialised
 */
static inline int list_empty(const struct list_head *head)
{
	const struct list_head *first = READ_ONCE(head->next);

	return first == head;
}

/**
 * list_is_last() - is an entry the last one?
 * @entry: on the list of @head
 * @head: the head
 */
static inline int list_is_last(const struct list_head *entry,
			       const struct list_head *head)
{
	return head == entry->next;
}

/**
 * list_is_first() - is an entry the first one?
 * @entry: on the list of @head
 * @head: the head
 */
static inline int list_is_first(const struct list_head *entry,
				const struct list_head *head)
{
	return head == entry->prev;
}

/**
 * list_is_head() - is an entry the head?
 * @entry: on the list of @head, or @head
 * @head: the head
 */
static inline int list_is_head(const struct list_head *entry,
			       const struct list_head *head)
{
	return head == entry;
}

/**
 * list_is_singular() - does a list have exactly one entry?
 * @head: the head
 */
static inline int list_is_singular(const struct list_head *head)
{
	return head->next == head->prev && !list_empty(head);
}

/* Put the entries of a non-empty @from between two neighbours. */
static inline void __list_splice_between(const struct list_head *from,
					 struct list_head *before,
					 struct list_head *after)
{
	struct list_head *head = from->next;
	struct list_head *tail = from->prev;

	__list_join(tail, after);
	__list_join(before, head);
}

/**
 * list_splice() - put a list behind a position
 * @from: head of the list; unusable afterwards unless it was empty
 * @pos: head or entry
 */
static inline void list_splice(const struct list_head *from,
			       struct list_head *pos)
{
	if (list_empty(from))
		return;
	__list_splice_between(from, pos, pos->next);
}

/**
 * list_splice_tail() - put a list before a position
 * @from: head of the list; unusable afterwards unless it was empty
 * @pos: head or entry
 */
static inline void list_splice_tail(const struct list_head *from,
				    struct list_head *pos)
{
	if (list_empty(from))
		return;
	__list_splice_between(from, pos->prev, pos);
}

/**
 * list_splice_init() - list_splice() and leave the source empty
 * @from: head of the list
 * @pos: head or entry
 */
static inline void list_splice_init(struct list_head *from,
				    struct list_head *pos)
{
	list_splice(from, pos);
	INIT_LIST_HEAD(from);
}

/**
 * list_splice_tail_init() - list_splice_tail() and leave the source empty
 * @from: head of the list
 * @pos: head or entry
 */
static inline void list_splice_tail_init(struct list_head *from,
					 struct list_head *pos)
{
	list_splice_tail(from, pos);
	INIT_LIST_HEAD(from);
}

/**
 * list_count_nodes() - how many entries are there?
 * @head: the head
 */
static inline size_t list_count_nodes(const struct list_head *head)
{
	const struct list_head *at;
	size_t n;

	for (n = 0, at = head->next; at != head; at = at->next)
		n++;
	return n;
}

#define list_entry(ptr, type, member)	container_of(ptr, type, member)

/* The entry of the same type as @like that @link is the member of. */
#define __list_like(link, like, member)					\
	list_entry(link, __typeof__(*(like)), member)

#define list_first_entry(head, type, member)				\
	list_entry((head)->next, type, member)
#define list_last_entry(head, type, member)				\
	list_entry((head)->prev, type, member)
#define list_next_entry(entry, member)					\
	__list_like((entry)->member.next, entry, member)
#define list_prev_entry(entry, member)					\
	__list_like((entry)->member.prev, entry, member)

#define list_first_entry_or_null(head, type, member) ({			\
	struct list_head *__list_head = (head);				\
	struct list_head *__list_first = READ_ONCE(__list_head->next);	\
									\
	__list_first == __list_head ? NULL :				\
		list_entry(__list_first, type, member);			\
})

#define list_entry_is_head(entry, head, member)				\
	list_is_head(&(entry)->member, head)

#define list_for_each(link, head)					\
	for (link = (head)->next;					\
	     !list_is_head(link, head); link = (link)->next)

#define list_for_each_safe(link, tmp, head)				\
	for (link = (head)->next, tmp = (link)->next;			\
	     !list_is_head(link, head); link = tmp, tmp = (tmp)->next)

/* From @first, which a caller names, in the direction of @step. */
#define __list_walk(entry, first, step, head, member)			\
	for (first; !list_entry_is_head(entry, head, member);		\
	     entry = step(entry, member))

#define list_for_each_entry(entry, head, member)			\
	__list_walk(entry,						\
		    entry = __list_like((head)->next, entry, member),	\
		    list_next_entry, head, member)

#define list_for_each_entry_reverse(entry, head, member)		\
	__list_walk(entry,						\
		    entry = __list_like((head)->prev, entry, member),	\
		    list_prev_entry, head, member)

#define list_for_each_entry_continue(entry, head, member)		\
	__list_walk(entry, entry = list_next_entry(entry, member),	\
		    list_next_entry, head, member)

#define list_for_each_entry_continue_reverse(entry, head, member)	\
	__list_walk(entry, entry = list_prev_entry(entry, member),	\
		    list_prev_entry, head, member)

#define list_for_each_entry_from(entry, head, member)			\
	__list_walk(entry, (void)0, list_next_entry, head, member)

#define list_for_each_entry_from_reverse(entry, head, member)		\
	__list_walk(entry, (void)0, list_prev_entry, head, member)

/* As above, with the step taken before the body may free the entry. */
#define __list_walk_safe(entry, tmp, first, step, head, member)		\
	for (first, tmp = step(entry, member);				\
	     !list_entry_is_head(entry, head, member);			\
	     entry = tmp, tmp = step(tmp, member))

#define list_for_each_entry_safe(entry, tmp, head, member)		\
	__list_walk_safe(entry, tmp,					\
			 entry = __list_like((head)->next, entry, member), \
			 list_next_entry, head, member)

#define list_for_each_entry_safe_reverse(entry, tmp, head, member)	\
	__list_walk_safe(entry, tmp,					\
			 entry = __list_like((head)->prev, entry, member), \
			 list_prev_entry, head, member)

#define list_for_each_entry_safe_from(entry, tmp, head, member)		\
	__list_walk_safe(entry, tmp, (void)0, list_next_entry, head, member)

#endif /* _LINUX_LIST_H */
