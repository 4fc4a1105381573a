// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Question:	what do threads wait for when several work on the lists of BOs?
 * Varies:	the variant; what a bind holds besides: the VM's and the BO's
 *		resv, as a bind ioctl does, or what the design's lists want and
 *		nothing else; sharing; the size of what an eviction walks.
 * Fixed:	two pinned threads; the vm_bo of a bind exists already; in
 *		immediate mode a bind holds no resv in either case.
 * Unit:	one bind or unbind of thread 0, or of each thread alike.
 * Misleads:	nobody here does anything between two operations, so waiting is
 *		at its worst; and an eviction moves no memory.
 */
#include <linux/mutex.h>
#include "driver.h"

/* Where a thread binds: a VA of its own for each vm_bo. */
struct site {
	struct drm_gpuvm_bo *vm_bo;
	struct drm_gpuva va;
};

struct worker {
	struct mutex op_lock;		/* of its VM, in run_job */
	struct site *site;
	unsigned long nr_sites;
	unsigned long next;
	unsigned long ops;
	unsigned long walked;		/* vm_bos, by evictions */
	unsigned long skipped;		/* locks that a shrinker did not get */
} ____cacheline_aligned;

/**
 * struct grid - VMs and BOs of a path
 * @vms: how many VMs
 * @bos: how many BOs
 * @vm_bos: of each BO, in VMs 0 and up
 * @vas: linked to each vm_bo for good
 * @apart: the only vm_bo of BO b is in VM b
 */
struct grid {
	unsigned int vms;
	unsigned int bos;
	unsigned int vm_bos;
	unsigned int vas;
	bool apart;
};

struct state {
	struct driver drv;
	struct grid grid;
	struct drm_gpuvm **vm;
	struct drm_gem_object **obj;
	struct drm_gpuvm_bo **vm_bo;
	struct drm_gpuva *va;
	bool resvs;
	unsigned int threads;
	struct worker worker[];
};

static unsigned int nr_vm_bos(const struct state *s)
{
	return s->grid.bos * s->grid.vm_bos;
}

/* Takes the VAs that are linked for good off a vm_bo, or puts them on. */
static void link_all(struct state *s, unsigned int i, bool link)
{
	struct drm_gpuva *va = &s->va[i * s->grid.vas];
	struct drm_gpuvm_bo *vm_bo = s->vm_bo[i];
	struct hold h;
	unsigned int k;

	hold_begin(&h, vm_bo->vm, vm_bo->obj);
	batch_begin(vm_bo->obj);
	for (k = 0; k < s->grid.vas; k++, va++) {
		if (!link) {
			va_unlink(va);
			continue;
		}
		driver_va_init(va, vm_bo->obj, k + 1);
		va_link(va, vm_bo);
	}
	batch_end(vm_bo->obj);
	hold_end(&h);
}

static int teardown(void *p)
{
	struct state *s = p;
	unsigned int i;
	int leaked;

	for (i = 0; s->vm_bo && i < nr_vm_bos(s) && s->vm_bo[i]; i++) {
		link_all(s, i, false);
		driver_vm_bo_last(s->vm_bo[i]);
	}
	for (i = 0; s->obj && i < s->grid.bos && s->obj[i]; i++)
		drm_gem_object_put(s->obj[i]);
	for (i = 0; s->vm && i < s->grid.vms && s->vm[i]; i++)
		drm_gpuvm_put(s->vm[i]);
	for (i = 0; i < s->threads; i++) {
		kvfree(s->worker[i].site);
		mutex_destroy(&s->worker[i].op_lock);
	}
	kvfree(s->va);
	kvfree(s->vm_bo);
	kvfree(s->obj);
	kvfree(s->vm);
	leaked = driver_fini(&s->drv);
	kfree(s);
	return leaked;
}

static int make_objects(struct state *s)
{
	unsigned int i;

	for (i = 0; i < s->grid.vms; i++) {
		s->vm[i] = driver_vm_create(&s->drv);
		if (!s->vm[i])
			return -ENOMEM;
	}
	for (i = 0; i < s->grid.bos; i++) {
		s->obj[i] = driver_bo_create(&s->drv, NULL);
		if (!s->obj[i])
			return -ENOMEM;
	}
	return 0;
}

