// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Everything that a VM maps, locked in one transaction and validated.
 *
 * BOs that share the VM's resv are locked with it. The others, external
 * objects, stand on the VM's extobj list, and what lost its memory on its evict
 * list. In protected mode both are under the VM's resv, which is locked first,
 * and are simply walked. Else a spinlock each protects them, which cannot be
 * held while objects are locked: see walk_next().
 */
#include <linux/compiler.h>
#include <linux/dma-resv.h>
#include <linux/errno.h>
#include <drm/drm_exec.h>
#include <drm/drm_gpuvm.h>
#include <drm/drm_print.h>

#include "gpuvm_lists.h"
#include "gpuvm_sm.h"

static int lock_obj(struct drm_exec *exec, struct drm_gem_object *obj,
		    unsigned int num_fences)
{
	if (!num_fences)
		return drm_exec_lock_obj(exec, obj);
	return drm_exec_prepare_obj(exec, obj, num_fences);
}

/**
 * drm_gpuvm_prepare_vm() - lock a VM's resv in a transaction
 * @gpuvm: the VM
 * @exec: the transaction
 * @num_fences: room to reserve, or 0
 *
 * Return: as drm_exec_prepare_obj().
 */
int drm_gpuvm_prepare_vm(struct drm_gpuvm *gpuvm, struct drm_exec *exec,
			 unsigned int num_fences)
{
	return lock_obj(exec, drm_gpuvm_resv_obj(gpuvm), num_fences);
}

/* In immediate mode: no reference is left, but it has not been cleaned up. */
static bool vm_bo_is_zombie(struct drm_gpuvm_bo *vm_bo)
{
#if VARIANT_IMMEDIATE
	return !kref_read(&vm_bo->kref);
#else
	return false;
#endif
}

/*
 * A walk over the extobj or the evict list with the list's spinlock held only
 * from one vm_bo to the next. The current vm_bo is kept by a reference. What
 * was passed waits on a list of the walk's own, so that the first of the VM's
 * list is always the next; it may be taken off from there, too, since the
 * spinlock protects both. At the end it goes back to the front.
 *
 * A second walk at the same time would miss what the first has taken, so the
 * VM points to the list of the one there is.
 */
enum vm_list {
	EXTOBJ,
	EVICT,
};

static __always_inline spinlock_t *list_lock(struct drm_gpuvm *gpuvm,
					     enum vm_list which)
{
	return which == EVICT ? &gpuvm->evict.lock : &gpuvm->extobj.lock;
}

static __always_inline struct list_head *list_of(struct drm_gpuvm *gpuvm,
						 enum vm_list which)
{
	return which == EVICT ? &gpuvm->evict.list : &gpuvm->extobj.list;
}

static __always_inline struct list_head **walk_of(struct drm_gpuvm *gpuvm,
						  enum vm_list which)
{
	return which == EVICT ? &gpuvm->evict.local_list :
				&gpuvm->extobj.local_list;
}

static __always_inline struct drm_gpuvm_bo *listed(struct list_head *entry,
						   enum vm_list which)
{
	if (which == EVICT)
		return list_entry(entry, struct drm_gpuvm_bo,
				  list.entry.evict);
	return list_entry(entry, struct drm_gpuvm_bo, list.entry.extobj);
}

/* The first that has references left, with one more. */
static __always_inline struct drm_gpuvm_bo *
walk_pop(struct drm_gpuvm *gpuvm, enum vm_list which, struct list_head *passed)
{
	struct list_head *list = list_of(gpuvm, which), *entry;
	struct drm_gpuvm_bo *vm_bo;

	while (!list_empty(list)) {
		entry = list->next;
		vm_bo = listed(entry, which);
		if (likely(kref_get_unless_zero(&vm_bo->kref))) {
			list_move_tail(entry, passed);
			return vm_bo;
		}
		/* On its way out, waiting for this lock. */
		list_del_init(entry);
	}
	return NULL;
}

/* The vm_bo behind @at, which is put; both may be NULL. */
static __always_inline struct drm_gpuvm_bo *
walk_next(struct drm_gpuvm *gpuvm, enum vm_list which, struct drm_gpuvm_bo *at,
	  struct list_head *passed)
{
	struct list_head **walk = walk_of(gpuvm, which);

	drm_gpuvm_bo_put(at);

