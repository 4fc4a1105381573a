// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The world of one side of the GPUVM fuzzer, as a driver would make it: VMs,
 * BOs, VAs and fences, and everything that can be seen of them.
 */
#include "fuzz/gpuvm_side.h"

struct side side;

/* --- numbers ------------------------------------------------------------------- */

u64 side_obj_id(struct drm_gem_object *obj)
{
	unsigned int i;

	if (!obj)
		return GV_NONE;
	for (i = 0; i < GV_VMS; i++) {
		if (side.vms[i] && drm_gpuvm_resv_obj(&side.vms[i]->vm) == obj)
			return 1000000 + side.vms[i]->id;
	}
	return to_side_bo(obj)->id;
}

u64 side_va_id(struct drm_gpuva *va)
{
	if (!va)
		return GV_NONE;
	if (va == &va->vm->kernel_alloc_node)
		return GV_KERNEL;
	return to_side_va(va)->id;
}

/* Where the core allocates it, it has no number but those of VM and BO. */
u64 side_vm_bo_id(struct drm_gpuvm_bo *vm_bo)
{
	struct side_vm *vm;

	if (!vm_bo)
		return GV_NONE;
	vm = to_side_vm(vm_bo->vm);
	if (vm->kind & GV_H_ALLOCS)
		return container_of(vm_bo, struct side_vm_bo, vm_bo)->id;
	return vm->id * 1000000 + to_side_bo(vm_bo->obj)->id;
}

struct side_vm *side_vm_pick(unsigned int at)
{
	unsigned int i;
	struct side_vm *vm;

	for (i = 0; i < GV_VMS; i++) {
		vm = side.vms[(at + i) % GV_VMS];
		if (vm && vm->open)
			return vm;
	}
	return NULL;
}

struct side_bo *side_bo_pick(unsigned int at)
{
	struct side_bo *bo;
	unsigned int i;

	for (i = 0; i < GV_BOS; i++) {
		bo = side.bos[(at + i) % GV_BOS];
		if (bo && bo->open)
			return bo;
	}
	return NULL;
}

/* The VA at place @at of the VM, counted round; not the kernel's. */
struct drm_gpuva *side_va_pick(struct side_vm *vm, unsigned int at)
{
	struct drm_gpuva *va;
	unsigned int nr = 0;

	drm_gpuvm_for_each_va(va, &vm->vm)
		nr += va != &vm->vm.kernel_alloc_node;
	if (!nr)
		return NULL;
	at %= nr;
	drm_gpuvm_for_each_va(va, &vm->vm) {
		if (va != &vm->vm.kernel_alloc_node && !at--)
			return va;
	}
	return NULL;
}

/* --- VAs ------------------------------------------------------------------------- */

struct side_va *side_va_new(u64 addr, u64 range, struct drm_gem_object *obj,
			    u64 offset)
{
	struct side_va *va = kzalloc(sizeof(*va), GFP_KERNEL);

	if (!va)
		return NULL;
	va->id = ++side.ids;
	INIT_LIST_HEAD(&va->va.gem.entry);
	drm_gpuva_init(&va->va, addr, range, obj, offset);
	side_va_keep(va);
	return va;
}

void side_va_keep(struct side_va *va)
{
	va->keep = va->va.gem.obj;
	if (va->keep)
		drm_gem_object_get(va->keep);
}

/* What was allocated; NULL is left alone. */
void side_va_free(struct side_va *va)
{
	if (!va)
		return;
	drm_gem_object_put(va->keep);
	kfree(va);
}

/* In its tree or not, linked or not: it goes. */
void side_va_drop(struct drm_gpuva *va)
{
	if (va->vm_bo)
		drm_gpuva_unlink(va);
	if (va->vm)
		drm_gpuva_remove(va);
	side_va_free(to_side_va(va));
}

/* --- VMs and BOs -------------------------------------------------------------------- */

