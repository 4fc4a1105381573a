// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Operations as lists, for drivers that look at all of them, allocate for them,
 * and then take them: a list describes what is to be done and does nothing. It
 * is true until the VM changes, so it is taken before the next one is made.
 *
 * An operation is the driver's allocation, if it has functions for that; the
 * three parts of a remap, which the walk has on its stack, are ours.
 */
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <drm/drm_gpuvm.h>

#include "gpuvm_lists.h"
#include "gpuvm_sm.h"

/* A list in the making. */
struct op_list {
	struct drm_gpuvm *gpuvm;
	struct drm_gpuva_ops *ops;
};

static struct drm_gpuva_op *op_alloc(struct drm_gpuvm *gpuvm)
{
	const struct drm_gpuvm_ops *ops = gpuvm->ops;

	if (ops && ops->op_alloc)
		return ops->op_alloc();
	return kzalloc(sizeof(struct drm_gpuva_op), GFP_KERNEL);
}

static void op_free(struct drm_gpuvm *gpuvm, struct drm_gpuva_op *op)
{
	const struct drm_gpuvm_ops *ops = gpuvm->ops;

	if (op->op == DRM_GPUVA_OP_REMAP) {
		kfree(op->remap.unmap);
		kfree(op->remap.next);
		kfree(op->remap.prev);
	}
	if (!ops || !ops->op_free)
		kfree(op);
	else
		ops->op_free(op);
}

/**
 * drm_gpuva_ops_free() - free a list of operations
 * @gpuvm: the VM that it was made for
 * @ops: the list; what its operations refer to stays
 */
void drm_gpuva_ops_free(struct drm_gpuvm *gpuvm, struct drm_gpuva_ops *ops)
{
	struct drm_gpuva_op *op, *next;

	drm_gpuva_for_each_op_safe(op, next, ops)
		op_free(gpuvm, op);
	kfree(ops);
}

static struct drm_gpuva_ops *ops_alloc(void)
{
	struct drm_gpuva_ops *ops = kmalloc(sizeof(*ops), GFP_KERNEL);

	if (likely(ops))
		INIT_LIST_HEAD(&ops->list);
	return ops;
}

/* The list that was made, or the error that ended its making. */
static struct drm_gpuva_ops *ops_done(struct drm_gpuvm *gpuvm,
				      struct drm_gpuva_ops *ops, int err)
{
	if (likely(!err))
		return ops;
	drm_gpuva_ops_free(gpuvm, ops);
	return ERR_PTR(err);
}

static void *copy(const void *part, size_t size, int *err)
{
	void *p;

	if (!part || *err)
		return NULL;
	p = kmemdup(part, size, GFP_KERNEL);
	if (unlikely(!p))
		*err = -ENOMEM;
	return p;
}

/* What the walk has on its stack, copied; what was not copied is NULL. */
static int copy_parts(struct drm_gpuva_op_remap *to,
		      const struct drm_gpuva_op_remap *from)
{
	int err = 0;

	to->unmap = copy(from->unmap, sizeof(*from->unmap), &err);
	to->prev = copy(from->prev, sizeof(*from->prev), &err);
	to->next = copy(from->next, sizeof(*from->next), &err);
	return err;
}

/* A step of split and merge: put it on the list. */
static int step_list(struct drm_gpuva_op *step, void *priv)
{
	struct op_list *made = priv;
	struct drm_gpuva_op *op = op_alloc(made->gpuvm);
	int err;

	if (unlikely(!op))
		return -ENOMEM;
	*op = *step;
	if (step->op == DRM_GPUVA_OP_REMAP) {
		err = copy_parts(&op->remap, &step->remap);
		if (unlikely(err)) {
			op_free(made->gpuvm, op);
			return err;
		}
	}
	list_add_tail(&op->entry, &made->ops->list);
	return 0;
}

static const struct drm_gpuvm_ops list_steps = {
	.sm_step_map = step_list,
	.sm_step_remap = step_list,
	.sm_step_unmap = step_list,
};

/* An operation on a VA that is in the tree. */
static int add_va_op(struct drm_gpuvm *gpuvm, struct drm_gpuva_ops *ops,
		     struct drm_gpuva *va, enum drm_gpuva_op_type type)
{
	struct drm_gpuva_op *op = op_alloc(gpuvm);

	if (unlikely(!op))
		return -ENOMEM;
	op->op = type;
	if (type == DRM_GPUVA_OP_UNMAP)
		op->unmap.va = va;
	else
		op->prefetch.va = va;
	list_add_tail(&op->entry, &ops->list);
	return 0;
}

