// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Split and merge: which mappings are in the way of a new one, and what is left
 * of them.
 *
 * However a VA and a range overlap, what is left is what the VA has before the
 * range and what it has behind: none, one or two mappings of the same BO. Where
 * one is left the step is a remap, else an unmap. Only the first and the last
 * VA of a range can have anything left.
 */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <drm/drm_gpuvm.h>

#include "gpuvm_sm.h"

static int step_map(const struct drm_gpuvm_ops *ops, void *priv,
		    const struct drm_gpuva_op_map *map)
{
	struct drm_gpuva_op op = { .op = DRM_GPUVA_OP_MAP, .map = *map };

	return ops->sm_step_map(&op, priv);
}

static int step_unmap(const struct drm_gpuvm_ops *ops, void *priv,
		      struct drm_gpuva *va, bool keep)
{
	struct drm_gpuva_op op = {
		.op = DRM_GPUVA_OP_UNMAP,
		.unmap = { .va = va, .keep = keep },
	};

	return ops->sm_step_unmap(&op, priv);
}

static int step_remap(const struct drm_gpuvm_ops *ops, void *priv,
		      struct drm_gpuva *va, u64 start, u64 end, bool keep)
{
	u64 va_start = va->va.addr, va_end = va_start + va->va.range;
	struct drm_gpuva_op_unmap unmap = { .va = va, .keep = keep };
	struct drm_gpuva_op_map prev = {
		.va = { .addr = va_start, .range = start - va_start },
		.gem = { .offset = va->gem.offset, .obj = va->gem.obj },
	};
	struct drm_gpuva_op_map next = {
		.va = { .addr = end, .range = va_end - end },
		.gem = {
			.offset = va->gem.offset + (end - va_start),
			.obj = va->gem.obj,
		},
	};
	struct drm_gpuva_op op = {
		.op = DRM_GPUVA_OP_REMAP,
		.remap = {
			.prev = va_start < start ? &prev : NULL,
			.next = va_end > end ? &next : NULL,
			.unmap = &unmap,
		},
	};

	return ops->sm_step_remap(&op, priv);
}

static bool sticks_out(const struct drm_gpuva *va, u64 start, u64 end)
{
	return va->va.addr < start || va->va.addr + va->va.range > end;
}

/*
 * Would the request map what the VA maps already, where they overlap? The
 * difference of the addresses may be negative; offsets wrap around with it.
 */
static bool same_memory(const struct drm_gpuva *va,
			const struct drm_gpuva_op_map *req)
{
	return va->gem.obj && va->gem.obj == req->gem.obj &&
	       va->gem.offset + (req->va.addr - va->va.addr) == req->gem.offset;
}

/*
 * Take everything out of [start, end); @req, if any, is what comes there. Then
 * the VA that reaches the end is the last one, even if mappings of length 0,
 * which drm_gpuva_insert() lets in, stand behind it at the same address.
 */
static __always_inline int clear_range(struct drm_gpuvm *gpuvm,
				       const struct drm_gpuvm_ops *ops,
				       void *priv, u64 start, u64 end,
				       const struct drm_gpuva_op_map *req)
{
	struct drm_gpuva *va, *next;
	bool keep, last;
	int err;

	drm_gpuvm_for_each_va_range_safe(va, next, gpuvm, start, end) {
		keep = req && same_memory(va, req);
		/* The step may free the VA. */
		last = req && va->va.addr + va->va.range >= end;
		if (unlikely(sticks_out(va, start, end)))
			err = step_remap(ops, priv, va, start, end, keep);
		else
			err = step_unmap(ops, priv, va, keep);
		if (unlikely(err))
			return err;
		if (last)
			break;
	}
	return 0;
}

/**
 * gpuvm_sm_map() - drm_gpuvm_sm_map() with any steps
 * @gpuvm: the VM
 * @ops: the steps
 * @priv: for them
 * @req: the mapping
 *
 * Return: 0, -EINVAL, or what a step returned.
 */
int gpuvm_sm_map(struct drm_gpuvm *gpuvm, const struct drm_gpuvm_ops *ops,
		 void *priv, const struct drm_gpuva_op_map *req)
{
	u64 addr = req->va.addr, range = req->va.range;
	int err;

	if (unlikely(!drm_gpuvm_range_valid(gpuvm, addr, range)))
		return -EINVAL;
	err = clear_range(gpuvm, ops, priv, addr, addr + range, req);
	if (unlikely(err))
		return err;
	return step_map(ops, priv, req);
}