static int make_vm_bos(struct state *s)
{
	unsigned int per_bo = s->grid.vm_bos, i, bo;

	for (i = 0; i < nr_vm_bos(s); i++) {
		bo = i / per_bo;
		s->vm_bo[i] = driver_vm_bo_first(s->vm[s->grid.apart ? bo :
						       i % per_bo],
						 s->obj[bo]);
		if (!s->vm_bo[i])
			return -ENOMEM;
		link_all(s, i, true);
	}
	return 0;
}

static struct state *state_new(const struct bench_cfg *cfg, struct grid grid,
			       struct bench_info *info)
{
	struct state *s;
	unsigned int i;

	s = kzalloc(struct_size(s, worker, cfg->threads), GFP_KERNEL);
	if (!s)
		return NULL;
	s->grid = grid;
	s->threads = cfg->threads;
	for (i = 0; i < s->threads; i++)
		mutex_init(&s->worker[i].op_lock);
	s->vm = kvcalloc(grid.vms, sizeof(*s->vm), GFP_KERNEL);
	s->obj = kvcalloc(grid.bos, sizeof(*s->obj), GFP_KERNEL);
	s->vm_bo = kvcalloc(nr_vm_bos(s), sizeof(*s->vm_bo), GFP_KERNEL);
	s->va = kvcalloc(nr_vm_bos(s) * grid.vas + 1, sizeof(*s->va),
			 GFP_KERNEL);
	if (driver_init(&s->drv) || !s->vm || !s->obj || !s->vm_bo || !s->va ||
	    make_objects(s) || make_vm_bos(s)) {
		teardown(s);
		return NULL;
	}
	info->granule = 2;
	info->bytes = grid.bos * sizeof(struct driver_bo) +
		nr_vm_bos(s) * (sizeof(struct drm_gpuvm_bo) +
				grid.vas * sizeof(struct drm_gpuva));
	return s;
}

/* Sites of a thread: @nr vm_bos from @first, @step apart. */
static int worker_sites(struct state *s, unsigned int thread,
			unsigned int first, unsigned int nr, unsigned int step)
{
	struct worker *w = &s->worker[thread];
	unsigned int i;

	w->site = kvcalloc(nr, sizeof(*w->site), GFP_KERNEL);
	if (!w->site)
		return -ENOMEM;
	w->nr_sites = nr;
	for (i = 0; i < nr; i++) {
		struct site *site = &w->site[i];

		site->vm_bo = s->vm_bo[first + i * step];
		driver_va_init(&site->va, site->vm_bo->obj, 0);
	}
	return 0;
}

static unsigned long digest(void *p)
{
	struct state *s = p;
	unsigned long d = DIGEST_SEED;
	unsigned int i;

	for (i = 0; i < s->threads; i++) {
		d = digest_add(d, s->worker[i].ops);
		d = digest_add(d, s->worker[i].walked);
	}
	for (i = 0; i < nr_vm_bos(s); i++)
		d = digest_vm_bo(d, s->vm_bo[i]);
	return d;
}

/* -- binds -- */

static struct site *next_site(struct worker *w)
{
	struct site *site = &w->site[w->next];

	if (++w->next == w->nr_sites)
		w->next = 0;
	return site;
}

static void lists_begin(struct state *s, struct hold *h,
			struct drm_gpuvm_bo *vm_bo)
{
	if (s->resvs)
		hold_begin(h, vm_bo->vm, vm_bo->obj);
	else
		bo_enter(vm_bo->obj, NULL);
	batch_begin(vm_bo->obj);
}

static void lists_end(struct state *s, struct hold *h,
		      struct drm_gpuvm_bo *vm_bo)
{
	batch_end(vm_bo->obj);
	if (s->resvs)
		hold_end(h);
	else
		bo_leave(vm_bo->obj);
}

/* The site keeps a reference, so that no put is the last. */
static void bind(struct state *s, struct site *site)
{
	struct drm_gpuvm_bo *vm_bo;
	struct hold h;

	lists_begin(s, &h, site->vm_bo);
	vm_bo = vm_bo_obtain(site->vm_bo->vm, site->vm_bo->obj);
	if (!IS_ERR(vm_bo)) {
		va_link(&site->va, vm_bo);
		vm_bo_put(vm_bo);
	}
	lists_end(s, &h, site->vm_bo);
}

static void unbind(struct state *s, struct site *site)
{
	struct hold h;

	lists_begin(s, &h, site->vm_bo);
	va_unlink(&site->va);
	lists_end(s, &h, site->vm_bo);
}

