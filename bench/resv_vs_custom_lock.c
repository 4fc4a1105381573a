// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Question:	does an extra, always free lock matter in a path that already
 *		holds the BO's resv lock? And where does reusing the resv cost?
 * Varies:	the variant: resv takes nothing more, gpuva a mutex per call,
 *		gpuva_coarse a mutex per batch; with and without ww context;
 *		BOs that share a resv, VMs that share a BO; warm and cold.
 * Fixed:	the resv is locked and unlocked inside the timed loop, the same
 *		way for all; in contended each design takes its own list lock.
 * Unit:	one VA's link and unlink: with gpuva two mutex pairs, with
 *		gpuva_coarse one for each hold; a single list call in contended;
 *		else what the path says.
 * Misleads:	there is no page table, no allocation and no scheduler here:
 *		the path that the lock is a percentage of is a small one.
 */
#include <linux/ktime.h>
#include "sites.h"
#include "stated.h"

struct state {
	struct sites at;
	unsigned long per_hold;		/* sites, in shared_resv */
	unsigned long ops;
	bool ctx;
	bool shared;
	unsigned long hold_ns;
	unsigned long gap_ns;

	/* submit side of contended */
	struct driver_timeline timeline ____cacheline_aligned;
};

static int teardown(void *p)
{
	struct state *s = p;
	int leaked = sites_fini(&s->at);

	kfree(s);
	return leaked;
}

static struct state *state_alloc(void)
{
	struct state *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	driver_timeline_init(&s->timeline);
	return s;
}

/* One VM; a BO per site, with a resv of its own or the VM's. */
static struct state *state_bos(unsigned long nr_sites, unsigned long nr_va,
			       bool shared, struct bench_info *info)
{
	struct state *s = state_alloc();

	if (!s)
		return NULL;
	s->shared = shared;
	if (!sites_of_bos(&s->at, nr_sites, nr_va, shared, info))
		return s;
	teardown(s);
	return NULL;
}

/* One BO; a VM per site. */
static struct state *state_vms(unsigned long nr_sites, struct bench_info *info)
{
	struct state *s = state_alloc();
	struct drm_gem_object *obj = NULL;
	unsigned long i = 0;

	if (!s)
		return NULL;
	if (!sites_init(&s->at, nr_sites, 1, info))
		obj = driver_bo_create(&s->at.drv, NULL);
	for (; obj && i < nr_sites; i++) {
		drm_gem_object_get(obj);
		if (site_init(&s->at.site[i], driver_vm_create(&s->at.drv), obj,
			      1))
			break;
	}
	if (obj)
		drm_gem_object_put(obj);
	if (i == nr_sites && obj)
		return s;
	teardown(s);
	return NULL;
}

static void prepare(void *p, unsigned int thread)
{
	struct state *s = p;

	sites_prepare(&s->at);
}

static unsigned long digest(void *p)
{
	struct state *s = p;

	return sites_digest(&s->at, s->ops);
}

static void resv_begin(struct dma_resv *resv, struct ww_acquire_ctx *ticket,
		       bool ctx)
{
	if (!ctx) {
		dma_resv_lock(resv, NULL);
		return;
	}
	ww_acquire_init(ticket, &reservation_ww_class);
	dma_resv_lock(resv, ticket);
}

static void resv_end(struct dma_resv *resv, struct ww_acquire_ctx *ticket,
		     bool ctx)
{
	dma_resv_unlock(resv);
	if (ctx)
		ww_acquire_fini(ticket);
}

/* -- link and cycle: the thread's comparison -- */

enum { LINK_CTX, LINK_N, LINK_TEMP };

static const struct bench_param link_params[] = {
	{ "ctx", "0,1" },
	{ "n", "1,16,1000" },
	{ "temp", "warm,cold", BENCH_APART },
	{ }
};

enum { CYCLE_CTX, CYCLE_TEMP };

static const struct bench_param cycle_params[] = {
	{ "ctx", "0,1" },
	{ "temp", "warm,cold", BENCH_APART },
	{ }
};

/* calls: list calls in one hold. */
static struct state *state_temp(bool cold, unsigned long nr_va,
				unsigned long ops_per_hold,
				unsigned long calls, unsigned long seed,
				struct bench_info *info)
{
	struct state *s = state_alloc();

