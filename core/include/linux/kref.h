/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
#ifndef _LINUX_KREF_H
#define _LINUX_KREF_H

#include <linux/refcount.h>
#include <linux/spinlock.h>

/**
 * struct kref - a reference count
 * @refcount: the count
 */
struct kref {
	refcount_t refcount;
};

#define KREF_INIT(n)	{ .refcount = REFCOUNT_INIT(n), }

/**
 * kref_init() - set a count to one
 * @ref: the count; nobody else knows it yet
 */
static inline void kref_init(struct kref *ref)
{
	refcount_set(&ref->refcount, 1);
}

/**
 * kref_read() - a count, as it was when looked at
 * @ref: the count
 */
static inline unsigned int kref_read(const struct kref *ref)
{
	return refcount_read(&ref->refcount);
}

/**
 * kref_get() - take a reference while holding one
 * @ref: the count
 */
static inline void kref_get(struct kref *ref)
{
	refcount_inc(&ref->refcount);
}

/**
 * kref_get_unless_zero() - take a reference that may be gone
 * @ref: the count; what it stands in must be kept alive by other means
 *
 * Return: non-zero when the reference was taken.
 */
static inline int __must_check kref_get_unless_zero(struct kref *ref)
{
	return refcount_inc_not_zero(&ref->refcount);
}

/**
 * kref_put() - drop a reference
 * @ref: the count
 * @release: called when it was the last
 *
 * Return: 1 when it was the last.
 */
static inline int kref_put(struct kref *ref,
			   void (*release)(struct kref *ref))
{
	bool last = refcount_dec_and_test(&ref->refcount);

	if (last)
		release(ref);
	return last;
}

/**
 * kref_put_mutex() - drop a reference, the last one under a mutex
 * @ref: the count
 * @release: called with @lock held when it was the last; must unlock it
 * @lock: not touched by a put that is not the last
 *
 * Return: 1 when it was the last.
 */
static inline int kref_put_mutex(struct kref *ref,
				 void (*release)(struct kref *ref),
				 struct mutex *lock)
{
	bool last = refcount_dec_and_mutex_lock(&ref->refcount, lock);

	if (last)
		release(ref);
	return last;
}

#endif /* _LINUX_KREF_H */
