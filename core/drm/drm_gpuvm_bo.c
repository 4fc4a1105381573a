// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * vm_bos: the meeting of a BO and a VM, and the lists that they stand on.
 *
 * A BO's gpuva list holds no references: the last put takes the vm_bo off the
 * list, under the list's lock, before it is freed. So whoever holds that lock
 * may take a reference to any vm_bo on the list. A vm_bo refers to its BO, so
 * the last put may free the BO and the lock that the caller holds; a caller
 * that is going to unlock keeps a reference of its own.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <drm/drm_gpuvm.h>
#include <drm/drm_print.h>

#include "gpuvm_bo.h"
#include "gpuvm_lists.h"

static struct drm_gpuvm_bo *vm_bo_alloc(const struct drm_gpuvm_ops *ops)
{
	if (ops && ops->vm_bo_alloc)
		return ops->vm_bo_alloc();
	return kzalloc(sizeof(struct drm_gpuvm_bo), GFP_KERNEL);
}

/**
 * drm_gpuvm_bo_create() - make a vm_bo that is on no list
 * @gpuvm: the VM; a reference is taken
 * @obj: the BO; a reference is taken
 *
 * Needs no lock. Does not look for another vm_bo of the same pair.
 *
 * Return: a vm_bo with one reference, or NULL.
 */
struct drm_gpuvm_bo *drm_gpuvm_bo_create(struct drm_gpuvm *gpuvm,
					 struct drm_gem_object *obj)
{
	struct drm_gpuvm_bo *vm_bo = vm_bo_alloc(gpuvm->ops);

	if (unlikely(!vm_bo))
		return NULL;

	drm_gem_object_get(obj);
	vm_bo->obj = obj;
	vm_bo->vm = drm_gpuvm_get(gpuvm);
	kref_init(&vm_bo->kref);
	INIT_LIST_HEAD(&vm_bo->list.entry.gem);
	INIT_LIST_HEAD(&vm_bo->list.entry.evict);
	INIT_LIST_HEAD(&vm_bo->list.entry.extobj);
	INIT_LIST_HEAD(&vm_bo->list.gpuva);
	return vm_bo;
}

/**
 * drm_gpuvm_bo_free() - free a vm_bo and drop what it refers to
 * @vm_bo: on no list, without references
 *
 * May free the BO, and with it the lock of its gpuva list.
 */
void drm_gpuvm_bo_free(struct drm_gpuvm_bo *vm_bo)
{
	struct drm_gem_object *obj = vm_bo->obj;
	struct drm_gpuvm *gpuvm = vm_bo->vm;
	const struct drm_gpuvm_ops *ops = gpuvm->ops;

	if (!ops || !ops->vm_bo_free)
		kfree(vm_bo);
	else
		ops->vm_bo_free(vm_bo);
	drm_gpuvm_put(gpuvm);
	drm_gem_object_put(obj);
}

static void vm_bo_release(struct kref *kref)
{
	struct drm_gpuvm_bo *vm_bo =
		container_of(kref, struct drm_gpuvm_bo, kref);

	if (drm_gpuvm_resv_protected(vm_bo->vm))
		drm_gpuvm_resv_assert_held(vm_bo->vm);
	vm_bo_off_vm_lists(vm_bo);
	assert_gpuva_held(vm_bo->vm, vm_bo->obj);
	list_del(&vm_bo->list.entry.gem);
	drm_gpuvm_bo_free(vm_bo);
}

/**
 * drm_gpuvm_bo_put() - drop a reference, maybe the last
 * @vm_bo: the vm_bo, or NULL
 *
 * For the last one, the lock of the BO's gpuva list must be held, and in
 * protected mode the VM's resv; the caller keeps a BO reference to unlock. May
 * sleep.
 *
 * Return: whether the vm_bo was destroyed.
 */
bool drm_gpuvm_bo_put(struct drm_gpuvm_bo *vm_bo)
{
	might_sleep();

	return vm_bo && kref_put(&vm_bo->kref, vm_bo_release);
}

/* The vm_bo of a pair, without a new reference. */
static struct drm_gpuvm_bo *vm_bo_lookup(struct drm_gpuvm *gpuvm,
					 struct drm_gem_object *obj)
{
	struct drm_gpuvm_bo *at;

