/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
#ifndef _LINUX_MUTEX_H
#define _LINUX_MUTEX_H

#include <linux/atomic.h>
#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex_types.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#define __MUTEX_INITIALIZER(lockname) {					\
	.owner = ATOMIC_LONG_INIT(0),					\
	.wait_lock = __RAW_SPIN_LOCK_UNLOCKED(lockname.wait_lock),	\
	.osq = OSQ_LOCK_UNLOCKED,					\
	.wait_list = LIST_HEAD_INIT(lockname.wait_list),		\
	__DEP_MAP_INIT(lockname)					\
}

#define DEFINE_MUTEX(name)	struct mutex name = __MUTEX_INITIALIZER(name)

/**
 * mutex_init() - make a mutex, free
 * @mutex: the mutex; each place of the source is a class of its own for lockdep
 */
#define mutex_init(mutex)						\
	do {								\
		static struct lock_class_key __key;			\
									\
		__mutex_init((mutex), #mutex, &__key);			\
	} while (0)

void __mutex_init(struct mutex *lock, const char *name,
		  struct lock_class_key *key);

void mutex_lock(struct mutex *lock);
int __must_check mutex_lock_interruptible(struct mutex *lock);
int __must_check mutex_lock_killable(struct mutex *lock);
int mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
bool mutex_is_locked(struct mutex *lock);
int atomic_dec_and_mutex_lock(atomic_t *cnt, struct mutex *lock);

#define mutex_lock_io(lock)			mutex_lock(lock)
#define mutex_lock_nested(lock, subclass)	mutex_lock(lock)
#define mutex_lock_nest_lock(lock, nest)	mutex_lock(lock)
#define mutex_lock_interruptible_nested(lock, subclass)			\
	mutex_lock_interruptible(lock)

#ifdef CONFIG_DEBUG_MUTEXES
void mutex_destroy(struct mutex *lock);
#else
static inline void mutex_destroy(struct mutex *lock)
{
}
#endif

DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T))

#endif /* _LINUX_MUTEX_H */
