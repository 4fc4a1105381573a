// SPDX-License-Identifier: GPL-2.0 OR MIT
/* One side of the GPUVM fuzzer: each call of the API, and what is wrong inside. */
#include <linux/rbtree.h>
#include <linux/sched.h>

#include "fuzz/gpuvm_side.h"

/* --- everything locked, as a bind ioctl would have it ------------------------- */

static struct {
	struct ww_acquire_ctx ctx;
	struct drm_gem_object *objs[GV_VMS + GV_BOS];
	unsigned int nr;
} locks;

/* The reference is for the unlock: a call may drop the last one. */
static void lock_one(struct drm_gem_object *obj)
{
	if (dma_resv_lock(obj->resv, &locks.ctx))
		return;
	drm_gem_object_get(obj);
	locks.objs[locks.nr++] = obj;
}

static void lock_all(void)
{
	unsigned int i;

	ww_acquire_init(&locks.ctx, &reservation_ww_class);
	for (i = 0; i < GV_VMS; i++) {
		if (side.vms[i])
			lock_one(drm_gpuvm_resv_obj(&side.vms[i]->vm));
	}
	for (i = 0; i < GV_BOS; i++) {
		if (side.bos[i])
			lock_one(&side.bos[i]->obj);
	}
}

static void unlock_all(void)
{
	while (locks.nr) {
		struct drm_gem_object *obj = locks.objs[--locks.nr];

		dma_resv_unlock(obj->resv);
		drm_gem_object_put(obj);
	}
	ww_acquire_fini(&locks.ctx);
}

/* --- VAs ------------------------------------------------------------------------- */

static void insert(const struct gv_op *op, struct side_vm *vm)
{
	struct side_bo *bo = op->how & GV_H_NO_BO ? NULL : side_bo_pick(op->bo);
	struct drm_gpuvm_bo *vm_bo = NULL;
	struct side_va *va;
	int err;

	va = side_va_new(op->addr, op->range, bo ? &bo->obj : NULL, op->offset);
	if (!va)
		return tell(GV_E_RET, -ENOMEM);
	tell(GV_E_ON, vm->id, side_obj_id(va->va.gem.obj));
	err = drm_gpuva_insert(&vm->vm, &va->va);
	tell(GV_E_RET, err);
	if (err)
		return side_va_free(va);
	if (!bo || !(op->how & GV_H_YES))
		return;
	vm_bo = drm_gpuvm_bo_obtain(&vm->vm, &bo->obj);
	if (IS_ERR(vm_bo))
		return;
	drm_gpuva_link(&va->va, vm_bo);
	drm_gpuvm_bo_put(vm_bo);
}

static void remove(const struct gv_op *op, struct side_vm *vm)
{
	struct drm_gpuva *va = side_va_pick(vm, op->slot);

	if ((op->how & GV_H_ODD) && vm->vm.kernel_alloc_node.va.range) {
		side.log->odd = 1;
		return drm_gpuva_remove(&vm->vm.kernel_alloc_node);
	}
	if (!va)
		return tell(GV_E_NOTHING);
	tell(GV_E_ON, vm->id, side_va_id(va), va->va.addr, va->va.range);
	side_va_drop(va);
}

/* The vm_bo of another BO: that warns, and is undone, or it would warn again. */
static void link_odd(struct drm_gpuva *va, struct drm_gpuvm_bo *vm_bo)
{
	side.log->odd = 1;
	drm_gpuva_link(va, vm_bo);
	tell(GV_E_SEEN, side_vm_bo_id(va->vm_bo), kref_read(&vm_bo->kref));
	drm_gpuva_unlink(va);
}