	assert_gpuva_held(gpuvm, obj);
	drm_gem_for_each_gpuvm_bo(at, obj) {
		if (at->vm == gpuvm)
			return at;
	}
	return NULL;
}

/* From now on others find it. */
static void vm_bo_list(struct drm_gpuvm_bo *vm_bo)
{
	assert_gpuva_held(vm_bo->vm, vm_bo->obj);
	list_add_tail(&vm_bo->list.entry.gem, gem_gpuva_list(vm_bo->obj));
}

/**
 * drm_gpuvm_bo_find() - find the vm_bo of a VM and a BO
 * @gpuvm: the VM
 * @obj: the BO, with the lock of its gpuva list held
 *
 * Time is linear in the number of VMs of the BO.
 *
 * Return: the vm_bo with one more reference, or NULL.
 */
struct drm_gpuvm_bo *drm_gpuvm_bo_find(struct drm_gpuvm *gpuvm,
				       struct drm_gem_object *obj)
{
	struct drm_gpuvm_bo *found = vm_bo_lookup(gpuvm, obj);

	return found ? drm_gpuvm_bo_get(found) : NULL;
}

/* Out of line, so that to find one saves no register. */
static noinline struct drm_gpuvm_bo *
vm_bo_create_listed(struct drm_gpuvm *gpuvm, struct drm_gem_object *obj)
{
	struct drm_gpuvm_bo *vm_bo = drm_gpuvm_bo_create(gpuvm, obj);

	if (unlikely(!vm_bo))
		return ERR_PTR(-ENOMEM);
	vm_bo_list(vm_bo);
	return vm_bo;
}

/**
 * drm_gpuvm_bo_obtain() - find or make the vm_bo of a VM and a BO
 * @gpuvm: the VM, not in immediate mode
 * @obj: the BO, with the lock of its gpuva list held
 *
 * Allocates under that lock, which is why immediate mode must not use it.
 *
 * Return: the vm_bo with one more reference, or ERR_PTR(-ENOMEM).
 */
struct drm_gpuvm_bo *drm_gpuvm_bo_obtain(struct drm_gpuvm *gpuvm,
					 struct drm_gem_object *obj)
{
	struct drm_gpuvm_bo *found;

	drm_WARN_ON(gpuvm->drm, drm_gpuvm_immediate_mode(gpuvm));

	found = vm_bo_lookup(gpuvm, obj);
	if (unlikely(!found))
		return vm_bo_create_listed(gpuvm, obj);
	return drm_gpuvm_bo_get(found);
}

/* A vm_bo that never got on a list needs no lock to be dropped. */
static void vm_bo_release_unlisted(struct kref *kref)
{
	drm_gpuvm_bo_free(container_of(kref, struct drm_gpuvm_bo, kref));
}

/**
 * drm_gpuvm_bo_obtain_prealloc() - drm_gpuvm_bo_obtain() that cannot fail
 * @prealloc: made by drm_gpuvm_bo_create(); its one reference is consumed
 *
 * In immediate mode gpuva.lock is taken here, around list work only, and the
 * caller holds a BO reference. Otherwise the lock of the gpuva list must be
 * held; if the pair has a vm_bo already, dropping @prealloc is a last put and
 * needs what drm_gpuvm_bo_put() asks for.
 *
 * Return: the pair's vm_bo with one more reference, or @prealloc.
 */
struct drm_gpuvm_bo *drm_gpuvm_bo_obtain_prealloc(struct drm_gpuvm_bo *prealloc)
{
	struct drm_gem_object *obj = prealloc->obj;
	struct drm_gpuvm_bo *found;
	bool inside = drm_gpuvm_immediate_mode(prealloc->vm);

	if (inside)
		gpuva_lock(obj);
	found = drm_gpuvm_bo_find(prealloc->vm, obj);
	if (!found)
		vm_bo_list(prealloc);
	if (inside)
		gpuva_unlock(obj);

	if (!found)
		return prealloc;
	if (inside)
		kref_put(&prealloc->kref, vm_bo_release_unlisted);
	else
		drm_gpuvm_bo_put(prealloc);
	return found;
}

