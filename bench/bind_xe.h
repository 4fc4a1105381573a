/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Binds as xe does it: each VA is made in a transaction of its own, and each dies in
 * one; the VM's lock is held all the while.
 */
#ifndef _BENCH_BIND_XE_H
#define _BENCH_BIND_XE_H

#include "bind_steps.h"

/* A transaction around list calls; it has ended where it failed to begin. */
static inline int xe_lists_begin(struct binder *b, struct drm_exec *exec)
{
	int err = exec_lock(b, exec);

	if (err)
		drm_exec_fini(exec);
	else
		batch_begin(b->obj);
	return err;
}

static inline void xe_lists_end(struct binder *b, struct drm_exec *exec)
{
	batch_end(b->obj);
	drm_exec_fini(exec);
}

/* A mapping has a reference to the BO beside its vm_bo's. */
static inline int xe_vma_create(struct binder *b, struct drm_gpuva *va)
{
	struct drm_gpuvm_bo *vm_bo;
	struct drm_exec exec;
	int err;

	if (!va)
		return 0;
	err = xe_lists_begin(b, &exec);
	if (err)
		return err;
	vm_bo = vm_bo_obtain(b->vm, b->obj);
	drm_gpuvm_bo_extobj_add(vm_bo);
	drm_gem_object_get(b->obj);
	va_link(va, vm_bo);
	vm_bo_put(vm_bo);
	xe_lists_end(b, &exec);
	return 0;
}

static inline int xe_vma_destroy(struct binder *b, struct drm_gpuva *va)
{
	struct drm_exec exec;
	int err;

	if (!va)
		return 0;
	err = xe_lists_begin(b, &exec);
	if (!err) {
		va_unlink(va);
		xe_lists_end(b, &exec);
	}
	drm_gem_object_put(b->obj);
	return err;
}

/* The job's fence goes to both resvs, then entries are written. */
static inline int xe_exec_pt(struct bind *t, struct job *job)
{
	struct drm_exec exec;
	int err = exec_lock(t->b, &exec);

	if (!err) {
		exec_add_fence(t->b, &exec, job);
		steps_pt(t);
	}
	drm_exec_fini(&exec);
	job_push(t->b, job);
	return err;
}

static inline int xe_ops(struct bind *t, struct job *job)
{
	struct binder *b = t->b;
	struct drm_gpuva_op *op;
	struct step *s = t->step;
	int err = 0;

	drm_gpuva_for_each_op(op, t->ops) {
		step_new(b, op, s);
		err |= xe_vma_create(b, s->map);
		err |= xe_vma_create(b, s->prev);
		err |= xe_vma_create(b, s->next);
		s++;
	}
	steps_tree(t);
	err |= xe_exec_pt(t, job);
	s = t->step;
	drm_gpuva_for_each_op(op, t->ops) {
		err |= xe_vma_destroy(b, s->old);
		s++;
	}
	return err;
}

static inline int xe_ioctl(struct binder *b, u64 addr, u64 range, u64 offset,
			   bool map)
{
	struct bind t = { .b = b };
	struct job *job = job_new(b);
	int err;

	if (!job)
		return -ENOMEM;
	mutex_lock(&b->lock);
	err = steps_create(&t, addr, range, offset, map);
	if (!err) {
		err = xe_ops(&t, job);
		steps_free(&t);
	} else {
		job_push(b, job);
	}
	mutex_unlock(&b->lock);
	jobs_run(b);
	return err;
}

static inline int xe_bind(struct binder *b, u64 addr, u64 range, u64 offset)
{
	return xe_ioctl(b, addr, range, offset, true);
}

static inline int xe_unbind(struct binder *b, u64 addr, u64 range)
{
	return xe_ioctl(b, addr, range, 0, false);
}

#endif /* _BENCH_BIND_XE_H */
