/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: dup */
/*
 * GPU virtual address spaces: the API of 6.12 and, beside it, what later trees
 * added; immediate mode where the variant asks for it.
 */
#ifndef _DRM_GPUVM_H
#define _DRM_GPUVM_H

#include <linux/bits.h>
#include <linux/dma-resv.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <drm/drm_device.h>
#include <drm/drm_exec.h>
#include <drm/drm_gem.h>

/* What kernel trees have or lack; for the ksrc host these are probed. */
#define HAVE_DRM_GPUVM_IMMEDIATE_MODE	VARIANT_IMMEDIATE
#define HAVE_DRM_GPUVM_BO_OBTAIN_LOCKED	1
#define HAVE_DRM_GPUVM_MAP_REQ_OP	1
#define HAVE_DRM_GPUVM_SM_EXEC_LOCK	1
#define HAVE_DRM_GPUVM_MADVISE		1

struct drm_gpuva_op;
struct drm_gpuvm;
struct drm_gpuvm_bo;
struct drm_gpuvm_ops;

/**
 * enum drm_gpuva_flags - state of a VA
 * @DRM_GPUVA_INVALIDATED: the page tables do not map it any more
 * @DRM_GPUVA_SPARSE: no BO behind it
 * @DRM_GPUVA_USERBITS: the driver's from here on
 */
enum drm_gpuva_flags {
	DRM_GPUVA_INVALIDATED	= BIT(0),
	DRM_GPUVA_SPARSE	= BIT(1),
	DRM_GPUVA_USERBITS	= BIT(2),
};

/**
 * struct drm_gpuva - a mapping in a VM; its memory is the driver's
 * @vm: the VM; a reference is held while the VA is in its tree
 * @vm_bo: where it is linked, with a reference, or NULL
 * @flags: state
 * @va: addresses, in bytes; set before drm_gpuva_insert()
 * @gem: what is mapped
 * @gem.offset: in bytes
 * @gem.obj: the BO or NULL; no reference of its own
 * @gem.entry: in @vm_bo->list.gpuva, protected like the BO's gpuva.list
 * @rb: the VM's order, protected by a lock of the driver's
 */
struct drm_gpuva {
	struct drm_gpuvm *vm;
	struct drm_gpuvm_bo *vm_bo;
	enum drm_gpuva_flags flags;
	struct {
		u64 addr;
		u64 range;
	} va;
	struct {
		u64 offset;
		struct drm_gem_object *obj;
		struct list_head entry;
	} gem;
	struct {
		struct rb_node node;
		struct list_head entry;
		u64 __subtree_last;
	} rb;
};

/**
 * enum drm_gpuvm_flags - how a VM is used
 * @DRM_GPUVM_RESV_PROTECTED: the extobj and evict lists are protected by the
 *	VM's resv, which the caller holds; else by spinlocks taken inside
 * @DRM_GPUVM_IMMEDIATE_MODE: the VM is updated while fences are waited for, so
 *	gpuva lists are protected by the BO's gpuva.lock and never by a resv
 * @DRM_GPUVM_USERBITS: the driver's from here on
 */
enum drm_gpuvm_flags {
	DRM_GPUVM_RESV_PROTECTED	= BIT(0),
#if VARIANT_IMMEDIATE
	DRM_GPUVM_IMMEDIATE_MODE	= BIT(1),
#endif
	DRM_GPUVM_USERBITS		= BIT(1 + VARIANT_IMMEDIATE),
};

/**
 * struct drm_gpuvm - a GPU address space
 * @name: for people
 * @flags: how it is used
 * @drm: the device, with a reference
 * @mm_start: first address
 * @mm_range: length in bytes
 * @rb: the VAs as interval tree and as list in order of address; protected by
 *	a lock of the driver's
 * @kref: references
 * @kernel_alloc_node: a range that no VA may use, itself in @rb
 * @ops: the driver's functions
 * @r_obj: the object whose resv is the VM's, with a reference
 * @extobj: vm_bos of BOs that do not share the VM's resv
 * @evict: vm_bos of BOs to be validated before the next use
 * @bo_defer: vm_bos that lost their last reference, to be freed later
 */
