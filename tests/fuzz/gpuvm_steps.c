// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The driver's part of split and merge: callbacks that tell what they are asked
 * for, do it, or fail at a given step; and lists of the same operations.
 */
#include "fuzz/gpuvm_side.h"

/* A request under way. @left: steps until the one that fails, from 1; 0: none. */
struct request {
	struct drm_gpuvm *vm;
	struct drm_gpuvm_bo *vm_bo;
	unsigned int left;
	int err;
};

static const int errors[] = { -ENOMEM, -EINVAL, 1, -EAGAIN };

static void tell_part(unsigned int kind, const struct drm_gpuva_op_map *part)
{
	if (part)
		tell(kind, part->va.addr, part->va.range,
		     side_obj_id(part->gem.obj), part->gem.offset);
}

static void tell_remap(const struct drm_gpuva_op_remap *remap)
{
	u64 start, range;

	drm_gpuva_op_remap_to_unmap_range(remap, &start, &range);
	tell(GV_E_REMAP, side_va_id(remap->unmap->va), remap->unmap->keep,
	     start, range, !!remap->prev, !!remap->next);
	tell_part(GV_E_PREV, remap->prev);
	tell_part(GV_E_NEXT, remap->next);
}

static void tell_op(struct drm_gpuva_op *op)
{
	switch (op->op) {
	case DRM_GPUVA_OP_MAP:
		tell_part(GV_E_MAP, &op->map);
		break;
	case DRM_GPUVA_OP_REMAP:
		tell_remap(&op->remap);
		break;
	case DRM_GPUVA_OP_UNMAP:
		tell(GV_E_UNMAP, side_va_id(op->unmap.va), op->unmap.keep);
		break;
	default:
		tell(GV_E_PREFETCH, side_va_id(op->prefetch.va), op->op);
	}
}

/* drm_gpuva_map() and drm_gpuva_remap() do not say whether they inserted. */
static void link_or_drop(struct side_va *va, struct drm_gpuvm_bo *vm_bo)
{
	if (!va->va.vm) {
		side_va_free(va);
		return;
	}
	side_va_keep(va);
	if (vm_bo)
		drm_gpuva_link(&va->va, vm_bo);
}

static int do_map(struct request *req, struct drm_gpuva_op_map *map)
{
	struct side_va *va = side_va_new(0, 0, NULL, 0);

	if (!va)
		return -ENOMEM;
	drm_gpuva_map(req->vm, &va->va, map);
	link_or_drop(va, req->vm_bo);
	return 0;
}

static int do_remap(struct drm_gpuva_op_remap *remap)
{
	struct side_va *prev = NULL, *next = NULL;
	struct drm_gpuva *va = remap->unmap->va;

	if (remap->prev)
		prev = side_va_new(0, 0, NULL, 0);
	if (remap->next)
		next = side_va_new(0, 0, NULL, 0);
	if ((remap->prev && !prev) || (remap->next && !next)) {
		side_va_free(prev);
		side_va_free(next);
		return -ENOMEM;
	}
	drm_gpuva_remap(prev ? &prev->va : NULL, next ? &next->va : NULL, remap);
	if (prev)
		link_or_drop(prev, va->vm_bo);
	if (next)
		link_or_drop(next, va->vm_bo);
	if (va->vm_bo)
		drm_gpuva_unlink(va);
	side_va_free(to_side_va(va));
	return 0;
}

static int do_unmap(struct drm_gpuva_op_unmap *unmap)
{
	struct drm_gpuva *va = unmap->va;

	if (va->vm_bo)
		drm_gpuva_unlink(va);
	drm_gpuva_unmap(unmap);
	side_va_free(to_side_va(va));
	return 0;
}

static int do_op(struct drm_gpuva_op *op, struct request *req)
{
	switch (op->op) {
	case DRM_GPUVA_OP_MAP:
		return do_map(req, &op->map);
	case DRM_GPUVA_OP_REMAP:
		return do_remap(&op->remap);
	case DRM_GPUVA_OP_UNMAP:
		return do_unmap(&op->unmap);
	default:
		return 0;
	}
}

static int step(struct drm_gpuva_op *op, struct request *req)
{
	tell_op(op);
	if (req->left && !--req->left)
		return req->err;
	return do_op(op, req);
}

