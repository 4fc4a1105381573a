// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Question:	what is the extra lock's share in a bind as drivers do it, lock by
 *		lock?
 * Varies:	the variant; the driver whose order of locks is followed; what the
 *		bind does to the tree, how large a range is.
 * Fixed:	each step of a driver's bind and unbind in its order: which
 *		transaction is open around which list call, how often it is
 *		opened. 100 other VAs in the tree; the pair has its vm_bo
 *		already.
 * Unit:	two ioctls: bind and unbind, or what op says; unmap is 16 binds
 *		and an unbind of all.
 * Misleads:	the shapes are those of Linux 6.12 (immediate: 6.18) as read, not
 *		the drivers: no handles, no scheduler, no page tables in VRAM. xe's
 *		VM lock is an rw_semaphore, here a mutex. nouveau's VMs are not
 *		in protected mode; here they are, so that its transaction has the
 *		VM's resv, too. panthor makes a vm_bo that it may not need before
 *		it obtains, and its VAs before the job; here the vm_bo is found
 *		and VAs are made where they are used. In panthor and immediate
 *		a design that reuses the resv takes it where the job runs, where a
 *		driver must not: it shows what the wait for a lock of its own is
 *		compared with.
 */
#include "bind_job.h"
#include "bind_ops.h"
#include "binder.h"

/* A list of operations is worked through several times, so VAs wait in it. */
struct step {
	struct drm_gpuva *map, *prev, *next, *old;
};

#define MAX_STEPS	(BIND_K + 1)

/* One bind or unbind on its way through a driver. */
struct bind {
	struct binder *b;
	struct drm_gpuva_ops *ops;
	struct step step[MAX_STEPS];
};

static void lists_begin(struct binder *b)
{
	if (!VARIANT_IMMEDIATE)
		dma_resv_lock(b->obj->resv, NULL);
	batch_begin(b->obj);
}

static void lists_end(struct binder *b)
{
	batch_end(b->obj);
	if (!VARIANT_IMMEDIATE)
		dma_resv_unlock(b->obj->resv);
}

/* -- the steps that xe and nouveau have in common -- */

static int steps_create(struct bind *t, u64 addr, u64 range, u64 offset,
			bool map)
{
	struct binder *b = t->b;

	t->ops = map ? drm_gpuvm_sm_map_ops_create(b->vm, addr, range, b->obj,
						   offset) :
		       drm_gpuvm_sm_unmap_ops_create(b->vm, addr, range);
	return PTR_ERR_OR_ZERO(t->ops);
}

static struct drm_gpuva *part_new(struct binder *b,
				  struct drm_gpuva_op_map *part)
{
	struct drm_gpuva *va = part ? va_new(b) : NULL;

	if (va)
		drm_gpuva_init_from_op(va, part);
	return va;
}

/* Allocates the VAs of an operation. */
static void step_new(struct binder *b, struct drm_gpuva_op *op, struct step *s)
{
	*s = (struct step) { };
	switch (op->op) {
	case DRM_GPUVA_OP_MAP:
		s->map = part_new(b, &op->map);
		break;
	case DRM_GPUVA_OP_REMAP:
		s->old = op->remap.unmap->va;
		s->prev = part_new(b, op->remap.prev);
		s->next = part_new(b, op->remap.next);
		break;
	case DRM_GPUVA_OP_UNMAP:
		s->old = op->unmap.va;
		break;
	default:
		break;
	}
}

/* The tree alone; nothing is linked or unlinked. */
static void steps_tree(struct bind *t)
{
	struct step *s = t->step;
	struct drm_gpuva_op *op;

	drm_gpuva_for_each_op(op, t->ops) {
		if (op->op == DRM_GPUVA_OP_MAP)
			drm_gpuva_map(t->b->vm, s->map, &op->map);
		else if (op->op == DRM_GPUVA_OP_REMAP)
			drm_gpuva_remap(s->prev, s->next, &op->remap);
		else if (op->op == DRM_GPUVA_OP_UNMAP)
			drm_gpuva_unmap(&op->unmap);
		s++;
	}
}

