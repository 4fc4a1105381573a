// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Question:	of what is an extra, always free lock a percentage? From the bare
 *		list call to a whole VM_BIND behind a system call.
 * Varies:	the variant; how much of a bind is done, a rung each; what the bind
 *		does to the tree, how many VAs are in it, how large a range is.
 * Fixed:	a bind and its unbind are two transactions; each holds the BO's
 *		resv around its list calls, and the driver's VM lock where the
 *		tree is worked on. The pair has its vm_bo already. Immediate mode
 *		holds no resv below the rung exec.
 * Unit:	two transactions: bind and unbind, or what op says; unmap is 16
 *		binds and an unbind of all.
 * Misleads:	page tables are plain memory: no device reads them and no TLB is
 *		invalidated; a fence is signalled by the thread that made it; the
 *		allocator takes four fifths of SLUB's instructions; a range's
 *		pages are not pinned. All make a bind dearer and the lock's share
 *		of it smaller.
 */
#include "bind_job.h"
#include "bind_ops.h"
#include "binder.h"
#include "stated.h"

/* -- what is held: inlined into each rung -- */

static inline void resv_begin(struct binder *b)
{
	if (!VARIANT_IMMEDIATE)
		dma_resv_lock(b->obj->resv, NULL);
}

static inline void resv_end(struct binder *b)
{
	if (!VARIANT_IMMEDIATE)
		dma_resv_unlock(b->obj->resv);
}

/* -- rungs list and vm_bo: one VA that is in no tree -- */

static const struct bench_param no_params[] = {
	{ }
};

static void *list_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	const struct bind_shape shape = { .flags = variant_vm_flags() };
	struct binder *b = binder_alloc(&shape, info);

	if (b)
		driver_va_init(&b->pool[0], b->obj, 0);
	return b;
}

static void list_run(void *p, unsigned int thread, unsigned long n,
		     struct bench_hist *hist)
{
	struct binder *b = p;
	struct drm_gpuva *va = &b->pool[0];
	unsigned long i;

	for (i = 0; i < n; i++) {
		resv_begin(b);
		batch_begin(b->obj);
		va_link(va, b->first);
		batch_end(b->obj);
		resv_end(b);

		resv_begin(b);
		batch_begin(b->obj);
		va_unlink(va);
		batch_end(b->obj);
		resv_end(b);
	}
	b->ops += n;
}

static void vm_bo_run(void *p, unsigned int thread, unsigned long n,
		      struct bench_hist *hist)
{
	struct binder *b = p;
	struct drm_gpuva *va = &b->pool[0];
	struct drm_gpuvm_bo *vm_bo;
	unsigned long i;

	for (i = 0; i < n; i++) {
		resv_begin(b);
		batch_begin(b->obj);
		vm_bo = vm_bo_obtain(b->vm, b->obj);
		va_link(va, vm_bo);
		vm_bo_put(vm_bo);
		batch_end(b->obj);
		resv_end(b);

		resv_begin(b);
		batch_begin(b->obj);
		va_unlink(va);
		batch_end(b->obj);
		resv_end(b);
	}
	b->ops += n;
}

/* -- rungs map and pte: the VM's tree, its page table -- */

static int bind_locked(struct binder *b, u64 addr, u64 range, u64 offset)
{
	int err;

	batch_begin(b->obj);
	b->vm_bo = vm_bo_obtain(b->vm, b->obj);
	err = drm_gpuvm_sm_map(b->vm, b, addr, range, b->obj, offset);
	vm_bo_put(b->vm_bo);
	batch_end(b->obj);
	return err;
}

static int unbind_locked(struct binder *b, u64 addr, u64 range)
{
	int err;

	batch_begin(b->obj);
	err = drm_gpuvm_sm_unmap(b->vm, b, addr, range);
	batch_end(b->obj);
	return err;
}

static int tree_bind(struct binder *b, u64 addr, u64 range, u64 offset)
{
	int err;

	mutex_lock(&b->lock);
	resv_begin(b);
	err = bind_locked(b, addr, range, offset);
	resv_end(b);
	mutex_unlock(&b->lock);
	return err;
}

static int tree_unbind(struct binder *b, u64 addr, u64 range)
{
	int err;

	mutex_lock(&b->lock);
	resv_begin(b);
	err = unbind_locked(b, addr, range);
	resv_end(b);
	mutex_unlock(&b->lock);
	return err;
}

/* -- rung exec: a ww transaction, a job and its fence -- */

static __always_inline int exec_job(struct binder *b, u64 addr, u64 range,
				    u64 offset, bool map)
{
	struct job *job = job_new(b);
	struct drm_exec exec;
	int err;

	if (!job)
		return -ENOMEM;
	mutex_lock(&b->lock);
	err = exec_lock(b, &exec);
	if (!err)
		err = map ? bind_locked(b, addr, range, offset) :
			    unbind_locked(b, addr, range);
	if (!err)
		exec_add_fence(b, &exec, job);
	drm_exec_fini(&exec);
	job_push(b, job);
	mutex_unlock(&b->lock);
	jobs_run(b);
	return err;
}