static void bind_run(void *p, unsigned int thread, unsigned long n,
		     struct bench_hist *hist)
{
	struct state *s = p;
	struct worker *w = &s->worker[thread];
	unsigned long i, start, half;

	for (i = 0; i < n; i += 2) {
		struct site *site = next_site(w);

		start = bench_ticks();
		bind(s, site);
		half = bench_ticks();
		unbind(s, site);
		bench_hist_add(hist, half - start);
		bench_hist_add(hist, bench_ticks() - half);
	}
	w->ops += n;
}

/* -- shared_bo and own_bo: as many VMs as threads -- */

enum { BIND_HOLD };

static const struct bench_param bind_params[] = {
	{ "hold", "resvs,list" },
	{ }
};

static void *bind_setup(const struct bench_cfg *cfg, struct bench_info *info,
			bool shared)
{
	unsigned int threads = cfg->threads, i;
	struct grid grid = {
		.vms = threads,
		.bos = shared ? 1 : threads,
		.vm_bos = shared ? threads : 1,
		.apart = !shared,
	};
	struct state *s = state_new(cfg, grid, info);

	if (!s)
		return NULL;
	s->resvs = cfg->value[BIND_HOLD] == 0;
	for (i = 0; i < threads; i++) {
		if (worker_sites(s, i, i, 1, 1)) {
			teardown(s);
			return NULL;
		}
	}
	return s;
}

static void *shared_bo_setup(const struct bench_cfg *cfg,
			     struct bench_info *info)
{
	return bind_setup(cfg, info, true);
}

static void *own_bo_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	return bind_setup(cfg, info, false);
}

/* -- evict_bind and shrinker_bind: thread 1 goes through what BOs are in -- */

enum { EVICT_E, EVICT_V, EVICT_N, EVICT_HOLD };

static const struct bench_param evict_params[] = {
	{ "E", "4,1,64" },	/* BOs */
	{ "V", "2,1,8" },	/* VMs that each is in */
	{ "n", "16,1,256" },	/* VAs of each in each */
	{ "hold", "resvs,list" },
	{ }
};

static const char *const evict_roles[] = { "bind", "evict" };

/* Thread 0 binds in VM 0, every BO in turn. */
static void *evict_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	struct grid grid = {
		.vms = cfg->value[EVICT_V],
		.bos = cfg->value[EVICT_E],
		.vm_bos = cfg->value[EVICT_V],
		.vas = cfg->value[EVICT_N],
	};
	struct state *s = state_new(cfg, grid, info);

	if (!s)
		return NULL;
	s->resvs = cfg->value[EVICT_HOLD] == 0;
	if (worker_sites(s, 0, 0, grid.bos, grid.vm_bos)) {
		teardown(s);
		return NULL;
	}
	return s;
}

static void mark_vas(struct drm_gpuvm_bo *vm_bo, bool gone)
{
	struct drm_gpuva *va;

	drm_gpuvm_bo_for_each_va(va, vm_bo) {
		if (gone)
			va->flags |= DRM_GPUVA_INVALIDATED;
		else
			va->flags &= ~DRM_GPUVA_INVALIDATED;
	}
}

/* Moving a BO out and in again: all of its mappings are gone between. */
static void evict(struct worker *w, struct drm_gem_object *obj)
{
	struct drm_gpuvm_bo *vm_bo;

	dma_resv_lock(obj->resv, NULL);
	walk_begin(obj);
	drm_gpuvm_bo_gem_evict(obj, true);
	drm_gem_for_each_gpuvm_bo(vm_bo, obj) {
		mark_vas(vm_bo, true);
		w->walked++;
	}
	drm_gem_for_each_gpuvm_bo(vm_bo, obj)
		mark_vas(vm_bo, false);
	drm_gpuvm_bo_gem_evict(obj, false);
	walk_end(obj);
	dma_resv_unlock(obj->resv);
}

