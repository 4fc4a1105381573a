// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Question:	what does the list lock cost where one hold covers many BOs?
 * Varies:	the variant; how many BOs one resv or one VM covers.
 * Fixed:	one thread; each BO's list is worked on once in a hold.
 * Unit:	what the path says: one BO, or one VA.
 * Misleads:	the BOs of a large case do not fit the caches, so that the lock
 *		hides behind the misses that the list call has anyway.
 */
#include "driver.h"

struct state {
	struct driver drv;
	struct drm_gpuvm *vm;
	struct drm_gem_object **obj;
	struct drm_gpuvm_bo **vm_bo;
	struct drm_gpuva *va;
	unsigned long nr_bo;
	unsigned long nr_va;
	unsigned long ops;
};

/* Drops the references that keep vm_bos, then the VM. */
static void vm_fini(struct state *s)
{
	unsigned long i;

	for (i = 0; i < s->nr_bo && s->vm_bo && s->vm_bo[i]; i++)
		driver_vm_bo_last(s->vm_bo[i]);
	if (s->vm)
		drm_gpuvm_put(s->vm);
}

static int teardown(void *p)
{
	struct state *s = p;
	unsigned long i;
	int leaked;

	vm_fini(s);
	for (i = 0; s->obj && i < s->nr_bo && s->obj[i]; i++)
		drm_gem_object_put(s->obj[i]);
	kvfree(s->va);
	kvfree(s->vm_bo);
	kvfree(s->obj);
	leaked = driver_fini(&s->drv);
	kfree(s);
	return leaked;
}

/* BOs that have a resv of their own, or share the first one's. */
static int make_bos(struct state *s, bool shared)
{
	unsigned long i;

	for (i = 0; i < s->nr_bo; i++) {
		struct dma_resv *resv = shared && i ? s->obj[0]->resv : NULL;

		s->obj[i] = driver_bo_create(&s->drv, resv);
		if (!s->obj[i])
			return -ENOMEM;
	}
	return 0;
}

static struct state *state_new(unsigned long nr_bo, unsigned long nr_va,
			       bool shared, struct bench_info *info)
{
	struct state *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	s->nr_bo = nr_bo;
	s->nr_va = nr_va;
	s->obj = kvcalloc(nr_bo, sizeof(*s->obj), GFP_KERNEL);
	s->vm_bo = kvcalloc(nr_bo, sizeof(*s->vm_bo), GFP_KERNEL);
	s->va = kvcalloc(nr_va, sizeof(*s->va), GFP_KERNEL);
	if (driver_init(&s->drv) || !s->obj || !s->vm_bo || !s->va ||
	    make_bos(s, shared)) {
		teardown(s);
		return NULL;
	}
	info->bytes = nr_va * sizeof(struct drm_gpuva) +
		nr_bo * (sizeof(struct driver_bo) +
			 sizeof(struct drm_gpuvm_bo));
	return s;
}

/* A VM that has every BO, by references that stay. */
static int make_vm(struct state *s)
{
	unsigned long i;

	s->vm = driver_vm_create(&s->drv);
	if (!s->vm)
		return -ENOMEM;
	for (i = 0; i < s->nr_bo; i++) {
		s->vm_bo[i] = driver_vm_bo_first(s->vm, s->obj[i]);
		if (!s->vm_bo[i])
			return -ENOMEM;
	}
	return 0;
}

/* -- import: GEM objects that share an exporter's resv -- */

enum { IMPORT_G };

static const struct bench_param import_params[] = {
	{ "G", "16,1,1000" },
	{ }
};

static void *import_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	unsigned long nr = cfg->value[IMPORT_G], i;
	struct state *s = state_new(nr, nr, true, info);

	if (!s)
		return NULL;
	if (make_vm(s)) {
		teardown(s);
		return NULL;
	}
	for (i = 0; i < nr; i++)
		driver_va_init(&s->va[i], s->obj[i], i);
	info->granule = 2 * nr;
	return s;
}

/* One hold links a VA to each, another takes them off. */
static void import_run(void *p, unsigned int thread, unsigned long n,
		       struct bench_hist *hist)
{
	struct state *s = p;
	unsigned long i, k;
	struct hold h;

	for (i = 0; i < n; i += 2 * s->nr_bo) {
		hold_begin(&h, s->vm, s->obj[0]);
		for (k = 0; k < s->nr_bo; k++) {
			batch_begin(s->obj[k]);
			va_link(&s->va[k], s->vm_bo[k]);
			batch_end(s->obj[k]);
		}
		hold_end(&h);
		hold_begin(&h, s->vm, s->obj[0]);
		for (k = 0; k < s->nr_bo; k++) {
			batch_begin(s->obj[k]);
			va_unlink(&s->va[k]);
			batch_end(s->obj[k]);
		}
		hold_end(&h);
	}
	s->ops += n;
}

