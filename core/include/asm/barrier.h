/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * Barriers. On x86 the full one is a locked add below the stack pointer; it
 * adds zero, so the red zone keeps its content.
 */
#ifndef _ASM_BARRIER_H
#define _ASM_BARRIER_H

#include <asm/processor.h>

#define __barrier(insn)	__asm__ __volatile__(insn : : : "memory", "cc")

#if defined(__x86_64__)
#define smp_mb()	__barrier("lock; addl $0,-4(%%rsp)")
#define smp_rmb()	__barrier("")
#define smp_wmb()	__barrier("")
#define rmb()		__barrier("lfence")
#elif defined(__aarch64__)
#define smp_mb()	__barrier("dmb ish")
#define smp_rmb()	__barrier("dmb ishld")
#define smp_wmb()	__barrier("dmb ishst")
#define rmb()		__barrier("dsb ld")
#else
#error "no barriers for this architecture"
#endif

#define smp_mb__before_atomic()		smp_mb()
#define smp_mb__after_atomic()		smp_mb()
#define smp_acquire__after_ctrl_dep()	smp_rmb()

#define smp_load_acquire(p)		__atomic_load_n((p), __ATOMIC_ACQUIRE)
#define smp_store_release(p, v)						\
	__atomic_store_n((p), (v), __ATOMIC_RELEASE)

/* Orders the store before all later accesses: one RMW on x86. */
#if defined(__x86_64__)
#define smp_store_mb(var, val)						\
	((void)__atomic_exchange_n(&(var), (val), __ATOMIC_SEQ_CST))
#else
#define smp_store_mb(var, val)						\
	do {								\
		__atomic_store_n(&(var), (val), __ATOMIC_RELAXED);	\
		smp_mb();						\
	} while (0)
#endif

/* Wait for @cond, which reads VAL, the word as it was last loaded. */
#define __smp_cond_load(ptr, cond, order) ({				\
	__typeof__(*(ptr)) VAL;						\
									\
	for (;;) {							\
		VAL = __atomic_load_n((ptr), order);			\
		if (cond)						\
			break;						\
		cpu_relax();						\
	}								\
	VAL;								\
})
#define smp_cond_load_relaxed(ptr, cond)				\
	__smp_cond_load(ptr, cond, __ATOMIC_RELAXED)
#define smp_cond_load_acquire(ptr, cond)				\
	__smp_cond_load(ptr, cond, __ATOMIC_ACQUIRE)

#endif /* _ASM_BARRIER_H */