void side_vm_create(const struct gv_op *op)
{
	struct side_vm **slot = &side.vms[op->vm % GV_VMS], *vm;
	const struct gv_space *sp = &side.space;
	u64 start = sp->start, range = sp->cells * sp->unit;
	struct drm_gem_object *r_obj;

	if (*slot)
		return tell(GV_E_NOTHING);
	vm = kzalloc(sizeof(*vm), GFP_KERNEL);
	r_obj = vm ? drm_gpuvm_resv_object_alloc(side.drm) : NULL;
	if (!r_obj) {
		kfree(vm);
		return tell(GV_E_RET, -ENOMEM);
	}
	if (op->how & GV_H_OVERFLOW) {
		side.log->odd = 1;
		range = ~0ull;
	}
	vm->id = ++side.ids;
	vm->kind = op->how & 15;
	vm->open = true;
	drm_gpuvm_init(&vm->vm, op->how & GV_H_ALLOCS ? "side" : NULL,
		       op->how & GV_H_PROTECTED ? DRM_GPUVM_RESV_PROTECTED : 0,
		       side.drm, r_obj, start, range,
		       start + sp->kernel * sp->unit,
		       sp->kernel_cells * sp->unit, &side_vm_ops[vm->kind]);
	drm_gem_object_put(r_obj);
	*slot = vm;
	tell(GV_E_RET, 0, vm->id);
}

/* What would keep the VM for ever, the program drops; others may keep it on. */
void side_vm_close(struct side_vm *vm)
{
	struct drm_gpuva *va, *next;
	unsigned int i;

	vm->open = false;
	drm_gpuvm_for_each_va_safe(va, next, &vm->vm) {
		if (va != &vm->vm.kernel_alloc_node)
			side_va_drop(va);
	}
	for (i = 0; i < GV_HELD; i++) {
		if (side.held[i] && side.held[i]->vm == &vm->vm) {
			drm_gpuvm_bo_put(side.held[i]);
			side.held[i] = NULL;
		}
	}
	drm_gpuvm_put(&vm->vm);
}

static void bo_free(struct drm_gem_object *obj)
{
	struct side_bo *bo = to_side_bo(obj);
	struct drm_gem_object *parent = bo->parent;
	unsigned int i;

	tell(GV_E_FREED, bo->id, 'b');
	for (i = 0; i < GV_BOS; i++) {
		if (side.bos[i] == bo)
			side.bos[i] = NULL;
	}
	drm_gem_object_release(obj);
	kfree(bo);
	drm_gem_object_put(parent);
}

static const struct drm_gem_object_funcs bo_funcs = { .free = bo_free };

static struct drm_gem_object *bo_parent(const struct gv_op *op)
{
	struct side_vm *vm = side_vm_pick(op->vm);
	struct side_bo *bo = side_bo_pick(op->slot);

	switch (op->how & GV_H_SHARE) {
	case 1:
		return vm ? drm_gpuvm_resv_obj(&vm->vm) : NULL;
	case 2:
		return bo ? &bo->obj : NULL;
	}
	return NULL;
}

void side_bo_create(const struct gv_op *op)
{
	struct side_bo **slot = &side.bos[op->bo % GV_BOS], *bo;

	if (*slot)
		return tell(GV_E_NOTHING);
	bo = kzalloc(sizeof(*bo), GFP_KERNEL);
	if (!bo)
		return tell(GV_E_RET, -ENOMEM);
	bo->id = ++side.ids;
	bo->open = true;
	bo->parent = bo_parent(op);
	bo->parent_id = side_obj_id(bo->parent);
	bo->obj.funcs = &bo_funcs;
	if (bo->parent) {
		drm_gem_object_get(bo->parent);
		bo->obj.resv = bo->parent->resv;
	}
	drm_gem_private_object_init(side.drm, &bo->obj, 4096);
	*slot = bo;
	tell(GV_E_RET, 0, bo->id);
}

void side_bo_close(struct side_bo *bo)
{
	bo->open = false;
	drm_gem_object_put(&bo->obj);
}

/* --- fences -------------------------------------------------------------------------- */

static const char *fence_name(struct dma_fence *fence)
{
	return "side";
}

static void fence_free(struct dma_fence *fence)
{
	struct side_fence *f = container_of(fence, struct side_fence, fence);
	unsigned int i;

	tell(GV_E_FREED, f->id, 'f');
	for (i = 0; i < SIDE_FENCES; i++) {
		if (side.fences[i] == f)
			side.fences[i] = NULL;
	}
	kfree(f);
}