	spin_lock(list_lock(gpuvm, which));
	if (!*walk)
		*walk = passed;
	else
		drm_WARN(gpuvm->drm, *walk != passed,
			 "%s: walked twice at the same time", gpuvm->name);
	at = walk_pop(gpuvm, which, passed);
	spin_unlock(list_lock(gpuvm, which));
	return at;
}

static __always_inline void walk_end(struct drm_gpuvm *gpuvm,
				     enum vm_list which,
				     struct drm_gpuvm_bo *at,
				     struct list_head *passed)
{
	struct list_head **walk = walk_of(gpuvm, which);

	drm_gpuvm_bo_put(at);

	spin_lock(list_lock(gpuvm, which));
	list_splice(passed, list_of(gpuvm, which));
	if (*walk == passed)
		*walk = NULL;
	spin_unlock(list_lock(gpuvm, which));
}

static int prepare_walked(struct drm_gpuvm *gpuvm, struct drm_exec *exec,
			  unsigned int num_fences)
{
	struct drm_gpuvm_bo *at = NULL;
	LIST_HEAD(passed);
	int err = 0;

	while (!err && (at = walk_next(gpuvm, EXTOBJ, at, &passed)))
		err = lock_obj(exec, at->obj, num_fences);
	walk_end(gpuvm, EXTOBJ, at, &passed);
	return err;
}

/*
 * drm_gpuvm_bo_evict() could not touch the evict list for want of the VM's
 * resv; here both resvs are held.
 */
static void list_if_evicted(struct drm_gpuvm_bo *vm_bo)
{
	struct list_head *entry = &vm_bo->list.entry.evict;

	if (unlikely(vm_bo->evicted) && list_empty(entry))
		list_add_tail(entry, &vm_bo->vm->evict.list);
}

static int prepare_protected(struct drm_gpuvm *gpuvm, struct drm_exec *exec,
			     unsigned int num_fences)
{
	struct drm_gpuvm_bo *vm_bo;
	int err;

	drm_gpuvm_resv_assert_held(gpuvm);
	list_for_each_entry(vm_bo, &gpuvm->extobj.list, list.entry.extobj) {
		if (vm_bo_is_zombie(vm_bo))
			continue;
		err = lock_obj(exec, vm_bo->obj, num_fences);
		if (unlikely(err))
			return err;
		list_if_evicted(vm_bo);
	}
	return 0;
}

/**
 * drm_gpuvm_prepare_objects() - lock a VM's external objects in a transaction
 * @gpuvm: the VM; in protected mode with its resv held, else not walked by
 *	another task at the same time, which warns
 * @exec: the transaction
 * @num_fences: room to reserve in each, or 0
 *
 * Outside of protected mode a reference to each vm_bo is held in turn, and may
 * be its last one in the end: see drm_gpuvm_bo_put().
 *
 * Return: 0, or the first error of drm_exec_prepare_obj().
 */
int drm_gpuvm_prepare_objects(struct drm_gpuvm *gpuvm, struct drm_exec *exec,
			      unsigned int num_fences)
{
	if (!drm_gpuvm_resv_protected(gpuvm))
		return prepare_walked(gpuvm, exec, num_fences);
	return prepare_protected(gpuvm, exec, num_fences);
}

/**
 * drm_gpuvm_prepare_range() - lock what is mapped in a range in a transaction
 * @gpuvm: the VM; the caller serialises it
 * @exec: the transaction; where two objects may share a resv, as all private
 *	ones do, it needs DRM_EXEC_IGNORE_DUPLICATES
 * @addr: address
 * @range: length in bytes
 * @num_fences: room to reserve in each, or 0
 *
 * Return: 0, or the first error of drm_exec_prepare_obj().
 */
int drm_gpuvm_prepare_range(struct drm_gpuvm *gpuvm, struct drm_exec *exec,
			    u64 addr, u64 range, unsigned int num_fences)
{
	u64 end = addr + range;
	struct drm_gpuva *va;
	int err;

	drm_gpuvm_for_each_va_range(va, gpuvm, addr, end) {
		if (unlikely(!va->gem.obj))
			continue;
		err = lock_obj(exec, va->gem.obj, num_fences);
		if (unlikely(err))
			return err;
	}
	return 0;
}

/**
 * drm_gpuvm_exec_lock() - lock all that a VM maps
 * @vm_exec: vm, flags, num_fences and extra set
 *
 * The VM's resv, its external objects, and what extra.fn() locks.
 *
 * Return: 0, with drm_gpuvm_exec_unlock() to be called, or the first error, with
 * everything undone.
 */
