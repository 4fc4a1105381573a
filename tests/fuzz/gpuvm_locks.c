// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Transactions of one side of the GPUVM fuzzer: scripts of drm_exec calls, and
 * what drm_gpuvm builds on them.
 *
 * Contention needs no other thread: an older transaction, the rival, holds a
 * resv from before. The younger one must hold another when it meets it, for only
 * then it backs off; a transaction without locks would wait for ever, so the
 * rival goes when that could be, and else as soon as it was met.
 */
#include <linux/sched.h>

#include "fuzz/gpuvm_side.h"

static struct {
	struct ww_acquire_ctx ctx;
	struct drm_gem_object *obj;	/* whose resv it holds, or NULL */
#ifdef CONFIG_LOCKDEP
	struct held_lock held;
#endif
} rival;

/* To lockdep the rival is another task: what it holds, the current one does not. */
static void rival_hides_lock(void)
{
#ifdef CONFIG_LOCKDEP
	rival.held = current->held_locks[--current->lockdep_depth];
#endif
}

static void rival_shows_lock(void)
{
#ifdef CONFIG_LOCKDEP
	current->held_locks[current->lockdep_depth++] = rival.held;
#endif
}

static void rival_comes(struct side_bo *bo)
{
	rival.obj = &bo->obj;
	drm_gem_object_get(rival.obj);
	ww_acquire_init(&rival.ctx, &reservation_ww_class);
	dma_resv_lock(rival.obj->resv, &rival.ctx);
	rival_hides_lock();
}

static void rival_goes(void)
{
	struct drm_gem_object *obj = rival.obj;

	if (!obj)
		return;
	rival.obj = NULL;
	rival_shows_lock();
	dma_resv_unlock(obj->resv);
	ww_acquire_fini(&rival.ctx);
	drm_gem_object_put(obj);
}

static void tell_locked(struct drm_exec *exec)
{
	struct drm_gem_object *obj;
	u64 nr = 0;

	drm_exec_for_each_locked_object_reverse(exec, obj)
		nr++;
	drm_exec_for_each_locked_object(exec, obj)
		tell(GV_E_LOCKED, side_obj_id(obj),
		     kref_read(&obj->refcount), nr);
	tell(GV_E_ROUND, exec->num_objects, drm_exec_is_contended(exec),
	     exec->prelocked ? side_obj_id(exec->prelocked) : GV_NONE,
	     exec->max_objects);
}

static int reserve(struct drm_exec *exec)
{
	struct drm_gem_object *obj;
	int err;

	drm_exec_for_each_locked_object(exec, obj) {
		err = dma_resv_reserve_fences(obj->resv, 1);
		if (err)
			return err;
	}
	return 0;
}

/* A fence on all that is locked; what was locked only has no room yet. */
static void add_fence(struct drm_gpuvm *vm, struct drm_exec *exec,
		      const struct gv_op *op)
{
	struct dma_fence *fence;

	if (reserve(exec))
		return;
	fence = side_fence_new(op->slot);
	if (!fence)
		return;
	drm_gpuvm_resv_add_fence(vm, exec, fence, op->slot >> 2 & 3,
				 op->slot >> 4 & 3);
	dma_fence_put(fence);
}

/* --- scripts -------------------------------------------------------------------- */

static int lock_array(struct drm_exec *exec, unsigned int at, unsigned int n)
{
	struct drm_gem_object *objs[2];
	unsigned int i, nr = at & 4 ? 0 : 2;

	for (i = 0; i < nr; i++)
		objs[i] = &side_bo_pick(at + i)->obj;
	return drm_exec_prepare_array(exec, objs, nr, n ?: 1);
}

/* In protected mode a VM's list is walked under its resv. */
static int lock_objects(struct drm_exec *exec, struct drm_gpuvm *vm,
			unsigned int n)
{
	if (drm_gpuvm_resv_protected(vm) &&
	    dma_resv_locking_ctx(drm_gpuvm_resv(vm)) != &exec->ticket)
		return drm_gpuvm_prepare_vm(vm, exec, n);
	return drm_gpuvm_prepare_objects(vm, exec, n);
}

