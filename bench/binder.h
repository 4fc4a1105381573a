/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A driver that binds: one VM with a tree of VAs and a page table, one BO with a
 * resv of its own, and the callbacks of split and merge, which keep tree, lists
 * and page table alike. What is held around it is the path's to say.
 */
#ifndef _BENCH_BINDER_H
#define _BENCH_BINDER_H

#include <linux/dma-fence.h>
#include <linux/llist.h>
#include <linux/mutex.h>
#include <drm/drm_exec.h>
#include "draw.h"
#include "driver.h"
#include "page_table.h"

#define BIND_K		16ul		/* VAs that one unmap takes */
#define BIND_SITES	64ul		/* where binds happen, spread over the tree */
#define BIND_STRIDE	(64ull << 20)	/* from one VA of the tree to the next */
#define BIND_POOL	(4 * BIND_SITES)
#define BIND_WARM	8		/* operations at each site before it is warm */

/* What one operation does to the VM. */
enum bind_op {
	BIND_HOLE,	/* map into a hole, unmap */
	BIND_REPLACE,	/* map over the same range, twice */
	BIND_SPLIT,	/* map into the middle, map over the whole again */
	BIND_UNMAP,	/* map BIND_K ranges, unmap them at once */
};

#define BIND_OPS	"hole,replace,split,unmap"
#define BIND_PAGES	"4K,64K,2M"

/**
 * struct binder - the driver
 * @drv: device and counts
 * @vm: the VM
 * @obj: the BO that is bound
 * @first: its vm_bo, with the reference that keeps it from going
 * @vm_bo: the one of the bind that is going on
 * @lock: serialises the VM: its tree, page table and pool
 * @pt: page table, or NULL
 * @tree: VAs of the tree that stay, without a BO
 * @nr_tree: how many
 * @pool: VAs to be used
 * @free: those of the pool that are in no tree
 * @nr_free: how many
 * @kmalloc: VAs come from the allocator instead
 * @size: length of a range in bytes
 * @nr_sites: where binds happen
 * @random: draws the site of the next operation
 * @op: what an operation does
 * @ops: operations done
 * @fd: to enter the kernel with
 * @queue: jobs that the device has not done
 * @timeline: of the jobs' fences
 */
struct binder {
	struct driver drv;
	struct drm_gpuvm *vm;
	struct drm_gem_object *obj;
	struct drm_gpuvm_bo *first;
	struct drm_gpuvm_bo *vm_bo;
	struct mutex lock;
	struct pt_table *pt;
	struct drm_gpuva *tree;
	unsigned long nr_tree;
	struct drm_gpuva *pool;
	struct drm_gpuva *free[BIND_POOL];
	unsigned long nr_free;
	bool kmalloc;
	u64 size;
	unsigned long nr_sites;
	u64 random;
	enum bind_op op;
	unsigned long ops;
	int fd;

	struct llist_head queue;
	struct driver_timeline timeline ____cacheline_aligned;
};

/* -- VAs -- */

/* Setup sees to it that the pool is never empty. */
static inline struct drm_gpuva *va_new(struct binder *b)
{
	if (b->kmalloc)
		return kzalloc(sizeof(struct drm_gpuva), GFP_KERNEL);
	return b->free[--b->nr_free];
}

static inline void va_done(struct binder *b, struct drm_gpuva *va)
{
	if (b->kmalloc)
		kfree(va);
	else
		b->free[b->nr_free++] = va;
}

/* Physical addresses are offsets in the BO. */
static inline void pt_map(struct binder *b, u64 addr, u64 range, u64 offset)
{
	if (b->pt)
		pt_write(b->pt, addr, range, offset | PT_VALID, 1ull << PT_SHIFT);
}

static inline void pt_unmap(struct binder *b, u64 addr, u64 range)
{
	if (b->pt)
		pt_write(b->pt, addr, range, 0, 0);
}

/* -- split and merge: the tree, then the lists, then the page table -- */

static inline int bind_step_map(struct drm_gpuva_op *op, void *priv)
{
	struct binder *b = priv;
	struct drm_gpuva *va = va_new(b);

	if (!va)
		return -ENOMEM;
	drm_gpuva_map(b->vm, va, &op->map);
	va_link(va, b->vm_bo);
	pt_map(b, va->va.addr, va->va.range, va->gem.offset);
	return 0;
}