int drm_gpuvm_exec_lock(struct drm_gpuvm_exec *vm_exec)
{
	struct drm_exec *exec = &vm_exec->exec;
	struct drm_gpuvm *gpuvm = vm_exec->vm;
	int err;

	drm_exec_init(exec, vm_exec->flags, 0);
	drm_exec_until_all_locked(exec) {
		err = drm_gpuvm_prepare_vm(gpuvm, exec, vm_exec->num_fences);
		if (likely(!err))
			err = drm_gpuvm_prepare_objects(gpuvm, exec,
							vm_exec->num_fences);
		if (likely(!err) && vm_exec->extra.fn)
			err = vm_exec->extra.fn(vm_exec);
		drm_exec_retry_on_contention(exec);
		if (unlikely(err))
			goto undo;
	}
	return 0;

undo:
	drm_exec_fini(exec);
	return err;
}

struct lock_array {
	struct drm_gem_object **objs;
	unsigned int num_objs;
};

static int lock_array(struct drm_gpuvm_exec *vm_exec)
{
	const struct lock_array *array = vm_exec->extra.priv;

	return drm_exec_prepare_array(&vm_exec->exec, array->objs,
				      array->num_objs, vm_exec->num_fences);
}

/**
 * drm_gpuvm_exec_lock_array() - drm_gpuvm_exec_lock() and an array of objects
 * @vm_exec: vm, flags and num_fences set; extra is used here
 * @objs: the objects
 * @num_objs: how many
 *
 * Return: as drm_gpuvm_exec_lock().
 */
int drm_gpuvm_exec_lock_array(struct drm_gpuvm_exec *vm_exec,
			      struct drm_gem_object **objs,
			      unsigned int num_objs)
{
	struct lock_array array = { .objs = objs, .num_objs = num_objs };
	int err;

	vm_exec->extra.priv = &array;
	vm_exec->extra.fn = lock_array;
	err = drm_gpuvm_exec_lock(vm_exec);
	/* The array is gone when this returns. */
	vm_exec->extra.priv = NULL;
	vm_exec->extra.fn = NULL;
	return err;
}

/**
 * drm_gpuvm_exec_lock_range() - lock what is mapped in a range
 * @vm_exec: vm, flags and num_fences set; extra is not used
 * @addr: address
 * @range: length in bytes
 *
 * As drm_gpuvm_prepare_range(); the VM's resv is locked only if an object in
 * the range has it.
 *
 * Return: as drm_gpuvm_exec_lock().
 */
int drm_gpuvm_exec_lock_range(struct drm_gpuvm_exec *vm_exec, u64 addr,
			      u64 range)
{
	struct drm_exec *exec = &vm_exec->exec;
	int err;

	drm_exec_init(exec, vm_exec->flags, 0);
	drm_exec_until_all_locked(exec) {
		err = drm_gpuvm_prepare_range(vm_exec->vm, exec, addr, range,
					      vm_exec->num_fences);
		drm_exec_retry_on_contention(exec);
		if (unlikely(err))
			goto undo;
	}
	return 0;

undo:
	drm_exec_fini(exec);
	return err;
}

static int validate_walked(struct drm_gpuvm *gpuvm, struct drm_exec *exec)
{
	struct drm_gpuvm_bo *at = NULL;
	LIST_HEAD(passed);
	int err = 0;

	while (!err && (at = walk_next(gpuvm, EVICT, at, &passed)))
		err = gpuvm->ops->vm_bo_validate(at, exec);
	walk_end(gpuvm, EVICT, at, &passed);
	return err;
}

static int validate_protected(struct drm_gpuvm *gpuvm, struct drm_exec *exec)
{
	struct drm_gpuvm_bo *vm_bo, *next;
	int err;

	drm_gpuvm_resv_assert_held(gpuvm);
	list_for_each_entry_safe(vm_bo, next, &gpuvm->evict.list,
				 list.entry.evict) {
		if (vm_bo_is_zombie(vm_bo))
			continue;
		err = gpuvm->ops->vm_bo_validate(vm_bo, exec);
		if (unlikely(err))
			return err;
		assert_resv_held(vm_bo->obj->resv);
		if (!vm_bo->evicted)
			list_del_init(&vm_bo->list.entry.evict);
	}
	return 0;
}