	if (!s)
		return NULL;
	if (!sites_of_temp(&s->at, cold, nr_va, ops_per_hold, calls, seed,
			   info))
		return s;
	teardown(s);
	return NULL;
}

static void *link_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	unsigned long n = cfg->value[LINK_N];
	struct state *s;

	s = state_temp(cfg->value[LINK_TEMP], n, n, 2 * n, cfg->seed, info);
	if (s)
		s->ctx = cfg->value[LINK_CTX];
	return s;
}

static void link_run(void *p, unsigned int thread, unsigned long n,
		     struct bench_hist *hist)
{
	struct state *s = p;
	struct ww_acquire_ctx ticket;
	unsigned long i, k;

	for (i = 0; i < n; i += s->at.nr_va) {
		struct site *site = sites_next(&s->at);

		resv_begin(site->obj->resv, &ticket, s->ctx);
		batch_begin(site->obj);
		for (k = 0; k < s->at.nr_va; k++)
			va_link(&site->va[k], site->vm_bo);
		for (k = 0; k < s->at.nr_va; k++)
			va_unlink(&site->va[k]);
		batch_end(site->obj);
		resv_end(site->obj->resv, &ticket, s->ctx);
		hold_done(&s->at, site);
	}
	s->ops += n;
}

static void *cycle_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	struct state *s;

	s = state_temp(cfg->value[CYCLE_TEMP], 1, 1, 4, cfg->seed, info);
	if (s)
		s->ctx = cfg->value[CYCLE_CTX];
	return s;
}

static void cycle_run(void *p, unsigned int thread, unsigned long n,
		      struct bench_hist *hist)
{
	struct state *s = p;
	struct ww_acquire_ctx ticket;
	struct drm_gpuvm_bo *vm_bo;
	unsigned long i;

	for (i = 0; i < n; i++) {
		struct site *site = sites_next(&s->at);

		resv_begin(site->obj->resv, &ticket, s->ctx);
		batch_begin(site->obj);
		vm_bo = vm_bo_obtain(site->vm, site->obj);
		va_link(site->va, vm_bo);
		va_unlink(site->va);
		vm_bo_put(vm_bo);
		batch_end(site->obj);
		resv_end(site->obj->resv, &ticket, s->ctx);
		hold_done(&s->at, site);
	}
	s->ops += n;
}

/* -- shared_resv: K binds, under one hold where the BOs share the VM's resv -- */

enum { SHARED_RESV_RESV, SHARED_RESV_K, SHARED_RESV_TEMP };

static const struct bench_param shared_resv_params[] = {
	{ "resv", "own,shared" },
	{ "K", "1,100,1000" },
	{ "temp", "warm,cold", BENCH_APART },
	{ }
};

/*
 * Obtain, link and put make a bind, unlink an unbind: four list calls a BO.
 * Cold binds go round enough groups of K BOs.
 */
static void *shared_resv_setup(const struct bench_cfg *cfg,
			       struct bench_info *info)
{
	unsigned long nr = cfg->value[SHARED_RESV_K];
	bool cold = cfg->value[SHARED_RESV_TEMP];
	unsigned long groups = cold ? COLD_CALLS / (4 * nr) + 1 : 1;
	struct state *s;

	s = state_bos(nr * groups, 1, cfg->value[SHARED_RESV_RESV], info);
	if (!s)
		return NULL;
	info->granule = 2 * nr;
	s->per_hold = nr;
	s->at.cold = cold;
	if (cold) {
		info->max_ops = 2 * s->at.nr_sites;
		sites_shuffle(&s->at, cfg->seed);
	} else {
		info->warm = 16 * info->granule;
	}
	return s;
}

static void bind(struct site *site)
{
	struct drm_gpuvm_bo *vm_bo;

	batch_begin(site->obj);
	vm_bo = vm_bo_obtain(site->vm, site->obj);
	va_link(site->va, vm_bo);
	vm_bo_put(vm_bo);
	batch_end(site->obj);
}

static void unbind(struct site *site)
{
	batch_begin(site->obj);
	va_unlink(site->va);
	batch_end(site->obj);
}

