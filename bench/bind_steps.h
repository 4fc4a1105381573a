/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A driver that makes a list of operations first and works through it: what xe and
 * nouveau have in common.
 */
#ifndef _BENCH_BIND_STEPS_H
#define _BENCH_BIND_STEPS_H

#include "bind_job.h"
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

static inline int steps_create(struct bind *t, u64 addr, u64 range, u64 offset,
			       bool map)
{
	struct binder *b = t->b;

	t->ops = map ? drm_gpuvm_sm_map_ops_create(b->vm, addr, range, b->obj,
						   offset) :
		       drm_gpuvm_sm_unmap_ops_create(b->vm, addr, range);
	return PTR_ERR_OR_ZERO(t->ops);
}

static inline struct drm_gpuva *part_new(struct binder *b,
					 struct drm_gpuva_op_map *part)
{
	struct drm_gpuva *va = bind_part(b, part);

	if (va)
		drm_gpuva_init_from_op(va, part);
	return va;
}

/* Allocates the VAs of an operation. */
static inline void step_new(struct binder *b, struct drm_gpuva_op *op,
			    struct step *s)
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
static inline void steps_tree(struct bind *t)
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

static inline void steps_pt(struct bind *t)
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

static inline void steps_free(struct bind *t)
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

#endif /* _BENCH_BIND_STEPS_H */
