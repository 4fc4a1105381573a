/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * Reference counts that saturate: at a misuse the count moves to the middle
 * of the negative range, from where no number of threads brings it back, and
 * a warning is given. A saturated count never becomes zero: memory leaks
 * instead of being used after it was freed.
 */
#ifndef _LINUX_REFCOUNT_H
#define _LINUX_REFCOUNT_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/types.h>

struct mutex;

typedef struct refcount_struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_INIT(n)	{ .refs = ATOMIC_INIT(n), }
#define REFCOUNT_MAX		INT_MAX
#define REFCOUNT_SATURATED	(INT_MIN / 2)

enum refcount_saturation_type {
	REFCOUNT_ADD_NOT_ZERO_OVF,
	REFCOUNT_ADD_OVF,
	REFCOUNT_ADD_UAF,
	REFCOUNT_SUB_UAF,
	REFCOUNT_DEC_LEAK,
};

void refcount_warn_saturate(refcount_t *r, enum refcount_saturation_type why);
bool refcount_dec_not_one(refcount_t *r);
bool refcount_dec_and_mutex_lock(refcount_t *r, struct mutex *lock);

/**
 * refcount_set() - set a count
 * @r: the count; nobody else knows it yet
 * @n: its value
 */
static inline void refcount_set(refcount_t *r, int n)
{
	atomic_set(&r->refs, n);
}

/**
 * refcount_read() - a count, as it was when looked at
 * @r: the count
 */
static inline unsigned int refcount_read(const refcount_t *r)
{
	return atomic_read(&r->refs);
}

/**
 * refcount_inc() - take a reference while holding one
 * @r: the count
 *
 * One relaxed RMW.
 */
static inline void refcount_inc(refcount_t *r)
{
	int was = atomic_fetch_add_relaxed(1, &r->refs);

	if (unlikely(was <= 0 || was == INT_MAX))
		refcount_warn_saturate(r, was ? REFCOUNT_ADD_OVF :
						REFCOUNT_ADD_UAF);
}

/**
 * refcount_inc_not_zero() - take a reference unless there is none left
 * @r: the count
 *
 * A read and one relaxed RMW; no write when the count is zero.
 *
 * Return: true when the reference was taken.
 */
static inline bool __must_check refcount_inc_not_zero(refcount_t *r)
{
	int was = atomic_read(&r->refs);

	do {
		if (!was)
			return false;
	} while (!atomic_try_cmpxchg_relaxed(&r->refs, &was,
					     (int)(was + 1U)));

	if (unlikely(was < 0 || was == INT_MAX))
		refcount_warn_saturate(r, REFCOUNT_ADD_NOT_ZERO_OVF);
	return true;
}

/*
 * The last holder sees what the others did before they let go. The control
 * dependency orders its stores, the barrier its loads.
 */
static inline void refcount_acquire_last(refcount_t *r)
{
	if (KERNEL_TSAN)
		(void)atomic_read_acquire(&r->refs);
	else
		smp_acquire__after_ctrl_dep();
}

/**
 * refcount_dec_and_test() - drop a reference
 * @r: the count
 *
 * One RMW with release ordering; acquire ordering when it was the last.
 *
 * Return: true when it was the last.
 */
static inline bool __must_check refcount_dec_and_test(refcount_t *r)
{
	int was = atomic_fetch_sub_release(1, &r->refs);

	if (was == 1) {
		refcount_acquire_last(r);
		return true;
	}
	if (unlikely(was <= 0))
		refcount_warn_saturate(r, REFCOUNT_SUB_UAF);
	return false;
}

/**
 * refcount_dec() - drop a reference that is not the last
 * @r: the count
 */
static inline void refcount_dec(refcount_t *r)
{
	if (unlikely(atomic_fetch_sub_release(1, &r->refs) <= 1))
		refcount_warn_saturate(r, REFCOUNT_DEC_LEAK);
}

#endif /* _LINUX_REFCOUNT_H */
