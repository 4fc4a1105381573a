// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Lists and lock-free lists: order, links, and what a removal leaves behind. */
#include <linux/list.h>
#include <linux/llist.h>
#include <host/host.h>

#include "check.h"
#include "thread.h"

#define NR		8

struct item {
	int id;
	struct list_head link;
};

static struct item items[NR];

static void make(struct list_head *head, int first, int n)
{
	int i;

	INIT_LIST_HEAD(head);
	for (i = first; i < first + n; i++) {
		items[i].id = i;
		list_add_tail(&items[i].link, head);
	}
}

/* The ids in order as decimal digits, the same both ways round. */
static unsigned long digits(const struct list_head *head)
{
	unsigned long forward = 0, backward = 0, place = 1;
	struct item *it;

	list_for_each_entry(it, head, link)
		forward = forward * 10 + it->id + 1;
	list_for_each_entry_reverse(it, head, link) {
		backward += (it->id + 1) * place;
		place *= 10;
	}
	KT_EQ(forward, backward);
	return forward;
}

static int test_add(void)
{
	LIST_HEAD(head);

	KT_CHECK(list_empty(&head));
	KT_CHECK(!list_is_singular(&head));
	KT_EQ(list_count_nodes(&head), 0);
	make(&head, 0, 3);
	KT_EQ(digits(&head), 123);
	list_add(&items[3].link, &head);
	items[3].id = 3;
	KT_EQ(digits(&head), 4123);
	KT_EQ(list_count_nodes(&head), 4);
	KT_CHECK(list_is_first(&items[3].link, &head));
	KT_CHECK(list_is_last(&items[2].link, &head));
	KT_CHECK(!list_is_last(&items[1].link, &head));
	KT_CHECK(list_is_head(&head, &head));
	KT_EQ(list_first_entry(&head, struct item, link), &items[3]);
	KT_EQ(list_last_entry(&head, struct item, link), &items[2]);
	KT_EQ(list_next_entry(&items[0], link), &items[1]);
	KT_EQ(list_prev_entry(&items[0], link), &items[3]);
	return 0;
}

static int test_del(void)
{
	struct list_head head;

	make(&head, 0, 4);
	list_del_init(&items[1].link);
	KT_CHECK(list_empty(&items[1].link));
	KT_EQ(digits(&head), 134);
	list_del_init(&items[1].link);
	KT_EQ(digits(&head), 134);

	list_del(&items[2].link);
	KT_EQ(items[2].link.next, LIST_POISON1);
	KT_EQ(items[2].link.prev, LIST_POISON2);
	KT_EQ(digits(&head), 14);

	/* What drm_mm's scan relies on: the links stay, to put it back. */
	__list_del_entry(&items[3].link);
	KT_EQ(items[3].link.prev, &items[0].link);
	KT_EQ(items[3].link.next, &head);
	KT_CHECK(list_is_singular(&head));
	KT_EQ(list_first_entry_or_null(&head, struct item, link), &items[0]);
	list_del_init(&items[0].link);
	KT_EQ(list_first_entry_or_null(&head, struct item, link), NULL);
	return 0;
}

static int test_move(void)
{
	struct list_head a, b;

	make(&a, 0, 3);
	make(&b, 3, 3);
	list_move(&items[1].link, &b);
	KT_EQ(digits(&a), 13);
	KT_EQ(digits(&b), 2456);
	list_move_tail(&items[3].link, &a);
	KT_EQ(digits(&a), 134);
	KT_EQ(digits(&b), 256);
	list_move_tail(&items[0].link, &a);
	KT_EQ(digits(&a), 341);
	items[6].id = 6;
	list_replace(&items[3].link, &items[6].link);
	KT_EQ(digits(&a), 371);
	return 0;
}

static int test_splice(void)
{
	struct list_head a, b, none;

	INIT_LIST_HEAD(&none);
	make(&a, 0, 2);
	make(&b, 2, 2);
	list_splice(&none, &a);
	list_splice_tail(&none, &a);
	KT_EQ(digits(&a), 12);
	list_splice_init(&b, &a);
	KT_EQ(digits(&a), 3412);
	KT_CHECK(list_empty(&b));

	make(&b, 4, 2);
	list_splice_tail_init(&b, &a);
	KT_EQ(digits(&a), 341256);
	KT_CHECK(list_empty(&b));
	list_splice_init(&a, &none);
	KT_EQ(digits(&none), 341256);
	KT_CHECK(list_empty(&a));
	return 0;
}