/**
 * drm_gpuvm_validate() - have the driver validate what was evicted
 * @gpuvm: the VM, locked by @exec with its external objects
 * @exec: the transaction, for the driver
 *
 * In protected mode what is not evicted any more leaves the list here; else by
 * drm_gpuvm_bo_evict(), which the driver calls, and the list must not be walked
 * by another task at the same time.
 *
 * Return: 0; the first error of the driver's vm_bo_validate(); -EOPNOTSUPP when
 * there is no such function.
 */
int drm_gpuvm_validate(struct drm_gpuvm *gpuvm, struct drm_exec *exec)
{
	const struct drm_gpuvm_ops *ops = gpuvm->ops;

	if (unlikely(!ops || !ops->vm_bo_validate))
		return -EOPNOTSUPP;
	if (!drm_gpuvm_resv_protected(gpuvm))
		return validate_walked(gpuvm, exec);
	return validate_protected(gpuvm, exec);
}

/**
 * drm_gpuvm_resv_add_fence() - add a fence to everything locked
 * @gpuvm: the VM
 * @exec: the transaction, with room reserved
 * @fence: the fence
 * @private_usage: its usage in objects that share the VM's resv
 * @extobj_usage: its usage in others
 */
void drm_gpuvm_resv_add_fence(struct drm_gpuvm *gpuvm, struct drm_exec *exec,
			      struct dma_fence *fence,
			      enum dma_resv_usage private_usage,
			      enum dma_resv_usage extobj_usage)
{
	enum dma_resv_usage usage;
	struct drm_gem_object *obj;

	drm_exec_for_each_locked_object(exec, obj) {
		usage = drm_gpuvm_is_extobj(gpuvm, obj) ? extobj_usage :
							  private_usage;
		assert_resv_held(obj->resv);
		dma_resv_add_fence(obj->resv, fence, usage);
	}
}

/* Steps of split and merge that lock what the driver's steps would touch. */
static int lock_va(struct drm_gpuva *va, void *exec)
{
	return va->gem.obj ? drm_exec_lock_obj(exec, va->gem.obj) : 0;
}

static int lock_remap(struct drm_gpuva_op *op, void *exec)
{
	return lock_va(op->remap.unmap->va, exec);
}

static int lock_unmap(struct drm_gpuva_op *op, void *exec)
{
	return lock_va(op->unmap.va, exec);
}

/* The request's own object was locked first. */
static int lock_nothing(struct drm_gpuva_op *op, void *exec)
{
	return 0;
}

static const struct drm_gpuvm_ops lock_steps = {
	.sm_step_map = lock_nothing,
	.sm_step_remap = lock_remap,
	.sm_step_unmap = lock_unmap,
};

/**
 * drm_gpuvm_sm_map_exec_lock() - lock what drm_gpuvm_sm_map() would touch
 * @gpuvm: the VM; the caller serialises it
 * @exec: the transaction; see drm_gpuvm_prepare_range()
 * @num_fences: room to reserve in the object that is mapped, or 0
 * @req: the mapping
 *
 * Return: 0, -EINVAL when the range is not valid, or the first error of
 * drm_exec_prepare_obj().
 */
int drm_gpuvm_sm_map_exec_lock(struct drm_gpuvm *gpuvm, struct drm_exec *exec,
			       unsigned int num_fences,
			       const struct drm_gpuvm_map_req *req)
{
	struct drm_gem_object *obj = req->op.gem.obj;
	int err = obj ? lock_obj(exec, obj, num_fences) : 0;

	if (unlikely(err))
		return err;
	return gpuvm_sm_map(gpuvm, &lock_steps, exec, &req->op);
}

/**
 * drm_gpuvm_sm_unmap_exec_lock() - lock what drm_gpuvm_sm_unmap() would touch
 * @gpuvm: the VM; the caller serialises it
 * @exec: the transaction; see drm_gpuvm_prepare_range()
 * @addr: address
 * @range: length in bytes
 *
 * Return: 0, -EINVAL when the range is not valid, or the first error of
 * drm_exec_lock_obj().
 */
int drm_gpuvm_sm_unmap_exec_lock(struct drm_gpuvm *gpuvm,
				 struct drm_exec *exec, u64 addr, u64 range)
{
	return gpuvm_sm_unmap(gpuvm, &lock_steps, exec, addr, range);
}