struct drm_gpuvm {
	const char *name;
	enum drm_gpuvm_flags flags;
	struct drm_device *drm;
	u64 mm_start;
	u64 mm_range;
	struct {
		struct rb_root_cached tree;
		struct list_head list;
	} rb;
	struct kref kref;
	struct drm_gpuva kernel_alloc_node;
	const struct drm_gpuvm_ops *ops;
	struct drm_gem_object *r_obj;
	struct {
		struct list_head list;
		struct list_head *local_list;
		spinlock_t lock;
	} extobj;
	struct {
		struct list_head list;
		struct list_head *local_list;
		spinlock_t lock;
	} evict;
#if VARIANT_IMMEDIATE
	struct llist_head bo_defer;
#endif
};

/**
 * struct drm_gpuvm_bo - a BO in a VM; at most one for each pair
 * @vm: the VM, with a reference
 * @obj: the BO, with a reference; the BO's list holds none on the vm_bo
 * @evicted: protected by the BO's resv
 * @kref: references; each linked VA holds one
 * @list: lists
 * @list.gpuva: linked VAs, protected like the BO's gpuva.list
 * @list.entry: where the vm_bo itself is linked
 */
struct drm_gpuvm_bo {
	struct drm_gpuvm *vm;
	struct drm_gem_object *obj;
	bool evicted;
	struct kref kref;
	struct {
		struct list_head gpuva;
		struct {
			struct list_head gem;
			struct list_head extobj;
			struct list_head evict;
#if VARIANT_IMMEDIATE
			struct llist_node bo_defer;
#endif
		} entry;
	} list;
};

/**
 * enum drm_gpuva_op_type - which member of struct drm_gpuva_op counts
 * @DRM_GPUVA_OP_MAP: op.map: make a mapping
 * @DRM_GPUVA_OP_REMAP: op.remap: replace one by what is left beside a range
 * @DRM_GPUVA_OP_UNMAP: op.unmap: drop one
 * @DRM_GPUVA_OP_PREFETCH: op.prefetch: bring one's memory near
 */
enum drm_gpuva_op_type {
	DRM_GPUVA_OP_MAP,
	DRM_GPUVA_OP_REMAP,
	DRM_GPUVA_OP_UNMAP,
	DRM_GPUVA_OP_PREFETCH,
};

/**
 * struct drm_gpuva_op_map - a mapping to make
 * @va: addresses
 * @va.addr: the first, in bytes
 * @va.range: length in bytes
 * @gem: what is mapped
 * @gem.offset: in bytes
 * @gem.obj: the BO or NULL
 */
struct drm_gpuva_op_map {
	struct {
		u64 addr;
		u64 range;
	} va;
	struct {
		u64 offset;
		struct drm_gem_object *obj;
	} gem;
};

/**
 * struct drm_gpuva_op_unmap - a mapping to drop
 * @va: the mapping
 * @keep: the request maps the same memory there, so that page tables may stay
 */
struct drm_gpuva_op_unmap {
	struct drm_gpuva *va;
	bool keep;
};

/**
 * struct drm_gpuva_op_remap - a mapping of which one or both ends are left
 * @prev: what is left before the range, or NULL
 * @next: what is left behind the range, or NULL
 * @unmap: the mapping
 */
struct drm_gpuva_op_remap {
	struct drm_gpuva_op_map *prev;
	struct drm_gpuva_op_map *next;
	struct drm_gpuva_op_unmap *unmap;
};

/**
 * struct drm_gpuva_op_prefetch - a mapping to prefetch
 * @va: the mapping
 */
struct drm_gpuva_op_prefetch {
	struct drm_gpuva *va;
};