/* Each tells its own kind, should a core call the wrong one. */
static int step_map(struct drm_gpuva_op *op, void *priv)
{
	WARN_ON(op->op != DRM_GPUVA_OP_MAP);
	return step(op, priv);
}

static int step_remap(struct drm_gpuva_op *op, void *priv)
{
	WARN_ON(op->op != DRM_GPUVA_OP_REMAP);
	return step(op, priv);
}

static int step_unmap(struct drm_gpuva_op *op, void *priv)
{
	WARN_ON(op->op != DRM_GPUVA_OP_UNMAP);
	return step(op, priv);
}

static void request_begin(struct request *req, struct side_vm *vm,
			  const struct gv_op *op)
{
	*req = (struct request) {
		.vm = &vm->vm,
		.left = op->step,
		.err = errors[op->slot % ARRAY_SIZE(errors)],
	};
}

/* Map or unmap by callbacks; a driver has its vm_bo before it begins. */
void side_map(const struct gv_op *op)
{
	struct side_vm *vm = side_vm_pick(op->vm);
	struct side_bo *bo = op->how & GV_H_NO_BO ? NULL : side_bo_pick(op->bo);
	struct drm_gem_object *obj = bo ? &bo->obj : NULL;
	struct request req;
	int err;

	if (!vm)
		return tell(GV_E_NOTHING);
	request_begin(&req, vm, op);
	tell(GV_E_ON, vm->id, side_obj_id(obj));
	if (op->code == GV_UNMAP) {
		err = drm_gpuvm_sm_unmap(&vm->vm, &req, op->addr, op->range);
		return tell(GV_E_RET, err);
	}
	if (obj) {
		req.vm_bo = drm_gpuvm_bo_obtain(&vm->vm, obj);
		if (IS_ERR(req.vm_bo))
			return tell(GV_E_RET, PTR_ERR(req.vm_bo));
		drm_gpuvm_bo_extobj_add(req.vm_bo);
	}
	err = drm_gpuvm_sm_map(&vm->vm, &req, op->addr, op->range, obj,
			       op->offset);
	drm_gpuvm_bo_put(req.vm_bo);
	tell(GV_E_RET, err);
}

/* --- lists of operations ------------------------------------------------------- */

/* What every walk over a list finds, and both its ends. */
static void tell_ops(struct drm_gpuva_ops *ops)
{
	struct drm_gpuva_op *op;
	u64 nr = 0, back = 0, from = 0;

	drm_gpuva_for_each_op(op, ops) {
		tell_op(op);
		nr++;
	}
	if (!nr)
		return tell(GV_E_SEEN);
	drm_gpuva_for_each_op_reverse(op, ops)
		back = back * 5 + op->op + 1;
	op = drm_gpuva_last_op(ops);
	if (nr > 1)
		op = drm_gpuva_prev_op(op);
	drm_gpuva_for_each_op_from_reverse(op, ops)
		from++;
	op = drm_gpuva_first_op(ops);
	if (nr > 1)
		op = drm_gpuva_next_op(op);
	tell(GV_E_SEEN, nr, back, from, op->op);
}

static struct drm_gpuva_ops *ops_create(const struct gv_op *op, struct request *req,
					struct drm_gem_object *obj)
{
	switch (op->code) {
	case GV_MAP_OPS:
		return drm_gpuvm_sm_map_ops_create(req->vm, op->addr, op->range,
						   obj, op->offset);
	case GV_UNMAP_OPS:
		return drm_gpuvm_sm_unmap_ops_create(req->vm, op->addr,
						     op->range);
	case GV_PREFETCH_OPS:
		return drm_gpuvm_prefetch_ops_create(req->vm, op->addr,
						     op->range);
	}
	return drm_gpuvm_bo_unmap_ops_create(req->vm_bo);
}

/* In order, until one fails. */
static int take_ops(struct drm_gpuva_ops *ops, struct request *req)
{
	struct drm_gpuva_op *op, *next;
	int err;

	drm_gpuva_for_each_op_safe(op, next, ops) {
		if (req->left && !--req->left)
			return req->err;
		err = do_op(op, req);
		if (err)
			return err;
	}
	return 0;
}

static int with_ops(const struct gv_op *op, struct request *req,
		    struct drm_gem_object *obj)
{
	struct drm_gpuva_ops *ops = ops_create(op, req, obj);
	int err = 0;

