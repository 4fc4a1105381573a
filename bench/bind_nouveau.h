/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Binds as nouveau does it: a vm_bo is obtained and put under the BO's resv alone,
 * all links are made in one transaction, which locks the BOs of the operations and
 * not the VM. Its VMs are not in protected mode.
 */
#ifndef _BENCH_BIND_NOUVEAU_H
#define _BENCH_BIND_NOUVEAU_H

#include "bind_steps.h"

static inline void nouveau_lists_begin(struct binder *b)
{
	if (!VARIANT_IMMEDIATE)
		dma_resv_lock(b->obj->resv, NULL);
	batch_begin(b->obj);
}

static inline void nouveau_lists_end(struct binder *b)
{
	batch_end(b->obj);
	if (!VARIANT_IMMEDIATE)
		dma_resv_unlock(b->obj->resv);
}

static inline struct drm_gpuvm_bo *nouveau_obtain(struct binder *b)
{
	struct drm_gpuvm_bo *vm_bo;

	nouveau_lists_begin(b);
	vm_bo = vm_bo_obtain(b->vm, b->obj);
	nouveau_lists_end(b);
	drm_gpuvm_bo_extobj_add(vm_bo);
	drm_gem_object_get(b->obj);
	return vm_bo;
}

/* Cleanup work, after the fence. */
static inline void nouveau_put(struct binder *b, struct drm_gpuvm_bo *vm_bo)
{
	nouveau_lists_begin(b);
	vm_bo_put(vm_bo);
	nouveau_lists_end(b);
	drm_gem_object_put(b->obj);
}

/* A mapping has a reference to the BO beside its vm_bo's, until it is freed. */
static inline void nouveau_map(struct bind *t)
{
	struct drm_gpuva_op *op;
	struct step *s = t->step;

	drm_gpuva_for_each_op(op, t->ops) {
		step_new(t->b, op, s);
		if (s->map)
			drm_gem_object_get(t->b->obj);
		if (s->prev)
			drm_gem_object_get(t->b->obj);
		if (s->next)
			drm_gem_object_get(t->b->obj);
		s++;
	}
	steps_tree(t);
}

static inline void nouveau_link(struct bind *t, struct drm_gpuvm_bo *vm_bo)
{
	struct drm_gpuva_op *op;
	struct step *s = t->step;

	batch_begin(t->b->obj);
	drm_gpuva_for_each_op(op, t->ops) {
		if (s->map)
			va_link(s->map, vm_bo);
		if (s->prev)
			va_link(s->prev, s->old->vm_bo);
		if (s->next)
			va_link(s->next, s->old->vm_bo);
		if (s->old)
			va_unlink(s->old);
		s++;
	}
	batch_end(t->b->obj);
}

/* An operation's BO; all are one here, so that all but the first are duplicates. */
static inline int nouveau_prepare(struct bind *t, struct drm_exec *exec)
{
	struct drm_gpuva_op *op;
	int err;

	drm_gpuva_for_each_op(op, t->ops) {
		err = drm_exec_prepare_obj(exec, t->b->obj, 1);
		if (err)
			return err;
	}
	return 0;
}

static inline int nouveau_exec(struct bind *t, struct drm_gpuvm_bo *vm_bo,
			       struct job *job)
{
	struct binder *b = t->b;
	struct drm_exec exec;
	int err = 0;

	drm_exec_init(&exec, DRM_EXEC_IGNORE_DUPLICATES, 0);
	drm_exec_until_all_locked(&exec) {
		err = nouveau_prepare(t, &exec);
		drm_exec_retry_on_contention(&exec);
		if (err)
			break;
	}
	if (!err) {
		nouveau_link(t, vm_bo);
		exec_add_fence(b, &exec, job);
	}
	drm_exec_fini(&exec);
	return err;
}

static inline void nouveau_free(struct bind *t)
{
	struct drm_gpuva_op *op;
	struct step *s = t->step;

	drm_gpuva_for_each_op(op, t->ops) {
		if (s->old)
			drm_gem_object_put(t->b->obj);
		s++;
	}
	steps_free(t);
}

static inline int nouveau_ioctl(struct binder *b, u64 addr, u64 range,
				u64 offset, bool map)
{
	struct drm_gpuvm_bo *vm_bo = NULL;
	struct bind t = { .b = b };
	struct job *job = job_new(b);
	int err;

	if (!job)
		return -ENOMEM;
	if (map)
		vm_bo = nouveau_obtain(b);
	mutex_lock(&b->lock);
	err = steps_create(&t, addr, range, offset, map);
	if (!err) {
		nouveau_map(&t);
		err = nouveau_exec(&t, vm_bo, job);
	}
	job_push(b, job);
	mutex_unlock(&b->lock);
	if (!err)
		steps_pt(&t);
	jobs_run(b);
	if (!err)
		nouveau_free(&t);
	if (map)
		nouveau_put(b, vm_bo);
	return err;
}

static inline int nouveau_bind(struct binder *b, u64 addr, u64 range,
			       u64 offset)
{
	return nouveau_ioctl(b, addr, range, offset, true);
}

static inline int nouveau_unbind(struct binder *b, u64 addr, u64 range)
{
	return nouveau_ioctl(b, addr, range, 0, false);
}

#endif /* _BENCH_BIND_NOUVEAU_H */