/**
 * struct drm_gpuva_op - a step in the change of a VM
 * @entry: in struct drm_gpuva_ops
 * @op: which of the others counts
 * @map: make a mapping
 * @remap: replace one
 * @unmap: drop one
 * @prefetch: prefetch one
 */
struct drm_gpuva_op {
	struct list_head entry;
	enum drm_gpuva_op_type op;
	union {
		struct drm_gpuva_op_map map;
		struct drm_gpuva_op_remap remap;
		struct drm_gpuva_op_unmap unmap;
		struct drm_gpuva_op_prefetch prefetch;
	};
};

/**
 * struct drm_gpuva_ops - steps, in the order in which they are to be taken
 * @list: struct drm_gpuva_op
 */
struct drm_gpuva_ops {
	struct list_head list;
};

/**
 * struct drm_gpuvm_map_req - what later trees pass for a mapping
 * @op: the mapping
 */
struct drm_gpuvm_map_req {
	struct drm_gpuva_op_map op;
};

/**
 * struct drm_gpuvm_exec - a transaction over what a VM maps
 * @exec: the transaction
 * @flags: DRM_EXEC_*, set by the caller
 * @vm: the VM, set by the caller
 * @num_fences: room for fences in each object; 0 to lock only
 * @extra: what else is to be locked
 * @extra.fn: called in each round, last, or NULL; returns 0 or -errno
 * @extra.priv: its own
 */
struct drm_gpuvm_exec {
	struct drm_exec exec;
	u32 flags;
	struct drm_gpuvm *vm;
	unsigned int num_fences;
	struct {
		int (*fn)(struct drm_gpuvm_exec *vm_exec);
		void *priv;
	} extra;
};

/**
 * struct drm_gpuvm_ops - the driver's part of a VM
 * @vm_free: free the VM; must be there
 * @op_alloc: allocate an operation, zeroed; kzalloc() if NULL
 * @op_free: free one; kfree() if NULL
 * @vm_bo_alloc: allocate a vm_bo, zeroed; kzalloc() if NULL
 * @vm_bo_free: free one; kfree() if NULL
 * @vm_bo_validate: make an evicted BO usable and say so: in protected mode by
 *	vm_bo->evicted, else by drm_gpuvm_bo_evict()
 * @sm_step_map: split and merge: map; the steps may change the tree where they
 *	were called for, and what is not 0 ends the walk
 * @sm_step_remap: split and merge: cut a mapping
 * @sm_step_unmap: split and merge: drop a mapping
 */
struct drm_gpuvm_ops {
	void (*vm_free)(struct drm_gpuvm *gpuvm);
	struct drm_gpuva_op *(*op_alloc)(void);
	void (*op_free)(struct drm_gpuva_op *op);
	struct drm_gpuvm_bo *(*vm_bo_alloc)(void);
	void (*vm_bo_free)(struct drm_gpuvm_bo *vm_bo);
	int (*vm_bo_validate)(struct drm_gpuvm_bo *vm_bo,
			      struct drm_exec *exec);
	int (*sm_step_map)(struct drm_gpuva_op *op, void *priv);
	int (*sm_step_remap)(struct drm_gpuva_op *op, void *priv);
	int (*sm_step_unmap)(struct drm_gpuva_op *op, void *priv);
};

struct drm_gem_object *drm_gpuvm_resv_object_alloc(struct drm_device *drm);
void drm_gpuvm_init(struct drm_gpuvm *gpuvm, const char *name,
		    enum drm_gpuvm_flags flags, struct drm_device *drm,
		    struct drm_gem_object *r_obj, u64 start_offset, u64 range,
		    u64 reserve_offset, u64 reserve_range,
		    const struct drm_gpuvm_ops *ops);
void drm_gpuvm_put(struct drm_gpuvm *gpuvm);
bool drm_gpuvm_range_valid(struct drm_gpuvm *gpuvm, u64 addr, u64 range);
bool drm_gpuvm_interval_empty(struct drm_gpuvm *gpuvm, u64 addr, u64 range);