/* Reclaim may not wait for a resv: what is locked is left alone. */
static void shrink(struct worker *w, struct drm_gem_object *obj)
{
	struct drm_gpuvm_bo *vm_bo;

	if (!dma_resv_trylock(obj->resv)) {
		w->skipped++;
		return;
	}
	walk_begin(obj);
	drm_gem_for_each_gpuvm_bo(vm_bo, obj) {
		struct dma_resv *vm_resv = drm_gpuvm_resv(vm_bo->vm);

		if (!dma_resv_trylock(vm_resv)) {
			w->skipped++;
			continue;
		}
		drm_gpuvm_bo_evict(vm_bo, true);
		mark_vas(vm_bo, true);
		mark_vas(vm_bo, false);
		drm_gpuvm_bo_evict(vm_bo, false);
		dma_resv_unlock(vm_resv);
	}
	walk_end(obj);
	dma_resv_unlock(obj->resv);
}

/* Inlined with a constant @fn: no call through a pointer is timed. */
static __always_inline void
reclaim(struct state *s, struct worker *w, unsigned long n,
	struct bench_hist *hist,
	void (*fn)(struct worker *w, struct drm_gem_object *obj))
{
	unsigned long i, start;

	for (i = 0; i < n; i++) {
		start = bench_ticks();
		fn(w, s->obj[w->next]);
		bench_hist_add(hist, bench_ticks() - start);
		if (++w->next == s->grid.bos)
			w->next = 0;
	}
	w->ops += n;
}

static void evict_run(void *p, unsigned int thread, unsigned long n,
		      struct bench_hist *hist)
{
	struct state *s = p;

	if (thread == 0)
		bind_run(s, 0, n, hist);
	else
		reclaim(s, &s->worker[1], n, hist, evict);
}

static void shrinker_run(void *p, unsigned int thread, unsigned long n,
			 struct bench_hist *hist)
{
	struct state *s = p;

	if (thread == 0)
		bind_run(s, 0, n, hist);
	else
		reclaim(s, &s->worker[1], n, hist, shrink);
}

static unsigned long skipped(void *p)
{
	struct state *s = p;

	return s->worker[1].skipped;
}

/* -- run_job: the lists are worked on where no resv can be waited for -- */

enum { JOB_BATCH };

static const struct bench_param job_params[] = {
	{ "batch", "16,2,64" },	/* BOs, and vm_bos between two cleanups */
	{ }
};

static const char *const job_roles[] = { "job", "cleanup" };

/*
 * Jobs of thread 0 update VM 0. Thread 1 is the end of the other VM's jobs: it
 * unlinks, drops last references and cleans up behind a batch. Both VMs have
 * the same BOs. The designs that reuse the resv take it for each list call.
 */
static void *job_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	unsigned int batch = cfg->value[JOB_BATCH], i;
	struct grid grid = { .vms = 2, .bos = batch, .vm_bos = 1 };
	struct state *s = state_new(cfg, grid, info);

	if (!s)
		return NULL;
	info->granule = batch;
	for (i = 0; i < s->threads; i++) {
		if (worker_sites(s, i, 0, batch, 1)) {
			teardown(s);
			return NULL;
		}
	}
	/* Not a reference: these vm_bos are made and dropped by thread 1. */
	for (i = 0; i < batch; i++)
		s->worker[1].site[i].vm_bo = NULL;
	return s;
}

static void job(struct worker *w, struct site *site, bool map)
{
	struct drm_gem_object *obj = site->vm_bo->obj;

	mutex_lock(&w->op_lock);
	bo_enter(obj, NULL);
	batch_begin(obj);
	if (map)
		va_link(&site->va, site->vm_bo);
	else
		va_unlink(&site->va);
	batch_end(obj);
	bo_leave(obj);
	mutex_unlock(&w->op_lock);
}

static void do_jobs(struct worker *w, unsigned long n, struct bench_hist *hist)
{
	unsigned long i, start, half;

	for (i = 0; i < n; i += 2) {
		struct site *site = next_site(w);

		start = bench_ticks();
		job(w, site, true);
		half = bench_ticks();
		job(w, site, false);
		bench_hist_add(hist, half - start);
		bench_hist_add(hist, bench_ticks() - half);
	}
	w->ops += n;
}

static void map_one(struct drm_gpuvm *vm, struct site *site)
{
	struct drm_gem_object *obj = site->va.gem.obj;

	bo_enter(obj, NULL);
	batch_begin(obj);
	site->vm_bo = vm_bo_obtain(vm, obj);
	if (!IS_ERR(site->vm_bo))
		va_link(&site->va, site->vm_bo);
	batch_end(obj);
	bo_leave(obj);
}

