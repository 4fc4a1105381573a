/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A driver for the tests of split and merge: what is mapped is said in pages, an
 * operation is noted in a form that can be compared, and taken if that is asked.
 * All BOs share the VM's resv, so one lock is enough.
 */
#ifndef _SM_WORLD_H
#define _SM_WORLD_H

#include <linux/array_size.h>

#include "gpuvm_world.h"

/* A mapping, in pages; no pages: none. */
struct piece {
	u64 addr, pages;
	struct drm_gem_object *obj;
	u64 offset;
};

/* An operation; @old is the VA that it is about, @keep what it says of that. */
struct step {
	enum drm_gpuva_op_type op;
	struct piece old, map, prev, next;
	bool keep;
};

#define STEPS_MAX	16

/* Private data of a walk. */
struct sm_walk {
	struct drm_gpuvm *vm;
	struct step steps[STEPS_MAX];
	unsigned int nr;
	bool take;		/* do what the operation says */
	unsigned int fail_at;	/* the call that fails, from 1 */
	int error;
};

static inline struct piece piece_of_va(const struct drm_gpuva *va)
{
	return (struct piece) {
		va->va.addr / PAGE, va->va.range / PAGE, va->gem.obj,
		va->gem.offset / PAGE,
	};
}

static inline struct piece piece_of_map(const struct drm_gpuva_op_map *map)
{
	if (!map)
		return (struct piece) { };
	return (struct piece) {
		map->va.addr / PAGE, map->va.range / PAGE, map->gem.obj,
		map->gem.offset / PAGE,
	};
}

static inline struct step step_of_op(const struct drm_gpuva_op *op)
{
	struct step step = { .op = op->op };

	switch (op->op) {
	case DRM_GPUVA_OP_MAP:
		step.map = piece_of_map(&op->map);
		break;
	case DRM_GPUVA_OP_REMAP:
		step.old = piece_of_va(op->remap.unmap->va);
		step.keep = op->remap.unmap->keep;
		step.prev = piece_of_map(op->remap.prev);
		step.next = piece_of_map(op->remap.next);
		break;
	case DRM_GPUVA_OP_UNMAP:
		step.old = piece_of_va(op->unmap.va);
		step.keep = op->unmap.keep;
		break;
	case DRM_GPUVA_OP_PREFETCH:
		step.old = piece_of_va(op->prefetch.va);
		break;
	default:
		KT_CHECK(!"an operation of a known type");
	}
	return step;
}

static inline bool piece_eq(const struct piece *a, const struct piece *b)
{
	if (!a->pages && !b->pages)
		return true;
	return a->addr == b->addr && a->pages == b->pages && a->obj == b->obj &&
	       a->offset == b->offset;
}

static inline bool step_eq(const struct step *a, const struct step *b)
{
	return a->op == b->op && a->keep == b->keep &&
	       piece_eq(&a->old, &b->old) && piece_eq(&a->map, &b->map) &&
	       piece_eq(&a->prev, &b->prev) && piece_eq(&a->next, &b->next);
}

/* The vm_bo's reference is the VA's in the end. */
static inline void sm_link(struct drm_gpuva *va)
{
	struct drm_gpuvm_bo *vm_bo;

	if (!va->gem.obj)
		return;
	vm_bo = drm_gpuvm_bo_obtain(va->vm, va->gem.obj);
	KT_CHECK(!IS_ERR(vm_bo));
	drm_gpuva_link(va, vm_bo);
	drm_gpuvm_bo_put(vm_bo);
}

static inline struct drm_gpuva *sm_va_new(void)
{
	struct drm_gpuva *va = kzalloc(sizeof(*va), GFP_KERNEL);

	KT_CHECK(va);
	return va;
}

static inline void sm_va_free(struct drm_gpuva *va)
{
	drm_gpuva_unlink(va);
	kfree(va);
}

static inline void sm_take(struct drm_gpuvm *vm, struct drm_gpuva_op *op)
{
	struct drm_gpuva *va, *prev = NULL, *next = NULL;

	switch (op->op) {
	case DRM_GPUVA_OP_MAP:
		va = sm_va_new();
		drm_gpuva_map(vm, va, &op->map);
		sm_link(va);
		break;
	case DRM_GPUVA_OP_REMAP:
		va = op->remap.unmap->va;
		if (op->remap.prev)
			prev = sm_va_new();
		if (op->remap.next)
			next = sm_va_new();
		drm_gpuva_remap(prev, next, &op->remap);
		if (prev)
			sm_link(prev);
		if (next)
			sm_link(next);
		sm_va_free(va);
		break;
	case DRM_GPUVA_OP_UNMAP:
		va = op->unmap.va;
		drm_gpuva_unmap(&op->unmap);
		sm_va_free(va);
		break;
	default:
		break;
	}
}

