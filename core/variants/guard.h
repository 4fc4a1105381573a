/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * guard: the resv, and proof of it. Who begins a batch makes a token; each list
 * call checks that there is one now for the resv of its BO, and that this thread
 * made it. lockdep for one lock, always on.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"the resv and a guard token, checked at run time"
#define VARIANT_MAX_THREADS	0
#define VARIANT_GEM_LOCK	0
#define VARIANT_UNLOCKED	0
#define VARIANT_IMMEDIATE	0

#else

#include <linux/sched.h>

/* Written by the holder of @resv. */
struct list_guard {
	struct dma_resv *resv;
	struct task_struct *owner;
};

struct variant_bo {
	struct list_guard guard;
};

#include "parts/resv_enter.h"
#include "parts/no_walk.h"
#include "parts/no_cleanup.h"
#include "parts/get_plain.h"
#include "parts/drop_resvs.h"

static inline int variant_bo_init(struct variant_bo *bo,
				  struct drm_gem_object *obj)
{
	return 0;
}

static inline void variant_bo_fini(struct variant_bo *bo,
				   struct drm_gem_object *obj)
{
}

static inline const void *variant_bo_extra(struct variant_bo *bo,
					   unsigned long *size)
{
	return NULL;
}

static inline enum drm_gpuvm_flags variant_vm_flags(void)
{
	return DRM_GPUVM_RESV_PROTECTED;
}

static inline void batch_begin(struct drm_gem_object *obj)
{
	bo_to_variant(obj)->guard = (struct list_guard) {
		.resv = obj->resv,
		.owner = current,
	};
}

static inline void batch_end(struct drm_gem_object *obj)
{
	bo_to_variant(obj)->guard = (struct list_guard) { };
}

/* Only the holder can find its own token there. */
static inline bool guard_holds(struct drm_gem_object *obj)
{
	const struct list_guard *g = &bo_to_variant(obj)->guard;

	return !WARN(g->resv != obj->resv || g->owner != current,
		     "a list call without a guard of its BO\n");
}

static inline struct drm_gpuvm_bo *vm_bo_obtain(struct drm_gpuvm *vm,
						struct drm_gem_object *obj)
{
	return guard_holds(obj) ? drm_gpuvm_bo_obtain(vm, obj) :
				  ERR_PTR(-EINVAL);
}

static inline struct drm_gpuvm_bo *
vm_bo_obtain_prealloc(struct drm_gpuvm_bo *prealloc)
{
	return guard_holds(prealloc->obj) ?
	       drm_gpuvm_bo_obtain_prealloc(prealloc) : ERR_PTR(-EINVAL);
}

static inline void vm_bo_put(struct drm_gpuvm_bo *vm_bo)
{
	if (guard_holds(vm_bo->obj))
		drm_gpuvm_bo_put(vm_bo);
}

static inline void va_link(struct drm_gpuva *va, struct drm_gpuvm_bo *vm_bo)
{
	if (guard_holds(vm_bo->obj))
		drm_gpuva_link(va, vm_bo);
}

static inline void va_unlink(struct drm_gpuva *va)
{
	if (guard_holds(va->gem.obj))
		drm_gpuva_unlink(va);
}

#endif /* VARIANT_LAYOUT */
