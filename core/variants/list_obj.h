/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * list_obj: the list of vm_bos and its lock are an object of their own, made by
 * the BO. The BO has a reference to it, and so has each vm_bo: a put unlocks it
 * after the BO is gone, and needs no reference of its caller's.
 *
 * All references to a vm_bo are dropped under the lock, so one that reads 1 there
 * is the last. The VM is not in protected mode, as with arc_mutex.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"list and mutex in a counted object of their own"
#define VARIANT_MAX_THREADS	0
#define VARIANT_GEM_LOCK	0
#define VARIANT_UNLOCKED	0
#define VARIANT_IMMEDIATE	0
#define VARIANT_LIST_OBJ	1

#else

#include "parts/no_enter.h"
#include "parts/no_batch.h"
#include "parts/no_cleanup.h"
#include "parts/get_plain.h"
#include "parts/drop_plain.h"

struct variant_bo {
	struct drm_gpuva_list *list;
};

static inline struct drm_gpuva_list *bo_list(struct drm_gem_object *obj)
{
	return obj->gpuva.list_obj;
}

static inline void bo_list_free(struct kref *kref)
{
	struct drm_gpuva_list *list =
		container_of(kref, struct drm_gpuva_list, kref);

	mutex_destroy(&list->lock);
	kfree(list);
}

static inline enum drm_gpuvm_flags variant_vm_flags(void)
{
	return 0;
}

static inline int variant_bo_init(struct variant_bo *bo,
				  struct drm_gem_object *obj)
{
	struct drm_gpuva_list *list = kzalloc(sizeof(*list), GFP_KERNEL);

	if (!list)
		return -ENOMEM;
	kref_init(&list->kref);
	mutex_init(&list->lock);
	INIT_LIST_HEAD(&list->head);
	bo->list = list;
	obj->gpuva.list_obj = list;
	drm_gem_gpuva_set_lock(obj, &list->lock);
	return 0;
}

static inline void variant_bo_fini(struct variant_bo *bo,
				   struct drm_gem_object *obj)
{
	if (bo->list)
		kref_put(&bo->list->kref, bo_list_free);
}

static inline const void *variant_bo_extra(struct variant_bo *bo,
					   unsigned long *size)
{
	*size = sizeof(*bo->list);
	return bo->list;
}

/* Of a pair's first vm_bo; one that was found has somebody else's reference, too. */
static inline struct drm_gpuvm_bo *
bo_list_counted(struct drm_gpuva_list *list, struct drm_gpuvm_bo *vm_bo)
{
	if (!IS_ERR(vm_bo) && kref_read(&vm_bo->kref) == 1)
		kref_get(&list->kref);
	return vm_bo;
}

static inline struct drm_gpuvm_bo *vm_bo_obtain(struct drm_gpuvm *vm,
						struct drm_gem_object *obj)
{
	struct drm_gpuva_list *list = bo_list(obj);
	struct drm_gpuvm_bo *vm_bo;

	mutex_lock(&list->lock);
	vm_bo = bo_list_counted(list, drm_gpuvm_bo_obtain(vm, obj));
	mutex_unlock(&list->lock);
	return vm_bo;
}

static inline struct drm_gpuvm_bo *
vm_bo_obtain_prealloc(struct drm_gpuvm_bo *prealloc)
{
	struct drm_gpuva_list *list = bo_list(prealloc->obj);
	struct drm_gpuvm_bo *vm_bo;

	mutex_lock(&list->lock);
	vm_bo = bo_list_counted(list, drm_gpuvm_bo_obtain_prealloc(prealloc));
	mutex_unlock(&list->lock);
	return vm_bo;
}

static inline void vm_bo_put(struct drm_gpuvm_bo *vm_bo)
{
	struct drm_gpuva_list *list = bo_list(vm_bo->obj);
	bool gone;

	mutex_lock(&list->lock);
	gone = drm_gpuvm_bo_put(vm_bo);
	mutex_unlock(&list->lock);
	if (gone)
		kref_put(&list->kref, bo_list_free);
}

static inline void va_link(struct drm_gpuva *va, struct drm_gpuvm_bo *vm_bo)
{
	struct drm_gpuva_list *list = bo_list(vm_bo->obj);

	mutex_lock(&list->lock);
	drm_gpuva_link(va, vm_bo);
	mutex_unlock(&list->lock);
}

static inline void va_unlink(struct drm_gpuva *va)
{
	struct drm_gpuva_list *list = bo_list(va->gem.obj);
	bool gone;

	mutex_lock(&list->lock);
	gone = kref_read(&va->vm_bo->kref) == 1;
	drm_gpuva_unlink(va);
	mutex_unlock(&list->lock);
	if (gone)
		kref_put(&list->kref, bo_list_free);
}

static inline void walk_begin(struct drm_gem_object *obj)
{
	mutex_lock(&bo_list(obj)->lock);
}

static inline void walk_end(struct drm_gem_object *obj)
{
	mutex_unlock(&bo_list(obj)->lock);
}

#endif /* VARIANT_LAYOUT */