static int test_walk_safe(void)
{
	struct item *it, *tmp;
	struct list_head head, *pos, *n;
	unsigned long seen = 0;

	make(&head, 0, 5);
	list_for_each_entry_safe(it, tmp, &head, link) {
		if (it->id & 1)
			list_del(&it->link);
	}
	KT_EQ(digits(&head), 135);
	list_for_each_entry_safe_reverse(it, tmp, &head, link) {
		seen = seen * 10 + it->id + 1;
		list_del_init(&it->link);
	}
	KT_EQ(seen, 531);

	make(&head, 0, 5);
	it = &items[2];
	seen = 0;
	list_for_each_entry_continue(it, &head, link)
		seen = seen * 10 + it->id + 1;
	KT_EQ(seen, 45);
	it = &items[2];
	seen = 0;
	list_for_each_entry_continue_reverse(it, &head, link)
		seen = seen * 10 + it->id + 1;
	KT_EQ(seen, 21);
	it = &items[2];
	seen = 45;
	list_for_each_entry_from(it, &head, link)
		seen = seen * 10 + it->id + 1;
	KT_EQ(seen, 45345);
	it = &items[1];
	list_for_each_entry_from_reverse(it, &head, link)
		seen = seen * 10 + it->id + 1;
	KT_EQ(seen, 4534521);
	it = &items[3];
	list_for_each_entry_safe_from(it, tmp, &head, link)
		list_del(&it->link);
	KT_EQ(digits(&head), 123);

	seen = 0;
	list_for_each(pos, &head)
		seen++;
	list_for_each_safe(pos, n, &head)
		list_del(pos);
	KT_EQ(seen, 3);
	KT_CHECK(list_empty(&head));
	return 0;
}

struct lnode {
	int id;
	struct llist_node link;
};

static int test_llist(void)
{
	struct llist_node *at, *next, *all;
	struct lnode node[4];
	LLIST_HEAD(head);
	int i, seen = 0;

	KT_CHECK(llist_empty(&head));
	KT_EQ(llist_del_all(&head), NULL);
	for (i = 0; i < 4; i++) {
		node[i].id = i + 1;
		KT_EQ(llist_add(&node[i].link, &head), i == 0);
	}
	KT_CHECK(!llist_empty(&head));
	all = llist_del_all(&head);
	KT_CHECK(llist_empty(&head));
	llist_for_each_safe(at, next, all)
		seen = seen * 10 + llist_entry(at, struct lnode, link)->id;
	KT_EQ(seen, 4321);
	all = llist_reverse_order(all);
	llist_for_each_safe(at, next, all) {
		seen = seen * 10 + llist_entry(at, struct lnode, link)->id;
		at->next = NULL;
	}
	KT_EQ(seen, 43211234);
	KT_EQ(llist_reverse_order(NULL), NULL);
	return 0;
}

#define ADDS		20000
#define ADDERS		2

static struct {
	struct llist_head head;
	struct lnode node[ADDERS][ADDS];
	int taken, done;
} race;

static void race_take(void)
{
	struct llist_node *at, *next;

	llist_for_each_safe(at, next, llist_del_all(&race.head)) {
		struct lnode *n = llist_entry(at, struct lnode, link);

		/* Written before the add, without any other ordering. */
		KT_EQ(n->id, 1);
		n->id = 2;
		race.taken++;
	}
}

static void race_thread(void *arg, unsigned int i)
{
	int k;

	if (i == ADDERS) {
		while (__atomic_load_n(&race.done, __ATOMIC_ACQUIRE) < ADDERS)
			race_take();
		race_take();
		return;
	}
	for (k = 0; k < ADDS; k++) {
		race.node[i][k].id = 1;
		llist_add(&race.node[i][k].link, &race.head);
	}
	__atomic_add_fetch(&race.done, 1, __ATOMIC_RELEASE);
}

/* Every entry is taken exactly once, with what was written before its add. */
static int test_llist_threads(void)
{
	threads_run(ADDERS + 1, race_thread, NULL);
	KT_EQ(race.taken, ADDERS * ADDS);
	return 0;
}

const char ktest_suite[] = "test_list";

const struct ktest ktests[] = {
	KTEST(test_add),
	KTEST(test_del),
	KTEST(test_move),
	KTEST(test_splice),
	KTEST(test_walk_safe),
	KTEST(test_llist),
	KTEST(test_llist_threads),
	{ 0 },
};