/* To what the program holds, or to what there is. */
static void link(const struct gv_op *op, struct side_vm *vm)
{
	struct drm_gpuvm_bo *vm_bo = side.held[op->bo % GV_HELD];
	struct drm_gpuva *va = side_va_pick(vm, op->slot);

	if (!va || va->vm_bo)
		return tell(GV_E_NOTHING);
	if (!va->gem.obj)
		return drm_gpuva_link(va, vm_bo);
	if (vm_bo && vm_bo->vm == &vm->vm && vm_bo->obj == va->gem.obj)
		return drm_gpuva_link(va, vm_bo);
	if (vm_bo && (op->how & GV_H_ODD))
		return link_odd(va, vm_bo);
	vm_bo = drm_gpuvm_bo_obtain(&vm->vm, va->gem.obj);
	if (IS_ERR(vm_bo))
		return tell(GV_E_RET, PTR_ERR(vm_bo));
	drm_gpuva_link(va, vm_bo);
	drm_gpuvm_bo_put(vm_bo);
}

static void unlink(const struct gv_op *op, struct side_vm *vm)
{
	struct drm_gpuva *va = side_va_pick(vm, op->slot);

	if (!va || (va->gem.obj && !va->vm_bo))
		return tell(GV_E_NOTHING);
	drm_gpuva_unlink(va);
}

static void find(const struct gv_op *op, struct side_vm *vm)
{
	struct drm_gpuvm *gpuvm = &vm->vm;
	u64 addr = op->addr, range = op->range;

	tell(GV_E_SEEN, side_va_id(drm_gpuva_find(gpuvm, addr, range)),
	     side_va_id(drm_gpuva_find_first(gpuvm, addr, range)),
	     side_va_id(drm_gpuva_find_prev(gpuvm, addr)),
	     side_va_id(drm_gpuva_find_next(gpuvm, addr)),
	     drm_gpuvm_interval_empty(gpuvm, addr, range),
	     drm_gpuvm_range_valid(gpuvm, addr, range));
}

/* All in a range, and again with every second one going. */
static void walk(const struct gv_op *op, struct side_vm *vm)
{
	u64 end = op->addr + op->range;
	struct drm_gpuva *va, *next;
	unsigned int nr = 0;

	tell(GV_E_ON, vm->id);
	drm_gpuvm_for_each_va_range(va, &vm->vm, op->addr, end)
		tell(GV_E_SEEN, side_va_id(va));
	if (!(op->how & GV_H_YES))
		return;
	drm_gpuvm_for_each_va_range_safe(va, next, &vm->vm, op->addr, end) {
		if (va == &vm->vm.kernel_alloc_node || nr++ & 1)
			continue;
		tell(GV_E_SEEN, side_va_id(va));
		side_va_drop(va);
	}
}

static void invalidate(const struct gv_op *op, struct side_vm *vm)
{
	struct drm_gpuva *va = side_va_pick(vm, op->slot);

	if (!va)
		return tell(GV_E_NOTHING);
	drm_gpuva_invalidate(va, op->how & GV_H_YES);
	tell(GV_E_SEEN, drm_gpuva_invalidated(va));
}

static void vm_refs(struct side_vm *vm)
{
	drm_gpuvm_put(drm_gpuvm_get(&vm->vm));
	tell(GV_E_SEEN, drm_gpuvm_resv_protected(&vm->vm));
}

static void vm_close(const struct gv_op *op, struct side_vm *vm)
{
	tell(GV_E_ON, vm->id);
	side_vm_close(vm);
}

/* --- vm_bos ----------------------------------------------------------------------- */

static void hold(const struct gv_op *op, struct side_vm *vm)
{
	struct drm_gpuvm_bo **slot = &side.held[op->slot % GV_HELD], *vm_bo;
	struct side_bo *bo = side_bo_pick(op->bo);

	if (*slot || !vm || !bo)
		return tell(GV_E_NOTHING);
	tell(GV_E_ON, vm->id, bo->id);
	switch (op->code) {
	case GV_VM_BO_CREATE:
		vm_bo = drm_gpuvm_bo_create(&vm->vm, &bo->obj);
		break;
	case GV_VM_BO_OBTAIN:
		vm_bo = drm_gpuvm_bo_obtain(&vm->vm, &bo->obj);
		break;
	default:
		vm_bo = drm_gpuvm_bo_find(&vm->vm, &bo->obj);
	}
	if (IS_ERR_OR_NULL(vm_bo))
		return tell(GV_E_RET, PTR_ERR(vm_bo));
	*slot = vm_bo;
	tell(GV_E_RET, 0, side_vm_bo_id(vm_bo), kref_read(&vm_bo->kref));
}

