/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The contract of a locking variant.
 *
 * A variant is one header in this folder: the layer that a driver or a Rust
 * wrapper would be around the GPUVM API. It says who takes which lock around
 * which drm_* call and how the last reference is dropped. It uses kernel
 * primitives only, so that it means the same in every host.
 *
 * The header is read twice. With VARIANT_LAYOUT defined it defines macros
 * only; <drm/drm_gem.h> of the own host and layout.h read it that way:
 *
 *   VARIANT_DOC		one line for people
 *   VARIANT_MAX_THREADS	0: any number; 1: not safe with two threads
 *   VARIANT_GEM_LOCK		1: the GEM object carries gpuva.lock
 *   VARIANT_UNLOCKED		1: takes no lock, so no lock is asserted
 *   VARIANT_IMMEDIATE		1: needs DRM_GPUVM_IMMEDIATE_MODE of the host
 *
 * and, where it applies:
 *
 *   VARIANT_REFUSED		why the design is wrong: it is built and tested,
 *				never timed
 *   VARIANT_LIST_OBJ		1: the BO's list and its lock are an object of
 *				their own
 *   VARIANT_VM_BO_ALLOC	function that allocates a vm_bo of the design's own,
 *   VARIANT_VM_BO_FREE	and the one that frees it
 *
 * Without VARIANT_LAYOUT it defines struct variant_bo and every function
 * declared below; a missing or a wrong one does not compile.
 */
#ifndef _VARIANTS_CONTRACT_H
#define _VARIANTS_CONTRACT_H

#include <linux/dma-resv.h>
#include <linux/err.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <drm/drm_gem.h>
#include <drm/drm_gpuvm.h>

#include "layout.h"

/* What the variant adds to a driver's BO; defined by the variant. */
struct variant_bo;

/**
 * variant_vm_flags() - flags for drm_gpuvm_init()
 */
static inline enum drm_gpuvm_flags variant_vm_flags(void);

/**
 * variant_bo_init() - set up what the variant adds to a BO
 * @bo: the addition, zeroed
 * @obj: the BO's GEM object, initialised
 *
 * Return: 0, or -ENOMEM.
 */
static inline int variant_bo_init(struct variant_bo *bo,
				  struct drm_gem_object *obj);

/**
 * variant_bo_fini() - undo variant_bo_init()
 * @bo: the addition
 * @obj: the BO's GEM object, which has lost its last reference
 */
static inline void variant_bo_fini(struct variant_bo *bo,
				   struct drm_gem_object *obj);

/**
 * variant_bo_extra() - memory that the variant allocated for a BO
 * @bo: the addition
 * @size: its size in bytes, set where there is any
 *
 * Return: the memory, or NULL. A scenario that works on cold BOs evicts it.
 */
static inline const void *variant_bo_extra(struct variant_bo *bo,
					   unsigned long *size);

/**
 * bo_enter() - take what the design wants held around list calls
 * @obj: the BO
 * @ctx: acquire context, or NULL
 *
 * For a caller that holds nothing: the designs that reuse the resv lock it
 * here, the others do nothing.
 *
 * Return: 0, or -EDEADLK with @ctx set.
 */
static inline int bo_enter(struct drm_gem_object *obj,
			   struct ww_acquire_ctx *ctx);

/**
 * bo_leave() - undo bo_enter()
 * @obj: the BO
 */
static inline void bo_leave(struct drm_gem_object *obj);

/**
 * batch_begin() - start a batch of list calls on one BO
 * @obj: the BO; between bo_enter() and bo_leave(), or with its resv held
 *
 * Where a design locks once per batch, it locks here.
 */
static inline void batch_begin(struct drm_gem_object *obj);

/**
 * batch_end() - end a batch
 * @obj: the BO
 */
static inline void batch_end(struct drm_gem_object *obj);

/**
 * vm_bo_obtain() - find or make the vm_bo of a VM and a BO
 * @vm: the VM
 * @obj: the BO, inside a batch
 *
 * Return: a vm_bo with one more reference, or ERR_PTR(-ENOMEM).
 */
static inline struct drm_gpuvm_bo *vm_bo_obtain(struct drm_gpuvm *vm,
						struct drm_gem_object *obj);

/**
 * vm_bo_obtain_prealloc() - vm_bo_obtain() that does not allocate under the lock
 * @prealloc: of drm_gpuvm_bo_create(); its one reference is consumed
 *
 * Inside a batch of its BO, and with its VM's resv held unless VMs are in
 * immediate mode: where the pair has a vm_bo already, @prealloc goes.
 *
 * Return: a vm_bo with one more reference, maybe @prealloc, or an ERR_PTR of a
 * design that asks for proof; @prealloc is the caller's then.
 */
static inline struct drm_gpuvm_bo *
vm_bo_obtain_prealloc(struct drm_gpuvm_bo *prealloc);

/**
 * vm_bo_get() - one more handle to a vm_bo
 * @vm_bo: the vm_bo; the caller has one, or holds what its list is under
 *
 * Takes no lock.
 */
static inline void vm_bo_get(struct drm_gpuvm_bo *vm_bo);

/**
 * vm_bo_put() - drop a reference, possibly the last
 * @vm_bo: the vm_bo, inside a batch; the caller keeps a reference to its BO
 */
static inline void vm_bo_put(struct drm_gpuvm_bo *vm_bo);

/**
 * vm_bo_drop() - vm_bo_put() by a caller that holds no lock
 * @vm_bo: the vm_bo; the caller keeps references to its BO and its VM
 *
 * Takes what a last put may need.
 */
static inline void vm_bo_drop(struct drm_gpuvm_bo *vm_bo);

/**
 * va_link() - put a VA on its vm_bo's list
 * @va: the VA, whose gem.obj is the vm_bo's
 * @vm_bo: the vm_bo, inside a batch
 */
static inline void va_link(struct drm_gpuva *va, struct drm_gpuvm_bo *vm_bo);

/**
 * va_unlink() - take a VA off its vm_bo's list
 * @va: the VA, inside a batch
 */
static inline void va_unlink(struct drm_gpuva *va);

/**
 * walk_begin() - keep a BO's lists as they are while a driver walks them
 * @obj: the BO, with its resv held unless the VMs are in immediate mode; outside
 *	a batch
 *
 * No list call of the design may be made before walk_end().
 */
static inline void walk_begin(struct drm_gem_object *obj);

/**
 * walk_end() - end a walk
 * @obj: the BO
 */
static inline void walk_end(struct drm_gem_object *obj);

/**
 * vm_cleanup() - free what the design has deferred
 * @vm: the VM; neither its resv nor a batch may be held
 */
static inline void vm_cleanup(struct drm_gpuvm *vm);

/**
 * bo_to_variant() - the variant's part of a driver's BO
 * @obj: a GEM object embedded in a struct driver_bo
 */
static inline struct variant_bo *bo_to_variant(struct drm_gem_object *obj);

#include VARIANT_HEADER

/* Designs that add to a vm_bo say how it is allocated and freed. */
#ifdef VARIANT_VM_BO_ALLOC
#define VARIANT_OWN_VM_BO	1
#else
#define VARIANT_OWN_VM_BO	0
#define VARIANT_VM_BO_ALLOC	NULL
#define VARIANT_VM_BO_FREE	NULL
#endif

/* A driver's BO: the GEM object first, what the variant adds right behind. */
struct driver_bo {
	struct drm_gem_object base;
	struct variant_bo variant;
};

static inline struct variant_bo *bo_to_variant(struct drm_gem_object *obj)
{
	return &container_of(obj, struct driver_bo, base)->variant;
}

#endif /* _VARIANTS_CONTRACT_H */
