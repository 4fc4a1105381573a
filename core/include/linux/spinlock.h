/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * Queued spinlocks. Free: one cmpxchg with acquire ordering to lock, and a
 * store of the locked byte with release ordering to unlock. There are no
 * interrupts, so the irq forms are the plain ones.
 */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/rwlock.h>
#include <linux/spinlock_types.h>

void _raw_spin_lock(raw_spinlock_t *lock);
int _raw_spin_trylock(raw_spinlock_t *lock);
void _raw_spin_unlock(raw_spinlock_t *lock);

#define raw_spin_lock(lock)	_raw_spin_lock(lock)
#define raw_spin_trylock(lock)	_raw_spin_trylock(lock)
#define raw_spin_unlock(lock)	_raw_spin_unlock(lock)

static inline void raw_spin_lock_init(raw_spinlock_t *lock)
{
	*lock = (raw_spinlock_t)__RAW_SPIN_LOCK_UNLOCKED(lock);
}

static inline int raw_spin_is_locked(raw_spinlock_t *lock)
{
	return atomic_read(&lock->val) != 0;
}

static inline void __spin_lock_init(spinlock_t *lock, const char *name,
				    struct lock_class_key *key)
{
	raw_spin_lock_init(&lock->rlock);
	lockdep_init_map(&lock->dep_map, name, key, 0);
}

/**
 * spin_lock_init() - make a spinlock, free
 * @lock: the lock; each place of the source is a class of its own for lockdep
 */
#define spin_lock_init(lock)						\
	do {								\
		static struct lock_class_key __key;			\
									\
		__spin_lock_init((lock), #lock, &__key);		\
	} while (0)

/**
 * spin_lock() - take a spinlock; do not sleep until it is released
 * @lock: not held by the caller
 */
static __always_inline void spin_lock(spinlock_t *lock)
{
	lock_acquire(&lock->dep_map, NULL, LOCK_SPIN);
	raw_spin_lock(&lock->rlock);
}

/**
 * spin_trylock() - take a spinlock if it is free
 * @lock: the lock
 *
 * Return: 1 when taken, 0 when not.
 */
static __always_inline int spin_trylock(spinlock_t *lock)
{
	int taken = raw_spin_trylock(&lock->rlock);

	if (taken)
		lock_acquire(&lock->dep_map, NULL, LOCK_SPIN | LOCK_TRY);
	return taken;
}

/**
 * spin_unlock() - release a spinlock
 * @lock: held by the caller
 */
static __always_inline void spin_unlock(spinlock_t *lock)
{
	lock_release(&lock->dep_map);
	raw_spin_unlock(&lock->rlock);
}

/**
 * spin_is_locked() - does somebody hold a spinlock?
 * @lock: the lock
 */
static __always_inline int spin_is_locked(spinlock_t *lock)
{
	return raw_spin_is_locked(&lock->rlock);
}

#define spin_lock_nested(lock, subclass)	spin_lock(lock)
#define spin_lock_irq(lock)			spin_lock(lock)
#define spin_unlock_irq(lock)			spin_unlock(lock)
#define spin_lock_irqsave(lock, flags)					\
	do {								\
		(flags) = 0;						\
		spin_lock(lock);					\
	} while (0)
#define spin_unlock_irqrestore(lock, flags)				\
	do {								\
		(void)(flags);						\
		spin_unlock(lock);					\
	} while (0)
#define assert_spin_locked(lock)	BUG_ON(!spin_is_locked(lock))

#endif /* _LINUX_SPINLOCK_H */
