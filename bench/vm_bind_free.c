// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Question:	where must the extra lock add nothing? The controls of vm_bind.
 * Varies:	the variant, which differs in no call that is timed here; how many
 *		external BOs are locked, and what the VM's lists are under.
 * Fixed:	no list of a BO is touched: split and merge walk the tree and
 *		report, a submit locks BOs and adds its fence.
 * Unit:	sm_walk: a map and an unmap request over 64 VAs of 10 000; exec: a
 *		submit to a VM with E external BOs.
 * Misleads:	nothing is submitted; the fence is signalled by its own thread.
 *		A design with structures of another size moves what is locked.
 */
#include "bind_job.h"
#include "binder.h"

#define WALK_TREE	10000ul
#define WALK_WARM	1024
#define EXEC_MANY	10000	/* BOs */
#define WALK_VAS	64ul

/* -- sm_walk -- */

struct walk {
	struct driver drv;
	struct drm_gpuvm *vm;
	struct drm_gem_object *obj;
	struct drm_gpuva *va;
	unsigned long next;
	unsigned long steps;
	unsigned long ops;
};

static int walk_step(struct drm_gpuva_op *op, void *priv)
{
	struct walk *w = priv;

	w->steps += op->op == DRM_GPUVA_OP_MAP ? 1 : 2;
	return 0;
}

static const struct drm_gpuvm_ops walk_vm_ops = {
	.vm_free = driver_vm_free,
	.vm_bo_alloc = VARIANT_VM_BO_ALLOC,
	.vm_bo_free = VARIANT_VM_BO_FREE,
	.sm_step_map = walk_step,
	.sm_step_remap = walk_step,
	.sm_step_unmap = walk_step,
};

static int walk_teardown(void *p)
{
	struct walk *w = p;
	unsigned long i;
	int leaked;

	for (i = 0; w->va && i < WALK_TREE; i++)
		if (w->va[i].vm)
			drm_gpuva_remove(&w->va[i]);
	if (w->obj)
		drm_gem_object_put(w->obj);
	if (w->vm)
		drm_gpuvm_put(w->vm);
	leaked = driver_fini(&w->drv);
	kvfree(w->va);
	kfree(w);
	return leaked;
}

/* Neighbours without a hole between them. */
static int walk_fill(struct walk *w)
{
	unsigned long i;
	int err = 0;

	w->va = kvcalloc(WALK_TREE, sizeof(*w->va), GFP_KERNEL);
	if (!w->va)
		return -ENOMEM;
	for (i = 0; i < WALK_TREE && !err; i++) {
		driver_va_init(&w->va[i], w->obj, i);
		err = drm_gpuva_insert(w->vm, &w->va[i]);
	}
	return err;
}

static void *walk_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	struct walk *w = kzalloc(sizeof(*w), GFP_KERNEL);

	if (!w)
		return NULL;
	if (driver_init(&w->drv))
		goto err;
	w->vm = driver_vm_create_ops(&w->drv, &walk_vm_ops, variant_vm_flags());
	w->obj = driver_bo_create(&w->drv, NULL);
	if (!w->vm || !w->obj || walk_fill(w))
		goto err;
	info->warm = WALK_WARM;
	info->bytes = sizeof(*w) + WALK_TREE * sizeof(*w->va);
	return w;
err:
	walk_teardown(w);
	return NULL;
}

static void walk_run(void *p, unsigned int thread, unsigned long n,
		     struct bench_hist *hist)
{
	const unsigned long last = WALK_TREE - WALK_VAS;
	struct walk *w = p;
	unsigned long i;
	int err = 0;

	for (i = 0; i < n; i++) {
		u64 addr = w->next * DRIVER_VA_SIZE;
		u64 range = WALK_VAS * DRIVER_VA_SIZE;

		w->next = (w->next + 6151) % last;
		err |= drm_gpuvm_sm_map(w->vm, w, addr, range, w->obj, 0);
		err |= drm_gpuvm_sm_unmap(w->vm, w, addr, range);
	}
	WARN(err, "a walk failed\n");
	w->ops += n;
}

static unsigned long walk_digest(void *p)
{
	struct walk *w = p;

	return digest_add(digest_add(DIGEST_SEED, w->ops), w->steps);
}

/* -- exec -- */

enum { EXEC_E, EXEC_LISTS };

static const struct bench_param exec_params[] = {
	{ "E", "64,1,1000,10000" },
	{ "lists", "resv,spinlock" },
	{ }
};

struct exec {
	struct binder *b;
	struct drm_gpuvm_bo **vm_bo;
	unsigned long nr;
	unsigned long locked;
	unsigned long ops;
};

static int exec_validate(struct drm_gpuvm_bo *vm_bo, struct drm_exec *exec)
{
	vm_bo->evicted = false;
	return 0;
}

static const struct drm_gpuvm_ops exec_vm_ops = {
	.vm_free = driver_vm_free,
	.vm_bo_alloc = VARIANT_VM_BO_ALLOC,
	.vm_bo_free = VARIANT_VM_BO_FREE,
	.vm_bo_validate = exec_validate,
};