/* May this step, of a transaction without locks, begin with the rival's resv? */
static bool meets_rival(struct drm_gpuvm *vm, unsigned int byte)
{
	if (!rival.obj)
		return false;
	switch (byte & 7) {
	case GV_S_LOCK:
	case GV_S_PREPARE:
	case GV_S_ARRAY:
		return side_bo_pick(byte >> 3)->obj.resv == rival.obj->resv;
	case GV_S_VM:
		return drm_gpuvm_resv(vm) == rival.obj->resv;
	case GV_S_UNLOCK:
		return false;
	}
	return true;
}

static int script_step(struct drm_exec *exec, struct drm_gpuvm *vm,
		       const struct gv_op *op, unsigned int byte)
{
	struct drm_gem_object *obj = &side_bo_pick(byte >> 3)->obj;
	unsigned int n = gv_fences(op->how);

	if (!exec->ticket.acquired && meets_rival(vm, byte))
		rival_goes();
	switch (byte & 7) {
	case GV_S_LOCK:
		return drm_exec_lock_obj(exec, obj);
	case GV_S_PREPARE:
		return drm_exec_prepare_obj(exec, obj, n ?: 1);
	case GV_S_ARRAY:
		return lock_array(exec, byte >> 3, n);
	case GV_S_UNLOCK:
		if (!drm_exec_is_contended(exec))
			drm_exec_unlock_obj(exec, obj);
		return 0;
	case GV_S_VM:
		return drm_gpuvm_prepare_vm(vm, exec, n);
	case GV_S_OBJECTS:
		return lock_objects(exec, vm, n);
	case GV_S_RANGE:
		return drm_gpuvm_prepare_range(vm, exec, op->addr, op->range, n);
	}
	return 0;
}

/*
 * One round. In the second, some steps are left out; where none locks anything,
 * an empty array does, or there would be a third, and so on.
 */
static int script_round(struct drm_exec *exec, struct drm_gpuvm *vm,
			const struct gv_op *op, unsigned int round)
{
	unsigned int i, left_out = round ? op->bo >> 3 : 0;
	int err;

	for (i = 0; i < GV_SCRIPT && (op->script[i] & 7) != GV_S_END; i++) {
		if (left_out >> i & 1)
			continue;
		err = script_step(exec, vm, op, op->script[i]);
		tell(GV_E_SEEN, i, err, exec->num_objects);
		if (err == -EDEADLK || (err && !(op->how & GV_H_GO_ON)))
			return err;
	}
	return drm_exec_is_contended(exec) ?
		drm_exec_prepare_array(exec, NULL, 0, 0) : 0;
}

static int run_script(struct drm_exec *exec, struct drm_gpuvm *vm,
		      const struct gv_op *op)
{
	unsigned int round = 0;
	int err = 0;

	drm_exec_until_all_locked(exec) {
		err = script_round(exec, vm, op, round++);
		tell_locked(exec);
		if (!drm_exec_is_contended(exec) && !err)
			continue;
		rival_goes();
		if (op->how & GV_H_GIVE_UP)
			break;
		drm_exec_retry_on_contention(exec);
		break;
	}
	return err;
}

void side_exec(const struct gv_op *op)
{
	struct side_vm *vm = side_vm_pick(op->vm);
	struct drm_exec exec;
	u32 flags = 0;
	int err;

	if (!vm || !side_bo_pick(0))
		return tell(GV_E_NOTHING);
	if (op->how & GV_H_INTERRUPTIBLE)
		flags |= DRM_EXEC_INTERRUPTIBLE_WAIT;
	if (op->how & GV_H_DUPLICATES)
		flags |= DRM_EXEC_IGNORE_DUPLICATES;
	tell(GV_E_ON, vm->id);
	if (op->how & GV_H_RIVAL)
		rival_comes(side_bo_pick(op->slot));
	drm_exec_init(&exec, flags, op->how & GV_H_ROOM ? 1 : 0);
	err = run_script(&exec, &vm->vm, op);
	tell(GV_E_RET, err);
	tell_locked(&exec);
	if (!err && (op->how & GV_H_ADD_FENCE))
		add_fence(&vm->vm, &exec, op);
	drm_exec_fini(&exec);
	rival_goes();
}

/* --- drm_gpuvm_exec ----------------------------------------------------------------- */