int drm_gpuva_insert(struct drm_gpuvm *gpuvm, struct drm_gpuva *va);
void drm_gpuva_remove(struct drm_gpuva *va);
struct drm_gpuva *drm_gpuva_find(struct drm_gpuvm *gpuvm, u64 addr, u64 range);
struct drm_gpuva *drm_gpuva_find_first(struct drm_gpuvm *gpuvm, u64 addr,
				       u64 range);
struct drm_gpuva *drm_gpuva_find_prev(struct drm_gpuvm *gpuvm, u64 start);
struct drm_gpuva *drm_gpuva_find_next(struct drm_gpuvm *gpuvm, u64 end);
void drm_gpuva_link(struct drm_gpuva *va, struct drm_gpuvm_bo *vm_bo);
void drm_gpuva_unlink(struct drm_gpuva *va);
void drm_gpuva_map(struct drm_gpuvm *gpuvm, struct drm_gpuva *va,
		   struct drm_gpuva_op_map *op);
void drm_gpuva_remap(struct drm_gpuva *prev, struct drm_gpuva *next,
		     struct drm_gpuva_op_remap *op);
void drm_gpuva_unmap(struct drm_gpuva_op_unmap *op);

int drm_gpuvm_sm_map(struct drm_gpuvm *gpuvm, void *priv, u64 addr, u64 range,
		     struct drm_gem_object *obj, u64 offset);
int drm_gpuvm_sm_unmap(struct drm_gpuvm *gpuvm, void *priv, u64 addr,
		       u64 range);
int drm_gpuvm_sm_map_exec_lock(struct drm_gpuvm *gpuvm, struct drm_exec *exec,
			       unsigned int num_fences,
			       const struct drm_gpuvm_map_req *req);
int drm_gpuvm_sm_unmap_exec_lock(struct drm_gpuvm *gpuvm,
				 struct drm_exec *exec, u64 addr, u64 range);

struct drm_gpuva_ops *
drm_gpuvm_sm_map_ops_create(struct drm_gpuvm *gpuvm, u64 addr, u64 range,
			    struct drm_gem_object *obj, u64 offset);
struct drm_gpuva_ops *
drm_gpuvm_sm_unmap_ops_create(struct drm_gpuvm *gpuvm, u64 addr, u64 range);
struct drm_gpuva_ops *
drm_gpuvm_madvise_ops_create(struct drm_gpuvm *gpuvm,
			     const struct drm_gpuvm_map_req *req);
struct drm_gpuva_ops *
drm_gpuvm_prefetch_ops_create(struct drm_gpuvm *gpuvm, u64 addr, u64 range);
struct drm_gpuva_ops *
drm_gpuvm_bo_unmap_ops_create(struct drm_gpuvm_bo *vm_bo);
void drm_gpuva_ops_free(struct drm_gpuvm *gpuvm, struct drm_gpuva_ops *ops);

int drm_gpuvm_prepare_vm(struct drm_gpuvm *gpuvm, struct drm_exec *exec,
			 unsigned int num_fences);
int drm_gpuvm_prepare_objects(struct drm_gpuvm *gpuvm, struct drm_exec *exec,
			      unsigned int num_fences);
int drm_gpuvm_prepare_range(struct drm_gpuvm *gpuvm, struct drm_exec *exec,
			    u64 addr, u64 range, unsigned int num_fences);
int drm_gpuvm_exec_lock(struct drm_gpuvm_exec *vm_exec);
int drm_gpuvm_exec_lock_array(struct drm_gpuvm_exec *vm_exec,
			      struct drm_gem_object **objs,
			      unsigned int num_objs);
int drm_gpuvm_exec_lock_range(struct drm_gpuvm_exec *vm_exec, u64 addr,
			      u64 range);
