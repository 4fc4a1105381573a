/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/* Reservation objects: the lock of a buffer, and the fences on it. */
#ifndef _LINUX_DMA_RESV_H
#define _LINUX_DMA_RESV_H

#include <linux/dma-fence.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/ww_mutex.h>

extern struct ww_class reservation_ww_class;

struct dma_resv_list;

/* Asking for one yields the fences of it and of those before it. */
enum dma_resv_usage {
	DMA_RESV_USAGE_KERNEL,
	DMA_RESV_USAGE_WRITE,
	DMA_RESV_USAGE_READ,
	DMA_RESV_USAGE_BOOKKEEP,
};

/**
 * dma_resv_usage_rw() - what a new access has to wait for
 * @write: the access writes
 */
static inline enum dma_resv_usage dma_resv_usage_rw(bool write)
{
	if (write)
		return DMA_RESV_USAGE_READ;
	return DMA_RESV_USAGE_WRITE;
}

/**
 * struct dma_resv - a reservation object
 * @lock: use the functions below
 * @fences: protected by @lock
 */
struct dma_resv {
	struct ww_mutex lock;
	struct dma_resv_list __rcu *fences;
};

/**
 * struct dma_resv_iter - walks the fences with the lock held
 * @obj: the object
 * @usage: the fences wanted
 * @fence: the current one
 * @fence_usage: its usage
 * @index: of the next one
 * @fences: the list when the walk began
 * @num_fences: its length then
 */
struct dma_resv_iter {
	struct dma_resv *obj;
	enum dma_resv_usage usage;
	struct dma_fence *fence;
	enum dma_resv_usage fence_usage;
	unsigned int index;
	struct dma_resv_list *fences;
	unsigned int num_fences;
};

struct dma_fence *dma_resv_iter_first(struct dma_resv_iter *cursor);
struct dma_fence *dma_resv_iter_next(struct dma_resv_iter *cursor);

/**
 * dma_resv_iter_begin() - begin a walk over fences
 * @cursor: the walk
 * @resv: the object, locked until the walk is over
 * @usage: fences of this usage and of those before it
 */
static inline void dma_resv_iter_begin(struct dma_resv_iter *cursor,
				       struct dma_resv *resv,
				       enum dma_resv_usage usage)
{
	*cursor = (struct dma_resv_iter) { .obj = resv, .usage = usage };
}

/**
 * dma_resv_iter_end() - end a walk
 * @cursor: the walk
 */
static inline void dma_resv_iter_end(struct dma_resv_iter *cursor)
{
	cursor->fence = NULL;
}

/**
 * dma_resv_iter_usage() - usage of a walk's current fence
 * @cursor: the walk, at a fence
 */
static inline enum dma_resv_usage
dma_resv_iter_usage(struct dma_resv_iter *cursor)
{
	return cursor->fence_usage;
}

/* The lock is held over the whole walk, so that no reference is needed. */
#define dma_resv_for_each_fence(cursor, resv, usage, pos)		\
	for (dma_resv_iter_begin(cursor, resv, usage),			\
	     pos = dma_resv_iter_first(cursor);				\
	     pos; pos = dma_resv_iter_next(cursor))

/* Held by the current task; only for asserts, see lockdep_is_held(). */
#define dma_resv_held(resv)	lockdep_is_held(&(resv)->lock.base)
#define dma_resv_assert_held(resv)					\
	lockdep_assert_held(&(resv)->lock.base)

#ifdef CONFIG_DEBUG_MUTEXES
void dma_resv_reset_max_fences(struct dma_resv *resv);
#else
static inline void dma_resv_reset_max_fences(struct dma_resv *resv)
{
}
#endif

/**
 * dma_resv_lock() - lock a reservation object
 * @resv: the object
 * @ctx: transaction, or NULL
 *
 * Return: 0; with @ctx also -EDEADLK (back off) or -EALREADY (held by @ctx).
 */
static inline int dma_resv_lock(struct dma_resv *resv,
				struct ww_acquire_ctx *ctx)
{
	return ww_mutex_lock(&resv->lock, ctx);
}

/**
 * dma_resv_lock_interruptible() - dma_resv_lock(); there are no signals here
 * @resv: the object
 * @ctx: transaction, or NULL
 *
 * Return: as dma_resv_lock().
 */
static inline int dma_resv_lock_interruptible(struct dma_resv *resv,
					      struct ww_acquire_ctx *ctx)
{
	return ww_mutex_lock_interruptible(&resv->lock, ctx);
}

/**
 * dma_resv_lock_slow() - lock the contended object after backoff
 * @resv: the object whose lock returned -EDEADLK
 * @ctx: the transaction, which holds no lock
 */
static inline void dma_resv_lock_slow(struct dma_resv *resv,
				      struct ww_acquire_ctx *ctx)
{
	ww_mutex_lock_slow(&resv->lock, ctx);
}

/**
 * dma_resv_lock_slow_interruptible() - dma_resv_lock_slow(); no signals here
 * @resv: the object whose lock returned -EDEADLK
 * @ctx: the transaction, which holds no lock
 *
 * Return: 0.
 */
static inline int dma_resv_lock_slow_interruptible(struct dma_resv *resv,
						   struct ww_acquire_ctx *ctx)
{
	return ww_mutex_lock_slow_interruptible(&resv->lock, ctx);
}

/**
 * dma_resv_trylock() - lock an object if it is free, without a transaction
 * @resv: the object
 *
 * Return: true when locked.
 */
static inline bool __must_check dma_resv_trylock(struct dma_resv *resv)
{
	return ww_mutex_trylock(&resv->lock, NULL);
}

/**
 * dma_resv_is_locked() - does somebody, not: does the caller, hold it?
 * @resv: the object
 */
static inline bool dma_resv_is_locked(struct dma_resv *resv)
{
	return ww_mutex_is_locked(&resv->lock);
}

/**
 * dma_resv_locking_ctx() - the transaction that holds an object
 * @resv: the object, locked
 *
 * Return: the transaction, or NULL when it was locked without one.
 */
static inline struct ww_acquire_ctx *dma_resv_locking_ctx(struct dma_resv *resv)
{
	return READ_ONCE(resv->lock.ctx);
}

/**
 * dma_resv_unlock() - unlock a reservation object
 * @resv: the object; slots that were reserved and not used are lost
 */
static inline void dma_resv_unlock(struct dma_resv *resv)
{
	dma_resv_reset_max_fences(resv);
	ww_mutex_unlock(&resv->lock);
}

void dma_resv_init(struct dma_resv *resv);
void dma_resv_fini(struct dma_resv *resv);
int dma_resv_reserve_fences(struct dma_resv *resv, unsigned int num_fences);
void dma_resv_add_fence(struct dma_resv *resv, struct dma_fence *fence,
			enum dma_resv_usage usage);
void dma_resv_replace_fences(struct dma_resv *resv, u64 context,
			     struct dma_fence *replacement,
			     enum dma_resv_usage usage);
bool dma_resv_test_signaled(struct dma_resv *resv, enum dma_resv_usage usage);

#endif /* _LINUX_DMA_RESV_H */