/* Inlined with a constant @fn: no call through a pointer is timed. */
static __always_inline void group_hold(struct state *s, unsigned long first,
				       void (*fn)(struct site *site))
{
	struct dma_resv *vm_resv = drm_gpuvm_resv(s->at.site[0].vm);
	unsigned long k;

	if (s->shared)
		dma_resv_lock(vm_resv, NULL);
	for (k = first; k < first + s->per_hold; k++) {
		struct site *site = &s->at.site[k];

		if (!s->shared)
			dma_resv_lock(site->obj->resv, NULL);
		fn(site);
		if (!s->shared)
			dma_resv_unlock(site->obj->resv);
	}
	if (s->shared)
		dma_resv_unlock(vm_resv);
}

static void shared_resv_run(void *p, unsigned int thread, unsigned long n,
			    struct bench_hist *hist)
{
	struct state *s = p;
	unsigned long i;

	for (i = 0; i < n; i += 2 * s->per_hold) {
		group_hold(s, s->at.next, bind);
		group_hold(s, s->at.next, unbind);
		hold_done(&s->at, &s->at.site[s->at.next + s->per_hold - 1]);
		s->at.next += s->per_hold;
		if (s->at.next == s->at.nr_sites)
			s->at.next = 0;
	}
	s->ops += n;
}

/* -- shared_bo: one BO in V VMs -- */

enum { SHARED_BO_V };

static const struct bench_param shared_bo_params[] = {
	{ "V", "1,2,8" },
	{ }
};

static void *shared_bo_setup(const struct bench_cfg *cfg,
			     struct bench_info *info)
{
	info->granule = cfg->value[SHARED_BO_V];
	return state_vms(cfg->value[SHARED_BO_V], info);
}

/* -- contended: one binds, one submits, on the same BO -- */

enum { CONTENDED_HOLD, CONTENDED_GAP };

static const struct bench_param contended_params[] = {
	{ "hold", "0,1000,10000,100000" },	/* ns that a submit keeps the resv */
	{ "gap", "1000,0,10000" },	/* ns between two submits */
	{ }
};

#define LONG_HOLD	100000ul
#define LONG_HOLD_OPS	640ul

static const char *const contended_roles[] = { "bind", "submit" };

static void *contended_setup(const struct bench_cfg *cfg,
			     struct bench_info *info)
{
	struct state *s = state_bos(1, 1, false, info);

	if (!s)
		return NULL;
	info->granule = 2;
	s->hold_ns = cfg->value[CONTENDED_HOLD];
	/* A bind that waits for all of them must not be an epoch of 10 ms. */
	if (s->hold_ns >= LONG_HOLD)
		info->max_ops = LONG_HOLD_OPS;
	s->gap_ns = cfg->value[CONTENDED_GAP];
	return s;
}

/* Each list call takes what the design wants held, and nothing else. */
static void contended_bind(struct state *s, unsigned long n,
			   struct bench_hist *hist)
{
	struct site *site = &s->at.site[0];
	unsigned long i, start;

	for (i = 0; i < n; i++) {
		start = bench_ticks();
		bo_enter(site->obj, NULL);
		batch_begin(site->obj);
		if (i & 1)
			va_unlink(site->va);
		else
			va_link(site->va, site->vm_bo);
		batch_end(site->obj);
		bo_leave(site->obj);
		bench_hist_add(hist, bench_ticks() - start);
	}
	s->ops += n;
}

static void busy_ns(unsigned long ns)
{
	u64 end;

	if (!ns)
		return;
	end = ktime_get_ns() + ns;
	while (ktime_get_ns() < end)
		cpu_relax();
}

/*
 * What a submit does: lock the VM's and the BO's resv, reserve a slot, add its
 * fence. A bind has no ticket, so the submit never has to back off.
 */
static void submit(struct state *s, struct site *site)
{
	struct dma_resv *vm_resv = drm_gpuvm_resv(site->vm);
	struct dma_resv *resv = site->obj->resv;
	struct ww_acquire_ctx ticket;
	struct dma_fence *fence = driver_fence_create(&s->timeline);

	if (!fence)
		return;
	ww_acquire_init(&ticket, &reservation_ww_class);
	dma_resv_lock(vm_resv, &ticket);
	dma_resv_lock(resv, &ticket);
	ww_acquire_done(&ticket);
	if (!dma_resv_reserve_fences(resv, 1))
		dma_resv_add_fence(resv, fence, DMA_RESV_USAGE_BOOKKEEP);
	busy_ns(s->hold_ns);
	dma_resv_unlock(resv);
	dma_resv_unlock(vm_resv);
	ww_acquire_fini(&ticket);
	dma_fence_put(fence);
}