int drm_gpuvm_validate(struct drm_gpuvm *gpuvm, struct drm_exec *exec);
void drm_gpuvm_resv_add_fence(struct drm_gpuvm *gpuvm, struct drm_exec *exec,
			      struct dma_fence *fence,
			      enum dma_resv_usage private_usage,
			      enum dma_resv_usage extobj_usage);

struct drm_gpuvm_bo *drm_gpuvm_bo_create(struct drm_gpuvm *gpuvm,
					 struct drm_gem_object *obj);
struct drm_gpuvm_bo *drm_gpuvm_bo_find(struct drm_gpuvm *gpuvm,
				       struct drm_gem_object *obj);
struct drm_gpuvm_bo *drm_gpuvm_bo_obtain(struct drm_gpuvm *gpuvm,
					 struct drm_gem_object *obj);
struct drm_gpuvm_bo *drm_gpuvm_bo_obtain_prealloc(struct drm_gpuvm_bo *vm_bo);
bool drm_gpuvm_bo_put(struct drm_gpuvm_bo *vm_bo);
void drm_gpuvm_bo_extobj_add(struct drm_gpuvm_bo *vm_bo);
void drm_gpuvm_bo_evict(struct drm_gpuvm_bo *vm_bo, bool evict);

#if VARIANT_IMMEDIATE
bool drm_gpuvm_bo_put_deferred(struct drm_gpuvm_bo *vm_bo);
void drm_gpuva_unlink_defer(struct drm_gpuva *va);
void drm_gpuvm_bo_deferred_cleanup(struct drm_gpuvm *gpuvm);
#endif

/**
 * drm_gpuvm_get() - take a reference
 * @gpuvm: the caller holds one already
 */
static inline struct drm_gpuvm *drm_gpuvm_get(struct drm_gpuvm *gpuvm)
{
	kref_get(&gpuvm->kref);
	return gpuvm;
}

/**
 * drm_gpuvm_bo_get() - take a reference
 * @vm_bo: the caller holds one already
 */
static inline struct drm_gpuvm_bo *drm_gpuvm_bo_get(struct drm_gpuvm_bo *vm_bo)
{
	kref_get(&vm_bo->kref);
	return vm_bo;
}

/**
 * drm_gpuvm_bo_obtain_locked() - what later trees call drm_gpuvm_bo_obtain()
 * @gpuvm: the VM, not in immediate mode
 * @obj: the BO, with the lock of its gpuva list held
 *
 * Return: as drm_gpuvm_bo_obtain().
 */
static inline struct drm_gpuvm_bo *
drm_gpuvm_bo_obtain_locked(struct drm_gpuvm *gpuvm, struct drm_gem_object *obj)
{
	return drm_gpuvm_bo_obtain(gpuvm, obj);
}

/**
 * drm_gpuva_init() - say what a VA maps
 * @va: the VA, in no tree
 * @addr: its address
 * @range: its length in bytes
 * @obj: the BO, or NULL
 * @offset: where in the BO
 */
static inline void drm_gpuva_init(struct drm_gpuva *va, u64 addr, u64 range,
				  struct drm_gem_object *obj, u64 offset)
{
	va->gem.offset = offset;
	va->gem.obj = obj;
	va->va.range = range;
	va->va.addr = addr;
}

/**
 * drm_gpuva_init_from_op() - drm_gpuva_init() of what an operation maps
 * @va: the VA, in no tree; its flags stay as they are
 * @op: the operation
 */
static inline void drm_gpuva_init_from_op(struct drm_gpuva *va,
					  const struct drm_gpuva_op_map *op)
{
	drm_gpuva_init(va, op->va.addr, op->va.range, op->gem.obj,
		       op->gem.offset);
}

/**
 * drm_gpuva_invalidate() - note whether the page tables still map a VA
 * @va: the VA, with the lock of its BO's gpuva list held
 * @invalidate: they do not
 */
static inline void drm_gpuva_invalidate(struct drm_gpuva *va, bool invalidate)
{
	va->flags &= ~DRM_GPUVA_INVALIDATED;
	if (invalidate)
		va->flags |= DRM_GPUVA_INVALIDATED;
}

