// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The queue of those that spin for a sleeping lock: an MCS queue
 * (Mellor-Crummey and Scott, 1991) that one can leave (Scott and Scherer,
 * 2001). Its head is the one that spins on the lock's owner.
 *
 * A node is found through prev by one that is about to leave, and may by then
 * stand in another queue; it must never go away, and its next must only be
 * changed by who finds itself there.
 */
#include <linux/cache.h>
#include <linux/osq_lock.h>
#include "sched.h"

struct osq_node {
	struct osq_node *next;
	struct osq_node *prev;
	int at_head;
} ____cacheline_aligned;

static struct osq_node osq_nodes[TASK_NODES + 1];

static int osq_number(const struct osq_node *node)
{
	return node - osq_nodes;
}

/*
 * Take what stands behind @node out of its next, or make @prev (number 0:
 * nobody) the queue's tail. Whoever empties next first has it: the one that
 * comes next may be leaving too.
 */
static struct osq_node *osq_take_next(struct optimistic_spin_queue *lock,
				      struct osq_node *node, int prev)
{
	unsigned int spins = 0;
	struct osq_node *next;

	for (;;) {
		int me = osq_number(node);

		if (atomic_read(&lock->tail) == me &&
		    atomic_try_cmpxchg(&lock->tail, &me, prev))
			return NULL;
		if (READ_ONCE(node->next)) {
			next = xchg(&node->next, NULL);
			if (next)
				return next;
		}
		spin_wait(&spins);
	}
}

/* Leave the queue; true when the head was passed to @node meanwhile. */
static bool osq_leave(struct optimistic_spin_queue *lock,
		      struct osq_node *node)
{
	struct osq_node *prev, *self, *next;
	unsigned int spins = 0;

	/* Once prev does not know of us it can neither leave nor pass on. */
	for (;;) {
		/* With the store by a prev that leaves: its own prev is whole. */
		prev = smp_load_acquire(&node->prev);
		self = node;
		if (READ_ONCE(prev->next) == node &&
		    try_cmpxchg(&prev->next, &self, NULL))
			break;
		/* With osq_unlock(): what the old head did comes before. */
		if (smp_load_acquire(&node->at_head))
			return true;
		spin_wait(&spins);
	}

	next = osq_take_next(lock, node, osq_number(prev));
	if (next) {
		/* With the load of prev above, should next be leaving. */
		smp_store_release(&next->prev, prev);
		/* After next->prev; with the xchg() of prev's next, which is ordered. */
		smp_store_release(&prev->next, next);
	}
	return false;
}

/**
 * osq_lock() - wait to be the one that spins for a lock
 * @lock: the queue
 *
 * Empty: one fully ordered RMW. Uses the time given by spin_begin().
 *
 * Return: true when the caller is the head and must call osq_unlock(), false
 * when it has spun long enough.
 */
bool osq_lock(struct optimistic_spin_queue *lock)
{
	int me = task_node(), before;
	struct osq_node *node = &osq_nodes[me];

	if (unlikely(!me))
		return false;
	WRITE_ONCE(node->next, NULL);
	WRITE_ONCE(node->at_head, 0);

	before = atomic_xchg(&lock->tail, me);
	if (!before)
		return true;

	WRITE_ONCE(node->prev, &osq_nodes[before]);
	/* With the xchg() in osq_take_next(): who finds node finds it whole. */
	smp_store_release(&osq_nodes[before].next, node);
	/* With osq_unlock(): what the old head did comes before. */
	while (!smp_load_acquire(&node->at_head)) {
		if (need_resched())
			return osq_leave(lock, node);
		cpu_relax();
	}
	return true;
}

/**
 * osq_unlock() - let the next one spin
 * @lock: the queue, whose head is the caller
 *
 * Nobody waits: one RMW with release ordering.
 */
void osq_unlock(struct optimistic_spin_queue *lock)
{
	struct osq_node *node = &osq_nodes[current->node], *next;
	int me = current->node;

	if (likely(atomic_try_cmpxchg_release(&lock->tail, &me,
					      OSQ_UNLOCKED_VAL)))
		return;
	next = osq_take_next(lock, node, OSQ_UNLOCKED_VAL);
	if (!next)
		return;
	/* With the loads of at_head in osq_lock() and osq_leave(). */
	smp_store_release(&next->at_head, 1);
}