static void steps_pt(struct bind *t)
{
	struct drm_gpuva_op *op;
	struct step *s = t->step;
	u64 start, range;

	drm_gpuva_for_each_op(op, t->ops) {
		if (op->op == DRM_GPUVA_OP_MAP) {
			pt_map(t->b, s->map->va.addr, s->map->va.range,
			       s->map->gem.offset);
		} else if (op->op == DRM_GPUVA_OP_REMAP) {
			drm_gpuva_op_remap_to_unmap_range(&op->remap, &start,
							  &range);
			pt_unmap(t->b, start, range);
		} else if (op->op == DRM_GPUVA_OP_UNMAP) {
			pt_unmap(t->b, s->old->va.addr, s->old->va.range);
		}
		s++;
	}
}

static void steps_free(struct bind *t)
{
	struct drm_gpuva_op *op;
	struct step *s = t->step;

	drm_gpuva_for_each_op(op, t->ops) {
		if (s->old)
			va_done(t->b, s->old);
		s++;
	}
	drm_gpuva_ops_free(t->b->vm, t->ops);
}

/* The job's fence goes to both resvs, then entries are written. */
static int exec_pt(struct bind *t, struct job *job)
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

/* -- xe: each VA is made in a transaction of its own, and each dies in one -- */

/* A mapping has a reference to the BO beside its vm_bo's. */
static int xe_vma_create(struct binder *b, struct drm_gpuva *va)
{
	struct drm_gpuvm_bo *vm_bo;
	struct drm_exec exec;
	int err;

	if (!va)
		return 0;
	err = exec_lock(b, &exec);
	if (!err) {
		batch_begin(b->obj);
		vm_bo = vm_bo_obtain(b->vm, b->obj);
		drm_gpuvm_bo_extobj_add(vm_bo);
		drm_gem_object_get(b->obj);
		va_link(va, vm_bo);
		vm_bo_put(vm_bo);
		batch_end(b->obj);
	}
	drm_exec_fini(&exec);
	return err;
}

static int xe_vma_destroy(struct binder *b, struct drm_gpuva *va)
{
	struct drm_exec exec;
	int err;

	if (!va)
		return 0;
	err = exec_lock(b, &exec);
	if (!err) {
		batch_begin(b->obj);
		va_unlink(va);
		batch_end(b->obj);
	}
	drm_exec_fini(&exec);
	drm_gem_object_put(b->obj);
	return err;
}

static int xe_ops(struct bind *t, struct job *job)
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
	err |= exec_pt(t, job);
	s = t->step;
	drm_gpuva_for_each_op(op, t->ops) {
		err |= xe_vma_destroy(b, s->old);
		s++;
	}
	return err;
}

static int xe_ioctl(struct binder *b, u64 addr, u64 range, u64 offset, bool map)
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

static int xe_bind(struct binder *b, u64 addr, u64 range, u64 offset)
{
	return xe_ioctl(b, addr, range, offset, true);
}

static int xe_unbind(struct binder *b, u64 addr, u64 range)
{
	return xe_ioctl(b, addr, range, 0, false);
}

/* -- nouveau: obtain under the BO's resv, links in one transaction at the end -- */

static struct drm_gpuvm_bo *nouveau_obtain(struct binder *b)
{
	struct drm_gpuvm_bo *vm_bo;

	lists_begin(b);
	vm_bo = vm_bo_obtain(b->vm, b->obj);
	lists_end(b);
	drm_gpuvm_bo_extobj_add(vm_bo);
	drm_gem_object_get(b->obj);
	return vm_bo;
}

/* Cleanup work, after the fence. */
static void nouveau_put(struct binder *b, struct drm_gpuvm_bo *vm_bo)
{
	lists_begin(b);
	vm_bo_put(vm_bo);
	lists_end(b);
	drm_gem_object_put(b->obj);
}

static void nouveau_link(struct bind *t, struct drm_gpuvm_bo *vm_bo)
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

static int nouveau_ops(struct bind *t, struct drm_gpuvm_bo *vm_bo,
		       struct job *job)
{
	struct binder *b = t->b;
	struct drm_gpuva_op *op;
	struct step *s = t->step;
	struct drm_exec exec;
	int err;

	drm_gpuva_for_each_op(op, t->ops)
		step_new(b, op, s++);
	steps_tree(t);
	err = exec_lock(b, &exec);
	if (!err) {
		nouveau_link(t, vm_bo);
		exec_add_fence(b, &exec, job);
	}
	drm_exec_fini(&exec);
	job_push(b, job);
	return err;
}