/* @left: BOs until the one that cannot be validated, from 1; 0: there is none. */
static struct {
	unsigned int left, how;
} validation;

int side_validate(struct drm_gpuvm_bo *vm_bo, struct drm_exec *exec)
{
	tell(GV_E_VALIDATE, side_vm_bo_id(vm_bo), vm_bo->evicted,
	     exec->num_objects, kref_read(&vm_bo->kref));
	if (validation.left && !--validation.left)
		return -ENOSPC;
	switch (validation.how & 3) {
	case 0:
	case 1:
		drm_gpuvm_bo_evict(vm_bo, false);
		break;
	case 2:
		vm_bo->evicted = false;
		break;
	}
	return 0;
}

static struct drm_gem_object *extra;

/* Locks one more, which the rival may hold. */
static int lock_extra(struct drm_gpuvm_exec *vm_exec)
{
	int err = drm_exec_prepare_obj(&vm_exec->exec, extra,
				       vm_exec->num_fences ?: 1);

	tell(GV_E_SEEN, 0, err, vm_exec->exec.num_objects);
	rival_goes();
	return err == -EALREADY ? 0 : err;
}

/* Would the VM meet this resv before the extra object? */
static bool vm_locks(struct drm_gpuvm *vm, struct drm_gem_object *obj)
{
	struct drm_gpuvm_bo *vm_bo;

	if (!drm_gpuvm_is_extobj(vm, obj))
		return true;
	list_for_each_entry(vm_bo, &vm->extobj.list, list.entry.extobj) {
		if (vm_bo->obj->resv == obj->resv)
			return true;
	}
	return false;
}

static int vm_exec_lock(struct drm_gpuvm_exec *vm_exec, const struct gv_op *op)
{
	struct drm_gem_object *objs[GV_BOS];
	unsigned int i, nr = 0;

	switch ((op->how & GV_H_KIND) >> 8) {
	case 0:
		return drm_gpuvm_exec_lock(vm_exec);
	case 1:
		extra = &side_bo_pick(op->bo)->obj;
		vm_exec->extra.fn = lock_extra;
		if ((op->how & GV_H_RIVAL) && !vm_locks(vm_exec->vm, extra))
			rival_comes(to_side_bo(extra));
		return drm_gpuvm_exec_lock(vm_exec);
	case 2:
		for (i = 0; i < GV_BOS; i++) {
			if (side.bos[i])
				objs[nr++] = &side.bos[i]->obj;
		}
		return drm_gpuvm_exec_lock_array(vm_exec, objs, nr);
	}
	return drm_gpuvm_exec_lock_range(vm_exec, op->addr, op->range);
}

void side_vm_exec(const struct gv_op *op)
{
	struct side_vm *vm = side_vm_pick(op->vm);
	struct drm_gpuvm_exec vm_exec = { .num_fences = gv_fences(op->how) };
	unsigned int kind = (op->how & GV_H_KIND) >> 8;
	int err;

	if (!vm || !side_bo_pick(0))
		return tell(GV_E_NOTHING);
	tell(GV_E_ON, vm->id);
	vm_exec.vm = &vm->vm;
	/* drm_exec_prepare_obj() of no fences is an error, and warns. */
	if (kind == 2 && !vm_exec.num_fences)
		vm_exec.num_fences = 1;
	if (op->how & GV_H_INTERRUPTIBLE)
		vm_exec.flags |= DRM_EXEC_INTERRUPTIBLE_WAIT;
	if (op->how & GV_H_DUPLICATES)
		vm_exec.flags |= DRM_EXEC_IGNORE_DUPLICATES;
	err = vm_exec_lock(&vm_exec, op);
	rival_goes();
	tell(GV_E_RET, err);
	if (err)
		return;
	fuzz_memory_fail(0);
	tell_locked(&vm_exec.exec);
	/* All that may be evicted is locked in this case. */
	if (kind == 2 && (op->how & GV_H_VALIDATE)) {
		validation.left = op->step;
		validation.how = op->slot;
		tell(GV_E_RET, drm_gpuvm_exec_validate(&vm_exec));
	}
	if ((op->how & GV_H_ADD_FENCE))
		add_fence(&vm->vm, &vm_exec.exec, op);
	drm_gpuvm_exec_unlock(&vm_exec);
}
