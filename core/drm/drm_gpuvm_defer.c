// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Immediate mode: the VM is updated where fences are waited for, so nothing
 * here may allocate, free or take a resv before drm_gpuvm_bo_deferred_cleanup().
 *
 * A vm_bo whose last reference is gone leaves the BO's list under gpuva.lock
 * and waits, a zombie, on the VM's bo_defer list. It keeps its references to
 * the VM and the BO. gpuva.lock is in that BO: it is unlocked before the
 * zombie is listed, since whoever takes the list may free both.
 */
#include <linux/dma-resv.h>
#include <linux/kernel.h>
#include <linux/llist.h>
#include <drm/drm_gpuvm.h>
#include <drm/drm_print.h>

#include "gpuvm_bo.h"
#include "gpuvm_lists.h"

#if VARIANT_IMMEDIATE

static struct drm_gpuvm_bo *to_vm_bo(struct llist_node *node)
{
	return llist_entry(node, struct drm_gpuvm_bo, list.entry.bo_defer);
}

/* Under gpuva.lock: nobody finds the vm_bo from now on. */
static void vm_bo_hide(struct drm_gpuvm_bo *vm_bo)
{
	assert_gpuva_held(vm_bo->vm, vm_bo->obj);
	list_del(&vm_bo->list.entry.gem);
	/* In protected mode these need the VM's resv, so they wait. */
	if (!drm_gpuvm_resv_protected(vm_bo->vm))
		vm_bo_off_vm_lists(vm_bo);
}

/* Without gpuva.lock. The vm_bo may be gone on return. */
static void vm_bo_defer(struct drm_gpuvm_bo *vm_bo)
{
	llist_add(&vm_bo->list.entry.bo_defer, &vm_bo->vm->bo_defer);
}

/* Entered with gpuva.lock held, by kref_put_mutex(). */
static void vm_bo_release_deferred(struct kref *kref)
{
	struct drm_gpuvm_bo *vm_bo =
		container_of(kref, struct drm_gpuvm_bo, kref);

	vm_bo_hide(vm_bo);
	gpuva_unlock(vm_bo->obj);
	vm_bo_defer(vm_bo);
}

/* Under gpuva.lock, which the caller keeps for the moment. */
static void vm_bo_release_locked(struct kref *kref)
{
	vm_bo_hide(container_of(kref, struct drm_gpuvm_bo, kref));
}

/**
 * drm_gpuvm_bo_put_deferred() - drop a reference, maybe the last
 * @vm_bo: the vm_bo of a VM in immediate mode, or NULL
 *
 * Takes gpuva.lock for the last reference only; the caller must not hold it.
 *
 * Return: whether this was the last reference; drm_gpuvm_bo_deferred_cleanup()
 * must be called then.
 */
bool drm_gpuvm_bo_put_deferred(struct drm_gpuvm_bo *vm_bo)
{
	if (!vm_bo)
		return false;
	drm_WARN_ON(vm_bo->vm->drm, !drm_gpuvm_immediate_mode(vm_bo->vm));

	return kref_put_mutex(&vm_bo->kref, vm_bo_release_deferred,
			      &vm_bo->obj->gpuva.lock);
}

/**
 * drm_gpuva_unlink_defer() - drm_gpuva_unlink() of immediate mode
 * @va: the VA, linked; nothing is done if it maps no BO
 *
 * Takes gpuva.lock; the caller must not hold it, and keeps a BO reference.
 * The VA is off the list at once, so that nobody walks to a stale one; what
 * waits is the vm_bo, if this was its last reference.
 */
void drm_gpuva_unlink_defer(struct drm_gpuva *va)
{
	struct drm_gem_object *obj = va->gem.obj;
	struct drm_gpuvm_bo *from = va->vm_bo;
	bool last;

	if (unlikely(!obj))
		return;
	drm_WARN_ON(from->vm->drm, !drm_gpuvm_immediate_mode(from->vm));

	gpuva_lock(obj);
	list_del_init(&va->gem.entry);
	va->vm_bo = NULL;
	last = kref_put(&from->kref, vm_bo_release_locked);
	gpuva_unlock(obj);

	if (last)
		vm_bo_defer(from);
}

/**
 * drm_gpuvm_bo_deferred_cleanup() - free the vm_bos that lost all references
 * @gpuvm: the VM; the caller holds a reference, and not its resv
 *
 * May sleep. In protected mode the VM's resv is taken once for all of them.
 */
void drm_gpuvm_bo_deferred_cleanup(struct drm_gpuvm *gpuvm)
{
	struct llist_node *zombies = llist_del_all(&gpuvm->bo_defer);
	struct llist_node *at, *next;

	if (!zombies)
		return;

	if (drm_gpuvm_resv_protected(gpuvm)) {
		dma_resv_lock(drm_gpuvm_resv(gpuvm), NULL);
		llist_for_each_safe(at, next, zombies)
			vm_bo_off_vm_lists(to_vm_bo(at));
		dma_resv_unlock(drm_gpuvm_resv(gpuvm));
	}
	llist_for_each_safe(at, next, zombies)
		drm_gpuvm_bo_free(to_vm_bo(at));
}

#endif /* VARIANT_IMMEDIATE */