static void unmap_one(struct site *site)
{
	struct drm_gem_object *obj = site->va.gem.obj;

	if (IS_ERR(site->vm_bo))
		return;
	bo_enter(obj, NULL);
	batch_begin(obj);
	va_unlink(&site->va);
	batch_end(obj);
	bo_leave(obj);
	vm_bo_drop(site->vm_bo);
}

/* The latency is that of an unlink and the last put behind it. */
static void clean_up(struct state *s, struct worker *w, unsigned long n,
		     struct bench_hist *hist)
{
	struct drm_gpuvm *vm = s->vm[1];
	unsigned long i, k, start;

	for (i = 0; i < n; i += w->nr_sites) {
		for (k = 0; k < w->nr_sites; k++)
			map_one(vm, &w->site[k]);
		for (k = 0; k < w->nr_sites; k++) {
			start = bench_ticks();
			unmap_one(&w->site[k]);
			bench_hist_add(hist, bench_ticks() - start);
		}
		vm_cleanup(vm);
	}
	w->ops += n;
}

static void job_run(void *p, unsigned int thread, unsigned long n,
		    struct bench_hist *hist)
{
	struct state *s = p;
	struct worker *w = &s->worker[thread];

	if (thread == 0)
		do_jobs(w, n, hist);
	else
		clean_up(s, w, n, hist);
}

/* Of the paths that stand in a plain make bench, too. */
static const struct bench_wants short_wants[] = {
	{ "gpuva", BENCH_ONE_AT_A_TIME, BENCH_DEFAULTS },
	{ "immediate", BENCH_ONE_AT_A_TIME, BENCH_DEFAULTS },
	{ }
};

static const struct bench_wants wants[] = {
	{ "none", BENCH_NOT, BENCH_NOT },
	{ "gpuva", BENCH_ONE_AT_A_TIME, BENCH_NOT },
	{ "immediate", BENCH_ONE_AT_A_TIME, BENCH_NOT },
	{ "*", BENCH_DEFAULTS, BENCH_NOT },
	{ }
};

static const struct bench_path paths[] = {
	{
		.name = "shared_bo",
		.title = "binds of one BO in a VM for each thread",
		.op = "bind or unbind",
		.params = bind_params,
		.min_threads = 2,
		.max_threads = 8,
		.flags = BENCH_LATENCY,
		.wants = short_wants,
		.setup = shared_bo_setup,
		.run = bind_run,
		.digest = digest,
		.teardown = teardown,
	},
	{
		.name = "own_bo",
		.title = "binds of a BO and in a VM for each thread",
		.op = "bind or unbind",
		.params = bind_params,
		.min_threads = 2,
		.max_threads = 8,
		.flags = BENCH_LATENCY,
		.setup = own_bo_setup,
		.run = bind_run,
		.digest = digest,
		.teardown = teardown,
	},
	{
		.name = "evict_bind",
		.title = "bind against eviction walks",
		.op = "bind or unbind",
		.params = evict_params,
		.min_threads = 2,
		.max_threads = 2,
		.flags = BENCH_ROLES | BENCH_LATENCY,
		.roles = evict_roles,
		.wants = short_wants,
		.setup = evict_setup,
		.run = evict_run,
		.digest = digest,
		.teardown = teardown,
	},
	{
		.name = "shrinker_bind",
		.title = "bind against a shrinker that never waits for a resv",
		.op = "bind or unbind",
		.params = evict_params,
		.min_threads = 2,
		.max_threads = 2,
		.flags = BENCH_ROLES | BENCH_LATENCY,
		.roles = evict_roles,
		.tally = "skipped",
		.setup = evict_setup,
		.run = shrinker_run,
		.tallied = skipped,
		.digest = digest,
		.teardown = teardown,
	},
	{
		.name = "run_job",
		.title = "VM updates in jobs against deferred cleanup",
		.op = "map or unmap",
		.params = job_params,
		.min_threads = 2,
		.max_threads = 2,
		.flags = BENCH_ROLES | BENCH_LATENCY,
		.roles = job_roles,
		.setup = job_setup,
		.run = job_run,
		.digest = digest,
		.teardown = teardown,
	},
	{ }
};

const struct bench_scenario bench_contention = {
	.name = "contention",
	.question = "What do threads wait for that work on the lists of BOs?",
	.base = "resv",
	.wants = wants,
	.paths = paths,
};
