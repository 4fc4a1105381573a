/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * arc_mutex: Rust's Arc<Mutex<List>>. The lock lives in a container of its own
 * with a reference count; the BO has a reference, and so has every handle: a
 * vm_bo reference that was obtained, a VA that is linked. Dropping a handle
 * locks the container, then drops the reference to it.
 *
 * So the lock outlives the BO when a drop is the last of everything, and no
 * caller has to keep a BO reference for it. The VM is not in protected mode:
 * a drop must not depend on a resv that it cannot know.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"Arc<Mutex<>>: counted container, drop locks"
#define VARIANT_MAX_THREADS	0
#define VARIANT_GEM_LOCK	0
#define VARIANT_UNLOCKED	0
#define VARIANT_IMMEDIATE	0

#else

#include "parts/no_enter.h"
#include "parts/no_batch.h"
#include "parts/no_cleanup.h"
#include "parts/drop_plain.h"

struct list_arc {
	struct kref ref;
	struct mutex lock;
};

struct variant_bo {
	struct list_arc *arc;
};

static inline struct list_arc *list_arc(struct drm_gem_object *obj)
{
	return bo_to_variant(obj)->arc;
}

static inline void list_arc_free(struct kref *ref)
{
	struct list_arc *arc = container_of(ref, struct list_arc, ref);

	mutex_destroy(&arc->lock);
	kfree(arc);
}

/* For a new handle. */
static inline void list_arc_clone(struct list_arc *arc)
{
	kref_get(&arc->ref);
}

/* A handle's, or the BO's. */
static inline void list_arc_drop(struct list_arc *arc)
{
	kref_put(&arc->ref, list_arc_free);
}

static inline enum drm_gpuvm_flags variant_vm_flags(void)
{
	return 0;
}

static inline int variant_bo_init(struct variant_bo *bo,
				  struct drm_gem_object *obj)
{
	bo->arc = kzalloc(sizeof(*bo->arc), GFP_KERNEL);
	if (!bo->arc)
		return -ENOMEM;
	kref_init(&bo->arc->ref);
	mutex_init(&bo->arc->lock);
	drm_gem_gpuva_set_lock(obj, &bo->arc->lock);
	return 0;
}

static inline void variant_bo_fini(struct variant_bo *bo,
				   struct drm_gem_object *obj)
{
	if (bo->arc)
		list_arc_drop(bo->arc);
}

static inline const void *variant_bo_extra(struct variant_bo *bo,
					   unsigned long *size)
{
	*size = sizeof(*bo->arc);
	return bo->arc;
}

static inline struct drm_gpuvm_bo *vm_bo_obtain(struct drm_gpuvm *vm,
						struct drm_gem_object *obj)
{
	struct list_arc *arc = list_arc(obj);
	struct drm_gpuvm_bo *vm_bo;

	list_arc_clone(arc);
	mutex_lock(&arc->lock);
	vm_bo = drm_gpuvm_bo_obtain(vm, obj);
	mutex_unlock(&arc->lock);
	if (IS_ERR(vm_bo))
		list_arc_drop(arc);
	return vm_bo;
}

/* A preallocation is no handle yet. */
static inline struct drm_gpuvm_bo *
vm_bo_obtain_prealloc(struct drm_gpuvm_bo *prealloc)
{
	struct list_arc *arc = list_arc(prealloc->obj);
	struct drm_gpuvm_bo *vm_bo;

	list_arc_clone(arc);
	mutex_lock(&arc->lock);
	vm_bo = drm_gpuvm_bo_obtain_prealloc(prealloc);
	mutex_unlock(&arc->lock);
	return vm_bo;
}

static inline void vm_bo_get(struct drm_gpuvm_bo *vm_bo)
{
	list_arc_clone(list_arc(vm_bo->obj));
	drm_gpuvm_bo_get(vm_bo);
}

static inline void vm_bo_put(struct drm_gpuvm_bo *vm_bo)
{
	struct list_arc *arc = list_arc(vm_bo->obj);

	mutex_lock(&arc->lock);
	drm_gpuvm_bo_put(vm_bo);
	mutex_unlock(&arc->lock);
	list_arc_drop(arc);
}

static inline void va_link(struct drm_gpuva *va, struct drm_gpuvm_bo *vm_bo)
{
	struct list_arc *arc = list_arc(vm_bo->obj);

	list_arc_clone(arc);
	mutex_lock(&arc->lock);
	drm_gpuva_link(va, vm_bo);
	mutex_unlock(&arc->lock);
}

static inline void va_unlink(struct drm_gpuva *va)
{
	struct list_arc *arc = list_arc(va->gem.obj);

	mutex_lock(&arc->lock);
	drm_gpuva_unlink(va);
	mutex_unlock(&arc->lock);
	list_arc_drop(arc);
}

/* A walk borrows the BO's reference to the container. */
static inline void walk_begin(struct drm_gem_object *obj)
{
	mutex_lock(&list_arc(obj)->lock);
}

static inline void walk_end(struct drm_gem_object *obj)
{
	mutex_unlock(&list_arc(obj)->lock);
}

#endif /* VARIANT_LAYOUT */
