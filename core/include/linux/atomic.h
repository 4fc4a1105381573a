/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * Atomic counters over the compiler's builtins: one locked instruction for
 * each RMW on x86. A name without a suffix that returns a value is fully
 * ordered, one that returns nothing is relaxed, as in the kernel; a compare
 * and exchange that fails orders nothing.
 */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/rmw.h>

#define ATOMIC_INIT(i)		{ (i) }
#define ATOMIC64_INIT(i)	{ (i) }
#define ATOMIC_LONG_INIT(i)	{ (i) }

#define __ATOMIC_VOID(pfx, cnt_t, val_t, op)				\
static __always_inline void pfx##_##op(val_t i, cnt_t *v)		\
{									\
	__rmw_##op(&v->counter, i);					\
}

#define __ATOMIC_FETCH(pfx, cnt_t, val_t, op, suffix, order)		\
static __always_inline val_t pfx##_fetch_##op##suffix(val_t i, cnt_t *v) \
{									\
	val_t old = __atomic_fetch_##op(&v->counter, i, __ordering(order)); \
									\
	__fully(order);							\
	return old;							\
}

#define __ATOMIC_ORDERED(pfx, cnt_t, val_t, suffix, order)		\
static __always_inline val_t pfx##_add_return##suffix(val_t i, cnt_t *v) \
{									\
	val_t now = __atomic_add_fetch(&v->counter, i, __ordering(order)); \
									\
	__fully(order);							\
	return now;							\
}									\
static __always_inline val_t pfx##_inc_return##suffix(cnt_t *v)		\
{									\
	return pfx##_add_return##suffix(1, v);				\
}									\
static __always_inline val_t pfx##_dec_return##suffix(cnt_t *v)		\
{									\
	return pfx##_add_return##suffix(-1, v);				\
}									\
static __always_inline val_t pfx##_xchg##suffix(cnt_t *v, val_t val)	\
{									\
	val_t old = __atomic_exchange_n(&v->counter, val, __ordering(order)); \
									\
	__fully(order);							\
	return old;							\
}									\
static __always_inline bool						\
pfx##_try_cmpxchg##suffix(cnt_t *v, val_t *old, val_t val)		\
{									\
	bool done = __atomic_compare_exchange_n(&v->counter, old, val,	\
						false, __ordering(order), \
						__ATOMIC_RELAXED);	\
									\
	if (done)							\
		__fully(order);						\
	return done;							\
}									\
static __always_inline val_t						\
pfx##_cmpxchg##suffix(cnt_t *v, val_t old, val_t val)			\
{									\
	pfx##_try_cmpxchg##suffix(v, &old, val);			\
	return old;							\
}									\
__ATOMIC_FETCH(pfx, cnt_t, val_t, add, suffix, order)			\
__ATOMIC_FETCH(pfx, cnt_t, val_t, sub, suffix, order)			\
__ATOMIC_FETCH(pfx, cnt_t, val_t, or, suffix, order)			\
__ATOMIC_FETCH(pfx, cnt_t, val_t, and, suffix, order)

#define __ATOMIC_TYPE(pfx, cnt_t, val_t)				\
static __always_inline val_t pfx##_read(const cnt_t *v)			\
{									\
	return READ_ONCE(v->counter);					\
}									\
static __always_inline val_t pfx##_read_acquire(const cnt_t *v)		\
{									\
	return smp_load_acquire(&v->counter);				\
}									\
static __always_inline void pfx##_set(cnt_t *v, val_t i)		\
{									\
	WRITE_ONCE(v->counter, i);					\
}									\
static __always_inline void pfx##_set_release(cnt_t *v, val_t i)	\
{									\
	smp_store_release(&v->counter, i);				\
}									\
__ATOMIC_VOID(pfx, cnt_t, val_t, add)					\
__ATOMIC_VOID(pfx, cnt_t, val_t, sub)					\
__ATOMIC_VOID(pfx, cnt_t, val_t, or)					\
__ATOMIC_VOID(pfx, cnt_t, val_t, and)					\
static __always_inline void pfx##_andnot(val_t i, cnt_t *v)		\
{									\
	pfx##_and(~i, v);						\
}									\
static __always_inline void pfx##_inc(cnt_t *v)				\
{									\
	pfx##_add(1, v);						\
}									\
static __always_inline void pfx##_dec(cnt_t *v)				\
{									\
	pfx##_sub(1, v);						\
}									\
__ATOMIC_ORDERED(pfx, cnt_t, val_t, /* none */, __ATOMIC_SEQ_CST)	\
__ATOMIC_ORDERED(pfx, cnt_t, val_t, _acquire, __ATOMIC_ACQUIRE)		\
__ATOMIC_ORDERED(pfx, cnt_t, val_t, _release, __ATOMIC_RELEASE)		\
__ATOMIC_ORDERED(pfx, cnt_t, val_t, _relaxed, __ATOMIC_RELAXED)		\
static __always_inline bool pfx##_dec_and_test(cnt_t *v)		\
{									\
	return !pfx##_dec_return(v);					\
}									\
static __always_inline bool pfx##_inc_and_test(cnt_t *v)		\
{									\
	return !pfx##_inc_return(v);					\
}

__ATOMIC_TYPE(atomic, atomic_t, int)
__ATOMIC_TYPE(atomic64, atomic64_t, s64)
__ATOMIC_TYPE(atomic_long, atomic_long_t, long)

/* On plain words; @old is updated when the exchange fails. */
#define try_cmpxchg(ptr, old, val) ({					\
	bool __done = __atomic_compare_exchange_n((ptr), (old), (val), 0, \
				__ordering(__ATOMIC_SEQ_CST), __ATOMIC_RELAXED); \
									\
	if (__done)							\
		__fully(__ATOMIC_SEQ_CST);				\
	__done;								\
})
#define xchg(ptr, val) ({						\
	__typeof__(*(ptr)) __old = __atomic_exchange_n((ptr), (val),	\
				__ordering(__ATOMIC_SEQ_CST));		\
									\
	__fully(__ATOMIC_SEQ_CST);					\
	__old;								\
})
#define cmpxchg(ptr, old, val) ({					\
	__typeof__(*(ptr)) __cmpxchg = (old);				\
									\
	try_cmpxchg(ptr, &__cmpxchg, val);				\
	__cmpxchg;							\
})

/*
 * On words of this CPU's, here of this thread's: nobody else writes, but for what
 * interrupts it, so there is no lock prefix. Where there is none to leave out, and
 * where ThreadSanitizer is to see it, it is a plain compare.
 */
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
#define try_cmpxchg_local(ptr, old, val) ({				\
	bool __done;							\
									\
	__asm__ __volatile__("cmpxchg %3, %1"				\
			     : "=@cce" (__done), "+m" (*(ptr)), "+a" (*(old)) \
			     : "r" (val) : "memory");			\
	__done;								\
})
#else
#define try_cmpxchg_local(ptr, old, val) ({				\
	bool __done = *(ptr) == *(old);					\
									\
	if (__done)							\
		*(ptr) = (val);						\
	else								\
		*(old) = *(ptr);					\
	__done;								\
})
#endif

#endif /* _LINUX_ATOMIC_H */
