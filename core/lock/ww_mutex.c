// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Wait-die and wound-wait (Rosenkrantz, Stearns and Lewis, "System level
 * concurrency control for distributed database systems", 1978) over mutexes.
 *
 * Waiters that are transactions stand on the wait list by age, oldest first;
 * those that are not stand between them in the order of their coming. A lock
 * and its transaction are two words, so who takes a lock on the fast path may
 * miss a waiter that comes just then, and the waiter may miss the holder's
 * transaction. A full barrier on either side lets one of them see the other:
 *
 *	holder				waiter
 *	ww->ctx = ctx			owner |= MUTEX_WAITERS
 *	full barrier			full barrier
 *	reads owner: MUTEX_WAITERS?	reads ww->ctx
 *
 * A transaction that is named by ww->ctx or by a waiter cannot end while
 * wait_lock is held and MUTEX_WAITERS is set: its unlock, or its waiting, has
 * to take wait_lock first. The last waiter to leave clears the flag when it has
 * looked for the last time.
 */
#include <linux/bug.h>
#include <linux/container_of.h>
#include "mutex.h"

static struct ww_mutex *ww_of(struct mutex *lock)
{
	return container_of(lock, struct ww_mutex, base);
}

static struct ww_acquire_ctx *ww_holder(struct mutex *lock)
{
	/* With ww_set_holder(): the transaction's stamp is there. */
	return smp_load_acquire(&ww_of(lock)->ctx);
}

/* Stamps wrap around. */
static bool ww_younger(const struct ww_acquire_ctx *a,
		       const struct ww_acquire_ctx *b)
{
	return (long)(a->stamp - b->stamp) > 0;
}

#ifdef CONFIG_DEBUG_MUTEXES

static void ww_debug_acquired(struct ww_mutex *ww, struct ww_acquire_ctx *ctx)
{
	struct ww_mutex *contended = ctx->contending_lock;

	WARN(ww->ww_class != ctx->ww_class,
	     "%s taken by a transaction of another class",
	     ww->ww_class->mutex_name);
	WARN(ctx->done_acquire, "%s taken after ww_acquire_done()",
	     ww->ww_class->mutex_name);
	WARN(contended && (contended != ww || ctx->acquired),
	     "%s taken instead of the lock that was contended",
	     ww->ww_class->mutex_name);
	ctx->contending_lock = NULL;
}

static void ww_debug_backoff(struct ww_mutex *ww, struct ww_acquire_ctx *ctx)
{
	ctx->contending_lock = ww;
}

static void ww_debug_unlock(struct ww_mutex *ww, struct ww_acquire_ctx *ctx)
{
	WARN(ctx && !ctx->acquired, "%s released twice",
	     ww->ww_class->mutex_name);
}

/**
 * ww_acquire_done() - say that no more locks will be taken
 * @ctx: the transaction
 */
void ww_acquire_done(struct ww_acquire_ctx *ctx)
{
	WARN(ctx->done_acquire, "%s() twice", __func__);
	ctx->done_acquire = 1;
}

/**
 * ww_acquire_fini() - end a transaction
 * @ctx: the transaction, which holds no lock any more
 */
void ww_acquire_fini(struct ww_acquire_ctx *ctx)
{
	WARN(ctx->acquired, "transaction ended with %u locks held",
	     ctx->acquired);
}

/**
 * ww_mutex_check_slow() - the rules of ww_mutex_lock_slow()
 * @ww: the lock about to be taken
 * @ctx: the transaction
 */
void ww_mutex_check_slow(struct ww_mutex *ww, struct ww_acquire_ctx *ctx)
{
	WARN(!ctx->contending_lock, "%s: nothing was contended",
	     ww->ww_class->mutex_name);
	WARN(ctx->acquired, "%s: %u locks still held after -EDEADLK",
	     ww->ww_class->mutex_name, ctx->acquired);
}

#else

static inline void ww_debug_acquired(struct ww_mutex *ww,
				     struct ww_acquire_ctx *ctx)
{
}

static inline void ww_debug_backoff(struct ww_mutex *ww,
				    struct ww_acquire_ctx *ctx)
{
}

static inline void ww_debug_unlock(struct ww_mutex *ww,
				   struct ww_acquire_ctx *ctx)
{
}

#endif

static __always_inline void ww_set_holder(struct mutex *lock,
					  struct ww_acquire_ctx *ctx)
{
	struct ww_mutex *ww = ww_of(lock);

	ww_debug_acquired(ww, ctx);
	ctx->acquired++;
	/* With ww_holder(). */
	smp_store_release(&ww->ctx, ctx);
}

/**
 * ww_acquired() - make a transaction the holder
 * @lock: the mutex, just taken, with wait_lock held
 * @ctx: the transaction
 */