/**
 * gpuvm_sm_unmap() - drm_gpuvm_sm_unmap() with any steps
 * @gpuvm: the VM
 * @ops: the steps
 * @priv: for them
 * @addr: address
 * @range: length in bytes
 *
 * Return: 0, -EINVAL, or what a step returned.
 */
int gpuvm_sm_unmap(struct drm_gpuvm *gpuvm, const struct drm_gpuvm_ops *ops,
		   void *priv, u64 addr, u64 range)
{
	if (unlikely(!drm_gpuvm_range_valid(gpuvm, addr, range)))
		return -EINVAL;
	return clear_range(gpuvm, ops, priv, addr, addr + range, NULL);
}

/* The part of a VA without a BO that lies in a range, as a mapping. */
static struct drm_gpuva_op_map middle(const struct drm_gpuva *va, u64 start,
				      u64 end)
{
	u64 first = max(va->va.addr, start);
	u64 last = min(va->va.addr + va->va.range, end);

	return (struct drm_gpuva_op_map) {
		.va = { .addr = first, .range = last - first },
	};
}

/**
 * gpuvm_sm_madvise() - split the mappings without a BO at a range's ends
 * @gpuvm: the VM
 * @ops: the steps, of which unmap is not used
 * @priv: for them
 * @req: the range; what it maps is of no concern
 *
 * A mapping that reaches out of the range is cut, and a map operation gives its
 * middle part back, so that everything stays mapped. Those with a BO, and those
 * that lie within the range, stay as they are.
 *
 * Return: 0, -EINVAL, or what a step returned.
 */
int gpuvm_sm_madvise(struct drm_gpuvm *gpuvm, const struct drm_gpuvm_ops *ops,
		     void *priv, const struct drm_gpuva_op_map *req)
{
	u64 start = req->va.addr, end = start + req->va.range;
	struct drm_gpuva *va, *next;
	struct drm_gpuva_op_map map;
	int err;

	if (unlikely(!drm_gpuvm_range_valid(gpuvm, start, req->va.range)))
		return -EINVAL;
	drm_gpuvm_for_each_va_range_safe(va, next, gpuvm, start, end) {
		if (va->gem.obj || !sticks_out(va, start, end))
			continue;
		/* The step may free the VA. */
		map = middle(va, start, end);
		err = step_remap(ops, priv, va, start, end, false);
		if (!err)
			err = step_map(ops, priv, &map);
		if (unlikely(err))
			return err;
	}
	return 0;
}

/**
 * drm_gpuvm_sm_map() - make room for a mapping and map it, step by step
 * @gpuvm: the VM, with all sm_step functions in its ops
 * @priv: for them
 * @addr: address
 * @range: length in bytes
 * @obj: the BO, or NULL
 * @offset: where in the BO
 *
 * In order of address, each VA in the way is unmapped, or remapped when a part
 * of it is left; at most two are. A last step maps the request. An unmap says
 * keep when the request maps the same memory there; so even a request for what
 * is mapped already is an unmap and a map. The caller serialises the VM.
 *
 * Return: 0; -EINVAL when the range is not valid or a function is missing; or
 * what a step returned that was not 0. What was done until then stays.
 */
int drm_gpuvm_sm_map(struct drm_gpuvm *gpuvm, void *priv, u64 addr, u64 range,
		     struct drm_gem_object *obj, u64 offset)
{
	const struct drm_gpuvm_ops *ops = gpuvm->ops;
	const struct drm_gpuva_op_map req = {
		.va = { .addr = addr, .range = range },
		.gem = { .offset = offset, .obj = obj },
	};

	if (unlikely(!ops || !ops->sm_step_map || !ops->sm_step_remap ||
		     !ops->sm_step_unmap))
		return -EINVAL;
	return gpuvm_sm_map(gpuvm, ops, priv, &req);
}

/**
 * drm_gpuvm_sm_unmap() - unmap a range, step by step
 * @gpuvm: the VM, with sm_step_remap() and sm_step_unmap() in its ops
 * @priv: for them
 * @addr: address
 * @range: length in bytes
 *
 * As drm_gpuvm_sm_map() without the map. No unmap says keep.
 *
 * Return: as drm_gpuvm_sm_map().
 */
int drm_gpuvm_sm_unmap(struct drm_gpuvm *gpuvm, void *priv, u64 addr,
		       u64 range)
{
	const struct drm_gpuvm_ops *ops = gpuvm->ops;

	if (unlikely(!ops || !ops->sm_step_remap || !ops->sm_step_unmap))
		return -EINVAL;
	return gpuvm_sm_unmap(gpuvm, ops, priv, addr, range);
}