/**
 * drm_gpuva_invalidated() - was it noted that they do not?
 * @va: the VA
 */
static inline bool drm_gpuva_invalidated(struct drm_gpuva *va)
{
	return (va->flags & DRM_GPUVA_INVALIDATED) != 0;
}

/**
 * drm_gpuva_op_remap_to_unmap_range() - what a remap leaves unmapped
 * @op: the remap
 * @start_addr: its first address, or NULL
 * @range: its length in bytes, or NULL
 */
static inline void
drm_gpuva_op_remap_to_unmap_range(const struct drm_gpuva_op_remap *op,
				  u64 *start_addr, u64 *range)
{
	const struct drm_gpuva *va = op->unmap->va;
	u64 start, end;

	if (op->prev)
		start = op->prev->va.addr + op->prev->va.range;
	else
		start = va->va.addr;
	if (op->next)
		end = op->next->va.addr;
	else
		end = va->va.addr + va->va.range;
	if (range)
		*range = end - start;
	if (start_addr)
		*start_addr = start;
}

/**
 * drm_gpuvm_exec_unlock() - end a transaction
 * @vm_exec: locked by one of the drm_gpuvm_exec_lock functions
 */
static inline void drm_gpuvm_exec_unlock(struct drm_gpuvm_exec *vm_exec)
{
	drm_exec_fini(&vm_exec->exec);
}

/**
 * drm_gpuvm_exec_validate() - drm_gpuvm_validate() of a transaction
 * @vm_exec: locked
 *
 * Return: as drm_gpuvm_validate().
 */
static inline int drm_gpuvm_exec_validate(struct drm_gpuvm_exec *vm_exec)
{
	return drm_gpuvm_validate(vm_exec->vm, &vm_exec->exec);
}

/**
 * drm_gpuvm_exec_resv_add_fence() - drm_gpuvm_resv_add_fence() of a transaction
 * @vm_exec: locked
 * @fence: the fence
 * @private_usage: its usage in objects that share the VM's resv
 * @extobj_usage: its usage in others
 */
static inline void
drm_gpuvm_exec_resv_add_fence(struct drm_gpuvm_exec *vm_exec,
			      struct dma_fence *fence,
			      enum dma_resv_usage private_usage,
			      enum dma_resv_usage extobj_usage)
{
	drm_gpuvm_resv_add_fence(vm_exec->vm, &vm_exec->exec, fence,
				 private_usage, extobj_usage);
}

/**
 * drm_gpuvm_resv_protected() - are the VM's lists under its resv?
 * @gpuvm: the VM
 */
static inline bool drm_gpuvm_resv_protected(struct drm_gpuvm *gpuvm)
{
	return (gpuvm->flags & DRM_GPUVM_RESV_PROTECTED) != 0;
}

/**
 * drm_gpuvm_immediate_mode() - are gpuva lists under gpuva.lock, never a resv?
 * @gpuvm: the VM
 */
static inline bool drm_gpuvm_immediate_mode(struct drm_gpuvm *gpuvm)
{
#if VARIANT_IMMEDIATE
	return (gpuvm->flags & DRM_GPUVM_IMMEDIATE_MODE) != 0;
#else
	return false;
#endif
}

#define drm_gpuvm_resv_obj(gpuvm)	((gpuvm)->r_obj)
#define drm_gpuvm_resv(gpuvm)		(drm_gpuvm_resv_obj(gpuvm)->resv)

#define drm_gpuvm_resv_held(gpuvm)	dma_resv_held(drm_gpuvm_resv(gpuvm))
#if VARIANT_UNLOCKED
#define drm_gpuvm_resv_assert_held(gpuvm)	do { } while (0)
#else
#define drm_gpuvm_resv_assert_held(gpuvm)				\
	dma_resv_assert_held(drm_gpuvm_resv(gpuvm))
#endif

