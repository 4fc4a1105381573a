// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Question:	what does each list call cost by itself, under every design?
 * Varies:	the variant; for link, how many VAs are linked in a batch.
 * Fixed:	the caller's transaction (VM and BO resv, ww context) is taken
 *		once around the loop, so that only list calls are timed; each
 *		thread has a VM and a BO of its own.
 * Unit:	one pair of calls, or the whole cycle; for link, one VA's pair.
 * Misleads:	the smallest denominator there is: no bind is this short, so
 *		percentages here are upper bounds.
 */
#include "driver.h"
#include "stated.h"

/* Final puts between two cleanups, where the design defers. */
#define CLEANUP_EVERY	16

enum { LINK_N };

static const struct bench_param link_params[] = {
	{ "n", "1,16,1000" },
	{ }
};

struct worker {
	struct hold hold;
	struct drm_gpuvm *vm;
	struct drm_gem_object *obj;
	struct drm_gpuvm_bo *vm_bo;	/* NULL in obtain_new */
	struct drm_gpuva *va;
	unsigned long nr_va;
	unsigned long ops;
} ____cacheline_aligned;

struct state {
	struct driver drv;
	unsigned int threads;
	struct worker worker[];
};

static int teardown(void *p)
{
	struct state *s = p;
	unsigned int i;
	int leaked;

	for (i = 0; i < s->threads; i++) {
		struct worker *w = &s->worker[i];

		if (w->vm_bo)
			driver_vm_bo_last(w->vm_bo);
		if (w->obj)
			drm_gem_object_put(w->obj);
		if (w->vm)
			drm_gpuvm_put(w->vm);
		kvfree(w->va);
	}
	leaked = driver_fini(&s->drv);
	kfree(s);
	return leaked;
}

static int worker_init(struct worker *w, struct driver *drv, unsigned long nr_va)
{
	unsigned long i;

	w->vm = driver_vm_create(drv);
	w->obj = driver_bo_create(drv, NULL);
	w->va = kvcalloc(nr_va, sizeof(*w->va), GFP_KERNEL);
	if (!w->vm || !w->obj || !w->va)
		return -ENOMEM;
	w->nr_va = nr_va;
	for (i = 0; i < nr_va; i++)
		driver_va_init(&w->va[i], w->obj, i);
	return 0;
}

static struct state *state_new(const struct bench_cfg *cfg,
			       struct bench_info *info, unsigned long nr_va)
{
	struct state *s;
	unsigned int i;

	s = kzalloc(struct_size(s, worker, cfg->threads), GFP_KERNEL);
	if (!s)
		return NULL;
	if (driver_init(&s->drv))
		goto err;
	for (; s->threads < cfg->threads; s->threads++) {
		i = s->threads;
		if (worker_init(&s->worker[i], &s->drv, nr_va)) {
			s->threads++;
			goto err;
		}
	}
	info->bytes = cfg->threads * (sizeof(struct driver_bo) +
		sizeof(struct drm_gpuvm_bo) + nr_va * sizeof(struct drm_gpuva));
	return s;
err:
	teardown(s);
	return NULL;
}

/* A state in which the vm_bo exists, so that obtain finds it. */
static struct state *state_hit(const struct bench_cfg *cfg,
			       struct bench_info *info, unsigned long nr_va)
{
	struct state *s = state_new(cfg, info, nr_va);
	unsigned int i;

	for (i = 0; s && i < s->threads; i++) {
		struct worker *w = &s->worker[i];

		w->vm_bo = driver_vm_bo_first(w->vm, w->obj);
		if (!w->vm_bo) {
			teardown(s);
			return NULL;
		}
	}
	return s;
}

static unsigned long digest(void *p)
{
	struct state *s = p;
	unsigned long d = DIGEST_SEED;
	unsigned int i;

	for (i = 0; i < s->threads; i++) {
		struct worker *w = &s->worker[i];

		/* With more threads a loop may be kept up, uncounted. */
		if (s->threads == 1)
			d = digest_add(d, w->ops);
		if (w->vm_bo)
			d = digest_vm_bo(d, w->vm_bo);
		else
			d = digest_add(d, list_count_nodes(gem_gpuva_list(w->obj)));
		d = digest_add(d, kref_read(&w->vm->kref));
	}
	return d;
}

static void *obtain_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	return state_hit(cfg, info, 1);
}

static void obtain_run(void *p, unsigned int thread, unsigned long n,
		       struct bench_hist *hist)
{
	struct worker *w = &((struct state *)p)->worker[thread];
	unsigned long i;

