// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Mutexes: one compare and exchange to lock, one to unlock. A task that finds
 * the mutex held spins while its owner runs, one spinner at a time; else it
 * queues and sleeps. Spinners may overtake sleepers until a sleeper has been
 * woken in vain once: then it asks for the lock to be handed over.
 */
#include <linux/bug.h>
#include "mutex.h"

void __mutex_init(struct mutex *lock, const char *name,
		  struct lock_class_key *key)
{
	atomic_long_set(&lock->owner, 0);
	raw_spin_lock_init(&lock->wait_lock);
	osq_lock_init(&lock->osq);
	INIT_LIST_HEAD(&lock->wait_list);
	lockdep_init_map(&lock->dep_map, name, key, 0);
}

/*
 * Take the lock if it is free or was handed to us. Else, with @ask, have it
 * handed to us; only the first waiter may ask.
 *
 * Return: NULL when taken, or who holds it.
 */
static struct task_struct *mutex_try_or_ask(struct mutex *lock, bool ask)
{
	long word = atomic_long_read(&lock->owner), next;
	struct task_struct *owner;
	bool take;

	do {
		owner = mutex_word_task(word);
		take = !owner || (owner == current && (word & MUTEX_PICKUP));
		if (take)
			next = (word & ~MUTEX_PICKUP) | (long)current;
		else if (ask && !(word & MUTEX_PICKUP))
			next = word | MUTEX_HANDOFF;
		else
			return owner;
		if (next == word)
			return owner;
	} while (!atomic_long_try_cmpxchg_acquire(&lock->owner, &word, next));

	return take ? NULL : owner;
}

/**
 * mutex_try() - take a mutex if it is free
 * @lock: the mutex
 */
bool mutex_try(struct mutex *lock)
{
	return !mutex_try_or_ask(lock, false);
}

/* False when spinning on for @owner would be in vain. */
static bool mutex_spin_on(struct mutex *lock, struct task_struct *owner,
			  struct ww_acquire_ctx *ctx,
			  struct mutex_waiter *waiter)
{
	while (mutex_owner(lock) == owner) {
		if (!task_on_cpu(owner) || need_resched())
			return false;
		if (ctx && !ww_may_spin(lock, ctx, waiter))
			return false;
		cpu_relax();
	}
	return true;
}

/*
 * Spin for the lock. Those that are not on the wait list go one at a time;
 * @waiter, the first on it, does not queue with them.
 */
static bool mutex_spin(struct mutex *lock, struct ww_acquire_ctx *ctx,
		       struct mutex_waiter *waiter)
{
	struct task_struct *owner = mutex_owner(lock);

	if (need_resched() || (owner && !task_on_cpu(owner)))
		return false;
	if (!waiter && !osq_lock(&lock->osq))
		return false;
	do {
		owner = mutex_try_or_ask(lock, false);
		if (!owner)
			break;
	} while (mutex_spin_on(lock, owner, ctx, waiter));
	if (!waiter)
		osq_unlock(&lock->osq);
	return !owner;
}

/**
 * mutex_enqueue() - put a waiter on the wait list
 * @lock: the mutex, with wait_lock held
 * @waiter: the waiter
 * @before: where, the list's head for its end
 *
 * Fully ordered: unlock sees the flag, or the waiter sees it unlocked.
 */
void mutex_enqueue(struct mutex *lock, struct mutex_waiter *waiter,
		   struct list_head *before)
{
	list_add_tail(&waiter->list, before);
	if (mutex_is_first(lock, waiter))
		atomic_long_fetch_or(MUTEX_WAITERS, &lock->owner);
}

/* The last waiter to leave takes all flags along, its own request included. */
static void mutex_dequeue(struct mutex *lock, struct mutex_waiter *waiter)
{
	list_del(&waiter->list);
	if (list_empty(&lock->wait_list))
		atomic_long_fetch_and_release(~MUTEX_FLAGS, &lock->owner);
}

/*
 * Sleep until the lock is ours or the transaction has to back off; wait_lock
 * is held on entry and on return.
 */
static int mutex_wait(struct mutex *lock, struct mutex_waiter *waiter,
		      struct wake_q *q)
{
	struct ww_acquire_ctx *ctx = waiter->ctx;
	bool taken, first;
	int err = 0;

	for (;;) {
		/* From here on a wake-up is not lost. */
		set_current_state(TASK_UNINTERRUPTIBLE);
		taken = mutex_try(lock);
		if (!taken && ctx)
			err = ww_check_kill(lock, waiter);
		if (taken || err)
			break;

		raw_spin_unlock(&lock->wait_lock);
		wake_up_q(q);
		schedule();

		first = mutex_is_first(lock, waiter);
		taken = !mutex_try_or_ask(lock, first) ||
			(first && mutex_spin(lock, ctx, waiter));
		raw_spin_lock(&lock->wait_lock);
		if (taken)
			break;
	}
	__set_current_state(TASK_RUNNING);

	/* The lock was taken past others, who may want this one wounded. */
	if (!err && ctx && !ctx->is_wait_die && !mutex_is_first(lock, waiter))
		ww_check_waiters(lock, ctx, q);
	return err;
}

/**
 * mutex_lock_slow() - take a mutex that was not free
 * @lock: the mutex
 * @ctx: transaction, or NULL
 *
 * Return: 0, or -EDEADLK with @ctx.
 */