static inline int sm_step(struct drm_gpuva_op *op, void *priv)
{
	struct sm_walk *walk = priv;

	KT_CHECK(walk->nr < STEPS_MAX);
	walk->steps[walk->nr++] = step_of_op(op);
	if (walk->nr == walk->fail_at)
		return walk->error;
	if (walk->take)
		sm_take(walk->vm, op);
	return 0;
}

static inline int sm_step_map(struct drm_gpuva_op *op, void *priv)
{
	KT_EQ(op->op, DRM_GPUVA_OP_MAP);
	return sm_step(op, priv);
}

static inline int sm_step_remap(struct drm_gpuva_op *op, void *priv)
{
	KT_EQ(op->op, DRM_GPUVA_OP_REMAP);
	return sm_step(op, priv);
}

static inline int sm_step_unmap(struct drm_gpuva_op *op, void *priv)
{
	KT_EQ(op->op, DRM_GPUVA_OP_UNMAP);
	return sm_step(op, priv);
}

static const struct drm_gpuvm_ops sm_vm_ops = {
	.vm_free = world_vm_free,
	.vm_bo_alloc = world_vm_bo_alloc,
	.vm_bo_free = world_vm_bo_free,
	.sm_step_map = sm_step_map,
	.sm_step_remap = sm_step_remap,
	.sm_step_unmap = sm_step_unmap,
};

/* A VM, with its resv held, and two BOs, one of each letter. */
struct sm_world {
	struct drm_gpuvm *vm;
	struct drm_gem_object *a, *b;
};

static inline void sm_begin(struct sm_world *w)
{
	world_begin();
	w->vm = vm_new(DRM_GPUVM_RESV_PROTECTED);
	w->vm->ops = &sm_vm_ops;
	w->a = bo_new(w->vm);
	w->b = bo_new(w->vm);
	dma_resv_lock(drm_gpuvm_resv(w->vm), NULL);
}

static inline void sm_clear(struct sm_world *w)
{
	struct drm_gpuva *va, *next;

	drm_gpuvm_for_each_va_safe(va, next, w->vm) {
		if (va == &w->vm->kernel_alloc_node)
			continue;
		drm_gpuva_remove(va);
		sm_va_free(va);
	}
}

/* Nothing is left, and nobody has forgotten a reference. */
static inline void sm_end(struct sm_world *w)
{
	sm_clear(w);
	dma_resv_unlock(drm_gpuvm_resv(w->vm));
	KT_EQ(kref_read(&w->a->refcount), 1);
	KT_EQ(kref_read(&w->b->refcount), 1);
	KT_EQ(kref_read(&w->vm->kref), 1);
	drm_gem_object_put(w->a);
	drm_gem_object_put(w->b);
	drm_gpuvm_put(w->vm);
	world_end();
}

/* Map what the test begins with. */
static inline struct drm_gpuva *sm_old(struct sm_world *w, struct piece p)
{
	struct drm_gpuva *va = sm_va_new();

	drm_gpuva_init(va, p.addr * PAGE, p.pages * PAGE, p.obj,
		       p.offset * PAGE);
	KT_EQ(drm_gpuva_insert(w->vm, va), 0);
	sm_link(va);
	return va;
}

static inline int sm_map(struct sm_walk *walk, struct piece p)
{
	return drm_gpuvm_sm_map(walk->vm, walk, p.addr * PAGE, p.pages * PAGE,
				p.obj, p.offset * PAGE);
}

static inline int sm_unmap(struct sm_walk *walk, u64 addr, u64 pages)
{
	return drm_gpuvm_sm_unmap(walk->vm, walk, addr * PAGE, pages * PAGE);
}

/* A list says the same, in the same order. */
static inline void sm_list_says(struct drm_gpuva_ops *ops,
				const struct step *steps, unsigned int nr)
{
	struct drm_gpuva_op *op;
	struct step step;
	unsigned int i = 0;

	KT_CHECK(!IS_ERR(ops));
	drm_gpuva_for_each_op(op, ops) {
		step = step_of_op(op);
		KT_CHECK(i < nr && step_eq(&step, &steps[i]));
		i++;
	}
	KT_EQ(i, nr);
}

#endif /* _SM_WORLD_H */
