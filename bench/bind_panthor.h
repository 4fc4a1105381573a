/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Binds as panthor does it, in Linux 6.12 and in immediate mode: all that may be
 * needed is allocated first, tree and lists change where the job runs, what is left
 * over is freed in work after it.
 */
#ifndef _BENCH_BIND_PANTHOR_H
#define _BENCH_BIND_PANTHOR_H

#include "bind_job.h"
#include "binder.h"

#define OP_CTX_VAS	3u	/* one that maps, what it leaves before and behind */

/* What a job has with it. */
struct op_ctx {
	struct binder *b;
	struct drm_gpuvm_bo *vm_bo;
	struct drm_gpuva *va[OP_CTX_VAS];
	struct list_head returned;
};

/* An unbind leaves one part at most. */
static inline int op_ctx_init(struct op_ctx *ctx, struct binder *b, bool map)
{
	unsigned int i, n = map ? OP_CTX_VAS : 1;

	*ctx = (struct op_ctx) { .b = b };
	INIT_LIST_HEAD(&ctx->returned);
	for (i = 0; i < n; i++) {
		ctx->va[i] = va_new(b);
		if (!ctx->va[i])
			return -ENOMEM;
	}
	return 0;
}

static inline struct drm_gpuva *op_ctx_va(struct op_ctx *ctx)
{
	struct drm_gpuva *va;
	unsigned int i;

	for (i = 0; i < OP_CTX_VAS; i++) {
		va = ctx->va[i];
		if (va) {
			ctx->va[i] = NULL;
			return va;
		}
	}
	return NULL;
}

static inline void op_ctx_free_unused(struct op_ctx *ctx)
{
	unsigned int i;

	for (i = 0; i < OP_CTX_VAS; i++)
		if (ctx->va[i])
			va_done(ctx->b, ctx->va[i]);
}

/* What the design wants for one list call of a job, which holds no resv. */
static inline void job_lists_begin(struct binder *b)
{
	bo_enter(b->obj, NULL);
	batch_begin(b->obj);
}

static inline void job_lists_end(struct binder *b)
{
	batch_end(b->obj);
	bo_leave(b->obj);
}

/* -- the steps of Linux 6.12 -- */

/* The reference of the ioctl goes in the hold of the link. */
static inline void panthor_link_map(struct op_ctx *ctx, struct drm_gpuva *va)
{
	job_lists_begin(ctx->b);
	va_link(va, ctx->vm_bo);
	vm_bo_put(ctx->vm_bo);
	job_lists_end(ctx->b);
	ctx->vm_bo = NULL;
}

/* What is left of a VA takes a reference for itself, given back in its hold. */
static inline void panthor_link(struct op_ctx *ctx, struct drm_gpuva *va,
				struct drm_gpuvm_bo *vm_bo)
{
	if (!va)
		return;
	vm_bo_get(vm_bo);
	job_lists_begin(ctx->b);
	va_link(va, vm_bo);
	vm_bo_put(vm_bo);
	job_lists_end(ctx->b);
}

/* Unlink must not drop the last reference, so the VA keeps one for the cleanup. */
static inline void panthor_unlink(struct op_ctx *ctx, struct drm_gpuva *va)
{
	struct drm_gpuvm_bo *vm_bo = va->vm_bo;

	vm_bo_get(vm_bo);
	job_lists_begin(ctx->b);
	va_unlink(va);
	job_lists_end(ctx->b);
	va->vm_bo = vm_bo;
	list_add_tail(&va->gem.entry, &ctx->returned);
}

/* It cannot know whose references are left. */
static inline void panthor_drop(struct binder *b, struct drm_gpuvm_bo *vm_bo)
{
	drm_gem_object_get(b->obj);
	drm_gpuvm_get(b->vm);
	vm_bo_drop(vm_bo);
	drm_gpuvm_put(b->vm);
	drm_gem_object_put(b->obj);
}

