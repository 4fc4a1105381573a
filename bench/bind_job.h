/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What a bind is to the scheduler: a job with a fence, added to the resvs that a
 * ww transaction holds.
 */
#ifndef _BENCH_BIND_JOB_H
#define _BENCH_BIND_JOB_H

#include <linux/dma-fence.h>
#include <linux/llist.h>
#include <linux/slab.h>
#include <drm/drm_exec.h>
#include "binder.h"

/* Keeps its VM alive, and waits in the binder's queue. */
struct job {
	struct dma_fence *fence;
	struct drm_gpuvm *vm;
	struct llist_node node;
};

static inline struct job *job_new(struct binder *b)
{
	struct job *job = kzalloc(sizeof(*job), GFP_KERNEL);

	if (!job)
		return NULL;
	job->fence = driver_fence_create(&b->timeline);
	if (!job->fence) {
		kfree(job);
		return NULL;
	}
	job->vm = drm_gpuvm_get(b->vm);
	return job;
}

static inline void job_free(struct job *job)
{
	dma_fence_put(job->fence);
	drm_gpuvm_put(job->vm);
	kfree(job);
}

static inline void job_push(struct binder *b, struct job *job)
{
	llist_add(&job->node, &b->queue);
}

/* The device does all that is queued at once. */
static inline void jobs_run(struct binder *b)
{
	struct llist_node *all = llist_del_all(&b->queue);

	while (all) {
		struct job *job = container_of(all, struct job, node);

		all = all->next;
		dma_fence_signal(job->fence);
		job_free(job);
	}
}

static inline int exec_lock(struct binder *b, struct drm_exec *exec)
{
	int err = 0;

	drm_exec_init(exec, DRM_EXEC_IGNORE_DUPLICATES, 2);
	drm_exec_until_all_locked(exec) {
		err = drm_gpuvm_prepare_vm(b->vm, exec, 1);
		drm_exec_retry_on_contention(exec);
		if (err)
			break;
		err = drm_exec_prepare_obj(exec, b->obj, 1);
		drm_exec_retry_on_contention(exec);
		if (err)
			break;
	}
	return err;
}

/* To every resv of the transaction. */
static inline void exec_add_fence(struct binder *b, struct drm_exec *exec,
				  struct job *job)
{
	drm_gpuvm_resv_add_fence(b->vm, exec, job->fence,
				 DMA_RESV_USAGE_BOOKKEEP,
				 DMA_RESV_USAGE_BOOKKEEP);
}

#endif /* _BENCH_BIND_JOB_H */
