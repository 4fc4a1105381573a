/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
#ifndef _LINUX_LOCKDEP_TYPES_H
#define _LINUX_LOCKDEP_TYPES_H

#include <linux/types.h>

#ifdef CONFIG_LOCKDEP

/* Only its address means something: locks with one key are of one class. */
struct lock_class_key {
	char dummy;
};

/**
 * struct lockdep_map - what a lock is, for reports
 * @name: its name
 * @key: its class
 */
struct lockdep_map {
	const char *name;
	struct lock_class_key *key;
};

#else

struct lock_class_key { };
struct lockdep_map { };

#endif

#endif /* _LINUX_LOCKDEP_TYPES_H */
