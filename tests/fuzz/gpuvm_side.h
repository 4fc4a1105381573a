/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the files of a side of the GPUVM fuzzer share: the objects of the
 * program that runs, and how they are told. Kernel-named; compiled for each
 * host with that host's headers.
 *
 * What a driver embeds the core's structs in has something before them, so that
 * memory that is given back by the wrong function is not forgiven.
 */
#ifndef _GPUVM_SIDE_H
#define _GPUVM_SIDE_H

#include <linux/array_size.h>
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <drm/drm_drv.h>
#include <drm/drm_exec.h>
#include <drm/drm_gem.h>
#include <drm/drm_gpuvm.h>
#include <host/host.h>

#include "fuzz/gpuvm_target.h"

#define SIDE_FENCES	32

struct side_vm {
	u64 id;
	u32 kind;
	bool open;
	struct drm_gpuvm vm;
};

/* @parent is the object whose resv is shared, with a reference. */
struct side_bo {
	u64 id, parent_id;
	bool open;
	struct drm_gem_object *parent;
	struct drm_gem_object obj;
};

/* @keep: a reference to what it maps, as drivers have it; gpuvm has none. */
struct side_va {
	u64 id;
	struct drm_gem_object *keep;
	struct drm_gpuva va;
};

struct side_vm_bo {
	u64 id;
	struct drm_gpuvm_bo vm_bo;
};

struct side_op {
	u64 id;
	struct drm_gpuva_op op;
};

struct side_fence {
	u64 id;
	struct dma_fence fence;
};

/**
 * struct side - a host's world
 * @space: of its VMs
 * @log: what is being told
 * @drm: the device
 * @vms: those that are not freed yet
 * @bos: those that are not freed yet
 * @held: vm_bos to which the program has a reference
 * @fences: those that are not freed yet
 * @ids: the last number that was given
 * @seqno: the last fence's, by timeline
 * @fence_lock: of all fences
 */
struct side {
	struct gv_space space;
	struct gv_log *log;
	struct drm_device *drm;
	struct side_vm *vms[GV_VMS];
	struct side_bo *bos[GV_BOS];
	struct drm_gpuvm_bo *held[GV_HELD];
	struct side_fence *fences[SIDE_FENCES];
	u64 ids;
	u64 seqno[3];
	spinlock_t fence_lock;
};

extern struct side side;

#define tell(kind, ...)	side_tell(kind, (const u64 [GV_VALUES]) { __VA_ARGS__ })

static inline void side_tell(unsigned int kind, const u64 *v)
{
	struct gv_log *log = side.log;
	struct gv_event *ev;

	if (log->nr < GV_EVENTS) {
		ev = &log->ev[log->nr];
		ev->kind = kind;
		memcpy(ev->v, v, sizeof(ev->v));
	}
	log->nr++;
}

static inline struct side_vm *to_side_vm(struct drm_gpuvm *vm)
{
	return container_of(vm, struct side_vm, vm);
}

static inline struct side_bo *to_side_bo(struct drm_gem_object *obj)
{
	return container_of(obj, struct side_bo, obj);
}

static inline struct side_va *to_side_va(struct drm_gpuva *va)
{
	return container_of(va, struct side_va, va);
}

/* gpuvm_side.c: the world and all that can be seen of it. */
u64 side_obj_id(struct drm_gem_object *obj);
u64 side_va_id(struct drm_gpuva *va);
u64 side_vm_bo_id(struct drm_gpuvm_bo *vm_bo);
struct side_vm *side_vm_pick(unsigned int at);
struct side_bo *side_bo_pick(unsigned int at);
struct drm_gpuva *side_va_pick(struct side_vm *vm, unsigned int at);
struct side_va *side_va_new(u64 addr, u64 range, struct drm_gem_object *obj,
			    u64 offset);
void side_va_keep(struct side_va *va);
void side_va_free(struct side_va *va);
void side_va_drop(struct drm_gpuva *va);
void side_vm_create(const struct gv_op *op);
void side_vm_close(struct side_vm *vm);
void side_bo_create(const struct gv_op *op);
void side_bo_close(struct side_bo *bo);
struct dma_fence *side_fence_new(unsigned int timeline);
void side_tell_all(void);

/* gpuvm_steps.c: the driver's part of split and merge, and lists of operations. */
void side_map(const struct gv_op *op);
void side_ops(const struct gv_op *op);
extern const struct drm_gpuvm_ops side_vm_ops[16];

/* gpuvm_locks.c: transactions. */
void side_exec(const struct gv_op *op);
void side_vm_exec(const struct gv_op *op);
int side_validate(struct drm_gpuvm_bo *vm_bo, struct drm_exec *exec);

#endif /* _GPUVM_SIDE_H */