	hold_begin(&w->hold, w->vm, w->obj);
	for (i = 0; i < n; i++) {
		batch_begin(w->obj);
		vm_bo_put(vm_bo_obtain(w->vm, w->obj));
		batch_end(w->obj);
	}
	hold_end(&w->hold);
	w->ops += n;
}

static void *obtain_new_setup(const struct bench_cfg *cfg,
			      struct bench_info *info)
{
	info->granule = CLEANUP_EVERY;
	return state_new(cfg, info, 1);
}

static void obtain_new_run(void *p, unsigned int thread, unsigned long n,
			   struct bench_hist *hist)
{
	struct worker *w = &((struct state *)p)->worker[thread];
	unsigned long i, k;

	hold_begin(&w->hold, w->vm, w->obj);
	for (i = 0; i < n; i += CLEANUP_EVERY) {
		for (k = 0; k < CLEANUP_EVERY; k++) {
			batch_begin(w->obj);
			vm_bo_put(vm_bo_obtain(w->vm, w->obj));
			batch_end(w->obj);
		}
		vm_cleanup(w->vm);
	}
	hold_end(&w->hold);
	w->ops += n;
}

static void *link_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	info->granule = cfg->value[LINK_N];
	return state_hit(cfg, info, cfg->value[LINK_N]);
}

static void link_run(void *p, unsigned int thread, unsigned long n,
		     struct bench_hist *hist)
{
	struct worker *w = &((struct state *)p)->worker[thread];
	unsigned long i, k;

	hold_begin(&w->hold, w->vm, w->obj);
	for (i = 0; i < n; i += w->nr_va) {
		batch_begin(w->obj);
		for (k = 0; k < w->nr_va; k++)
			va_link(&w->va[k], w->vm_bo);
		for (k = 0; k < w->nr_va; k++)
			va_unlink(&w->va[k]);
		batch_end(w->obj);
	}
	hold_end(&w->hold);
	w->ops += n;
}

static void *cycle_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	return state_hit(cfg, info, 1);
}

static void cycle_run(void *p, unsigned int thread, unsigned long n,
		      struct bench_hist *hist)
{
	struct worker *w = &((struct state *)p)->worker[thread];
	struct drm_gpuvm_bo *vm_bo;
	unsigned long i;

	hold_begin(&w->hold, w->vm, w->obj);
	for (i = 0; i < n; i++) {
		batch_begin(w->obj);
		vm_bo = vm_bo_obtain(w->vm, w->obj);
		va_link(w->va, vm_bo);
		va_unlink(w->va);
		vm_bo_put(vm_bo);
		batch_end(w->obj);
	}
	hold_end(&w->hold);
	w->ops += n;
}

static const struct bench_wants wants[] = {
	{ "*", BENCH_DEFAULTS, BENCH_DEFAULTS, BENCH_ONE_AT_A_TIME },
	{ }
};

static const struct bench_path paths[] = {
	{
		.name = "obtain",
		.title = "vm_bo obtain (hit) + put",
		.op = "obtain+put",
		.max_threads = 8,
		.atomics = STATED_LIST(0, 2, 1, 1),
		.setup = obtain_setup,
		.run = obtain_run,
		.digest = digest,
		.teardown = teardown,
	},
	{
		.name = "obtain_new",
		.title = "vm_bo obtain (new) + final put",
		.op = "obtain+put",
		.max_threads = 8,
		.atomics = (const struct bench_atomics []) {
			{ "resv", 5 }, { "gpuva", 9 }, { "gpuva_coarse", 7 },
			{ }
		},
		.setup = obtain_new_setup,
		.run = obtain_new_run,
		.digest = digest,
		.teardown = teardown,
	},
	{
		.name = "link",
		.title = "link n VAs, unlink n VAs",
		.op = "link+unlink",
		.params = link_params,
		.max_threads = 8,
		.atomics = STATED_LIST(0, 2, 1, 1),
		.setup = link_setup,
		.run = link_run,
		.digest = digest,
		.teardown = teardown,
	},
	{
		.name = "cycle",
		.title = "obtain (hit), link, unlink, put",
		.op = "cycle",
		.max_threads = 8,
		.atomics = STATED_LIST(0, 4, 2, 1),
		.setup = cycle_setup,
		.run = cycle_run,
		.digest = digest,
		.teardown = teardown,
	},
	{ }
};

const struct bench_scenario bench_vm_bo_lock = {
	.name = "vm_bo_lock",
	.question = "What does each vm_bo and link call cost under each design?",
	.base = "resv",
	.wants = wants,
	.paths = paths,
};
