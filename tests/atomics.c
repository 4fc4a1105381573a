// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * One function for each uncontended path whose atomic operations are stated;
 * scripts/run/atomics counts them. A probe_ function does its path once.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/dma-resv.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/osq_lock.h>
#include <linux/printk.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/ww_mutex.h>

#define CALLS	1000

static DEFINE_WD_CLASS(class);
static DEFINE_MUTEX(mutex);
static DEFINE_SPINLOCK(spin);
static struct ww_mutex ww;
static struct ww_acquire_ctx ctx;
static struct dma_resv resv;
static struct ww_acquire_ctx resv_ctx;
static struct dma_fence fences[2];
static DEFINE_SPINLOCK(fence_lock);
static struct optimistic_spin_queue osq = OSQ_LOCK_UNLOCKED;
static struct kref kref;
static refcount_t count;
static LLIST_HEAD(llist);
static struct llist_node llist_node;
static LIST_HEAD(list);
static struct list_head entry;
static unsigned long bits;
static atomic_t counter;

/* The same for all: not inlined, not merged, not changed by its caller. */
#define PROBE(name)							\
static noinline __used void probe_##name(void)

PROBE(nothing)
{
	barrier();
}

PROBE(smp_mb)
{
	smp_mb();
}

PROBE(mutex)
{
	mutex_lock(&mutex);
	mutex_unlock(&mutex);
}

PROBE(mutex_trylock)
{
	if (mutex_trylock(&mutex))
		mutex_unlock(&mutex);
}

PROBE(ww_mutex)
{
	(void)ww_mutex_lock(&ww, NULL);
	ww_mutex_unlock(&ww);
}

PROBE(ww_mutex_ctx)
{
	(void)ww_mutex_lock(&ww, &ctx);
	ww_mutex_unlock(&ww);
}

PROBE(ww_acquire_init)
{
	ww_acquire_init(&ctx, &class);
}

PROBE(dma_resv)
{
	(void)dma_resv_lock(&resv, NULL);
	dma_resv_unlock(&resv);
}

PROBE(dma_resv_ctx)
{
	(void)dma_resv_lock(&resv, &resv_ctx);
	dma_resv_unlock(&resv);
}

/* Replaces the other fence of its timeline. */
PROBE(dma_resv_add_fence)
{
	static unsigned int i;

	fences[i % 2].seqno += 2;
	dma_resv_add_fence(&resv, &fences[i++ % 2], DMA_RESV_USAGE_WRITE);
}

PROBE(spinlock)
{
	spin_lock(&spin);
	spin_unlock(&spin);
}

PROBE(osq)
{
	if (osq_lock(&osq))
		osq_unlock(&osq);
}

static void release_nothing(struct kref *ref)
{
}

PROBE(kref)
{
	kref_get(&kref);
	kref_put(&kref, release_nothing);
}

PROBE(refcount_inc_not_zero)
{
	refcount_set(&count, 1);
	if (!refcount_inc_not_zero(&count))
		pr_err("a count of one is not zero\n");
}

PROBE(dec_and_mutex_lock)
{
	refcount_set(&count, 2);
	if (refcount_dec_and_mutex_lock(&count, &mutex))
		mutex_unlock(&mutex);
}

PROBE(dec_and_mutex_lock_final)
{
	refcount_set(&count, 1);
	if (refcount_dec_and_mutex_lock(&count, &mutex))
		mutex_unlock(&mutex);
}

PROBE(llist_add)
{
	llist_add(&llist_node, &llist);
}

PROBE(llist_del_all)
{
	if (llist_del_all(&llist) != &llist_node)
		pr_err("the list has lost its entry\n");
}

PROBE(list)
{
	list_add(&entry, &list);
	list_del(&entry);
}

PROBE(atomic_add)
{
	atomic_add(3, &counter);
}

PROBE(set_bit)
{
	set_bit(1, &bits);
}

PROBE(clear_bit)
{
	clear_bit(1, &bits);
}

PROBE(clear_bit_unlock)
{
	__set_bit(0, &bits);
	clear_bit_unlock(0, &bits);
}

/* A vm_bo's size, and a VA's. */
PROBE(kzalloc_88)
{
	kfree(kzalloc(88, GFP_KERNEL));
}

PROBE(kzalloc_120)
{
	kfree(kzalloc(120, GFP_KERNEL));
}

static const struct dma_fence_ops fence_ops = { .use_64bit_seqno = true };

static void set_up(void)
{
	ww_mutex_init(&ww, &class);
	dma_resv_init(&resv);
	ww_acquire_init(&ctx, &class);
	ww_acquire_init(&resv_ctx, &reservation_ww_class);
	kref_init(&kref);
	dma_fence_init(&fences[0], &fence_ops, &fence_lock, 1, 1);
	dma_fence_init(&fences[1], &fence_ops, &fence_lock, 1, 2);
	(void)dma_resv_reserve_fences(&resv, 1);
	dma_resv_add_fence(&resv, &fences[1], DMA_RESV_USAGE_WRITE);
	/* Slabs, and this thread's node. */
	kfree(kzalloc(88, GFP_KERNEL));
	kfree(kzalloc(120, GFP_KERNEL));
	spin_begin();
	if (osq_lock(&osq))
		osq_unlock(&osq);
}

int main(void)
{
	int i;

	set_up();
	for (i = 0; i < CALLS; i++) {
		probe_nothing();
		probe_smp_mb();
		probe_mutex();
		probe_mutex_trylock();
		probe_ww_mutex();
		probe_ww_mutex_ctx();
		probe_ww_acquire_init();
		probe_dma_resv();
		probe_dma_resv_ctx();
		probe_dma_resv_add_fence();
		probe_spinlock();
		probe_osq();
		probe_kref();
		probe_refcount_inc_not_zero();
		probe_dec_and_mutex_lock();
		probe_dec_and_mutex_lock_final();
		probe_llist_add();
		probe_llist_del_all();
		probe_list();
		probe_atomic_add();
		probe_set_bit();
		probe_clear_bit();
		probe_clear_bit_unlock();
		probe_kzalloc_88();
		probe_kzalloc_120();
	}
	pr_info("calls %d\n", CALLS);
	return 0;
}