static int exec_bind(struct binder *b, u64 addr, u64 range, u64 offset)
{
	return exec_job(b, addr, range, offset, true);
}

static int exec_unbind(struct binder *b, u64 addr, u64 range)
{
	return exec_job(b, addr, range, 0, false);
}

/* -- rung ioctl -- */

static int ioctl_bind(struct binder *b, u64 addr, u64 range, u64 offset)
{
	host_syscall(b->fd);
	return exec_bind(b, addr, range, offset);
}

static int ioctl_unbind(struct binder *b, u64 addr, u64 range)
{
	host_syscall(b->fd);
	return exec_unbind(b, addr, range);
}

static void tree_run(void *p, unsigned int thread, unsigned long n,
		     struct bench_hist *hist)
{
	run_ops(p, n, tree_bind, tree_unbind);
}

static void exec_run(void *p, unsigned int thread, unsigned long n,
		     struct bench_hist *hist)
{
	run_ops(p, n, exec_bind, exec_unbind);
}

static void ioctl_run(void *p, unsigned int thread, unsigned long n,
		      struct bench_hist *hist)
{
	run_ops(p, n, ioctl_bind, ioctl_unbind);
}

/* -- setup of the rungs with a tree -- */

enum { MAP_OP, MAP_TREE };

static const struct bench_param map_params[] = {
	{ "op", BIND_OPS },
	{ "tree", "100,0,10000" },
	{ }
};

static void *map_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	const struct bind_shape shape = {
		.op = cfg->value[MAP_OP],
		.nr_tree = cfg->value[MAP_TREE],
		.flags = variant_vm_flags(),
	};

	return filled(binder_alloc(&shape, info), tree_bind);
}

enum { PTE_OP, PTE_PAGE };

static const struct bench_param pte_params[] = {
	{ "op", BIND_OPS },
	{ "page", BIND_PAGES },
	{ }
};

static struct binder *pte_binder(const struct bench_cfg *cfg, bool kmalloc,
				 struct bench_info *info)
{
	const struct bind_shape shape = {
		.op = cfg->value[PTE_OP],
		.nr_tree = 100,
		.page = cfg->value[PTE_PAGE],
		.flags = variant_vm_flags(),
		.page_table = true,
		.kmalloc = kmalloc,
	};

	return filled(binder_alloc(&shape, info), tree_bind);
}

static void *pte_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	return pte_binder(cfg, false, info);
}

static void *exec_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	return pte_binder(cfg, true, info);
}

static void *ioctl_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	struct binder *b = pte_binder(cfg, true, info);

	if (!b)
		return NULL;
	b->fd = host_syscall_open();
	if (b->fd >= 0)
		return b;
	binder_free(b);
	return NULL;
}

static unsigned long digest(void *p)
{
	return binder_digest(p);
}

static int teardown(void *p)
{
	return binder_free(p);
}

static const struct bench_wants wants[] = {
	{ "gpuva", BENCH_ONE_AT_A_TIME, BENCH_DEFAULTS, BENCH_ONE_AT_A_TIME },
	{ "resv", BENCH_DEFAULTS, BENCH_NOT, BENCH_ONE_AT_A_TIME },
	{ "*", BENCH_DEFAULTS, BENCH_NOT },
	{ }
};

#define RUNG(_name, _title, _op, _params, _setup, _run, _stated) { \
	.name = _name, .title = _title, .op = _op,		\
	.atomics = _stated,					\
	.params = _params, .setup = _setup, .run = _run,	\
	.digest = digest, .teardown = teardown,			\
}

static const struct bench_path paths[] = {
	RUNG("list", "link; unlink", "bind+unbind", no_params, list_setup,
	     list_run, STATED_LIST(4, 2, 1, 2)),
	RUNG("vm_bo", "obtain, link, put; unlink", "bind+unbind", no_params,
	     list_setup, vm_bo_run, STATED_LIST(4, 4, 2, 2)),
	RUNG("map", "the same by sm_map; sm_unmap", "bind+unbind", map_params,
	     map_setup, tree_run, STATED_LIST(10, 4, 2, 2)),
	RUNG("pte", "the same with page table entries", "bind+unbind",
	     pte_params, pte_setup, tree_run, STATED_LIST(10, 4, 2, 2)),
	RUNG("exec", "the same with drm_exec, job and fence", "bind+unbind",
	     pte_params, exec_setup, exec_run, NULL),
	RUNG("ioctl", "the same behind a system call each", "bind+unbind",
	     pte_params, ioctl_setup, ioctl_run, NULL),
	{ }
};

const struct bench_scenario bench_vm_bind = {
	.name = "vm_bind",
	.question = "Of what is the extra lock a percentage?",
	.base = "resv",
	.wants = wants,
	.paths = paths,
};
