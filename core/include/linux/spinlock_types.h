/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
#ifndef _LINUX_SPINLOCK_TYPES_H
#define _LINUX_SPINLOCK_TYPES_H

#include <linux/lockdep_types.h>
#include <linux/types.h>

/*
 * The word of a queued spinlock, least significant byte first:
 * locked (8 bits), pending (8 bits), tail of the queue (16 bits).
 */
typedef struct raw_spinlock {
	union {
		atomic_t val;
		struct {
			u8 locked;
			u8 pending;
			u16 tail;
		};
		u16 locked_pending;
	};
} raw_spinlock_t;

typedef struct spinlock {
	raw_spinlock_t rlock;
#ifdef CONFIG_LOCKDEP
	struct lockdep_map dep_map;
#endif
} spinlock_t;

#define __RAW_SPIN_LOCK_UNLOCKED(name)	{ .val = { 0 } }
#ifdef CONFIG_LOCKDEP
#define __SPIN_LOCK_UNLOCKED(lockname)					\
	{ .rlock = __RAW_SPIN_LOCK_UNLOCKED(lockname),			\
	  .dep_map = { .name = #lockname, }, }
#else
#define __SPIN_LOCK_UNLOCKED(lockname)					\
	{ .rlock = __RAW_SPIN_LOCK_UNLOCKED(lockname), }
#endif
#define DEFINE_RAW_SPINLOCK(x)	raw_spinlock_t x = __RAW_SPIN_LOCK_UNLOCKED(x)
#define DEFINE_SPINLOCK(x)	spinlock_t x = __SPIN_LOCK_UNLOCKED(x)

#include <linux/rwlock_types.h>

#endif /* _LINUX_SPINLOCK_TYPES_H */