/**
 * drm_gpuvm_sm_map_ops_create() - drm_gpuvm_sm_map() as a list
 * @gpuvm: the VM
 * @addr: address
 * @range: length in bytes
 * @obj: the BO, or NULL
 * @offset: where in the BO
 *
 * The caller serialises the VM until the list is taken, as for all of these.
 *
 * Return: a list for drm_gpuva_ops_free(), or ERR_PTR(-EINVAL or -ENOMEM).
 */
struct drm_gpuva_ops *
drm_gpuvm_sm_map_ops_create(struct drm_gpuvm *gpuvm, u64 addr, u64 range,
			    struct drm_gem_object *obj, u64 offset)
{
	struct op_list made = { .gpuvm = gpuvm, .ops = ops_alloc() };
	const struct drm_gpuva_op_map req = {
		.va = { .addr = addr, .range = range },
		.gem = { .offset = offset, .obj = obj },
	};

	if (unlikely(!made.ops))
		return ERR_PTR(-ENOMEM);
	return ops_done(gpuvm, made.ops,
			gpuvm_sm_map(gpuvm, &list_steps, &made, &req));
}

/**
 * drm_gpuvm_sm_unmap_ops_create() - drm_gpuvm_sm_unmap() as a list
 * @gpuvm: the VM
 * @addr: address
 * @range: length in bytes
 *
 * Return: as drm_gpuvm_sm_map_ops_create().
 */
struct drm_gpuva_ops *
drm_gpuvm_sm_unmap_ops_create(struct drm_gpuvm *gpuvm, u64 addr, u64 range)
{
	struct op_list made = { .gpuvm = gpuvm, .ops = ops_alloc() };

	if (unlikely(!made.ops))
		return ERR_PTR(-ENOMEM);
	return ops_done(gpuvm, made.ops,
			gpuvm_sm_unmap(gpuvm, &list_steps, &made, addr,
				       range));
}

/**
 * drm_gpuvm_madvise_ops_create() - split mappings without a BO at a range's ends
 * @gpuvm: the VM
 * @req: the range
 *
 * Each mapping without a BO that reaches out of the range is remapped, and
 * mapped where it overlaps. Nothing is unmapped, and there is no map of the
 * whole range.
 *
 * Return: as drm_gpuvm_sm_map_ops_create(); the list may be empty.
 */
struct drm_gpuva_ops *
drm_gpuvm_madvise_ops_create(struct drm_gpuvm *gpuvm,
			     const struct drm_gpuvm_map_req *req)
{
	struct op_list made = { .gpuvm = gpuvm, .ops = ops_alloc() };

	if (unlikely(!made.ops))
		return ERR_PTR(-ENOMEM);
	return ops_done(gpuvm, made.ops,
			gpuvm_sm_madvise(gpuvm, &list_steps, &made,
					 &req->op));
}

/**
 * drm_gpuvm_prefetch_ops_create() - a list of what is mapped in a range
 * @gpuvm: the VM
 * @addr: address
 * @range: length in bytes; neither is checked, so that the reserved range may
 *	be listed, too
 *
 * Return: a list for drm_gpuva_ops_free(), or ERR_PTR(-ENOMEM).
 */
struct drm_gpuva_ops *
drm_gpuvm_prefetch_ops_create(struct drm_gpuvm *gpuvm, u64 addr, u64 range)
{
	struct drm_gpuva_ops *ops = ops_alloc();
	u64 end = addr + range;
	struct drm_gpuva *va;
	int err = 0;

	if (unlikely(!ops))
		return ERR_PTR(-ENOMEM);
	drm_gpuvm_for_each_va_range(va, gpuvm, addr, end) {
		err = add_va_op(gpuvm, ops, va, DRM_GPUVA_OP_PREFETCH);
		if (unlikely(err))
			break;
	}
	return ops_done(gpuvm, ops, err);
}

/**
 * drm_gpuvm_bo_unmap_ops_create() - a list to unmap a BO from a VM
 * @vm_bo: the two, with the lock of the BO's gpuva list held
 *
 * Allocates under that lock.
 *
 * Return: a list for drm_gpuva_ops_free(), or ERR_PTR(-ENOMEM).
 */
struct drm_gpuva_ops *
drm_gpuvm_bo_unmap_ops_create(struct drm_gpuvm_bo *vm_bo)
{
	struct drm_gpuvm *gpuvm = vm_bo->vm;
	struct drm_gpuva_ops *ops;
	struct drm_gpuva *va;
	int err = 0;

	assert_gpuva_held(gpuvm, vm_bo->obj);
	ops = ops_alloc();
	if (unlikely(!ops))
		return ERR_PTR(-ENOMEM);
	drm_gpuvm_bo_for_each_va(va, vm_bo) {
		err = add_va_op(gpuvm, ops, va, DRM_GPUVA_OP_UNMAP);
		if (unlikely(err))
			break;
	}
	return ops_done(gpuvm, ops, err);
}