static inline void panthor_cleanup(struct op_ctx *ctx)
{
	struct drm_gpuva *va, *tmp;

	op_ctx_free_unused(ctx);
	if (ctx->vm_bo)
		panthor_drop(ctx->b, ctx->vm_bo);
	list_for_each_entry_safe(va, tmp, &ctx->returned, gem.entry) {
		panthor_drop(ctx->b, va->vm_bo);
		va_done(ctx->b, va);
	}
}

/* -- those of immediate mode -- */

static inline void immediate_link(struct op_ctx *ctx, struct drm_gpuva *va,
				  struct drm_gpuvm_bo *vm_bo)
{
	if (!va)
		return;
	job_lists_begin(ctx->b);
	va_link(va, vm_bo);
	job_lists_end(ctx->b);
}

/* The ioctl's reference goes when all is done. */
static inline void immediate_link_map(struct op_ctx *ctx, struct drm_gpuva *va)
{
	immediate_link(ctx, va, ctx->vm_bo);
}

static inline void immediate_unlink(struct op_ctx *ctx, struct drm_gpuva *va)
{
	job_lists_begin(ctx->b);
	va_unlink(va);
	job_lists_end(ctx->b);
	va_done(ctx->b, va);
}

static inline void immediate_cleanup(struct op_ctx *ctx)
{
	op_ctx_free_unused(ctx);
	if (ctx->vm_bo)
		vm_bo_drop(ctx->vm_bo);
	vm_cleanup(ctx->b->vm);
}

/* -- what both do where the job runs; inlined with constant functions -- */

typedef void (*link_map_fn)(struct op_ctx *ctx, struct drm_gpuva *va);
typedef void (*link_fn)(struct op_ctx *ctx, struct drm_gpuva *va,
			struct drm_gpuvm_bo *vm_bo);
typedef void (*unlink_fn)(struct op_ctx *ctx, struct drm_gpuva *va);

static __always_inline int job_map(struct drm_gpuva_op *op, void *priv,
				   link_map_fn link)
{
	struct op_ctx *ctx = priv;
	struct drm_gpuva *va = op_ctx_va(ctx);
	struct binder *b = ctx->b;

	pt_map(b, op->map.va.addr, op->map.va.range, op->map.gem.offset);
	drm_gpuva_map(b->vm, va, &op->map);
	link(ctx, va);
	return 0;
}

static __always_inline int job_remap(struct drm_gpuva_op *op, void *priv,
				     link_fn link, unlink_fn unlink)
{
	struct drm_gpuva_op_remap *r = &op->remap;
	struct drm_gpuva *old = r->unmap->va;
	struct op_ctx *ctx = priv;
	struct drm_gpuva *prev = r->prev ? op_ctx_va(ctx) : NULL;
	struct drm_gpuva *next = r->next ? op_ctx_va(ctx) : NULL;
	u64 start, range;

	drm_gpuva_op_remap_to_unmap_range(r, &start, &range);
	pt_unmap(ctx->b, start, range);
	drm_gpuva_remap(prev, next, r);
	link(ctx, prev, old->vm_bo);
	link(ctx, next, old->vm_bo);
	unlink(ctx, old);
	return 0;
}

static __always_inline int job_unmap(struct drm_gpuva_op *op, void *priv,
				     unlink_fn unlink)
{
	struct drm_gpuva *va = op->unmap.va;
	struct op_ctx *ctx = priv;

	pt_unmap(ctx->b, va->va.addr, va->va.range);
	drm_gpuva_unmap(&op->unmap);
	unlink(ctx, va);
	return 0;
}

static inline int panthor_step_map(struct drm_gpuva_op *op, void *priv)
{
	return job_map(op, priv, panthor_link_map);
}

static inline int panthor_step_remap(struct drm_gpuva_op *op, void *priv)
{
	return job_remap(op, priv, panthor_link, panthor_unlink);
}

static inline int panthor_step_unmap(struct drm_gpuva_op *op, void *priv)
{
	return job_unmap(op, priv, panthor_unlink);
}

static inline int immediate_step_map(struct drm_gpuva_op *op, void *priv)
{
	return job_map(op, priv, immediate_link_map);
}

static inline int immediate_step_remap(struct drm_gpuva_op *op, void *priv)
{
	return job_remap(op, priv, immediate_link, immediate_unlink);
}

