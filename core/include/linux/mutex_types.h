/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: dup */
#ifndef _LINUX_MUTEX_TYPES_H
#define _LINUX_MUTEX_TYPES_H

#include <linux/lockdep_types.h>
#include <linux/osq_lock.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>

/**
 * struct mutex - a sleeping lock with an owner
 * @owner: the owning task, and flags in the low bits (see core/lock/mutex.h)
 * @wait_lock: protects @wait_list
 * @osq: those that spin for the lock
 * @wait_list: those that sleep for it
 * @dep_map: name and class, for lockdep
 */
struct mutex {
	atomic_long_t owner;
	raw_spinlock_t wait_lock;
	struct optimistic_spin_queue osq;
	struct list_head wait_list;
#ifdef CONFIG_DEBUG_LOCK_ALLOC
	struct lockdep_map dep_map;
#endif
};

#endif /* _LINUX_MUTEX_TYPES_H */