static int nouveau_ioctl(struct binder *b, u64 addr, u64 range, u64 offset,
			 bool map)
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
	if (!err)
		err = nouveau_ops(&t, vm_bo, job);
	mutex_unlock(&b->lock);
	if (!err) {
		steps_pt(&t);
		jobs_run(b);
		steps_free(&t);
	}
	if (map)
		nouveau_put(b, vm_bo);
	return err;
}

static int nouveau_bind(struct binder *b, u64 addr, u64 range, u64 offset)
{
	return nouveau_ioctl(b, addr, range, offset, true);
}

static int nouveau_unbind(struct binder *b, u64 addr, u64 range)
{
	return nouveau_ioctl(b, addr, range, 0, false);
}

/* -- panthor 6.12 and immediate mode: the tree changes where the job runs -- */

/* What the design wants for one list call of a job, which holds no resv. */
static void job_lists_begin(struct binder *b)
{
	bo_enter(b->obj, NULL);
	batch_begin(b->obj);
}

static void job_lists_end(struct binder *b)
{
	batch_end(b->obj);
	bo_leave(b->obj);
}

/* panthor: the reference of the ioctl goes in the same hold. */
static int panthor_step_map(struct drm_gpuva_op *op, void *priv)
{
	struct binder *b = priv;
	struct drm_gpuva *va = va_new(b);

	if (!va)
		return -ENOMEM;
	pt_map(b, op->map.va.addr, op->map.va.range, op->map.gem.offset);
	drm_gpuva_map(b->vm, va, &op->map);
	job_lists_begin(b);
	va_link(va, b->vm_bo);
	vm_bo_put(b->vm_bo);
	job_lists_end(b);
	return 0;
}

/* What is left of a VA takes a reference for itself, given back in its hold. */
static void panthor_link(struct binder *b, struct drm_gpuva *va,
			 struct drm_gpuvm_bo *vm_bo)
{
	if (!va)
		return;
	vm_bo_get(vm_bo);
	job_lists_begin(b);
	va_link(va, vm_bo);
	vm_bo_put(vm_bo);
	job_lists_end(b);
}

/* Unlink must not drop the last reference, so one is kept for the cleanup. */
static void panthor_unlink(struct binder *b, struct drm_gpuva *va)
{
	vm_bo_get(va->vm_bo);
	b->drops++;
	job_lists_begin(b);
	va_unlink(va);
	job_lists_end(b);
	va_done(b, va);
}

/* Work after the job; it cannot know whose references are left. */
static void panthor_cleanup(struct binder *b)
{
	for (; b->drops; b->drops--) {
		drm_gem_object_get(b->obj);
		drm_gpuvm_get(b->vm);
		vm_bo_drop(b->first);
		drm_gpuvm_put(b->vm);
		drm_gem_object_put(b->obj);
	}
}

static void immediate_link(struct binder *b, struct drm_gpuva *va,
			   struct drm_gpuvm_bo *vm_bo)
{
	if (!va)
		return;
	job_lists_begin(b);
	va_link(va, vm_bo);
	job_lists_end(b);
}

static void immediate_unlink(struct binder *b, struct drm_gpuva *va)
{
	job_lists_begin(b);
	va_unlink(va);
	job_lists_end(b);
	va_done(b, va);
}

/* Inlined with constant functions. */
static __always_inline int job_remap(struct drm_gpuva_op *op, void *priv,
				     void (*link)(struct binder *b,
						  struct drm_gpuva *va,
						  struct drm_gpuvm_bo *vm_bo),
				     void (*unlink)(struct binder *b,
						    struct drm_gpuva *va))
{
	struct drm_gpuva_op_remap *r = &op->remap;
	struct drm_gpuva *old = r->unmap->va;
	struct binder *b = priv;
	struct drm_gpuva *prev = bind_part(b, r->prev);
	struct drm_gpuva *next = bind_part(b, r->next);
	u64 start, range;

	drm_gpuva_op_remap_to_unmap_range(r, &start, &range);
	pt_unmap(b, start, range);
	drm_gpuva_remap(prev, next, r);
	link(b, prev, old->vm_bo);
	link(b, next, old->vm_bo);
	unlink(b, old);
	return 0;
}

static __always_inline int job_unmap(struct drm_gpuva_op *op, void *priv,
				     void (*unlink)(struct binder *b,
						    struct drm_gpuva *va))
{
	struct drm_gpuva *va = op->unmap.va;
	struct binder *b = priv;

