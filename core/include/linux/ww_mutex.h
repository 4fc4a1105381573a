/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * Mutexes of which a task takes several in any order. Each transaction has a
 * stamp; the older one wins. Wait-die: the younger one backs off when it
 * would wait for an older one. Wound-wait: the older one makes a younger
 * holder back off. To back off is to release everything, to take the lock
 * that was contended with ww_mutex_lock_slow(), and to start again.
 */
#ifndef _LINUX_WW_MUTEX_H
#define _LINUX_WW_MUTEX_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/sched.h>

/**
 * struct ww_class - mutexes of which a transaction takes several
 * @stamp: the last one given to a transaction
 * @acquire_key: class of transactions, for lockdep
 * @mutex_key: class of the mutexes, for lockdep
 * @acquire_name: for reports
 * @mutex_name: for reports
 * @is_wait_die: the younger one backs off; else the older one wounds it
 */
struct ww_class {
	atomic_long_t stamp;
	struct lock_class_key acquire_key;
	struct lock_class_key mutex_key;
	const char *acquire_name;
	const char *mutex_name;
	unsigned int is_wait_die;
};

/**
 * struct ww_mutex - a mutex of a class
 * @base: the mutex
 * @ctx: the transaction that holds it, if it is held by one
 * @ww_class: its class, for checks
 */
struct ww_mutex {
	struct mutex base;
	struct ww_acquire_ctx *ctx;
#ifdef CONFIG_DEBUG_MUTEXES
	struct ww_class *ww_class;
#endif
};

/**
 * struct ww_acquire_ctx - a transaction
 * @task: whose it is
 * @stamp: its age; the smaller one is older
 * @acquired: how many locks it holds
 * @wounded: an older transaction wants it to back off
 * @is_wait_die: its class's algorithm
 * @done_acquire: ww_acquire_done() was called
 * @ww_class: its class, for checks
 * @contending_lock: what it has to take next, after -EDEADLK
 */
struct ww_acquire_ctx {
	struct task_struct *task;
	unsigned long stamp;
	unsigned int acquired;
	unsigned short wounded;
	unsigned short is_wait_die;
#ifdef CONFIG_DEBUG_MUTEXES
	unsigned int done_acquire;
	struct ww_class *ww_class;
	struct ww_mutex *contending_lock;
#endif
};

#define __WW_CLASS_INITIALIZER(name, wait_die) {			\
	.acquire_name = #name "_acquire",				\
	.mutex_name = #name "_mutex",					\
	.is_wait_die = wait_die,					\
}
#define DEFINE_WD_CLASS(name)						\
	struct ww_class name = __WW_CLASS_INITIALIZER(name, 1)
#define DEFINE_WW_CLASS(name)						\
	struct ww_class name = __WW_CLASS_INITIALIZER(name, 0)

/**
 * ww_mutex_init() - make a lock, free
 * @ww: the lock
 * @class: its class, for its whole life
 */
static inline void ww_mutex_init(struct ww_mutex *ww, struct ww_class *class)
{
	__mutex_init(&ww->base, class->mutex_name, &class->mutex_key);
	WRITE_ONCE(ww->ctx, NULL);
#ifdef CONFIG_DEBUG_MUTEXES
	ww->ww_class = class;
#endif
}

/**
 * ww_acquire_init() - begin a transaction
 * @ctx: the transaction
 * @class: the class of all locks that it will take
 *
 * One relaxed RMW, on a word that all transactions of the class share.
 */
static inline void ww_acquire_init(struct ww_acquire_ctx *ctx,
				   struct ww_class *class)
{
	*ctx = (struct ww_acquire_ctx) {
		.task = current,
		.stamp = atomic_long_inc_return_relaxed(&class->stamp),
		.is_wait_die = class->is_wait_die,
#ifdef CONFIG_DEBUG_MUTEXES
		.ww_class = class,
#endif
	};
}

#ifdef CONFIG_DEBUG_MUTEXES
void ww_acquire_done(struct ww_acquire_ctx *ctx);
void ww_acquire_fini(struct ww_acquire_ctx *ctx);
void ww_mutex_check_slow(struct ww_mutex *ww, struct ww_acquire_ctx *ctx);
#else
/**
 * ww_acquire_done() - say that no more locks will be taken
 * @ctx: the transaction
 */
static inline void ww_acquire_done(struct ww_acquire_ctx *ctx)
{
}

/**
 * ww_acquire_fini() - end a transaction
 * @ctx: the transaction, which holds no lock any more
 */
static inline void ww_acquire_fini(struct ww_acquire_ctx *ctx)
{
}

static inline void ww_mutex_check_slow(struct ww_mutex *ww,
				       struct ww_acquire_ctx *ctx)
{
}
#endif

int /* __must_check */ ww_mutex_lock(struct ww_mutex *ww,
				     struct ww_acquire_ctx *ctx);
int __must_check ww_mutex_lock_interruptible(struct ww_mutex *ww,
					     struct ww_acquire_ctx *ctx);
int __must_check ww_mutex_trylock(struct ww_mutex *ww,
				  struct ww_acquire_ctx *ctx);
void ww_mutex_unlock(struct ww_mutex *ww);

/**
 * ww_mutex_lock_slow_interruptible() - take the contended lock after backoff
 * @ww: the lock that returned -EDEADLK
 * @ctx: the transaction, which holds no lock
 *
 * Return: 0, or -EINTR.
 */
static inline int __must_check
ww_mutex_lock_slow_interruptible(struct ww_mutex *ww,
				 struct ww_acquire_ctx *ctx)
{
	ww_mutex_check_slow(ww, ctx);
	return ww_mutex_lock_interruptible(ww, ctx);
}

/**
 * ww_mutex_lock_slow() - take the contended lock after backoff
 * @ww: the lock that returned -EDEADLK
 * @ctx: the transaction, which holds no lock and so cannot be told to back off
 */
static inline void ww_mutex_lock_slow(struct ww_mutex *ww,
				      struct ww_acquire_ctx *ctx)
{
	ww_mutex_check_slow(ww, ctx);
	(void)ww_mutex_lock(ww, ctx);
}

/**
 * ww_mutex_is_locked() - does somebody hold a mutex of a class?
 * @ww: the mutex
 */
static inline bool ww_mutex_is_locked(struct ww_mutex *ww)
{
	return mutex_is_locked(&ww->base);
}

/**
 * ww_mutex_destroy() - say that a mutex of a class is not used any more
 * @ww: the mutex, which must be free
 */
static inline void ww_mutex_destroy(struct ww_mutex *ww)
{
	mutex_destroy(&ww->base);
}

#endif /* _LINUX_WW_MUTEX_H */