	if (IS_ERR(ops)) {
#ifdef LAB_HOST_KSRC
		/* 6.12 forgets the unmap of a remap whose next it cannot copy. */
		fuzz_memory_reclaim(sizeof(struct drm_gpuva_op_unmap), kfree);
#endif
		return PTR_ERR(ops);
	}
	/* Only what makes a list is short of memory. */
	fuzz_memory_fail(0);
	tell_ops(ops);
	if (op->how & GV_H_YES)
		err = take_ops(ops, req);
	drm_gpuva_ops_free(req->vm, ops);
	return err;
}

void side_ops(const struct gv_op *op)
{
	struct side_vm *vm = side_vm_pick(op->vm);
	struct side_bo *bo = op->how & GV_H_NO_BO ? NULL : side_bo_pick(op->bo);
	struct drm_gem_object *obj = bo ? &bo->obj : NULL;
	struct request req;

	if (!vm || (!obj && op->code == GV_BO_UNMAP_OPS))
		return tell(GV_E_NOTHING);
	request_begin(&req, vm, op);
	tell(GV_E_ON, vm->id, side_obj_id(obj));
	if (op->code == GV_BO_UNMAP_OPS)
		req.vm_bo = drm_gpuvm_bo_find(&vm->vm, obj);
	else if (op->code == GV_MAP_OPS && obj)
		req.vm_bo = drm_gpuvm_bo_obtain(&vm->vm, obj);
	if (IS_ERR(req.vm_bo))
		return tell(GV_E_RET, PTR_ERR(req.vm_bo));
	if (!req.vm_bo && op->code == GV_BO_UNMAP_OPS)
		return tell(GV_E_NOTHING);
	tell(GV_E_RET, with_ops(op, &req, obj));
	drm_gpuvm_bo_put(req.vm_bo);
}

/* --- what a VM's driver has ---------------------------------------------------- */

static void vm_free(struct drm_gpuvm *gpuvm)
{
	struct side_vm *vm = to_side_vm(gpuvm);
	unsigned int i;

	tell(GV_E_FREED, vm->id, 'v');
	for (i = 0; i < GV_VMS; i++) {
		if (side.vms[i] == vm)
			side.vms[i] = NULL;
	}
	kfree(vm);
}

static struct drm_gpuvm_bo *vm_bo_alloc(void)
{
	struct side_vm_bo *vm_bo = kzalloc(sizeof(*vm_bo), GFP_KERNEL);

	if (!vm_bo)
		return NULL;
	vm_bo->id = ++side.ids;
	return &vm_bo->vm_bo;
}

static void vm_bo_free(struct drm_gpuvm_bo *vm_bo)
{
	struct side_vm_bo *gone = container_of(vm_bo, struct side_vm_bo, vm_bo);

	tell(GV_E_FREED, gone->id, 'o');
	kfree(gone);
}

static struct drm_gpuva_op *op_alloc(void)
{
	struct side_op *op = kzalloc(sizeof(*op), GFP_KERNEL);

	if (!op)
		return NULL;
	op->id = ++side.ids;
	return &op->op;
}

static void op_free(struct drm_gpuva_op *op)
{
	kfree(container_of(op, struct side_op, op));
}

/* By the bits GV_H_ALLOCS, GV_H_NO_MAP and GV_H_NO_STEPS of the VM's kind. */
#define ALLOCS								\
	.op_alloc = op_alloc, .op_free = op_free,			\
	.vm_bo_alloc = vm_bo_alloc, .vm_bo_free = vm_bo_free
#define STEPS								\
	.sm_step_remap = step_remap, .sm_step_unmap = step_unmap,	\
	.vm_bo_validate = side_validate

const struct drm_gpuvm_ops side_vm_ops[16] = {
	[0 ... 1] = { .vm_free = vm_free, STEPS, .sm_step_map = step_map },
	[2 ... 3] = {
		.vm_free = vm_free, ALLOCS, STEPS, .sm_step_map = step_map,
	},
	[4 ... 5] = { .vm_free = vm_free, STEPS },
	[6 ... 7] = { .vm_free = vm_free, ALLOCS, STEPS },
	[8 ... 9] = { .vm_free = vm_free },
	[10 ... 11] = { .vm_free = vm_free, ALLOCS },
	[12 ... 13] = { .vm_free = vm_free },
	[14 ... 15] = { .vm_free = vm_free, ALLOCS },
};