	pt_unmap(b, va->va.addr, va->va.range);
	drm_gpuva_unmap(&op->unmap);
	unlink(b, va);
	return 0;
}

static int panthor_step_remap(struct drm_gpuva_op *op, void *priv)
{
	return job_remap(op, priv, panthor_link, panthor_unlink);
}

static int panthor_step_unmap(struct drm_gpuva_op *op, void *priv)
{
	return job_unmap(op, priv, panthor_unlink);
}

static int immediate_step_remap(struct drm_gpuva_op *op, void *priv)
{
	return job_remap(op, priv, immediate_link, immediate_unlink);
}

static int immediate_step_unmap(struct drm_gpuva_op *op, void *priv)
{
	return job_unmap(op, priv, immediate_unlink);
}

/* Immediate mode links first and drops the ioctl's reference when all is done. */
static int immediate_step_map(struct drm_gpuva_op *op, void *priv)
{
	struct binder *b = priv;
	struct drm_gpuva *va = va_new(b);

	if (!va)
		return -ENOMEM;
	pt_map(b, op->map.va.addr, op->map.va.range, op->map.gem.offset);
	drm_gpuva_map(b->vm, va, &op->map);
	immediate_link(b, va, b->vm_bo);
	return 0;
}

/* run_job: the VM is updated under the driver's lock of operations. */
static int run_job(struct binder *b, u64 addr, u64 range, u64 offset, bool map)
{
	int err;

	mutex_lock(&b->lock);
	err = map ? drm_gpuvm_sm_map(b->vm, b, addr, range, b->obj, offset) :
		    drm_gpuvm_sm_unmap(b->vm, b, addr, range);
	mutex_unlock(&b->lock);
	return err;
}

/* Submitting takes both resvs for the job's fence. */
static int submit_job(struct binder *b)
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

/* The VM's resv is held for obtain and for the list of external objects. */
static void panthor_prepare(struct binder *b)
{
	struct dma_resv *vm_resv = drm_gpuvm_resv(b->vm);
	struct ww_acquire_ctx ticket;

	ww_acquire_init(&ticket, &reservation_ww_class);
	dma_resv_lock(vm_resv, &ticket);
	bo_enter(b->obj, &ticket);
	batch_begin(b->obj);
	b->vm_bo = vm_bo_obtain(b->vm, b->obj);
	batch_end(b->obj);
	bo_leave(b->obj);
	dma_resv_unlock(vm_resv);
	ww_acquire_fini(&ticket);

	dma_resv_lock(vm_resv, NULL);
	drm_gpuvm_bo_extobj_add(b->vm_bo);
	dma_resv_unlock(vm_resv);
}

static int panthor_ioctl(struct binder *b, u64 addr, u64 range, u64 offset,
			 bool map)
{
	int err;

	if (map)
		panthor_prepare(b);
	err = submit_job(b);
	if (!err)
		err = run_job(b, addr, range, offset, map);
	jobs_run(b);
	panthor_cleanup(b);
	return err;
}

static int panthor_bind(struct binder *b, u64 addr, u64 range, u64 offset)
{
	return panthor_ioctl(b, addr, range, offset, true);
}

static int panthor_unbind(struct binder *b, u64 addr, u64 range)
{
	return panthor_ioctl(b, addr, range, 0, false);
}

static void immediate_prepare(struct binder *b)
{
	struct dma_resv *vm_resv = drm_gpuvm_resv(b->vm);

	job_lists_begin(b);
	b->vm_bo = vm_bo_obtain(b->vm, b->obj);
	job_lists_end(b);
	dma_resv_lock(vm_resv, NULL);
	drm_gpuvm_bo_extobj_add(b->vm_bo);
	dma_resv_unlock(vm_resv);
}

static int immediate_ioctl(struct binder *b, u64 addr, u64 range, u64 offset,
			   bool map)
{
	int err;

	if (map)
		immediate_prepare(b);
	err = submit_job(b);
	if (!err)
		err = run_job(b, addr, range, offset, map);
	jobs_run(b);
	if (map)
		vm_bo_drop(b->vm_bo);
	vm_cleanup(b->vm);
	return err;
}

static int immediate_bind(struct binder *b, u64 addr, u64 range, u64 offset)
{
	return immediate_ioctl(b, addr, range, offset, true);
}

