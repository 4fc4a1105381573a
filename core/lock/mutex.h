/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What mutex.c and ww_mutex.c share.
 *
 * The owner word is a task's address and flags in its low bits:
 *
 *	MUTEX_WAITERS	the wait list is not empty; unlock has to look at it
 *	MUTEX_HANDOFF	the first waiter has waited enough: unlock must name
 *			it as the owner instead of freeing the lock
 *	MUTEX_PICKUP	the named owner has not noticed yet
 *
 * WAITERS changes under wait_lock. HANDOFF and PICKUP are never set without a
 * task. Only the task in the word removes it; others change flags alone.
 */
#ifndef _LOCK_MUTEX_H
#define _LOCK_MUTEX_H

#include <linux/mutex.h>
#include <linux/ww_mutex.h>
#include "sched.h"

#define MUTEX_WAITERS	1L
#define MUTEX_HANDOFF	2L
#define MUTEX_PICKUP	4L
#define MUTEX_FLAGS	7L

/**
 * struct mutex_waiter - a task on a wait list
 * @list: link; protected by wait_lock, @ctx's order by stamp
 * @task: the task
 * @ctx: its transaction, or NULL
 */
struct mutex_waiter {
	struct list_head list;
	struct task_struct *task;
	struct ww_acquire_ctx *ctx;
};

static inline struct task_struct *mutex_word_task(long word)
{
	return (struct task_struct *)(word & ~MUTEX_FLAGS);
}

static inline struct task_struct *mutex_owner(struct mutex *lock)
{
	return mutex_word_task(atomic_long_read(&lock->owner));
}

static inline bool mutex_has_waiters(struct mutex *lock)
{
	return atomic_long_read(&lock->owner) & MUTEX_WAITERS;
}

/* Asked without wait_lock by the waiter itself. */
static inline bool mutex_is_first(struct mutex *lock,
				  const struct mutex_waiter *waiter)
{
	return READ_ONCE(lock->wait_list.next) == &waiter->list;
}

/* The fast paths: free and nobody waits; held by the caller, nobody waits. */
static __always_inline bool mutex_lock_fast(struct mutex *lock)
{
	long word = 0;

	return likely(atomic_long_try_cmpxchg_acquire(&lock->owner, &word,
						      (long)current));
}

/*
 * A waiter that leaves has looked at the owner's transaction and drops
 * MUTEX_WAITERS with release ordering. What the owner does to the transaction
 * after it has read that word depends on having read it. ThreadSanitizer does
 * not know such dependencies and is given acquire ordering.
 */
static __always_inline bool mutex_try_release(struct mutex *lock, long *word,
					      long next)
{
	if (KERNEL_TSAN)
		return atomic_long_try_cmpxchg(&lock->owner, word, next);
	return atomic_long_try_cmpxchg_release(&lock->owner, word, next);
}

static __always_inline bool mutex_unlock_fast(struct mutex *lock)
{
	long word = (long)current;

	return likely(mutex_try_release(lock, &word, 0));
}

bool mutex_try(struct mutex *lock);
void mutex_enqueue(struct mutex *lock, struct mutex_waiter *waiter,
		   struct list_head *before);
int mutex_lock_slow(struct mutex *lock, struct ww_acquire_ctx *ctx);

bool ww_may_spin(struct mutex *lock, struct ww_acquire_ctx *ctx,
		 struct mutex_waiter *waiter);
int ww_enqueue(struct mutex *lock, struct mutex_waiter *waiter,
	       struct wake_q *q);
int ww_check_kill(struct mutex *lock, struct mutex_waiter *waiter);
void ww_check_waiters(struct mutex *lock, struct ww_acquire_ctx *ctx,
		      struct wake_q *q);
void ww_acquired(struct mutex *lock, struct ww_acquire_ctx *ctx);
void ww_acquired_unqueued(struct mutex *lock, struct ww_acquire_ctx *ctx);

#endif /* _LOCK_MUTEX_H */
