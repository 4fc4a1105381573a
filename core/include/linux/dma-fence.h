/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * Fences as far as a reservation object needs them: identity, order within a
 * context, references and the signalled bit.
 */
#ifndef _LINUX_DMA_FENCE_H
#define _LINUX_DMA_FENCE_H

#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/types.h>

struct dma_fence;

enum dma_fence_flag_bits {
	DMA_FENCE_FLAG_SIGNALED_BIT,
	DMA_FENCE_FLAG_TIMESTAMP_BIT,
	DMA_FENCE_FLAG_ENABLE_SIGNAL_BIT,
	DMA_FENCE_FLAG_USER_BITS,
};

/**
 * struct dma_fence_ops - a driver's fence
 * @use_64bit_seqno: sequence numbers do not wrap at 32 bits
 * @get_driver_name: for people
 * @get_timeline_name: for people
 * @signaled: asks the hardware; or NULL
 * @release: frees the fence; or NULL for dma_fence_free()
 */
struct dma_fence_ops {
	bool use_64bit_seqno;
	const char *(*get_driver_name)(struct dma_fence *fence);
	const char *(*get_timeline_name)(struct dma_fence *fence);
	bool (*signaled)(struct dma_fence *fence);
	void (*release)(struct dma_fence *fence);
};

/**
 * struct dma_fence - a point in a timeline
 * @lock: the driver's, serialises signalling
 * @ops: the driver's
 * @cb_list: unused; keeps the layout
 * @timestamp: when it was signalled, ns of host_clock_ns()
 * @rcu: unused; keeps the layout
 * @context: its timeline
 * @seqno: its place in the timeline
 * @flags: DMA_FENCE_FLAG_*
 * @refcount: references
 * @error: unused; keeps the layout
 */
struct dma_fence {
	spinlock_t *lock;
	const struct dma_fence_ops *ops;
	union {
		struct list_head cb_list;
		ktime_t timestamp;
		struct rcu_head rcu;
	};
	u64 context;
	u64 seqno;
	unsigned long flags;
	struct kref refcount;
	int error;
};

void dma_fence_init(struct dma_fence *fence, const struct dma_fence_ops *ops,
		    spinlock_t *lock, u64 context, u64 seqno);
void dma_fence_release(struct kref *ref);
void dma_fence_free(struct dma_fence *fence);
int dma_fence_signal(struct dma_fence *fence);
int dma_fence_signal_locked(struct dma_fence *fence);
u64 dma_fence_context_alloc(unsigned int num);

/**
 * dma_fence_get() - take a reference
 * @fence: the fence, or NULL
 *
 * Return: @fence.
 */
static inline struct dma_fence *dma_fence_get(struct dma_fence *fence)
{
	if (fence)
		kref_get(&fence->refcount);
	return fence;
}

/**
 * dma_fence_put() - drop a reference
 * @fence: the fence, or NULL
 */
static inline void dma_fence_put(struct dma_fence *fence)
{
	if (fence)
		kref_put(&fence->refcount, dma_fence_release);
}

/**
 * dma_fence_is_signaled() - is the work behind a fence done?
 * @fence: the fence, whose lock is not held
 */
static inline bool dma_fence_is_signaled(struct dma_fence *fence)
{
	if (test_bit(DMA_FENCE_FLAG_SIGNALED_BIT, &fence->flags))
		return true;
	if (!fence->ops->signaled || !fence->ops->signaled(fence))
		return false;
	dma_fence_signal(fence);
	return true;
}

/**
 * dma_fence_is_later() - order of two fences of one context
 * @a: a fence
 * @b: a fence
 *
 * Return: true when @a comes after @b; false, with a warning, when their
 * contexts differ.
 */
static inline bool dma_fence_is_later(struct dma_fence *a,
				      struct dma_fence *b)
{
	if (WARN_ON(a->context != b->context))
		return false;
	if (a->ops->use_64bit_seqno)
		return a->seqno > b->seqno;
	return (s32)((u32)a->seqno - (u32)b->seqno) > 0;
}

/**
 * dma_fence_is_later_or_same() - dma_fence_is_later(), or the same fence
 * @a: a fence
 * @b: a fence
 */
static inline bool dma_fence_is_later_or_same(struct dma_fence *a,
					      struct dma_fence *b)
{
	return a == b || dma_fence_is_later(a, b);
}

#endif /* _LINUX_DMA_FENCE_H */