static int immediate_unbind(struct binder *b, u64 addr, u64 range)
{
	return immediate_ioctl(b, addr, range, 0, false);
}

/* -- paths -- */

static const struct drm_gpuvm_ops listed_vm_ops = {
	.vm_free = driver_vm_free,
	.vm_bo_alloc = VARIANT_VM_BO_ALLOC,
	.vm_bo_free = VARIANT_VM_BO_FREE,
	.sm_step_map = panthor_step_map,
	.sm_step_remap = panthor_step_remap,
	.sm_step_unmap = panthor_step_unmap,
};

static const struct drm_gpuvm_ops immediate_vm_ops = {
	.vm_free = driver_vm_free,
	.vm_bo_alloc = VARIANT_VM_BO_ALLOC,
	.vm_bo_free = VARIANT_VM_BO_FREE,
	.sm_step_map = immediate_step_map,
	.sm_step_remap = immediate_step_remap,
	.sm_step_unmap = immediate_step_unmap,
};

static const struct bench_param params[] = {
	{ "op", BIND_OPS },
	{ "page", BIND_PAGES },
	{ }
};

static struct binder *binder_of(const struct bench_cfg *cfg,
				struct bench_info *info,
				const struct drm_gpuvm_ops *ops,
				enum drm_gpuvm_flags flags)
{
	const struct bind_shape shape = {
		.op = cfg->value[0],
		.page = cfg->value[1],
		.nr_tree = 100,
		.ops = ops,
		.flags = flags,
		.page_table = true,
		.kmalloc = true,
	};

	return binder_alloc(&shape, info);
}

static void *xe_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	return filled(binder_of(cfg, info, &listed_vm_ops, variant_vm_flags()),
		      xe_bind);
}

static void xe_run(void *p, unsigned int thread, unsigned long n,
		   struct bench_hist *hist)
{
	run_ops(p, n, xe_bind, xe_unbind);
}

/* nouveau's VMs are not in protected mode. */
static void *nouveau_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	return filled(binder_of(cfg, info, &listed_vm_ops, variant_vm_flags() &
				~DRM_GPUVM_RESV_PROTECTED), nouveau_bind);
}

static void nouveau_run(void *p, unsigned int thread, unsigned long n,
			struct bench_hist *hist)
{
	run_ops(p, n, nouveau_bind, nouveau_unbind);
}

static void *panthor_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	return filled(binder_of(cfg, info, &listed_vm_ops, variant_vm_flags()),
		      panthor_bind);
}

static void panthor_run(void *p, unsigned int thread, unsigned long n,
			struct bench_hist *hist)
{
	run_ops(p, n, panthor_bind, panthor_unbind);
}

static void *immediate_setup(const struct bench_cfg *cfg,
			     struct bench_info *info)
{
	return filled(binder_of(cfg, info, &immediate_vm_ops,
				variant_vm_flags()), immediate_bind);
}

static void immediate_run(void *p, unsigned int thread, unsigned long n,
			  struct bench_hist *hist)
{
	run_ops(p, n, immediate_bind, immediate_unbind);
}

static unsigned long digest(void *p)
{
	return binder_digest(p);
}

/* xe's mappings have BO references; they go with the VAs. */
static int xe_teardown(void *p)
{
	struct binder *b = p;
	struct drm_gpuva *va;

	drm_gpuvm_for_each_va(va, b->vm)
		if (va->gem.obj)
			drm_gem_object_put(b->obj);
	return binder_free(b);
}

static int teardown(void *p)
{
	return binder_free(p);
}

#define DRIVER(_name, _title, _teardown) {			\
	.name = #_name, .title = _title, .op = "bind+unbind",	\
	.params = params, .setup = _name##_setup,		\
	.run = _name##_run, .digest = digest,			\
	.teardown = _teardown,					\
}

static const struct bench_path paths[] = {
	DRIVER(xe, "as xe binds: a transaction for each VA", xe_teardown),
	DRIVER(nouveau, "as nouveau binds: links at the end", teardown),
	DRIVER(panthor, "as panthor 6.12 binds: lists in run_job", teardown),
	DRIVER(immediate, "immediate mode: lists in run_job, cleanup", teardown),
	{ }
};

const struct bench_scenario bench_vm_bind_drivers = {
	.name = "vm_bind_drivers",
	.question = "What is the extra lock's share in a driver's bind?",
	.paths = paths,
};
