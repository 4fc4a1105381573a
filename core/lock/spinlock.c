// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Queued spinlocks in one word.
 *
 * The owner sets the locked byte. The first waiter sets the pending byte and
 * spins on the word; those behind it queue, each on a node of its own (Mellor-
 * Crummey and Scott, "Algorithms for scalable synchronization on shared-memory
 * multiprocessors", 1991), and only the first of them looks at the word. The
 * tail is the number of the last one's node. Words by (tail, pending, locked):
 *
 *	0 0 0	free
 *	0 0 1	held
 *	0 1 1	held, one waits
 *	0 1 0	on its way from the owner to the one that waits
 *	n * *	there is a queue; new ones go to its end
 */
#include <linux/cache.h>
#include <linux/spinlock.h>
#include "sched.h"

#define Q_LOCKED	1U
#define Q_PENDING	(1U << 8)
#define Q_TAIL_SHIFT	16

/* Looks at a word on its way before queueing behind it. */
#define Q_PENDING_LOOKS	512

struct spin_node {
	struct spin_node *next;
	int at_head;
} ____cacheline_aligned;

static struct spin_node spin_nodes[TASK_NODES + 1];

/* Wait until the bits of @mask are clear; what their owner did is visible. */
static u32 spin_until_clear(raw_spinlock_t *lock, u32 mask)
{
	unsigned int spins = 0;
	u32 val;

	while ((val = atomic_read_acquire(&lock->val)) & mask)
		spin_wait(&spins);
	return val;
}

/* Become the first waiter and get the lock; false when there is a queue. */
static bool spin_pending(raw_spinlock_t *lock)
{
	u32 val = atomic_read(&lock->val);
	int looks;

	for (looks = 0; val == Q_PENDING && looks < Q_PENDING_LOOKS; looks++) {
		cpu_relax();
		val = atomic_read(&lock->val);
	}
	if (val & ~Q_LOCKED)
		return false;

	val = atomic_fetch_or_acquire(Q_PENDING, &lock->val);
	if (unlikely(val & ~Q_LOCKED)) {
		/* Another one set it first, or it is ours and in the way. */
		if (!(val & Q_PENDING))
			WRITE_ONCE(lock->pending, 0);
		return false;
	}
	spin_until_clear(lock, Q_LOCKED);
	/* Only this task may change the two bytes now. */
	WRITE_ONCE(lock->locked_pending, Q_LOCKED);
	return true;
}

/* Wait behind the node numbered @before until it hands over its place. */
static void spin_wait_behind(struct spin_node *node, unsigned int before)
{
	unsigned int spins = 0;

	/* With the load in spin_pass_head(): node is empty when it is seen. */
	smp_store_release(&spin_nodes[before].next, node);
	/* With the store in spin_pass_head(). */
	while (!smp_load_acquire(&node->at_head))
		spin_wait(&spins);
}

/* Hand the place at the head of the queue to who comes next. */
static void spin_pass_head(struct spin_node *node)
{
	struct spin_node *next;
	unsigned int spins = 0;

	/* With the store in spin_wait_behind(). */
	while (!(next = smp_load_acquire(&node->next)))
		spin_wait(&spins);
	/* With the load in spin_wait_behind(): the lock was seen free before. */
	smp_store_release(&next->at_head, 1);
}

/*
 * For a task that has no node to queue with. It must not set the pending byte
 * either: the head of the queue takes that for somebody who will queue.
 */
static void spin_without_node(raw_spinlock_t *lock)
{
	unsigned int spins = 0;

	while (!_raw_spin_trylock(lock))
		spin_wait(&spins);
}

static void spin_queue(raw_spinlock_t *lock, unsigned int me)
{
	struct spin_node *node = &spin_nodes[me];
	u32 before, val;

	WRITE_ONCE(node->next, NULL);
	WRITE_ONCE(node->at_head, 0);
	/* The node's lines were far away; the lock may be free by now. */
	if (_raw_spin_trylock(lock))
		return;

	before = __atomic_exchange_n(&lock->tail, me, __ATOMIC_ACQ_REL);
	if (before)
		spin_wait_behind(node, before);
	val = spin_until_clear(lock, Q_LOCKED | Q_PENDING);

	/* Alone in the queue: it ends here, unless somebody comes just now. */
	if (val >> Q_TAIL_SHIFT == me) {
		int old = val;

		if (atomic_try_cmpxchg_relaxed(&lock->val, &old, Q_LOCKED))
			return;
	}
	WRITE_ONCE(lock->locked, Q_LOCKED);
	spin_pass_head(node);
}

static noinline void spin_slow(raw_spinlock_t *lock)
{
	unsigned int me = task_node();

	if (unlikely(!me))
		spin_without_node(lock);
	else if (!spin_pending(lock))
		spin_queue(lock, me);
}

/**
 * _raw_spin_lock() - take a spinlock
 * @lock: not held by the caller
 *
 * Free: one RMW with acquire ordering.
 */
void _raw_spin_lock(raw_spinlock_t *lock)
{
	int old = 0;

	preempt_disable();
	if (likely(atomic_try_cmpxchg_acquire(&lock->val, &old, Q_LOCKED)))
		return;
	spin_slow(lock);
}

/**
 * _raw_spin_trylock() - take a spinlock if it is free
 * @lock: the lock
 *
 * Return: 1 when taken, 0 when not.
 */
int _raw_spin_trylock(raw_spinlock_t *lock)
{
	int old = atomic_read(&lock->val);

	if (old)
		return 0;
	return likely(atomic_try_cmpxchg_acquire(&lock->val, &old, Q_LOCKED));
}

/**
 * _raw_spin_unlock() - release a spinlock
 * @lock: held by the caller
 *
 * A store with release ordering of the locked byte; no RMW.
 */
void _raw_spin_unlock(raw_spinlock_t *lock)
{
	/* With the cmpxchg of the fast path, and with spin_until_clear(). */
	smp_store_release(&lock->locked, 0);
	preempt_enable();
}