void ww_acquired(struct mutex *lock, struct ww_acquire_ctx *ctx)
{
	ww_set_holder(lock, ctx);
}

static noinline void ww_wake_waiters(struct mutex *lock,
				     struct ww_acquire_ctx *ctx)
{
	struct wake_q q = { .nr = 0 };

	raw_spin_lock(&lock->wait_lock);
	ww_check_waiters(lock, ctx, &q);
	raw_spin_unlock(&lock->wait_lock);
	wake_up_q(&q);
}

/* The holder's side of the barrier pair; a read when nobody waits. */
static __always_inline void ww_set_holder_fast(struct mutex *lock,
					       struct ww_acquire_ctx *ctx)
{
	ww_set_holder(lock, ctx);
	/* ww->ctx before owner; with the barrier in ww_enqueue(). */
	smp_mb();
	if (unlikely(mutex_has_waiters(lock)))
		ww_wake_waiters(lock, ctx);
}

/**
 * ww_acquired_unqueued() - ww_acquired() for a lock taken without wait_lock
 * @lock: the mutex, just taken
 * @ctx: the transaction
 */
void ww_acquired_unqueued(struct mutex *lock, struct ww_acquire_ctx *ctx)
{
	ww_set_holder_fast(lock, ctx);
}

/* Wait-die: a younger waiter that holds locks finds @ctx before it. */
static void ww_die(struct mutex_waiter *waiter, struct ww_acquire_ctx *ctx,
		   struct wake_q *q)
{
	if (waiter->ctx->acquired && ww_younger(waiter->ctx, ctx))
		wake_q_add(q, waiter->task);
}

/*
 * Wound-wait: @ctx waits, holding locks, for the younger @holder. The holder
 * sees it when it next has to wait, or is woken where it waits already.
 */
static bool ww_wound(struct mutex *lock, struct ww_acquire_ctx *ctx,
		     struct ww_acquire_ctx *holder, struct wake_q *q)
{
	struct task_struct *owner = mutex_owner(lock);

	if (!holder || !owner || !ctx->acquired || !ww_younger(holder, ctx))
		return false;
	WRITE_ONCE(holder->wounded, 1);
	if (owner != current)
		wake_q_add(q, owner);
	return true;
}

/**
 * ww_check_waiters() - apply the algorithm between a new holder and waiters
 * @lock: the mutex, with wait_lock held
 * @ctx: the holder's transaction
 * @q: who is to be woken
 *
 * Wait-die: the first waiter with a transaction is enough, since those behind
 * it are younger still and, holding locks, died of it. Wound-wait: one wound
 * is enough, but the older waiters in front may hold nothing.
 */
void ww_check_waiters(struct mutex *lock, struct ww_acquire_ctx *ctx,
		      struct wake_q *q)
{
	struct mutex_waiter *waiter;

	list_for_each_entry(waiter, &lock->wait_list, list) {
		if (!waiter->ctx || waiter->ctx == ctx)
			continue;
		if (ctx->is_wait_die) {
			ww_die(waiter, ctx, q);
			break;
		}
		if (ww_wound(lock, waiter->ctx, ctx, q))
			break;
	}
}

/**
 * ww_may_spin() - may a transaction spin for a lock?
 * @lock: the mutex
 * @ctx: the transaction
 * @waiter: where it stands on the wait list, or NULL
 *
 * Not when it holds locks and the owner is a transaction: a deadlock would
 * pass unseen. Not past waiters, who may be older, and not as a waiter when an
 * older one has come.
 */
bool ww_may_spin(struct mutex *lock, struct ww_acquire_ctx *ctx,
		 struct mutex_waiter *waiter)
{
	if (ctx->acquired && READ_ONCE(ww_of(lock)->ctx))
		return false;
	if (waiter)
		return mutex_is_first(lock, waiter);
	return !mutex_has_waiters(lock);
}

/**
 * ww_enqueue() - put a transaction on the wait list
 * @lock: the mutex, with wait_lock held
 * @waiter: the transaction's waiter
 * @q: who is to be woken
 *
 * Return: 0, or -EDEADLK when it must not wait at all.
 */
int ww_enqueue(struct mutex *lock, struct mutex_waiter *waiter,
	       struct wake_q *q)
{
	struct list_head *before = &lock->wait_list;
	struct ww_acquire_ctx *ctx = waiter->ctx;
	struct mutex_waiter *other;

	list_for_each_entry_reverse(other, &lock->wait_list, list) {
		if (!other->ctx)
			continue;
		if (ww_younger(ctx, other->ctx)) {
			if (!ctx->is_wait_die || !ctx->acquired)
				break;
			ww_debug_backoff(ww_of(lock), ctx);
			return -EDEADLK;
		}
		before = &other->list;
		if (ctx->is_wait_die)
			ww_die(other, ctx, q);
	}
	mutex_enqueue(lock, waiter, before);