noinline int mutex_lock_slow(struct mutex *lock, struct ww_acquire_ctx *ctx)
{
	struct mutex_waiter waiter = { .task = current, .ctx = ctx };
	struct wake_q q = { .nr = 0 };
	int err = 0;

	spin_begin();
	if (mutex_try(lock) ||
	    ((!ctx || ww_may_spin(lock, ctx, NULL)) &&
	     mutex_spin(lock, ctx, NULL))) {
		if (ctx)
			ww_acquired_unqueued(lock, ctx);
		return 0;
	}

	raw_spin_lock(&lock->wait_lock);
	if (mutex_try(lock)) {
		if (ctx)
			ww_check_waiters(lock, ctx, &q);
		goto acquired;
	}
	if (ctx)
		err = ww_enqueue(lock, &waiter, &q);
	else
		mutex_enqueue(lock, &waiter, &lock->wait_list);
	if (err)
		goto unlock;
	err = mutex_wait(lock, &waiter, &q);
	mutex_dequeue(lock, &waiter);
	if (err)
		goto unlock;
acquired:
	if (ctx)
		ww_acquired(lock, ctx);
unlock:
	raw_spin_unlock(&lock->wait_lock);
	wake_up_q(&q);
	return err;
}

/* Name @task the owner; nobody, if the one that asked has gone. */
static void mutex_hand_over(struct mutex *lock, struct task_struct *task)
{
	long word = atomic_long_read(&lock->owner), next;

	do {
		next = word & MUTEX_WAITERS;
		if (task)
			next |= (long)task | MUTEX_PICKUP;
	} while (!atomic_long_try_cmpxchg_release(&lock->owner, &word, next));
}

/* Free the lock unless it is to be handed over; false: nobody waits. */
static bool mutex_release_word(struct mutex *lock, long *word)
{
	*word = atomic_long_read(&lock->owner);
	while (!(*word & MUTEX_HANDOFF)) {
		if (mutex_try_release(lock, word, *word & MUTEX_FLAGS))
			return *word & MUTEX_WAITERS;
	}
	return true;
}

static noinline void mutex_unlock_slow(struct mutex *lock)
{
	struct task_struct *task = NULL;
	struct wake_q q = { .nr = 0 };
	struct mutex_waiter *first;
	long word;

	if (!mutex_release_word(lock, &word))
		return;
	raw_spin_lock(&lock->wait_lock);
	first = list_first_entry_or_null(&lock->wait_list,
					 struct mutex_waiter, list);
	if (first) {
		task = first->task;
		wake_q_add(&q, task);
	}
	if (word & MUTEX_HANDOFF)
		mutex_hand_over(lock, task);
	raw_spin_unlock(&lock->wait_lock);
	wake_up_q(&q);
}

/**
 * mutex_lock() - take a mutex, sleeping if need be
 * @lock: not held by the caller
 *
 * Free: one RMW with acquire ordering.
 */
void mutex_lock(struct mutex *lock)
{
	might_sleep();
	lock_acquire(&lock->dep_map, NULL, 0);
	if (!mutex_lock_fast(lock))
		mutex_lock_slow(lock, NULL);
}

/**
 * mutex_lock_interruptible() - mutex_lock(); there are no signals here
 * @lock: not held by the caller
 *
 * Return: 0.
 */
int mutex_lock_interruptible(struct mutex *lock)
{
	mutex_lock(lock);
	return 0;
}

/**
 * mutex_lock_killable() - mutex_lock(); there are no signals here
 * @lock: not held by the caller
 *
 * Return: 0.
 */
int mutex_lock_killable(struct mutex *lock)
{
	mutex_lock(lock);
	return 0;
}

/**
 * mutex_trylock() - take a mutex if it is free
 * @lock: the mutex
 *
 * Return: 1 when taken, 0 when not.
 */
int mutex_trylock(struct mutex *lock)
{
	bool taken = mutex_try(lock);

	if (taken)
		lock_acquire(&lock->dep_map, NULL, LOCK_TRY);
	return taken;
}

/**
 * mutex_unlock() - release a mutex
 * @lock: held by the caller; must not go away before this returns, even if
 *	another task can take it by then
 *
 * Nobody waits: one RMW with release ordering.
 */
void mutex_unlock(struct mutex *lock)
{
	lock_release(&lock->dep_map);
	if (!mutex_unlock_fast(lock))
		mutex_unlock_slow(lock);
}

/**
 * mutex_is_locked() - does somebody hold a mutex?
 * @lock: the mutex
 */
bool mutex_is_locked(struct mutex *lock)
{
	return mutex_owner(lock);
}

/**
 * atomic_dec_and_mutex_lock() - decrement, to zero only under a mutex
 * @cnt: the counter, above zero
 * @lock: not touched unless the counter may become zero
 *
 * Return: 1 with @lock held when the counter became zero; else 0.
 */
int atomic_dec_and_mutex_lock(atomic_t *cnt, struct mutex *lock)
{
	int was = atomic_read(cnt);

	while (was != 1) {
		if (atomic_try_cmpxchg(cnt, &was, was - 1))
			return 0;
	}
	mutex_lock(lock);
	if (atomic_dec_and_test(cnt))
		return 1;
	mutex_unlock(lock);
	return 0;
}

#ifdef CONFIG_DEBUG_MUTEXES
/**
 * mutex_destroy() - say that a mutex is not used any more
 * @lock: the mutex, which must be free
 */
void mutex_destroy(struct mutex *lock)
{
	WARN(mutex_is_locked(lock), "mutex %s destroyed while held",
	     lock->dep_map.name);
}
#endif
