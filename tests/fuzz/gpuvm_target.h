/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The seam of the GPUVM fuzzer. On one side a host's gpuvm and drm_exec; on the
 * other the driver, which knows only this page. Read by kernel-named code and
 * by libc code, so it includes nothing.
 *
 * A side tells everything as events: what a call returned, which callbacks it
 * made, and then all that can be seen. Two sides that do the same tell the same
 * events in the same order. Objects are told by numbers, given as they are made.
 */
#ifndef _GPUVM_TARGET_H
#define _GPUVM_TARGET_H

#include "fuzz_memory.h"

#define GV_VMS		3		/* address spaces at a time */
#define GV_BOS		6		/* buffers at a time */
#define GV_HELD		8		/* vm_bo references of the program's own */
#define GV_CELLS	64		/* units in an address space, at most */
#define GV_SCRIPT	8		/* steps of a transaction */
#define GV_EVENTS	4096
#define GV_VALUES	6
#define GV_NONE		(~0ull)		/* in place of a number: no object */
#define GV_KERNEL	(~1ull)		/* the VA that is reserved for the kernel */

enum gv_code {
	GV_VM_CREATE,
	GV_VM_CLOSE,		/* unmaps all, drops what the program holds */
	GV_VM_REFS,
	GV_BO_CREATE,
	GV_BO_CLOSE,
	GV_INSERT,
	GV_REMOVE,
	GV_LINK,
	GV_UNLINK,
	GV_FIND,		/* every function that looks for an address */
	GV_WALK,
	GV_INVALIDATE,
	GV_VM_BO_CREATE,
	GV_VM_BO_OBTAIN,
	GV_VM_BO_PREALLOC,
	GV_VM_BO_FIND,
	GV_VM_BO_GET,
	GV_VM_BO_PUT,
	GV_EXTOBJ_ADD,
	GV_VM_BO_EVICT,
	GV_GEM_EVICT,
	GV_MAP,
	GV_UNMAP,
	GV_MAP_OPS,
	GV_UNMAP_OPS,
	GV_PREFETCH_OPS,
	GV_BO_UNMAP_OPS,
	GV_EXEC,		/* a script of drm_exec calls */
	GV_VM_EXEC,		/* drm_gpuvm_exec_lock() and its like */
	GV_SIGNAL,
	GV_CODES
};

/* The steps of a script, in the low bits of each byte; the rest names a BO. */
enum gv_step {
	GV_S_LOCK,
	GV_S_PREPARE,
	GV_S_ARRAY,
	GV_S_UNLOCK,
	GV_S_VM,
	GV_S_OBJECTS,
	GV_S_RANGE,
	GV_S_END,
};

/* Bits of gv_op.how of a transaction. */
#define GV_H_INTERRUPTIBLE	0x01u
#define GV_H_DUPLICATES		0x02u	/* are ignored */
#define GV_H_FENCES		0x0cu	/* room for how many */
#define GV_H_RIVAL		0x10u	/* an older transaction is in the way */
#define GV_H_GIVE_UP		0x20u	/* at contention */
#define GV_H_ADD_FENCE		0x40u
#define GV_H_GO_ON		0x80u	/* after an error */
#define GV_H_KIND		0x300u	/* which drm_gpuvm_exec_lock */
#define GV_H_VALIDATE		0x400u
#define GV_H_ROOM		0x800u	/* for one object to begin with */
#define gv_fences(how)		(((how) & GV_H_FENCES) >> 2)

/* Bits of gv_op.how of a VM and of a BO that is made. */
#define GV_H_PROTECTED		0x01u
#define GV_H_ALLOCS		0x02u	/* has allocation functions of its own */
#define GV_H_NO_MAP		0x04u	/* no sm_step_map */
#define GV_H_NO_STEPS		0x08u	/* nor the others, no vm_bo_validate */
#define GV_H_OVERFLOW		0x10u	/* its end is beyond the last address */
#define GV_H_SHARE		0x03u	/* 1: the VM's resv, 2: another BO's */

/* Others. */
#define GV_H_YES		0x01u	/* link as well; evict; invalidate; apply */
#define GV_H_NO_BO		0x02u	/* a mapping of nothing */
#define GV_H_ODD		0x04u	/* what warns */

/**
 * struct gv_space - what every address space of a program is like
 * @start: first address; not 0
 * @unit: bytes of a cell
 * @cells: how many, at most GV_CELLS
 * @kernel: first cell that is reserved
 * @kernel_cells: how many are; 0: none
 */
struct gv_space {
	unsigned long long start, unit;
	unsigned int cells, kernel, kernel_cells;
};

/**
 * struct gv_op - one call
 * @code: enum gv_code
 * @vm: which address space, or the next one that there is
 * @bo: which buffer, or the next one that there is
 * @slot: which VA, which held vm_bo
 * @how: bits, by the code
 * @step: which callback fails; 0: none does
 * @memory: which allocation fails; 0: none does
 * @addr: address
 * @range: length
 * @offset: in the buffer
 * @script: of a transaction
 */
struct gv_op {
	unsigned int code, vm, bo, slot, how, step, memory;
	unsigned long long addr, range, offset;
	unsigned char script[GV_SCRIPT];
};

enum gv_kind {
	/* What happened. */
	GV_E_NOTHING,		/* there is nothing to do it with */
	GV_E_ON,
	GV_E_RET,
	GV_E_SEEN,
	GV_E_MAP,
	GV_E_REMAP,
	GV_E_PREV,
	GV_E_NEXT,
	GV_E_UNMAP,
	GV_E_PREFETCH,
	GV_E_VALIDATE,
	GV_E_ROUND,
	GV_E_LOCKED,
	GV_E_FREED,
	/* What there is. */
	GV_E_VM,
	GV_E_VA,
	GV_E_EXTOBJ,
	GV_E_EVICTED,
	GV_E_BO,
	GV_E_VM_BO,
	GV_E_LINKED,
	GV_E_FENCE,
	GV_E_HELD,
	GV_E_ALL,
	GV_KINDS
};

struct gv_event {
	unsigned long long kind, v[GV_VALUES];
};

/**
 * struct gv_log - what a side tells of one call
 * @nr: events; more than GV_EVENTS are not kept, but counted
 * @odd: the call was one that may warn
 * @ev: the events
 */
struct gv_log {
	unsigned int nr, odd;
	struct gv_event ev[GV_EVENTS];
};

/**
 * struct gv_target - a host's gpuvm; there is one of each host at a time
 * @name: as reports call it
 * @code: where some of its functions are, to tell two hosts apart
 * @open: start anew; whatever was there is forgotten
 * @apply: do one call, and tell
 * @check: what is wrong inside, or NULL
 * @close: drop everything, and tell
 */
struct gv_target {
	const char *name;
	const void *code[4];
	void (*open)(const struct gv_space *space);
	void (*apply)(const struct gv_op *op, struct gv_log *log);
	const char *(*check)(void);
	void (*close)(struct gv_log *log);
};

#endif /* _GPUVM_TARGET_H */
