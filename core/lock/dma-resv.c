// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Reservation objects: a wait-die mutex and an array of fences.
 *
 * A fence's usage stands in the low bits of its pointer. Slots are reserved
 * first, which may fail, and filled later, which may not.
 */
#include <linux/bug.h>
#include <linux/dma-resv.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#define RESV_USAGE	3UL
#define RESV_MIN_SLOTS	4U

struct dma_resv_list {
	struct rcu_head rcu;
	u32 num_fences;
	u32 max_fences;
	struct dma_fence __rcu *table[];
};

DEFINE_WD_CLASS(reservation_ww_class);

static struct dma_fence *resv_slot(const struct dma_resv_list *list,
				   unsigned int i, enum dma_resv_usage *usage)
{
	unsigned long slot = (unsigned long)READ_ONCE(list->table[i]);

	*usage = slot & RESV_USAGE;
	return (struct dma_fence *)(slot & ~RESV_USAGE);
}

static void resv_fill(struct dma_resv_list *list, unsigned int i,
		      struct dma_fence *fence, enum dma_resv_usage usage)
{
	unsigned long slot = (unsigned long)fence | usage;

	RCU_INIT_POINTER(list->table[i], (struct dma_fence *)slot);
}

static struct dma_resv_list *resv_list(struct dma_resv *resv)
{
	return rcu_dereference_protected(resv->fences, dma_resv_held(resv));
}

static struct dma_resv_list *resv_list_alloc(unsigned int slots)
{
	size_t bytes = kmalloc_size_roundup(struct_size((struct dma_resv_list *)
							NULL, table, slots));
	struct dma_resv_list *list = kmalloc(bytes, GFP_KERNEL);

	if (!list)
		return NULL;
	list->num_fences = 0;
	list->max_fences = (bytes - sizeof(*list)) / sizeof(list->table[0]);
	return list;
}

/* Move what is not signalled yet from one list to a larger one. */
static void resv_list_move(struct dma_resv_list *to,
			   struct dma_resv_list *from)
{
	enum dma_resv_usage usage;
	struct dma_fence *fence;
	unsigned int i;

	for (i = 0; i < from->num_fences; i++) {
		fence = resv_slot(from, i, &usage);
		if (dma_fence_is_signaled(fence))
			dma_fence_put(fence);
		else
			resv_fill(to, to->num_fences++, fence, usage);
	}
}

/**
 * dma_resv_init() - make a reservation object without fences
 * @resv: the object
 */
void dma_resv_init(struct dma_resv *resv)
{
	ww_mutex_init(&resv->lock, &reservation_ww_class);
	RCU_INIT_POINTER(resv->fences, NULL);
}

/**
 * dma_resv_fini() - drop a reservation object's fences
 * @resv: the object, which nobody can find any more
 */
void dma_resv_fini(struct dma_resv *resv)
{
	struct dma_resv_list *list = rcu_dereference_protected(resv->fences, true);
	enum dma_resv_usage usage;
	unsigned int i;

	for (i = 0; list && i < list->num_fences; i++)
		dma_fence_put(resv_slot(list, i, &usage));
	kfree_rcu(list, rcu);
	ww_mutex_destroy(&resv->lock);
}

/**
 * dma_resv_reserve_fences() - make room for fences
 * @resv: the object, locked; unlocking it loses the room
 * @num_fences: how many will be added
 *
 * Return: 0, -EINVAL when @num_fences is 0, or -ENOMEM.
 */
int dma_resv_reserve_fences(struct dma_resv *resv, unsigned int num_fences)
{
	struct dma_resv_list *old = resv_list(resv), *grown;
	unsigned int want;

	if (WARN_ON(!num_fences))
		return -EINVAL;
	want = old ? old->num_fences + num_fences : num_fences;
	if (old && want <= old->max_fences)
		return 0;

	if (old && old->max_fences)
		want = max(want, 2 * old->max_fences);
	else
		want = max_t(unsigned int, RESV_MIN_SLOTS,
			     roundup_pow_of_two(want));
	grown = resv_list_alloc(want);
	if (!grown)
		return -ENOMEM;
	if (old)
		resv_list_move(grown, old);
	rcu_assign_pointer(resv->fences, grown);
	kfree_rcu(old, rcu);
	return 0;
}