static void held_get(const struct gv_op *op, struct drm_gpuvm_bo *vm_bo)
{
	struct drm_gpuvm_bo **slot = &side.held[op->bo % GV_HELD];

	if (!*slot)
		*slot = drm_gpuvm_bo_get(vm_bo);
}

/* One that the BO knows already must not be listed again. */
static void prealloc(struct drm_gpuvm_bo **held)
{
	if (!list_empty(&(*held)->list.entry.gem))
		return tell(GV_E_NOTHING);
	*held = drm_gpuvm_bo_obtain_prealloc(*held);
	tell(GV_E_RET, 0, side_vm_bo_id(*held), kref_read(&(*held)->kref));
}

static void with_held(const struct gv_op *op)
{
	struct drm_gpuvm_bo **held = &side.held[op->slot % GV_HELD];

	if (!*held)
		return tell(GV_E_NOTHING);
	switch (op->code) {
	case GV_VM_BO_PREALLOC:
		return prealloc(held);
	case GV_VM_BO_GET:
		return held_get(op, *held);
	case GV_VM_BO_PUT:
		tell(GV_E_RET, drm_gpuvm_bo_put(*held));
		*held = NULL;
		return;
	case GV_EXTOBJ_ADD:
		return drm_gpuvm_bo_extobj_add(*held);
	default:
		drm_gpuvm_bo_evict(*held, op->how & GV_H_YES);
	}
}

/* --- BOs and fences ------------------------------------------------------------------ */

static void bo_call(const struct gv_op *op)
{
	struct side_bo *bo = side_bo_pick(op->bo);

	if (!bo)
		return tell(GV_E_NOTHING);
	tell(GV_E_ON, GV_NONE, bo->id);
	if (op->code == GV_BO_CLOSE)
		side_bo_close(bo);
	else
		drm_gpuvm_bo_gem_evict(&bo->obj, op->how & GV_H_YES);
}

static void signal(const struct gv_op *op)
{
	struct side_fence *f = side.fences[op->slot % SIDE_FENCES];

	if (!f)
		return tell(GV_E_NOTHING);
	tell(GV_E_RET, dma_fence_signal(&f->fence));
}

/* --- one call ------------------------------------------------------------------------- */

static void apply_vm(const struct gv_op *op)
{
	static void (*const calls[])(const struct gv_op *op,
				     struct side_vm *vm) = {
		[GV_VM_CLOSE] = vm_close,
		[GV_INSERT] = insert,
		[GV_REMOVE] = remove,
		[GV_LINK] = link,
		[GV_UNLINK] = unlink,
		[GV_FIND] = find,
		[GV_WALK] = walk,
		[GV_INVALIDATE] = invalidate,
		[GV_VM_BO_CREATE] = hold,
		[GV_VM_BO_OBTAIN] = hold,
		[GV_VM_BO_FIND] = hold,
	};
	struct side_vm *vm = side_vm_pick(op->vm);

	if (!vm)
		tell(GV_E_NOTHING);
	else if (op->code == GV_VM_REFS)
		vm_refs(vm);
	else
		calls[op->code](op, vm);
}

static void apply_locked(const struct gv_op *op)
{
	switch (op->code) {
	case GV_VM_CREATE:
		return side_vm_create(op);
	case GV_BO_CREATE:
		return side_bo_create(op);
	case GV_BO_CLOSE:
	case GV_GEM_EVICT:
		return bo_call(op);
	case GV_VM_BO_PREALLOC:
	case GV_VM_BO_GET:
	case GV_VM_BO_PUT:
	case GV_EXTOBJ_ADD:
	case GV_VM_BO_EVICT:
		return with_held(op);
	case GV_MAP:
	case GV_UNMAP:
		return side_map(op);
	case GV_MAP_OPS:
	case GV_UNMAP_OPS:
	case GV_PREFETCH_OPS:
	case GV_BO_UNMAP_OPS:
		return side_ops(op);
	case GV_SIGNAL:
		return signal(op);
	default:
		apply_vm(op);
	}
}