/**
 * drm_gpuvm_is_extobj() - does a BO have another resv than the VM?
 * @gpuvm: the VM
 * @obj: the BO
 */
static inline bool drm_gpuvm_is_extobj(struct drm_gpuvm *gpuvm,
				       struct drm_gem_object *obj)
{
	return obj && drm_gpuvm_resv(gpuvm) != obj->resv;
}

/**
 * drm_gpuvm_bo_gem_evict() - drm_gpuvm_bo_evict() in every VM of a BO
 * @obj: the BO, with its resv and the lock of its gpuva list held
 * @evict: evicted, or back
 */
static inline void drm_gpuvm_bo_gem_evict(struct drm_gem_object *obj,
					  bool evict)
{
	struct drm_gpuvm_bo *at;

	drm_gem_gpuva_assert_lock_held(obj);
	drm_gem_for_each_gpuvm_bo(at, obj)
		drm_gpuvm_bo_evict(at, evict);
}

/* Every VA of a VM in order, the reserved range among them. */
#define drm_gpuvm_for_each_va(va, gpuvm)				\
	list_for_each_entry(va, &(gpuvm)->rb.list, rb.entry)
#define drm_gpuvm_for_each_va_safe(va, tmp, gpuvm)			\
	list_for_each_entry_safe(va, tmp, &(gpuvm)->rb.list, rb.entry)

/* The VA behind one in the VM's order, or NULL; NULL has none. */
static inline struct drm_gpuva *__drm_gpuva_next(struct drm_gpuva *va)
{
	if (!va || va->rb.entry.next == &va->vm->rb.list)
		return NULL;
	return list_next_entry(va, rb.entry);
}

/*
 * Every VA that overlaps [start, end), in order; found in the tree, then
 * followed on the list. With _safe the current one may be removed, and others
 * inserted where it was.
 */
#define drm_gpuvm_for_each_va_range(pos, gpuvm, start, end)		\
	for (pos = drm_gpuva_find_first(gpuvm, start, (end) - (start));	\
	     pos && pos->va.addr < (end); pos = __drm_gpuva_next(pos))
#define drm_gpuvm_for_each_va_range_safe(pos, tmp, gpuvm, start, end)	\
	for (pos = drm_gpuva_find_first(gpuvm, start, (end) - (start)),	\
	     tmp = __drm_gpuva_next(pos);				\
	     pos && pos->va.addr < (end);				\
	     pos = tmp, tmp = __drm_gpuva_next(pos))

/* Every VA linked to a vm_bo, with the lock of the gpuva list held. */
#define drm_gpuvm_bo_for_each_va(va, bo)				\
	list_for_each_entry(va, &(bo)->list.gpuva, gem.entry)
#define drm_gpuvm_bo_for_each_va_safe(va, tmp, bo)			\
	list_for_each_entry_safe(va, tmp, &(bo)->list.gpuva, gem.entry)

/* The operations of a list, in order or not, and one from another. */
#define drm_gpuva_for_each_op(op, ops)					\
	list_for_each_entry(op, &(ops)->list, entry)
#define drm_gpuva_for_each_op_safe(op, tmp, ops)			\
	list_for_each_entry_safe(op, tmp, &(ops)->list, entry)
#define drm_gpuva_for_each_op_reverse(op, ops)				\
	list_for_each_entry_reverse(op, &(ops)->list, entry)
#define drm_gpuva_for_each_op_from_reverse(op, ops)			\
	list_for_each_entry_from_reverse(op, &(ops)->list, entry)
#define drm_gpuva_first_op(ops)						\
	list_first_entry(&(ops)->list, struct drm_gpuva_op, entry)
#define drm_gpuva_last_op(ops)						\
	list_last_entry(&(ops)->list, struct drm_gpuva_op, entry)
#define drm_gpuva_prev_op(op)	list_prev_entry(op, entry)
#define drm_gpuva_next_op(op)	list_next_entry(op, entry)

#endif /* _DRM_GPUVM_H */