	if (!ctx->is_wait_die) {
		/* MUTEX_WAITERS before ww->ctx; with ww_set_holder_fast(). */
		smp_mb();
		ww_wound(lock, ctx, ww_holder(lock), q);
	}
	return 0;
}

/* Wait-die: is an older transaction the holder, or any one ahead? */
static bool ww_must_die(struct mutex *lock, struct mutex_waiter *waiter)
{
	struct ww_acquire_ctx *holder = ww_holder(lock);
	struct mutex_waiter *other;

	if (holder && ww_younger(waiter->ctx, holder))
		return true;
	list_for_each_entry(other, &lock->wait_list, list) {
		if (other->ctx)
			break;
	}
	return other != waiter;
}

/**
 * ww_check_kill() - does a waiting transaction have to back off?
 * @lock: the mutex, with wait_lock held
 * @waiter: the transaction's waiter, on the wait list
 *
 * Return: 0 to wait on, or -EDEADLK. One that holds no lock may always wait.
 */
int ww_check_kill(struct mutex *lock, struct mutex_waiter *waiter)
{
	struct ww_acquire_ctx *ctx = waiter->ctx;
	bool kill;

	if (!ctx->acquired)
		return 0;
	if (ctx->is_wait_die)
		kill = ww_must_die(lock, waiter);
	else
		kill = READ_ONCE(ctx->wounded);
	if (!kill)
		return 0;
	ww_debug_backoff(ww_of(lock), ctx);
	return -EDEADLK;
}

/* Nothing held: nothing that an old wound could release. */
static void ww_forget_wound(struct ww_acquire_ctx *ctx)
{
	if (!ctx->acquired)
		WRITE_ONCE(ctx->wounded, 0);
}

static noinline int ww_lock_slow(struct ww_mutex *ww,
				 struct ww_acquire_ctx *ctx)
{
	int err;

	if (ctx) {
		if (READ_ONCE(ww->ctx) == ctx)
			return -EALREADY;
		ww_forget_wound(ctx);
	}
	lock_acquire(&ww->base.dep_map, ctx, LOCK_WW);
	err = mutex_lock_slow(&ww->base, ctx);
	if (err)
		lock_release(&ww->base.dep_map);
	return err;
}

/**
 * ww_mutex_lock() - take a mutex of a class
 * @ww: the mutex
 * @ctx: transaction, or NULL to take it as any other mutex
 *
 * Free: one RMW with acquire ordering; with @ctx also a full barrier and a
 * read.
 *
 * Return: 0. With @ctx also -EALREADY, when @ctx holds @ww, and -EDEADLK,
 * when @ctx has to release all its locks, take @ww with ww_mutex_lock_slow()
 * and start again.
 */
int ww_mutex_lock(struct ww_mutex *ww, struct ww_acquire_ctx *ctx)
{
	might_sleep();
	if (!mutex_lock_fast(&ww->base))
		return ww_lock_slow(ww, ctx);
	lock_acquire(&ww->base.dep_map, ctx, LOCK_WW);
	if (ctx)
		ww_set_holder_fast(&ww->base, ctx);
	return 0;
}

/**
 * ww_mutex_lock_interruptible() - ww_mutex_lock(); there are no signals here
 * @ww: the mutex
 * @ctx: transaction, or NULL
 *
 * Return: as ww_mutex_lock().
 */
int ww_mutex_lock_interruptible(struct ww_mutex *ww,
				struct ww_acquire_ctx *ctx)
{
	return ww_mutex_lock(ww, ctx);
}

/**
 * ww_mutex_trylock() - take a mutex of a class if it is free
 * @ww: the mutex
 * @ctx: transaction, or NULL; deadlocks are not looked for
 *
 * Return: 1 when taken, 0 when not.
 */
int ww_mutex_trylock(struct ww_mutex *ww, struct ww_acquire_ctx *ctx)
{
	if (ctx)
		ww_forget_wound(ctx);
	if (!mutex_try(&ww->base))
		return 0;
	lock_acquire(&ww->base.dep_map, ctx, LOCK_WW | LOCK_TRY);
	if (ctx)
		ww_set_holder_fast(&ww->base, ctx);
	return 1;
}

/**
 * ww_mutex_unlock() - release a mutex of a class
 * @ww: held by the caller
 *
 * Nobody waits: one RMW with release ordering.
 */
void ww_mutex_unlock(struct ww_mutex *ww)
{
	struct ww_acquire_ctx *ctx = READ_ONCE(ww->ctx);

	ww_debug_unlock(ww, ctx);
	if (ctx) {
		ctx->acquired--;
		WRITE_ONCE(ww->ctx, NULL);
	}
	mutex_unlock(&ww->base);
}
