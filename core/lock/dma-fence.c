// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Fences as far as a reservation object needs them. */
#include <linux/bug.h>
#include <linux/dma-fence.h>
#include <linux/slab.h>
#include <host/host.h>

static atomic64_t dma_fence_contexts = ATOMIC64_INIT(1);

/**
 * dma_fence_context_alloc() - take timelines that nobody else has
 * @num: how many, one after the other
 *
 * Return: the first.
 */
u64 dma_fence_context_alloc(unsigned int num)
{
	return atomic64_fetch_add_relaxed(num, &dma_fence_contexts);
}

/**
 * dma_fence_init() - make a fence, not signalled, with one reference
 * @fence: the fence
 * @ops: the driver's
 * @lock: the driver's; outlives the fence
 * @context: timeline
 * @seqno: place in the timeline
 */
void dma_fence_init(struct dma_fence *fence, const struct dma_fence_ops *ops,
		    spinlock_t *lock, u64 context, u64 seqno)
{
	*fence = (struct dma_fence) {
		.lock = lock,
		.ops = ops,
		.context = context,
		.seqno = seqno,
	};
	kref_init(&fence->refcount);
}

/**
 * dma_fence_free() - free a fence that kmalloc() made
 * @fence: the fence, without references
 */
void dma_fence_free(struct dma_fence *fence)
{
	kfree(fence);
}

/**
 * dma_fence_release() - what dma_fence_put() does at the end
 * @ref: the fence's count
 */
void dma_fence_release(struct kref *ref)
{
	struct dma_fence *fence = container_of(ref, struct dma_fence, refcount);

	if (fence->ops->release)
		fence->ops->release(fence);
	else
		dma_fence_free(fence);
}

/**
 * dma_fence_signal_locked() - say that the work is done
 * @fence: the fence, with its lock held
 *
 * Return: 0, or -EINVAL when it was signalled before.
 */
int dma_fence_signal_locked(struct dma_fence *fence)
{
	lockdep_assert_held(fence->lock);
	if (test_and_set_bit(DMA_FENCE_FLAG_SIGNALED_BIT, &fence->flags))
		return -EINVAL;
	fence->timestamp = host_clock_ns();
	set_bit(DMA_FENCE_FLAG_TIMESTAMP_BIT, &fence->flags);
	return 0;
}

/**
 * dma_fence_signal() - say that the work is done
 * @fence: the fence
 *
 * Return: 0, or -EINVAL when it was signalled before.
 */
int dma_fence_signal(struct dma_fence *fence)
{
	int err;

	spin_lock(fence->lock);
	err = dma_fence_signal_locked(fence);
	spin_unlock(fence->lock);
	return err;
}
