/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * How the compiler's builtins are told of the kernel's orderings, and what they
 * make otherwise than the kernel.
 */
#ifndef _ASM_RMW_H
#define _ASM_RMW_H

#include <asm/barrier.h>

/*
 * The compiler's sequentially consistent RMW of arm64 without LSE lets later
 * accesses pass its store; the kernel's fully ordered one is a release with a full
 * barrier behind it. With LSE, and on x86, the two are the same instruction.
 */
#if defined(__aarch64__) && !defined(__ARM_FEATURE_ATOMICS)
#define __ordering(order)						\
	((order) == __ATOMIC_SEQ_CST ? __ATOMIC_RELEASE : (order))
#define __fully(order)							\
	do {								\
		if ((order) == __ATOMIC_SEQ_CST)			\
			smp_mb();					\
	} while (0)
#else
#define __ordering(order)	(order)
#define __fully(order)		do { } while (0)
#endif

/*
 * RMWs that return nothing, relaxed. With LSE the compiler takes an instruction
 * that loads the old value and drops it; the kernel takes one that only stores,
 * which a CPU may do elsewhere than in its own cache.
 */
#if defined(__aarch64__) && defined(__ARM_FEATURE_ATOMICS)
#define __store_rmw(insn, p, i)						\
	do {								\
		if (sizeof(*(p)) == 8)					\
			__asm__ __volatile__(insn " %x1, %0"		\
				: "+Q" (*(p)) : "r" ((u64)(i)));	\
		else							\
			__asm__ __volatile__(insn " %w1, %0"		\
				: "+Q" (*(p)) : "r" ((u32)(i)));	\
	} while (0)
#define __rmw_add(p, i)		__store_rmw("stadd", p, i)
#define __rmw_sub(p, i)		__store_rmw("stadd", p, -(i))
#define __rmw_or(p, i)		__store_rmw("stset", p, i)
#define __rmw_and(p, i)		__store_rmw("stclr", p, ~(i))
#else
#define __rmw_add(p, i)		((void)__atomic_fetch_add(p, i, __ATOMIC_RELAXED))
#define __rmw_sub(p, i)		((void)__atomic_fetch_sub(p, i, __ATOMIC_RELAXED))
#define __rmw_or(p, i)		((void)__atomic_fetch_or(p, i, __ATOMIC_RELAXED))
#define __rmw_and(p, i)		((void)__atomic_fetch_and(p, i, __ATOMIC_RELAXED))
#endif

#endif /* _ASM_RMW_H */