static inline int immediate_step_unmap(struct drm_gpuva_op *op, void *priv)
{
	return job_unmap(op, priv, immediate_unlink);
}

/* The VM is updated under the driver's lock of operations. */
static inline int run_job(struct op_ctx *ctx, u64 addr, u64 range, u64 offset,
			  bool map)
{
	struct binder *b = ctx->b;
	int err;

	mutex_lock(&b->lock);
	err = map ? drm_gpuvm_sm_map(b->vm, ctx, addr, range, b->obj, offset) :
		    drm_gpuvm_sm_unmap(b->vm, ctx, addr, range);
	mutex_unlock(&b->lock);
	return err;
}

/* -- before and behind the job -- */

/* Submitting takes both resvs for the job's fence. */
static inline int submit_job(struct binder *b)
{
	struct job *job = job_new(b);
	struct drm_exec exec;
	int err;

	if (!job)
		return -ENOMEM;
	err = exec_lock(b, &exec);
	if (!err)
		exec_add_fence(b, &exec, job);
	drm_exec_fini(&exec);
	job_push(b, job);
	return err;
}

/*
 * Out of immediate mode a preallocation that goes needs the VM's resv, as a last
 * put does.
 */
static inline struct drm_gpuvm_bo *
prealloc_obtain(struct binder *b, struct drm_gpuvm_bo *prealloc)
{
	struct dma_resv *vm_resv = drm_gpuvm_resv(b->vm);
	struct ww_acquire_ctx ticket;
	struct drm_gpuvm_bo *vm_bo;

	if (VARIANT_IMMEDIATE)
		return vm_bo_obtain_prealloc(prealloc);
	ww_acquire_init(&ticket, &reservation_ww_class);
	dma_resv_lock(vm_resv, &ticket);
	bo_enter(b->obj, &ticket);
	batch_begin(b->obj);
	vm_bo = vm_bo_obtain_prealloc(prealloc);
	batch_end(b->obj);
	bo_leave(b->obj);
	dma_resv_unlock(vm_resv);
	ww_acquire_fini(&ticket);
	return vm_bo;
}

static inline int prepare_map(struct op_ctx *ctx)
{
	struct binder *b = ctx->b;
	struct dma_resv *vm_resv = drm_gpuvm_resv(b->vm);
	struct drm_gpuvm_bo *prealloc = drm_gpuvm_bo_create(b->vm, b->obj);

	if (!prealloc)
		return -ENOMEM;
	ctx->vm_bo = prealloc_obtain(b, prealloc);
	dma_resv_lock(vm_resv, NULL);
	drm_gpuvm_bo_extobj_add(ctx->vm_bo);
	dma_resv_unlock(vm_resv);
	return 0;
}

static __always_inline int job_ioctl(struct binder *b, u64 addr, u64 range,
				     u64 offset, bool map,
				     void (*cleanup)(struct op_ctx *ctx))
{
	struct op_ctx ctx;
	int err = op_ctx_init(&ctx, b, map);

	if (!err && map)
		err = prepare_map(&ctx);
	if (!err)
		err = submit_job(b);
	if (!err)
		err = run_job(&ctx, addr, range, offset, map);
	jobs_run(b);
	cleanup(&ctx);
	return err;
}

static inline int panthor_bind(struct binder *b, u64 addr, u64 range,
			       u64 offset)
{
	return job_ioctl(b, addr, range, offset, true, panthor_cleanup);
}

static inline int panthor_unbind(struct binder *b, u64 addr, u64 range)
{
	return job_ioctl(b, addr, range, 0, false, panthor_cleanup);
}

static inline int immediate_bind(struct binder *b, u64 addr, u64 range,
				 u64 offset)
{
	return job_ioctl(b, addr, range, offset, true, immediate_cleanup);
}

static inline int immediate_unbind(struct binder *b, u64 addr, u64 range)
{
	return job_ioctl(b, addr, range, 0, false, immediate_cleanup);
}

#endif /* _BENCH_BIND_PANTHOR_H */