/* Does @fence make the one in a slot superfluous? */
static bool resv_replaces(struct dma_fence *fence, enum dma_resv_usage usage,
			  struct dma_fence *other, enum dma_resv_usage its)
{
	if (other->context == fence->context && its >= usage &&
	    dma_fence_is_later_or_same(fence, other))
		return true;
	return dma_fence_is_signaled(other);
}

/**
 * dma_resv_add_fence() - add a fence
 * @resv: the object, locked, with a slot reserved
 * @fence: the fence; a reference is taken
 * @usage: what the work behind it does with the buffer
 *
 * Replaces the first fence that it makes superfluous; else takes a slot.
 * Linear in the number of fences.
 */
void dma_resv_add_fence(struct dma_resv *resv, struct dma_fence *fence,
			enum dma_resv_usage usage)
{
	struct dma_resv_list *list = resv_list(resv);
	enum dma_resv_usage its;
	struct dma_fence *other;
	unsigned int i;

	dma_fence_get(fence);
	for (i = 0; list && i < list->num_fences; i++) {
		other = resv_slot(list, i, &its);
		if (!resv_replaces(fence, usage, other, its))
			continue;
		resv_fill(list, i, fence, usage);
		dma_fence_put(other);
		return;
	}
	BUG_ON(!list || i >= list->max_fences);
	resv_fill(list, i, fence, usage);
	/* The slot before the count, for readers without the lock; none here. */
	smp_store_release(&list->num_fences, i + 1);
}

/**
 * dma_resv_replace_fences() - replace all fences of a timeline
 * @resv: the object, locked
 * @context: the timeline
 * @replacement: the fence that stands for them now
 * @usage: its usage
 */
void dma_resv_replace_fences(struct dma_resv *resv, u64 context,
			     struct dma_fence *replacement,
			     enum dma_resv_usage usage)
{
	struct dma_resv_list *list = resv_list(resv);
	enum dma_resv_usage its;
	struct dma_fence *other;
	unsigned int i;

	for (i = 0; list && i < list->num_fences; i++) {
		other = resv_slot(list, i, &its);
		if (other->context != context)
			continue;
		resv_fill(list, i, dma_fence_get(replacement), usage);
		dma_fence_put(other);
	}
}

/**
 * dma_resv_iter_next() - the next fence of a walk
 * @cursor: the walk
 *
 * Return: the fence, without a reference, or NULL.
 */
struct dma_fence *dma_resv_iter_next(struct dma_resv_iter *cursor)
{
	struct dma_fence *fence = NULL;

	dma_resv_assert_held(cursor->obj);
	while (!fence && cursor->index < cursor->num_fences) {
		fence = resv_slot(cursor->fences, cursor->index++,
				  &cursor->fence_usage);
		if (cursor->fence_usage > cursor->usage)
			fence = NULL;
	}
	cursor->fence = fence;
	return fence;
}

/**
 * dma_resv_iter_first() - the first fence of a walk
 * @cursor: from dma_resv_iter_begin(); the object must stay locked
 *
 * Return: the fence, without a reference, or NULL.
 */
struct dma_fence *dma_resv_iter_first(struct dma_resv_iter *cursor)
{
	cursor->fences = resv_list(cursor->obj);
	cursor->num_fences = cursor->fences ? cursor->fences->num_fences : 0;
	cursor->index = 0;
	return dma_resv_iter_next(cursor);
}

/**
 * dma_resv_test_signaled() - are all fences signalled?
 * @resv: the object, locked
 * @usage: the fences that count
 */
bool dma_resv_test_signaled(struct dma_resv *resv, enum dma_resv_usage usage)
{
	struct dma_resv_iter cursor;
	struct dma_fence *fence;

	dma_resv_for_each_fence(&cursor, resv, usage, fence) {
		if (!dma_fence_is_signaled(fence))
			return false;
	}
	return true;
}

#ifdef CONFIG_DEBUG_MUTEXES
/**
 * dma_resv_reset_max_fences() - lose the room that was not used
 * @resv: the object, locked; a slot that was not reserved is a BUG then
 */
void dma_resv_reset_max_fences(struct dma_resv *resv)
{
	struct dma_resv_list *list = resv_list(resv);

	if (list)
		list->max_fences = list->num_fences;
}
#endif
