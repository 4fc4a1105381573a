/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * The locks that the current task holds, and the asserts over them. Real in
 * a CONFIG_LOCKDEP build only; otherwise nothing is evaluated, and
 * lockdep_is_held() may stand in asserts alone.
 */
#ifndef _LINUX_LOCKDEP_H
#define _LINUX_LOCKDEP_H

#include <linux/bug.h>
#include <linux/lockdep_types.h>

#ifdef CONFIG_LOCKDEP

/* How a lock is taken, for lock_acquire(). */
#define LOCK_TRY	1	/* by trylock: cannot deadlock */
#define LOCK_SPIN	2	/* no sleep until it is released */
#define LOCK_WW		4	/* several of its class only in one context */

void lockdep_init_map(struct lockdep_map *map, const char *name,
		      struct lock_class_key *key, int subclass);
void lock_acquire(struct lockdep_map *map, const void *ctx, unsigned int how);
void lock_release(struct lockdep_map *map);
int lock_is_held(const struct lockdep_map *map);

#define lockdep_is_held(lock)		lock_is_held(&(lock)->dep_map)
#define lockdep_assert(cond)						\
	do {								\
		WARN_ON(!(cond));					\
	} while (0)
#define lockdep_assert_once(cond)					\
	do {								\
		WARN_ON_ONCE(!(cond));					\
	} while (0)
#define lockdep_set_class(lock, cls)					\
	lockdep_init_map(&(lock)->dep_map, #cls, cls, 0)
#define __DEP_MAP_INIT(lockname)	.dep_map = { .name = #lockname, },

#else

#define lockdep_init_map(map, name, key, subclass)			\
	do {								\
		(void)(name);						\
		(void)(key);						\
	} while (0)
#define lock_acquire(map, ctx, how)	do { } while (0)
#define lock_release(map)		do { } while (0)

/* Never defined: a use outside of an assert fails to link. */
int lock_is_held(const void *lock);
int lockdep_is_held(const void *lock);

#define lockdep_assert(cond)		do { } while (0)
#define lockdep_assert_once(cond)	do { } while (0)
#define lockdep_set_class(lock, cls)	do { (void)(cls); } while (0)
#define __DEP_MAP_INIT(lockname)

#endif

#define lockdep_assert_held(l)		lockdep_assert(lockdep_is_held(l))
#define lockdep_assert_held_write(l)	lockdep_assert(lockdep_is_held(l))
#define lockdep_assert_not_held(l)	lockdep_assert(!lockdep_is_held(l))
#define lockdep_assert_held_once(l)					\
	lockdep_assert_once(lockdep_is_held(l))

#endif /* _LINUX_LOCKDEP_H */
