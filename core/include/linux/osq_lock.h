/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
#ifndef _LINUX_OSQ_LOCK_H
#define _LINUX_OSQ_LOCK_H

#include <linux/atomic.h>
#include <linux/types.h>

#define OSQ_UNLOCKED_VAL	0

/**
 * struct optimistic_spin_queue - tasks that spin for a sleeping lock
 * @tail: number of the last spinner's node, OSQ_UNLOCKED_VAL when there is
 *	none
 */
struct optimistic_spin_queue {
	atomic_t tail;
};

#define OSQ_LOCK_UNLOCKED	{ ATOMIC_INIT(OSQ_UNLOCKED_VAL) }

/**
 * osq_lock_init() - make a queue empty
 * @lock: the queue; nobody else knows it yet
 */
static inline void osq_lock_init(struct optimistic_spin_queue *lock)
{
	atomic_set(&lock->tail, OSQ_UNLOCKED_VAL);
}

/**
 * osq_is_locked() - does anybody spin?
 * @lock: the queue
 */
static inline bool osq_is_locked(struct optimistic_spin_queue *lock)
{
	return atomic_read(&lock->tail) != OSQ_UNLOCKED_VAL;
}

bool osq_lock(struct optimistic_spin_queue *lock);
void osq_unlock(struct optimistic_spin_queue *lock);

#endif /* _LINUX_OSQ_LOCK_H */