static inline struct drm_gpuva *bind_part(struct binder *b,
					  const struct drm_gpuva_op_map *part)
{
	return part ? va_new(b) : NULL;
}

/* New parts are linked before the old VA goes, so its vm_bo stays. */
static inline int bind_step_remap(struct drm_gpuva_op *op, void *priv)
{
	struct drm_gpuva_op_remap *r = &op->remap;
	struct drm_gpuva *old = r->unmap->va;
	struct drm_gpuvm_bo *vm_bo = old->vm_bo;
	struct binder *b = priv;
	struct drm_gpuva *prev = bind_part(b, r->prev);
	struct drm_gpuva *next = bind_part(b, r->next);
	u64 start, range;

	if ((r->prev && !prev) || (r->next && !next)) {
		if (prev)
			va_done(b, prev);
		return -ENOMEM;
	}
	drm_gpuva_op_remap_to_unmap_range(r, &start, &range);
	drm_gpuva_remap(prev, next, r);
	if (prev)
		va_link(prev, vm_bo);
	if (next)
		va_link(next, vm_bo);
	va_unlink(old);
	va_done(b, old);
	pt_unmap(b, start, range);
	return 0;
}

static inline int bind_step_unmap(struct drm_gpuva_op *op, void *priv)
{
	struct drm_gpuva *va = op->unmap.va;
	struct binder *b = priv;

	drm_gpuva_unmap(&op->unmap);
	va_unlink(va);
	pt_unmap(b, va->va.addr, va->va.range);
	va_done(b, va);
	return 0;
}

static const struct drm_gpuvm_ops bind_vm_ops = {
	.vm_free = driver_vm_free,
	.vm_bo_alloc = VARIANT_VM_BO_ALLOC,
	.vm_bo_free = VARIANT_VM_BO_FREE,
	.sm_step_map = bind_step_map,
	.sm_step_remap = bind_step_remap,
	.sm_step_unmap = bind_step_unmap,
};

/* -- sites -- */

/* Between two VAs of the tree; room for BIND_K of the largest ranges. */
static inline u64 site_addr(const struct binder *b, unsigned long site)
{
	return site * (b->nr_tree / b->nr_sites) * BIND_STRIDE + BIND_STRIDE / 2;
}

static inline u64 next_site(struct binder *b)
{
	return site_addr(b, draw_below(&b->random, b->nr_sites));
}

/* The whole of what an operation leaves at a site when it is done. */
static inline u64 site_range(const struct binder *b)
{
	return b->op == BIND_SPLIT ? 3 * b->size : b->size;
}

/* -- the life of it -- */

/* Takes a VA out of everything; the caller holds what the design wants. */
static inline void bind_drop_va(struct binder *b, struct drm_gpuva *va)
{
	drm_gpuva_remove(va);
	if (!va->gem.obj)
		return;
	va_unlink(va);
	va_done(b, va);
}

static inline void bind_drop_all(struct binder *b)
{
	struct drm_gpuva *va, *tmp;
	struct hold h;

	hold_begin(&h, b->vm, b->obj);
	batch_begin(b->obj);
	drm_gpuvm_for_each_va_safe(va, tmp, b->vm)
		bind_drop_va(b, va);
	batch_end(b->obj);
	hold_end(&h);
}

static inline int binder_free(struct binder *b)
{
	int leaked;

	if (b->vm && b->first)
		bind_drop_all(b);
	if (b->first)
		driver_vm_bo_last(b->first);
	if (b->obj)
		drm_gem_object_put(b->obj);
	if (b->vm)
		drm_gpuvm_put(b->vm);
	leaked = driver_fini(&b->drv);
	if (!b->kmalloc && b->pool)
		leaked += BIND_POOL - b->nr_free;
	host_syscall_close(b->fd);
	pt_free(b->pt);
	kvfree(b->pool);
	kvfree(b->tree);
	kfree(b);
	return leaked;
}

static inline int bind_fill_tree(struct binder *b)
{
	unsigned long i;
	int err = 0;

	b->tree = kvcalloc(b->nr_tree + 1, sizeof(*b->tree), GFP_KERNEL);
	if (!b->tree)
		return -ENOMEM;
	for (i = 0; i < b->nr_tree && !err; i++) {
		drm_gpuva_init(&b->tree[i], i * BIND_STRIDE, 2ul << 20, NULL, 0);
		err = drm_gpuva_insert(b->vm, &b->tree[i]);
	}
	return err;
}

