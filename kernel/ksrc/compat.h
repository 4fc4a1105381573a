/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The names of 6.12 for a tree that has others.
 *
 * Scenarios and variants are written once, in 6.12's names. This header is
 * included before them, never before a file of the tree; the HAVE_ macros are
 * what kernel/ksrc/probe found. An adapter adds no lock and no atomic of its
 * own but where its comment says so.
 */
#ifndef _KSRC_COMPAT_H
#define _KSRC_COMPAT_H

#include <linux/mutex.h>
#include <drm/drm_gem.h>
#include <drm/drm_gpuvm.h>

#if !HAVE_DRM_GPUVM_IMMEDIATE_MODE
static inline bool drm_gpuvm_immediate_mode(struct drm_gpuvm *gpuvm)
{
	return false;
}
#endif

#if !HAVE_DRM_GPUVA_INIT
static inline void drm_gpuva_init(struct drm_gpuva *va, u64 addr, u64 range,
				  struct drm_gem_object *obj, u64 offset)
{
	drm_gpuva_init_from_op(va, &(struct drm_gpuva_op_map) {
		.va = { .addr = addr, .range = range },
		.gem = { .offset = offset, .obj = obj },
	});
}
#endif

/* For callers of both hosts; no driver of such a tree has them. */
#if !HAVE_DRM_GPUVA_FIND_PREV
static inline struct drm_gpuva *drm_gpuva_find_prev(struct drm_gpuvm *gpuvm,
						    u64 start)
{
	return drm_gpuvm_range_valid(gpuvm, start - 1, 1) ?
	       drm_gpuva_find_first(gpuvm, start - 1, 2) : NULL;
}

static inline struct drm_gpuva *drm_gpuva_find_next(struct drm_gpuvm *gpuvm,
						    u64 end)
{
	return drm_gpuvm_range_valid(gpuvm, end, 1) ?
	       drm_gpuva_find_first(gpuvm, end, 2) : NULL;
}
#endif

#if !HAVE_DRM_GPUVM_BO_OBTAIN
static inline struct drm_gpuvm_bo *
drm_gpuvm_bo_obtain(struct drm_gpuvm *gpuvm, struct drm_gem_object *obj)
{
	return drm_gpuvm_bo_obtain_locked(gpuvm, obj);
}
#endif

#if !HAVE_DRM_GPUVM_BO_OBTAIN_LOCKED
static inline struct drm_gpuvm_bo *
drm_gpuvm_bo_obtain_locked(struct drm_gpuvm *gpuvm, struct drm_gem_object *obj)
{
	return drm_gpuvm_bo_obtain(gpuvm, obj);
}
#endif

/* A tree in which what is to be mapped is one argument. */
#if HAVE_DRM_GPUVM_SM_MAP_REQ
static inline struct drm_gpuvm_map_req
ksrc_map_req(u64 addr, u64 range, struct drm_gem_object *obj, u64 offset)
{
	const struct drm_gpuva_op_map map = {
		.va = { .addr = addr, .range = range },
		.gem = { .offset = offset, .obj = obj },
	};

#if HAVE_DRM_GPUVM_MAP_REQ_OP
	return (struct drm_gpuvm_map_req) { .op = map };
#else
	return (struct drm_gpuvm_map_req) { .map = map };
#endif
}

static inline int ksrc_sm_map(struct drm_gpuvm *gpuvm, void *priv, u64 addr,
			      u64 range, struct drm_gem_object *obj, u64 offset)
{
	struct drm_gpuvm_map_req req = ksrc_map_req(addr, range, obj, offset);

	return drm_gpuvm_sm_map(gpuvm, priv, &req);
}

static inline struct drm_gpuva_ops *
ksrc_sm_map_ops_create(struct drm_gpuvm *gpuvm, u64 addr, u64 range,
		       struct drm_gem_object *obj, u64 offset)
{
	struct drm_gpuvm_map_req req = ksrc_map_req(addr, range, obj, offset);

	return drm_gpuvm_sm_map_ops_create(gpuvm, &req);
}
#define drm_gpuvm_sm_map(gpuvm, priv, addr, range, obj, offset)		\
	ksrc_sm_map(gpuvm, priv, addr, range, obj, offset)
#define drm_gpuvm_sm_map_ops_create(gpuvm, addr, range, obj, offset)	\
	ksrc_sm_map_ops_create(gpuvm, addr, range, obj, offset)
#endif

/*
 * A tree with immediate mode whose obtain_prealloc wants gpuva.lock from its
 * caller: the pair is taken here instead of there.
 */
#if HAVE_DRM_GPUVM_IMMEDIATE_MODE && !HAVE_DRM_GPUVM_BO_OBTAIN_PREALLOC_LOCKS
static inline struct drm_gpuvm_bo *
ksrc_obtain_prealloc(struct drm_gpuvm_bo *vm_bo)
{
	struct mutex *lock = &vm_bo->obj->gpuva.lock;
	struct drm_gpuvm_bo *found;

	if (!drm_gpuvm_immediate_mode(vm_bo->vm))
		return drm_gpuvm_bo_obtain_prealloc(vm_bo);

	mutex_lock(lock);
	found = drm_gpuvm_bo_obtain_prealloc(vm_bo);
	mutex_unlock(lock);
	return found;
}
#define drm_gpuvm_bo_obtain_prealloc(vm_bo)	ksrc_obtain_prealloc(vm_bo)
#endif

/*
 * A tree that takes gpuva.lock there means immediate mode alone. Other VMs get
 * what older trees do.
 */
#if HAVE_DRM_GPUVM_BO_OBTAIN_PREALLOC_LOCKS
static inline struct drm_gpuvm_bo *
ksrc_obtain_prealloc(struct drm_gpuvm_bo *prealloc)
{
	struct drm_gem_object *obj = prealloc->obj;
	struct drm_gpuvm_bo *found;

	if (drm_gpuvm_immediate_mode(prealloc->vm))
		return drm_gpuvm_bo_obtain_prealloc(prealloc);

	found = drm_gpuvm_bo_find(prealloc->vm, obj);
	if (found) {
		drm_gpuvm_bo_put(prealloc);
		return found;
	}
	list_add_tail(&prealloc->list.entry.gem, &obj->gpuva.list);
	return prealloc;
}
#define drm_gpuvm_bo_obtain_prealloc(vm_bo)	ksrc_obtain_prealloc(vm_bo)
#endif

/* The tree has one place for the list, whatever the design. */
#define gem_gpuva_list(obj)	(&(obj)->gpuva.list)

/* Where the list lock cannot be chosen, there is none to declare. */
#if !HAVE_DRM_GEM_GPUVA_SET_LOCK
#define drm_gem_gpuva_set_lock(obj, lock)	((void)(obj), (void)(lock))
#endif

#endif /* _KSRC_COMPAT_H */