/**
 * drm_gpuvm_bo_extobj_add() - tell the VM of a BO that has another resv
 * @vm_bo: the vm_bo; nothing is done if its BO shares the VM's resv, or twice
 *
 * In protected mode the VM's resv must be held.
 */
void drm_gpuvm_bo_extobj_add(struct drm_gpuvm_bo *vm_bo)
{
	struct list_head *entry = &vm_bo->list.entry.extobj;
	struct drm_gpuvm *gpuvm = vm_bo->vm;
	bool inside = !drm_gpuvm_resv_protected(gpuvm);

	if (!inside)
		drm_gpuvm_resv_assert_held(gpuvm);
	if (!drm_gpuvm_is_extobj(gpuvm, vm_bo->obj))
		return;

	vm_list_lock(&gpuvm->extobj.lock, inside);
	if (list_empty(entry))
		list_add_tail(entry, &gpuvm->extobj.list);
	vm_list_unlock(&gpuvm->extobj.lock, inside);
}

/* Under what protects the evict list. */
static void evict_list_update(struct drm_gpuvm_bo *vm_bo, bool evict)
{
	struct list_head *entry = &vm_bo->list.entry.evict;

	if (!evict)
		list_del_init(entry);
	else if (list_empty(entry))
		list_add_tail(entry, &vm_bo->vm->evict.list);
}

/* With the spinlock taken inside; out of line for what is done without it. */
static noinline void evict_list_update_inside(struct drm_gpuvm_bo *vm_bo,
					      bool evict)
{
	struct drm_gpuvm *gpuvm = vm_bo->vm;

	spin_lock(&gpuvm->evict.lock);
	evict_list_update(vm_bo, evict);
	spin_unlock(&gpuvm->evict.lock);
}

/**
 * drm_gpuvm_bo_evict() - say that a BO's memory went away, or came back
 * @vm_bo: the vm_bo, with its BO's resv held
 * @evict: which
 *
 * In protected mode the evict list is under the VM's resv. A BO with another
 * resv cannot touch it here; it is listed when the VM's objects are locked.
 */
void drm_gpuvm_bo_evict(struct drm_gpuvm_bo *vm_bo, bool evict)
{
	struct drm_gpuvm *gpuvm = vm_bo->vm;

	assert_resv_held(vm_bo->obj->resv);
	vm_bo->evicted = evict;
	if (!drm_gpuvm_resv_protected(gpuvm))
		evict_list_update_inside(vm_bo, evict);
	else if (!drm_gpuvm_is_extobj(gpuvm, vm_bo->obj))
		evict_list_update(vm_bo, evict);
}

/**
 * drm_gpuva_link() - put a VA on its vm_bo's list
 * @va: the VA; nothing is done if it maps no BO
 * @vm_bo: the vm_bo, with the lock of its BO's gpuva list held; the VA takes a
 *	reference
 */
void drm_gpuva_link(struct drm_gpuva *va, struct drm_gpuvm_bo *vm_bo)
{
	if (unlikely(!va->gem.obj))
		return;
	drm_WARN_ON(vm_bo->vm->drm, vm_bo->obj != va->gem.obj);

	assert_gpuva_held(vm_bo->vm, vm_bo->obj);
	list_add_tail(&va->gem.entry, &vm_bo->list.gpuva);
	va->vm_bo = drm_gpuvm_bo_get(vm_bo);
}

/**
 * drm_gpuva_unlink() - take a VA off its vm_bo's list
 * @va: the VA, linked; nothing is done if it maps no BO
 *
 * The lock of the BO's gpuva list must be held. Drops the VA's reference to
 * the vm_bo, maybe the last: see drm_gpuvm_bo_put().
 */
void drm_gpuva_unlink(struct drm_gpuva *va)
{
	struct drm_gpuvm_bo *from = va->vm_bo;

	if (unlikely(!va->gem.obj))
		return;
	assert_gpuva_held(from->vm, va->gem.obj);
	va->vm_bo = NULL;
	list_del_init(&va->gem.entry);
	drm_gpuvm_bo_put(from);
}