static int exec_teardown(void *p)
{
	struct exec *e = p;
	unsigned long i;
	int leaked;

	for (i = 0; i < e->nr; i++)
		if (e->vm_bo[i])
			driver_vm_bo_last(e->vm_bo[i]);
	leaked = e->b ? binder_free(e->b) : 0;
	kvfree(e->vm_bo);
	kfree(e);
	return leaked;
}

/* The vm_bo alone keeps its BO. */
static struct drm_gpuvm_bo *exec_vm_bo(struct binder *b)
{
	struct drm_gem_object *obj = driver_bo_create(&b->drv, NULL);
	struct drm_gpuvm_bo *vm_bo;
	struct hold h;

	if (!obj)
		return NULL;
	vm_bo = driver_vm_bo_first(b->vm, obj);
	if (vm_bo) {
		hold_begin(&h, b->vm, obj);
		if (VARIANT_IMMEDIATE)
			dma_resv_lock(drm_gpuvm_resv(b->vm), NULL);
		drm_gpuvm_bo_extobj_add(vm_bo);
		if (VARIANT_IMMEDIATE)
			dma_resv_unlock(drm_gpuvm_resv(b->vm));
		hold_end(&h);
	}
	drm_gem_object_put(obj);
	return vm_bo;
}

static int exec_fill(struct exec *e, unsigned long nr)
{
	e->vm_bo = kvcalloc(nr, sizeof(*e->vm_bo), GFP_KERNEL);
	if (!e->vm_bo)
		return -ENOMEM;
	for (; e->nr < nr; e->nr++) {
		e->vm_bo[e->nr] = exec_vm_bo(e->b);
		if (!e->vm_bo[e->nr])
			return -ENOMEM;
	}
	return 0;
}

static void *exec_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	const enum drm_gpuvm_flags flags = variant_vm_flags() &
					   ~DRM_GPUVM_RESV_PROTECTED;
	const struct bind_shape shape = {
		.ops = &exec_vm_ops,
		.flags = cfg->value[EXEC_LISTS] ? flags :
			 flags | DRM_GPUVM_RESV_PROTECTED,
	};
	struct exec *e = kzalloc(sizeof(*e), GFP_KERNEL);

	if (!e)
		return NULL;
	e->b = binder_alloc(&shape, info);
	if (!e->b || exec_fill(e, cfg->value[EXEC_E])) {
		exec_teardown(e);
		return NULL;
	}
	if (e->nr >= EXEC_MANY)
		info->counted = 1;
	info->bytes += e->nr * (sizeof(struct driver_bo) +
				sizeof(struct drm_gpuvm_bo));
	return e;
}

static int exec_submit(struct exec *e)
{
	struct drm_gpuvm_exec vm_exec = {
		.vm = e->b->vm,
		.flags = DRM_EXEC_IGNORE_DUPLICATES,
		.num_fences = 1,
	};
	struct job *job = job_new(e->b);
	int err;

	if (!job)
		return -ENOMEM;
	mutex_lock(&e->b->lock);
	err = drm_gpuvm_exec_lock(&vm_exec);
	if (!err) {
		e->locked += vm_exec.exec.num_objects;
		err = drm_gpuvm_exec_validate(&vm_exec);
		drm_gpuvm_exec_resv_add_fence(&vm_exec, job->fence,
					      DMA_RESV_USAGE_BOOKKEEP,
					      DMA_RESV_USAGE_BOOKKEEP);
		drm_gpuvm_exec_unlock(&vm_exec);
	}
	job_push(e->b, job);
	mutex_unlock(&e->b->lock);
	jobs_run(e->b);
	return err;
}

static void exec_run(void *p, unsigned int thread, unsigned long n,
		     struct bench_hist *hist)
{
	struct exec *e = p;
	unsigned long i;
	int err = 0;

	for (i = 0; i < n; i++)
		err |= exec_submit(e);
	WARN(err, "a submit failed\n");
	e->ops += n;
}

static unsigned long exec_digest(void *p)
{
	struct exec *e = p;
	unsigned long d = digest_add(DIGEST_SEED, e->ops);
	unsigned long i;

	d = digest_add(d, e->locked);
	for (i = 0; i < e->nr; i++)
		d = digest_vm_bo(d, e->vm_bo[i]);
	return d;
}

static const struct bench_wants wants[] = {
	{ "gpuva", BENCH_ONE_AT_A_TIME, BENCH_DEFAULTS, BENCH_ONE_AT_A_TIME },
	{ "resv", BENCH_DEFAULTS, BENCH_NOT, BENCH_ONE_AT_A_TIME },
	{ "*", BENCH_DEFAULTS, BENCH_NOT },
	{ }
};

static const struct bench_path paths[] = {
	{
		.name = "sm_walk",
		.title = "control: sm_map, sm_unmap over 64 VAs, nothing linked",
		.op = "walk",
		.setup = walk_setup,
		.run = walk_run,
		.digest = walk_digest,
		.teardown = walk_teardown,
	},
	{
		.name = "exec",
		.title = "control: lock E external BOs, add a fence",
		.op = "submit",
		.params = exec_params,
		.setup = exec_setup,
		.run = exec_run,
		.digest = exec_digest,
		.teardown = exec_teardown,
	},
	{ }
};

const struct bench_scenario bench_vm_bind_free = {
	.name = "vm_bind_free",
	.question = "Where must the extra lock add nothing?",
	.base = "resv",
	.wants = wants,
	.paths = paths,
};
