// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The parts of reference counts that are not inline. */
#include <linux/bug.h>
#include <linux/mutex.h>
#include <linux/refcount.h>

/**
 * refcount_warn_saturate() - report a misuse and saturate
 * @r: the count
 * @why: what happened
 */
void refcount_warn_saturate(refcount_t *r, enum refcount_saturation_type why)
{
	static const char * const text[] = {
		[REFCOUNT_ADD_NOT_ZERO_OVF] = "saturated; leaking memory",
		[REFCOUNT_ADD_OVF] = "saturated; leaking memory",
		[REFCOUNT_ADD_UAF] = "addition on 0; use-after-free",
		[REFCOUNT_SUB_UAF] = "underflow; use-after-free",
		[REFCOUNT_DEC_LEAK] = "decrement hit 0; leaking memory",
	};

	refcount_set(r, REFCOUNT_SATURATED);
	WARN(1, "refcount_t: %s", text[why]);
}

/**
 * refcount_dec_not_one() - drop a reference unless it is the last
 * @r: the count
 *
 * A read and one RMW with release ordering; no write when the count is one.
 *
 * Return: false when the count is one.
 */
bool refcount_dec_not_one(refcount_t *r)
{
	int was = atomic_read(&r->refs);

	do {
		if (was == REFCOUNT_SATURATED)
			return true;
		if (was == 1)
			return false;
		if (WARN(was <= 0, "refcount_t: underflow; use-after-free"))
			return true;
	} while (!atomic_try_cmpxchg_release(&r->refs, &was, was - 1));
	return true;
}

/**
 * refcount_dec_and_mutex_lock() - drop a reference, the last under a mutex
 * @r: the count
 * @lock: not touched unless the count may become zero
 *
 * Return: true with @lock held when the count became zero; else false.
 */
bool refcount_dec_and_mutex_lock(refcount_t *r, struct mutex *lock)
{
	bool last;

	if (refcount_dec_not_one(r))
		return false;
	mutex_lock(lock);
	last = refcount_dec_and_test(r);
	if (!last)
		mutex_unlock(lock);
	return last;
}
