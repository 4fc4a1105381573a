/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: dup */
/*
 * GEM objects: members in the kernel's order and at its offsets, those that
 * need files, pages or handles as bare pointers.
 */
#ifndef _DRM_GEM_H
#define _DRM_GEM_H

#include <linux/bug.h>
#include <linux/dma-resv.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <drm/drm_vma_manager.h>

#include <variants/layout.h>

/* What kernel trees have or lack; for the ksrc host these are probed. */
#define HAVE_DRM_GEM_GPUVA_LOCK		VARIANT_GEM_LOCK
#define HAVE_DRM_GEM_GPUVA_INIT		1

struct drm_device;
struct drm_gem_object;

/**
 * struct drm_gem_object_funcs - the driver's part of a GEM object
 * @free: the last reference is gone; must call drm_gem_object_release().
 *	Neither the object's resv nor its gpuva.lock may be used after it.
 */
struct drm_gem_object_funcs {
	void (*free)(struct drm_gem_object *obj);
};

#if VARIANT_LIST_OBJ

/**
 * struct drm_gpuva_list - a BO's gpuva list as an object that may outlive it
 * @kref: the BO's reference, and one of each vm_bo
 * @lock: around @head
 * @head: the list
 */
struct drm_gpuva_list {
	struct kref kref;
	struct mutex lock;
	struct list_head head;
};

#endif

/**
 * struct drm_gem_object - a buffer object (BO)
 * @refcount: references
 * @handle_count: handles of user space
 * @dev: the device
 * @filp: its pages
 * @vma_node: where it may be mapped
 * @size: in bytes
 * @name: global name
 * @dma_buf: exported as
 * @import_attach: imported from
 * @resv: its reservation: its own one, the VM's or the exporter's
 * @_resv: its own one
 * @gpuva: GPU mappings
 * @gpuva.list: struct drm_gpuvm_bo, by list.entry.gem, in spite of the name.
 *	Protected by @resv, by a lock that drm_gem_gpuva_set_lock() was told,
 *	or by @gpuva.lock where the VMs are in immediate mode; the same for all.
 * @gpuva.list_obj: where the design has it: @gpuva.list and its lock
 * @gpuva.lock: where the design has it: a mutex around @gpuva.list that
 *	fence-signalling code may take, so no allocation under it
 * @funcs: the driver's functions
 * @lru_node: in @lru
 * @lru: the shrinker's list
 */
struct drm_gem_object {
	struct kref refcount;
	unsigned int handle_count;
	struct drm_device *dev;
	void *filp;
	struct drm_vma_offset_node vma_node;
	size_t size;
	int name;
	void *dma_buf;
	void *import_attach;
	struct dma_resv *resv;
	struct dma_resv _resv;
	struct {
#if VARIANT_LIST_OBJ
		struct drm_gpuva_list *list_obj;
#else
		struct list_head list;
#endif
#if VARIANT_GEM_LOCK
		struct mutex lock;
#endif
#ifdef CONFIG_LOCKDEP
		struct lockdep_map *lock_dep_map;
#endif
	} gpuva;
	const struct drm_gem_object_funcs *funcs;
	struct list_head lru_node;
	void *lru;
};

void drm_gem_private_object_init(struct drm_device *dev,
				 struct drm_gem_object *obj, size_t size);
void drm_gem_private_object_fini(struct drm_gem_object *obj);
void drm_gem_object_release(struct drm_gem_object *obj);
void drm_gem_object_free(struct kref *ref);

/**
 * drm_gem_object_get() - take a reference
 * @obj: the caller holds one already, or the lock of a list that does
 */
static inline void drm_gem_object_get(struct drm_gem_object *obj)
{
	kref_get(&obj->refcount);
}

/**
 * drm_gem_object_put() - drop a reference, maybe the last
 * @obj: the object or NULL. None of its locks may be held by a caller that
 *	has no other reference: they would be unlocked after they are freed.
 */
static inline void drm_gem_object_put(struct drm_gem_object *obj)
{
	if (!obj)
		return;
	kref_put(&obj->refcount, drm_gem_object_free);
}

/**
 * gem_gpuva_list() - the head of a BO's gpuva list, wherever a design has it
 * @obj: the BO
 */
static inline struct list_head *gem_gpuva_list(struct drm_gem_object *obj)
{
#if VARIANT_LIST_OBJ
	return &obj->gpuva.list_obj->head;
#else
	return &obj->gpuva.list;
#endif
}

/**
 * drm_gem_gpuva_init() - make a BO's gpuva list empty
 * @obj: the BO; drm_gem_private_object_init() does the list's lock, and where
 *	the list is an object, the design makes that
 */
static inline void drm_gem_gpuva_init(struct drm_gem_object *obj)
{
#if VARIANT_LIST_OBJ
	obj->gpuva.list_obj = NULL;
#else
	INIT_LIST_HEAD(gem_gpuva_list(obj));
#endif
}

/*
 * drm_gem_gpuva_set_lock() - tell what protects the gpuva list, once
 * drm_gem_gpuva_assert_lock_held() - that lock, or the resv if none was told
 *
 * A design without locks has nothing to assert.
 */
#ifdef CONFIG_LOCKDEP
#define drm_gem_gpuva_set_lock(obj, guard) do {				\
	struct drm_gem_object *__told = (obj);				\
									\
	if (!WARN(__told->gpuva.lock_dep_map,				\
		  "the lock of a gpuva list is told only once\n"))	\
		__told->gpuva.lock_dep_map = &(guard)->dep_map;		\
} while (0)
#else
#define drm_gem_gpuva_set_lock(obj, guard)	do { } while (0)
#endif

#if defined(CONFIG_LOCKDEP) && !VARIANT_UNLOCKED
static inline bool __drm_gem_gpuva_held(struct drm_gem_object *obj)
{
	struct lockdep_map *told = obj->gpuva.lock_dep_map;

	return told ? lock_is_held(told) : dma_resv_held(obj->resv);
}
#define drm_gem_gpuva_assert_lock_held(obj)				\
	lockdep_assert(__drm_gem_gpuva_held(obj))
#else
#define drm_gem_gpuva_assert_lock_held(obj)	do { } while (0)
#endif

#define drm_gem_for_each_gpuvm_bo(vm_bo, obj)				\
	list_for_each_entry(vm_bo, gem_gpuva_list(obj), list.entry.gem)
#define drm_gem_for_each_gpuvm_bo_safe(vm_bo, tmp, obj)			\
	list_for_each_entry_safe(vm_bo, tmp, gem_gpuva_list(obj),	\
				 list.entry.gem)

#endif /* _DRM_GEM_H */