static void target_apply(const struct gv_op *op, struct gv_log *log)
{
	side.log = log;
	log->nr = 0;
	log->odd = 0;
	if (op->code == GV_EXEC || op->code == GV_VM_EXEC) {
		fuzz_memory_fail(op->memory);
		if (op->code == GV_EXEC)
			side_exec(op);
		else
			side_vm_exec(op);
		fuzz_memory_fail(0);
	} else {
		lock_all();
		fuzz_memory_fail(op->memory);
		apply_locked(op);
		fuzz_memory_fail(0);
		unlock_all();
	}
	side_tell_all();
}

/* --- the beginning and the end ----------------------------------------------------- */

static void target_open(const struct gv_space *space)
{
#ifdef CONFIG_LOCKDEP
	/* A program that ended in a fault has left its locks. */
	current->lockdep_depth = 0;
	current->lockdep_spins = 0;
#endif
	memset(&side, 0, sizeof(side));
	locks.nr = 0;
	side.space = *space;
	spin_lock_init(&side.fence_lock);
	side.drm = drm_dev_alloc_bare();
	BUG_ON(!side.drm);
}

static void target_close(struct gv_log *log)
{
	unsigned int i;

	side.log = log;
	log->nr = 0;
	log->odd = 0;
	lock_all();
	for (i = 0; i < GV_VMS; i++) {
		if (side.vms[i] && side.vms[i]->open)
			side_vm_close(side.vms[i]);
	}
	for (i = 0; i < GV_BOS; i++) {
		if (side.bos[i] && side.bos[i]->open)
			side_bo_close(side.bos[i]);
	}
	unlock_all();
	side_tell_all();
	drm_dev_put(side.drm);
}

/* --- what is wrong inside ------------------------------------------------------------- */

#define FAULT_UNLESS(cond)						\
	do {								\
		if (!(cond))						\
			return #cond;					\
	} while (0)

static u64 last_of(const struct drm_gpuva *va)
{
	return va->va.addr + va->va.range - 1;
}

static u64 last_max(const struct drm_gpuva *va)
{
	const struct rb_node *child[] = {
		va->rb.node.rb_left, va->rb.node.rb_right,
	};
	u64 most = last_of(va), other;
	int i;

	for (i = 0; i < 2; i++) {
		if (!child[i])
			continue;
		other = rb_entry(child[i], struct drm_gpuva,
				 rb.node)->rb.__subtree_last;
		if (other > most)
			most = other;
	}
	return most;
}

/* The tree holds what the list holds, in one order. */
static const char *check_vm(struct drm_gpuvm *vm)
{
	struct rb_node *rb = rb_first(&vm->rb.tree.rb_root);
	struct drm_gpuva *va;

	FAULT_UNLESS(rb == vm->rb.tree.rb_leftmost);
	drm_gpuvm_for_each_va(va, vm) {
		FAULT_UNLESS(rb == &va->rb.node);
		FAULT_UNLESS(va->rb.__subtree_last == last_max(va));
		FAULT_UNLESS(va->vm == vm);
		FAULT_UNLESS(va == &vm->kernel_alloc_node ||
			     !list_empty(&va->gem.entry) == !!va->vm_bo);
		rb = rb_next(rb);
	}
	FAULT_UNLESS(!rb);
	return NULL;
}

static const char *target_check(void)
{
	const char *fault;
	unsigned int i;

	for (i = 0; i < GV_VMS; i++) {
		fault = side.vms[i] ? check_vm(&side.vms[i]->vm) : NULL;
		if (fault)
			return fault;
	}
	return NULL;
}

extern const struct gv_target gpuvm_target;
const struct gv_target gpuvm_target = {
	.name = FUZZ_TARGET_NAME,
	.code = {
		drm_gpuvm_sm_map, drm_gpuvm_bo_obtain, drm_gpuvm_exec_lock,
		drm_exec_lock_obj,
	},
	.open = target_open,
	.apply = target_apply,
	.check = target_check,
	.close = target_close,
};