static inline int bind_fill_pool(struct binder *b)
{
	b->pool = kvcalloc(BIND_POOL, sizeof(*b->pool), GFP_KERNEL);
	if (!b->pool)
		return -ENOMEM;
	while (b->nr_free < BIND_POOL) {
		b->free[b->nr_free] = &b->pool[b->nr_free];
		b->nr_free++;
	}
	return 0;
}

static inline int bind_prepare_sites(struct binder *b)
{
	unsigned long i;
	int err = 0;

	for (i = 0; b->pt && i < b->nr_sites && !err; i++)
		err = pt_prepare(b->pt, site_addr(b, i), BIND_K * b->size);
	return err;
}

/**
 * struct bind_shape - what a path wants of its binder
 * @op: enum bind_op
 * @nr_tree: VAs that are in the tree besides
 * @page: 0: 4 KiB, 1: 64 KiB, 2: 2 MiB to a range
 * @ops: of the VM; NULL: split and merge as here
 * @flags: of the VM
 * @page_table: entries are written
 * @kmalloc: VAs are allocated for each bind
 */
struct bind_shape {
	enum bind_op op;
	unsigned long nr_tree;
	unsigned int page;
	const struct drm_gpuvm_ops *ops;
	enum drm_gpuvm_flags flags;
	bool page_table;
	bool kmalloc;
};

/**
 * binder_alloc() - make a binder
 * @shape: what is wanted
 * @info: gets the working set
 *
 * Return: a binder without a VA at its sites, or NULL.
 */
static inline struct binder *binder_alloc(const struct bind_shape *shape,
					  struct bench_info *info)
{
	static const u64 sizes[] = { 4ull << 10, 64ull << 10, 2ull << 20 };
	struct binder *b = kzalloc(sizeof(*b), GFP_KERNEL);

	if (!b)
		return NULL;
	b->fd = -1;
	b->op = shape->op;
	b->nr_tree = shape->nr_tree;
	b->nr_sites = b->nr_tree < BIND_SITES ? 1 : BIND_SITES;
	b->size = sizes[shape->page];
	b->kmalloc = shape->kmalloc;
	mutex_init(&b->lock);
	init_llist_head(&b->queue);
	driver_timeline_init(&b->timeline);
	if (driver_init(&b->drv))
		goto err;
	b->vm = driver_vm_create_ops(&b->drv, shape->ops ?: &bind_vm_ops,
				     shape->flags);
	b->obj = driver_bo_create(&b->drv, NULL);
	if (!b->vm || !b->obj)
		goto err;
	b->first = driver_vm_bo_first(b->vm, b->obj);
	if (shape->page_table)
		b->pt = pt_alloc();
	if (!b->first || (shape->page_table && !b->pt) || bind_fill_tree(b) ||
	    bind_fill_pool(b) || bind_prepare_sites(b))
		goto err;
	/* each site some times; an unmap takes as many as so many others */
	if (b->nr_sites > 1)
		info->warm = BIND_WARM * b->nr_sites /
			     (shape->op == BIND_UNMAP ? BIND_K : 1);
	info->bytes = sizeof(*b) + b->nr_tree * sizeof(*b->tree) +
		      BIND_POOL * sizeof(*b->pool) + sizeof(struct driver_bo);
	return b;
err:
	binder_free(b);
	return NULL;
}

/**
 * binder_digest() - what binds have done and left behind, without addresses
 * @b: a binder that nobody uses
 */
static inline unsigned long binder_digest(struct binder *b)
{
	unsigned long d = digest_add(DIGEST_SEED, b->ops);
	struct drm_gpuva *va;
	unsigned long i;

	d = digest_vm_bo(d, b->first);
	drm_gpuvm_for_each_va(va, b->vm) {
		d = digest_add(d, va->va.addr);
		d = digest_add(d, va->va.range);
		d = digest_add(d, va->gem.offset);
		d = digest_add(d, va->vm_bo == b->first);
	}
	for (i = 0; b->pt && i < b->nr_sites; i++)
		d = digest_add(d, pt_count(b->pt, site_addr(b, i),
					   BIND_K * b->size));
	return digest_add(d, b->timeline.seqno);
}

#endif /* _BENCH_BINDER_H */