static void contended_submit(struct state *s, unsigned long n,
			     struct bench_hist *hist)
{
	unsigned long i, start;

	for (i = 0; i < n; i++) {
		start = bench_ticks();
		submit(s, &s->at.site[0]);
		bench_hist_add(hist, bench_ticks() - start);
		busy_ns(s->gap_ns);
	}
}

static void contended_run(void *p, unsigned int thread, unsigned long n,
			  struct bench_hist *hist)
{
	if (thread == 0)
		contended_bind(p, n, hist);
	else
		contended_submit(p, n, hist);
}

static const struct bench_wants link_wants[] = {
	{ "gpuva_coarse", BENCH_ONE_AT_A_TIME, BENCH_ONE_AT_A_TIME },
	{ }
};

static const struct bench_wants cycle_wants[] = {
	{ "gpuva_coarse", BENCH_DEFAULTS, BENCH_DEFAULTS },
	{ }
};

static const struct bench_wants shared_resv_wants[] = {
	{ "gpuva_coarse", BENCH_NUMBERS, BENCH_NUMBERS },
	{ }
};

static const struct bench_wants contended_wants[] = {
	{ "immediate", BENCH_ONE_AT_A_TIME, BENCH_ONE_AT_A_TIME },
	{ "arc_mutex", BENCH_ONE_AT_A_TIME, BENCH_ONE_AT_A_TIME },
	{ }
};

static const struct bench_headline headline = {
	.new_ = "gpuva",
	.says = "An extra, always-free mutex inside a held resv costs",
	.then = "Each of the two list calls takes it.",
	.control = "mutex",
	.control_says = "A mutex pair alone",
	.also = "gpuva_coarse",
	.also_says = "Taken once for a hold of n VAs",
	.weight = 4,
};

static const struct bench_wants wants[] = {
	{ "gpuva", BENCH_ONE_AT_A_TIME, BENCH_ONE_AT_A_TIME },
	{ "*", BENCH_NOT, BENCH_NOT },
	{ }
};

static const struct bench_path paths[] = {
	{
		.name = "link",
		.title = "link+unlink, resv held",
		.op = "link+unlink",
		.params = link_params,
		.atomics = STATED_LIST(2, 2, 1, 1),
		.wants = link_wants,
		.headline = &headline,
		.setup = link_setup,
		.prepare = prepare,
		.run = link_run,
		.digest = digest,
		.teardown = teardown,
	},
	{
		.name = "cycle",
		.title = "obtain, link, unlink, put, resv held",
		.op = "cycle",
		.params = cycle_params,
		.atomics = STATED_LIST(2, 4, 2, 1),
		.wants = cycle_wants,
		.setup = cycle_setup,
		.prepare = prepare,
		.run = cycle_run,
		.digest = digest,
		.teardown = teardown,
	},
	{
		.name = "shared_resv",
		.title = "K binds, then K unbinds, of K BOs",
		.op = "bind or unbind",
		.params = shared_resv_params,
		.atomics = STATED_LIST(2, 2, 1, 1),
		.wants = shared_resv_wants,
		.setup = shared_resv_setup,
		.prepare = prepare,
		.run = shared_resv_run,
		.digest = digest,
		.teardown = teardown,
	},
	{
		.name = "shared_bo",
		.title = "cycle on a BO that is in V VMs, resv held",
		.op = "cycle",
		.params = shared_bo_params,
		.atomics = STATED_LIST(2, 4, 2, 1),
		.setup = shared_bo_setup,
		.run = cycle_run,
		.digest = digest,
		.teardown = teardown,
	},
	{
		.name = "contended",
		.title = "bind against submit on one BO",
		.op = "list call",
		.params = contended_params,
		.min_threads = 2,
		.max_threads = 2,
		.flags = BENCH_ROLES | BENCH_LATENCY,
		.roles = contended_roles,
		.wants = contended_wants,
		.setup = contended_setup,
		.run = contended_run,
		.digest = digest,
		.teardown = teardown,
	},
	{ }
};

const struct bench_scenario bench_resv_vs_custom_lock = {
	.name = "resv_vs_custom_lock",
	.question = "Does an extra, always free lock matter where the resv is held?",
	.base = "resv",
	.wants = wants,
	.paths = paths,
};