static unsigned long import_digest(void *p)
{
	struct state *s = p;
	unsigned long d = digest_add(DIGEST_SEED, s->ops), i;

	for (i = 0; i < s->nr_bo; i++)
		d = digest_vm_bo(d, s->vm_bo[i]);
	return d;
}

/* -- teardown: a VM that dies with everything mapped -- */

enum { TEARDOWN_N, TEARDOWN_BOS };

static const struct bench_param teardown_params[] = {
	{ "n", "10000,100" },	/* VAs */
	{ "bos", "100,1" },	/* that they are spread over */
	{ }
};

static void *teardown_setup(const struct bench_cfg *cfg,
			    struct bench_info *info)
{
	unsigned long n = cfg->value[TEARDOWN_N];

	info->granule = n;
	info->max_ops = n;
	return state_new(cfg->value[TEARDOWN_BOS], n, false, info);
}

/* A link's reference is the only one that a vm_bo is left with. */
static int map_one(struct state *s, unsigned long i)
{
	struct drm_gem_object *obj = s->obj[i % s->nr_bo];
	struct drm_gpuva *va = &s->va[i];
	struct drm_gpuvm_bo *vm_bo;
	struct hold h;

	memset(va, 0, sizeof(*va));
	driver_va_init(va, obj, i);
	if (drm_gpuva_insert(s->vm, va))
		return -EINVAL;
	hold_begin(&h, s->vm, obj);
	batch_begin(obj);
	vm_bo = vm_bo_obtain(s->vm, obj);
	if (!IS_ERR(vm_bo)) {
		va_link(va, vm_bo);
		vm_bo_put(vm_bo);
	}
	batch_end(obj);
	hold_end(&h);
	if (!IS_ERR(vm_bo))
		return 0;
	drm_gpuva_remove(va);
	return PTR_ERR(vm_bo);
}

/* Unmaps the first @n VAs, then lets the VM go. */
static void vm_close(struct state *s, unsigned long n)
{
	struct drm_gem_object *obj;
	unsigned long i;
	struct hold h;

	for (i = 0; i < n; i++) {
		obj = s->va[i].gem.obj;
		drm_gpuva_remove(&s->va[i]);
		hold_begin(&h, s->vm, obj);
		batch_begin(obj);
		va_unlink(&s->va[i]);
		batch_end(obj);
		hold_end(&h);
	}
	vm_cleanup(s->vm);
	drm_gpuvm_put(s->vm);
	s->vm = NULL;
}

/* Where memory is short there is no VM, and the run counts nothing. */
static void teardown_prepare(void *p, unsigned int thread)
{
	struct state *s = p;
	unsigned long i;

	s->vm = driver_vm_create(&s->drv);
	for (i = 0; s->vm && i < s->nr_va; i++)
		if (map_one(s, i))
			vm_close(s, i);
}

static void teardown_run(void *p, unsigned int thread, unsigned long n,
			 struct bench_hist *hist)
{
	struct state *s = p;

	if (!s->vm)
		return;
	vm_close(s, n);
	s->ops += n;
}

/* Every VM that died is gone, and so is everything that it had on lists. */
static unsigned long teardown_digest(void *p)
{
	struct state *s = p;
	unsigned long d = digest_add(DIGEST_SEED, s->ops), i;

	d = digest_add(d, s->drv.vms);
	for (i = 0; i < s->nr_bo; i++) {
		d = digest_add(d, list_count_nodes(gem_gpuva_list(s->obj[i])));
		d = digest_add(d, kref_read(&s->obj[i]->refcount));
	}
	return d;
}

static const struct bench_wants wants[] = {
	{ "gpuva", BENCH_ONE_AT_A_TIME, BENCH_NOT },
	{ "*", BENCH_DEFAULTS, BENCH_NOT },
	{ }
};

static const struct bench_path paths[] = {
	{
		.name = "import",
		.title = "link a VA of G BOs in one hold, unlink in another",
		.op = "link or unlink",
		.params = import_params,
		.setup = import_setup,
		.run = import_run,
		.digest = import_digest,
		.teardown = teardown,
	},
	{
		.name = "teardown",
		.title = "a VM dies with n VAs mapped",
		.op = "VA",
		.params = teardown_params,
		.setup = teardown_setup,
		.prepare = teardown_prepare,
		.run = teardown_run,
		.digest = teardown_digest,
		.teardown = teardown,
	},
	{ }
};

const struct bench_scenario bench_exec_lists = {
	.name = "exec_lists",
	.question = "What does the list lock cost where one hold covers many BOs?",
	.base = "resv",
	.wants = wants,
	.paths = paths,
};
