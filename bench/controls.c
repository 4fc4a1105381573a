// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Question:	what do the primitives alone cost on this machine, now?
 * Varies:	nothing.
 * Fixed:	one thread, everything warm, no work between the two calls.
 * Unit:	one pair, or one turn of the bare loop.
 * Misleads:	back to back, a pair waits for the one before; between other
 *		work part of it may hide.
 */
#include <linux/dma-resv.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/ww_mutex.h>
#include <drm/drm_gpuvm.h>

#include "bench.h"

struct state {
	struct mutex mutex ____cacheline_aligned;
	spinlock_t spin ____cacheline_aligned;
	struct dma_resv resv ____cacheline_aligned;
	struct kref kref ____cacheline_aligned;
	struct list_head list, entry;
	unsigned long ops;
};

static void *setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	struct state *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	mutex_init(&s->mutex);
	spin_lock_init(&s->spin);
	dma_resv_init(&s->resv);
	kref_init(&s->kref);
	INIT_LIST_HEAD(&s->list);
	INIT_LIST_HEAD(&s->entry);
	info->bytes = sizeof(*s);
	return s;
}

static int teardown(void *p)
{
	struct state *s = p;
	int left = kref_read(&s->kref) - 1 + !list_empty(&s->list);

	dma_resv_fini(&s->resv);
	kfree(s);
	return left;
}

static unsigned long digest(void *p)
{
	struct state *s = p;

	return s->ops;
}

static void empty_run(void *p, unsigned int thread, unsigned long n,
		      struct bench_hist *hist)
{
	struct state *s = p;
	unsigned long i;

	for (i = 0; i < n; i++)
		bench_keep(s);
	s->ops += n;
}

static void mutex_run(void *p, unsigned int thread, unsigned long n,
		      struct bench_hist *hist)
{
	struct state *s = p;
	unsigned long i;

	for (i = 0; i < n; i++) {
		mutex_lock(&s->mutex);
		mutex_unlock(&s->mutex);
	}
	s->ops += n;
}

static void ww_run(void *p, unsigned int thread, unsigned long n,
		   struct bench_hist *hist)
{
	struct state *s = p;
	unsigned long i;

	for (i = 0; i < n; i++) {
		dma_resv_lock(&s->resv, NULL);
		dma_resv_unlock(&s->resv);
	}
	s->ops += n;
}

static void ww_ctx_run(void *p, unsigned int thread, unsigned long n,
		       struct bench_hist *hist)
{
	struct ww_acquire_ctx ticket;
	struct state *s = p;
	unsigned long i;

	for (i = 0; i < n; i++) {
		ww_acquire_init(&ticket, &reservation_ww_class);
		dma_resv_lock(&s->resv, &ticket);
		dma_resv_unlock(&s->resv);
		ww_acquire_fini(&ticket);
	}
	s->ops += n;
}

static void spin_run(void *p, unsigned int thread, unsigned long n,
		     struct bench_hist *hist)
{
	struct state *s = p;
	unsigned long i;

	for (i = 0; i < n; i++) {
		spin_lock(&s->spin);
		spin_unlock(&s->spin);
	}
	s->ops += n;
}

/* Never the last reference. */
static void kref_gone(struct kref *kref)
{
	WARN_ON(1);
}

static void kref_run(void *p, unsigned int thread, unsigned long n,
		     struct bench_hist *hist)
{
	struct state *s = p;
	unsigned long i;

	for (i = 0; i < n; i++) {
		kref_get(&s->kref);
		kref_put(&s->kref, kref_gone);
	}
	s->ops += n;
}

static void list_run(void *p, unsigned int thread, unsigned long n,
		     struct bench_hist *hist)
{
	struct state *s = p;
	unsigned long i;

	for (i = 0; i < n; i++) {
		list_add_tail(&s->entry, &s->list);
		bench_keep(s);
		list_del_init(&s->entry);
		bench_keep(s);
	}
	s->ops += n;
}

static void alloc_run(void *p, unsigned int thread, unsigned long n,
		      struct bench_hist *hist)
{
	struct state *s = p;
	unsigned long i;

	for (i = 0; i < n; i++) {
		void *mem = kzalloc(sizeof(struct drm_gpuvm_bo), GFP_KERNEL);

		bench_keep(mem);
		kfree(mem);
	}
	s->ops += n;
}

#define CONTROL(_name, _title, _op, _run) {		\
	.name = _name, .title = _title, .op = _op,	\
	.flags = BENCH_CONTROL,				\
	.setup = setup, .run = _run,			\
	.digest = digest, .teardown = teardown,		\
}

static const struct bench_path paths[] = {
	CONTROL("empty", "empty: the bare loop", "turn", empty_run),
	CONTROL("mutex", "mutex lock+unlock", "pair", mutex_run),
	CONTROL("ww_mutex", "ww_mutex lock+unlock, no ctx", "pair", ww_run),
	CONTROL("ww_mutex_ctx", "ww_mutex lock+unlock, ctx", "pair", ww_ctx_run),
	CONTROL("spinlock", "spinlock lock+unlock", "pair", spin_run),
	CONTROL("kref", "kref get+put", "pair", kref_run),
	CONTROL("list", "list add+del", "pair", list_run),
	CONTROL("kmalloc", "kzalloc+kfree of a vm_bo", "pair", alloc_run),
	{ }
};

const struct bench_scenario bench_controls = {
	.name = "controls",
	.question = "What do the primitives cost by themselves?",
	.base = "resv",
	.paths = paths,
};
