/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * Branch hints and marked accesses. A marked access is a relaxed atomic one,
 * so that ThreadSanitizer tells it from a race; the code is a plain mov.
 */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

#include <linux/compiler_types.h>

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)

#define barrier()	__asm__ __volatile__("" : : : "memory")
#define unreachable()	__builtin_unreachable()

/* The compiler no longer knows where the value comes from. */
#define OPTIMIZER_HIDE_VAR(var)	__asm__("" : "+r"(var))

#define READ_ONCE(x)		__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, val)	__atomic_store_n(&(x), (val), __ATOMIC_RELAXED)
#define data_race(expr)		(expr)

#define __UNIQUE_ID(prefix)						\
	__PASTE(__PASTE(__UNIQUE_ID_, prefix), __COUNTER__)

#include <asm/barrier.h>

#endif /* _LINUX_COMPILER_H */