static const struct dma_fence_ops fence_ops = {
	.get_driver_name = fence_name,
	.get_timeline_name = fence_name,
	.release = fence_free,
};

/* The next one of a timeline, or NULL. */
struct dma_fence *side_fence_new(unsigned int timeline)
{
	struct side_fence **slot = side.fences, *f;

	while (slot < side.fences + SIDE_FENCES && *slot)
		slot++;
	if (slot == side.fences + SIDE_FENCES)
		return NULL;
	f = kzalloc(sizeof(*f), GFP_KERNEL);
	if (!f)
		return NULL;
	f->id = ++side.ids;
	timeline %= 3;
	dma_fence_init(&f->fence, &fence_ops, &side.fence_lock, timeline + 1,
		       ++side.seqno[timeline]);
	*slot = f;
	return &f->fence;
}

/* --- all that can be seen ---------------------------------------------------------- */

static void tell_vm(struct side_vm *vm)
{
	struct drm_gpuvm_bo *vm_bo;
	struct drm_gpuva *va;

	tell(GV_E_VM, vm->id, kref_read(&vm->vm.kref), vm->open,
	     kref_read(&drm_gpuvm_resv_obj(&vm->vm)->refcount),
	     vm->vm.extobj.local_list || vm->vm.evict.local_list);
	drm_gpuvm_for_each_va(va, &vm->vm)
		tell(GV_E_VA, side_va_id(va), va->va.addr, va->va.range,
		     side_obj_id(va->gem.obj), va->gem.offset,
		     va->flags | side_vm_bo_id(va->vm_bo) << 8);
	list_for_each_entry(vm_bo, &vm->vm.extobj.list, list.entry.extobj)
		tell(GV_E_EXTOBJ, side_vm_bo_id(vm_bo));
	list_for_each_entry(vm_bo, &vm->vm.evict.list, list.entry.evict)
		tell(GV_E_EVICTED, side_vm_bo_id(vm_bo));
}

static void tell_vm_bo(struct drm_gpuvm_bo *vm_bo)
{
	struct drm_gpuva *va;

	tell(GV_E_VM_BO, side_vm_bo_id(vm_bo), kref_read(&vm_bo->kref),
	     vm_bo->evicted, to_side_vm(vm_bo->vm)->id,
	     side_obj_id(vm_bo->obj));
	drm_gpuvm_bo_for_each_va(va, vm_bo)
		tell(GV_E_LINKED, side_va_id(va));
}

static void tell_fences(struct dma_resv *resv)
{
	struct dma_resv_iter iter;
	struct dma_fence *fence;

	if (!resv->fences || !dma_resv_trylock(resv))
		return;
	dma_resv_for_each_fence(&iter, resv, DMA_RESV_USAGE_BOOKKEEP, fence)
		tell(GV_E_FENCE,
		     container_of(fence, struct side_fence, fence)->id,
		     dma_resv_iter_usage(&iter),
		     dma_fence_is_signaled(fence), kref_read(&fence->refcount));
	dma_resv_unlock(resv);
}

static void tell_bo(struct side_bo *bo)
{
	struct drm_gpuvm_bo *vm_bo;

	tell(GV_E_BO, bo->id, kref_read(&bo->obj.refcount), bo->open,
	     bo->parent_id);
	drm_gem_for_each_gpuvm_bo(vm_bo, &bo->obj)
		tell_vm_bo(vm_bo);
	tell_fences(&bo->obj._resv);
}

void side_tell_all(void)
{
	unsigned int i;

	for (i = 0; i < GV_VMS; i++) {
		if (!side.vms[i])
			continue;
		tell_vm(side.vms[i]);
		tell_fences(drm_gpuvm_resv(&side.vms[i]->vm));
	}
	for (i = 0; i < GV_BOS; i++) {
		if (side.bos[i])
			tell_bo(side.bos[i]);
	}
	for (i = 0; i < GV_HELD; i++) {
		if (!side.held[i])
			continue;
		tell(GV_E_HELD, i, side_vm_bo_id(side.held[i]),
		     kref_read(&side.held[i]->kref), side.held[i]->evicted,
		     list_empty(&side.held[i]->list.entry.gem));
	}
	tell(GV_E_ALL, kref_read(&side.drm->ref), fuzz_memory_live(),
	     host_warn_count());
}
