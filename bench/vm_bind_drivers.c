// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Question:	what is the extra lock's share in a bind as drivers do it, lock by
 *		lock?
 * Varies:	the variant; the driver whose order of locks is followed; what the
 *		bind does to the tree, how large a range is.
 * Fixed:	each step of a driver's bind and unbind in its order: which
 *		transaction is open around which list call, how often it is
 *		opened. 100 other VAs in the tree; the pair has its vm_bo
 *		already.
 * Unit:	two ioctls: bind and unbind, or what op says; unmap is 16 binds
 *		and an unbind of all.
 * Misleads:	the shapes are those of Linux 6.12 (immediate: 6.18) as read, not
 *		the drivers: no handles, no scheduler, no page tables in VRAM, and
 *		none is allocated for a bind. xe's VM lock is an rw_semaphore,
 *		here a mutex. panthor locks the VM's resv without a ticket where
 *		it obtains, here with one, since some designs lock the BO's, too.
 *		In panthor and immediate a design that reuses the resv takes it
 *		where the job runs, where a driver must not: it shows what the
 *		wait for a lock of its own is compared with. xe unlinks all old VAs
 *		in the bind's transaction, here each has one. panthor's unbind
 *		locks the VM's resv alone, here the BO's, too. Some arms differ in
 *		more than the list's lock: immediate allocates in each obtain and
 *		takes no resv for it; VMs of arc_mutex and list_obj are not in
 *		protected mode; a drop takes the resvs that its design needs.
 */
#include "bind_nouveau.h"
#include "bind_ops.h"
#include "bind_panthor.h"
#include "bind_xe.h"

static const struct drm_gpuvm_ops listed_vm_ops = {
	.vm_free = driver_vm_free,
	.vm_bo_alloc = VARIANT_VM_BO_ALLOC,
	.vm_bo_free = VARIANT_VM_BO_FREE,
	.sm_step_map = panthor_step_map,
	.sm_step_remap = panthor_step_remap,
	.sm_step_unmap = panthor_step_unmap,
};

static const struct drm_gpuvm_ops immediate_vm_ops = {
	.vm_free = driver_vm_free,
	.vm_bo_alloc = VARIANT_VM_BO_ALLOC,
	.vm_bo_free = VARIANT_VM_BO_FREE,
	.sm_step_map = immediate_step_map,
	.sm_step_remap = immediate_step_remap,
	.sm_step_unmap = immediate_step_unmap,
};

static const struct bench_param params[] = {
	{ "op", BIND_OPS },
	{ "page", BIND_PAGES },
	{ }
};

static struct binder *binder_of(const struct bench_cfg *cfg,
				struct bench_info *info,
				const struct drm_gpuvm_ops *ops,
				enum drm_gpuvm_flags flags)
{
	const struct bind_shape shape = {
		.op = cfg->value[0],
		.page = cfg->value[1],
		.nr_tree = 100,
		.ops = ops,
		.flags = flags,
		.page_table = true,
		.kmalloc = true,
	};

	return binder_alloc(&shape, info);
}

static void *xe_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	return filled(binder_of(cfg, info, &listed_vm_ops, variant_vm_flags()),
		      xe_bind);
}

static void xe_run(void *p, unsigned int thread, unsigned long n,
		   struct bench_hist *hist)
{
	run_ops(p, n, xe_bind, xe_unbind);
}

/* nouveau's VMs are not in protected mode. */
static void *nouveau_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	return filled(binder_of(cfg, info, &listed_vm_ops, variant_vm_flags() &
				~DRM_GPUVM_RESV_PROTECTED), nouveau_bind);
}

static void nouveau_run(void *p, unsigned int thread, unsigned long n,
			struct bench_hist *hist)
{
	run_ops(p, n, nouveau_bind, nouveau_unbind);
}

static void *panthor_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	return filled(binder_of(cfg, info, &listed_vm_ops, variant_vm_flags()),
		      panthor_bind);
}

static void panthor_run(void *p, unsigned int thread, unsigned long n,
			struct bench_hist *hist)
{
	run_ops(p, n, panthor_bind, panthor_unbind);
}

static void *immediate_setup(const struct bench_cfg *cfg,
			     struct bench_info *info)
{
	return filled(binder_of(cfg, info, &immediate_vm_ops,
				variant_vm_flags()), immediate_bind);
}

static void immediate_run(void *p, unsigned int thread, unsigned long n,
			  struct bench_hist *hist)
{
	run_ops(p, n, immediate_bind, immediate_unbind);
}

static unsigned long digest(void *p)
{
	return binder_digest(p);
}

/* Mappings of xe and nouveau have BO references, which go with the VAs. */
static int teardown_counted(void *p)
{
	struct binder *b = p;
	struct drm_gpuva *va;

	drm_gpuvm_for_each_va(va, b->vm)
		if (va->gem.obj)
			drm_gem_object_put(b->obj);
	return binder_free(b);
}

static int teardown(void *p)
{
	return binder_free(p);
}

static const struct bench_wants wants[] = {
	{ "gpuva", BENCH_ONE_AT_A_TIME, BENCH_DEFAULTS, BENCH_ONE_AT_A_TIME },
	{ "resv", BENCH_DEFAULTS, BENCH_NOT, BENCH_ONE_AT_A_TIME },
	{ "immediate", BENCH_DEFAULTS, BENCH_NOT, BENCH_ONE_AT_A_TIME },
	{ "*", BENCH_DEFAULTS, BENCH_NOT },
	{ }
};

#define DRIVER(_name, _title, _teardown) {			\
	.name = #_name, .title = _title, .op = "bind+unbind",	\
	.params = params, .setup = _name##_setup,		\
	.run = _name##_run, .digest = digest,			\
	.teardown = _teardown,					\
}

static const struct bench_path paths[] = {
	DRIVER(xe, "as xe binds: a transaction for each VA", teardown_counted),
	DRIVER(nouveau, "as nouveau binds: links at the end",
	       teardown_counted),
	DRIVER(panthor, "instead of the resv, as panthor 6.12: in run_job",
	       teardown),
	DRIVER(immediate, "instead of the resv: immediate mode, cleanup later",
	       teardown),
	{ }
};

const struct bench_scenario bench_vm_bind_drivers = {
	.name = "vm_bind_drivers",
	.question = "What is the extra lock's share in a driver's bind?",
	.base = "resv",
	.wants = wants,
	.paths = paths,
};
