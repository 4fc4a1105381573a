// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Question:	from what length of a path is an extra, always free lock less than
 *		1 % of it?
 * Varies:	the variant; how many items a hold works through, how much work
 *		an item is; what the design locks for; warm and cold.
 * Fixed:	the BO's resv is held around all of it. Work is a chain of
 *		dependent multiplications, of the same number of cycles in every
 *		design, and touches no memory. It begins when the lock and the
 *		list work before it have ended, and nothing begins before it has
 *		ended, but in lock=ahead.
 * Unit:	one item: a VA that is visited, or one that is linked and unlinked
 *		with work after each of the two calls. A hold is n of them.
 * Misleads:	nothing hides the lock, so this is the most that it can cost.
 *		lock=ahead shows how much a processor hides that may run ahead;
 *		real work lies between the two. relink comes to cold VAs in the
 *		order of their addresses, which a prefetcher guesses, and unlinks
 *		them warm.
 */
#include "sites.h"

/* A cold hold by itself, in list calls: its BO and vm_bo come from memory. */
#define HOLD_CALLS	3

struct state {
	struct sites at;
	unsigned long work;		/* steps */
	unsigned long sum;
	unsigned long ops;
	long lock;			/* enum walk_lock */
};

/* VAs that were linked by setup(). */
static void unlink_all(struct site *site, unsigned long nr_va)
{
	struct hold h;
	unsigned long i;

	if (IS_ERR_OR_NULL(site->vm_bo))
		return;
	hold_begin(&h, site->vm, site->obj);
	batch_begin(site->obj);
	for (i = 0; i < nr_va; i++)
		if (!list_empty(&site->va[i].gem.entry))
			va_unlink(&site->va[i]);
	batch_end(site->obj);
	hold_end(&h);
	vm_cleanup(site->vm);
}

static int teardown(void *p)
{
	struct state *s = p;
	unsigned long i;
	int leaked;

	for (i = 0; i < s->at.nr_sites; i++)
		unlink_all(&s->at.site[i], s->at.nr_va);
	leaked = sites_fini(&s->at);
	kfree(s);
	return leaked;
}

static void prepare(void *p, unsigned int thread)
{
	struct state *s = p;

	sites_prepare(&s->at);
}

/* The sum tells that the work was done, on the same items in all designs. */
static unsigned long digest(void *p)
{
	struct state *s = p;

	return digest_add(sites_digest(&s->at, s->ops), s->sum);
}

/* A step is a multiplication and an addition, each waiting for the other. */
static __always_inline unsigned long work(unsigned long x,
					  const struct drm_gpuva *va,
					  unsigned long steps)
{
	x ^= va->va.addr;
	while (steps--) {
		x = x * 6364136223846793005ul + 1;
		OPTIMIZER_HIDE_VAR(x);
	}
	return x;
}

static __always_inline void settle(void)
{
	/* Orders execution: what follows begins when what precedes has ended. */
	rmb();
}

static struct state *state_alloc(bool cold, unsigned long nr_va,
				 unsigned long calls, unsigned long seed,
				 struct bench_info *info)
{
	struct state *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	if (!sites_of_temp(&s->at, cold, nr_va, nr_va, calls + HOLD_CALLS, seed,
			   info))
		return s;
	teardown(s);
	return NULL;
}

/* -- walk: a list of n VAs is looked at -- */

enum { WALK_N, WALK_WORK, WALK_LOCK, WALK_TEMP };

/* The whole walk; each step of it; the same with no settle() anywhere. */
enum walk_lock { LOCK_WALK, LOCK_ITEM, LOCK_AHEAD };

static const struct bench_param walk_params[] = {
	{ "n", "16,1,4,64,256,1024" },
	{ "work", "100,0,10,30,300,1000,3000" },	/* steps for an item */
	{ "lock", "walk,item,ahead" },		/* what the design locks for */
	{ "temp", "warm,cold", BENCH_APART },
	{ }
};

static void link_all(struct site *site, const unsigned long *order,
		     unsigned long nr_va)
{
	struct hold h;
	unsigned long i;

	hold_begin(&h, site->vm, site->obj);
	batch_begin(site->obj);
	for (i = 0; i < nr_va; i++)
		va_link(&site->va[order[i]], site->vm_bo);
	batch_end(site->obj);
	hold_end(&h);
}

/* In random order, so that no prefetcher guesses the next VA. */
static int link_sites(struct sites *at, unsigned long seed)
{
	unsigned long i, j, x = 2 * seed + 1;
	unsigned long *order;

	order = kvcalloc(at->nr_va, sizeof(*order), GFP_KERNEL);
	if (!order)
		return -ENOMEM;
	for (i = 0; i < at->nr_va; i++) {
		x = x * 6364136223846793005ul + 1442695040888963407ul;
		j = (x >> 33) % (i + 1);
		order[i] = order[j];
		order[j] = i;
	}
	for (i = 0; i < at->nr_sites; i++)
		link_all(&at->site[i], order, at->nr_va);
	kvfree(order);
	return 0;
}

static void *walk_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	unsigned long n = cfg->value[WALK_N];
	struct state *s;

	s = state_alloc(cfg->value[WALK_TEMP], n, n, cfg->seed, info);
	if (!s)
		return NULL;
	s->work = cfg->value[WALK_WORK];
	s->lock = cfg->value[WALK_LOCK];
	if (!link_sites(&s->at, cfg->seed))
		return s;
	teardown(s);
	return NULL;
}

/*
 * Inlined with a constant @lock. For an item the lock protects the step to it
 * and not the work on it, as in GPUVM's own iterations.
 */
static __always_inline unsigned long walk(const struct state *s,
					  const struct site *site,
					  enum walk_lock lock)
{
	struct list_head *pos = &site->vm_bo->list.gpuva;
	unsigned long k, x = s->sum;

	if (lock == LOCK_WALK)
		walk_begin(site->obj);
	for (k = 0; k < s->at.nr_va; k++) {
		if (lock != LOCK_WALK)
			walk_begin(site->obj);
		pos = pos->next;
		if (lock != LOCK_WALK)
			walk_end(site->obj);
		if (lock != LOCK_AHEAD)
			settle();
		x = work(x, list_entry(pos, struct drm_gpuva, gem.entry),
			 s->work);
		if (lock != LOCK_AHEAD)
			settle();
	}
	if (lock == LOCK_WALK)
		walk_end(site->obj);
	return x;
}

static unsigned long walk_hold(const struct state *s, const struct site *site)
{
	switch (s->lock) {
	case LOCK_WALK:
		return walk(s, site, LOCK_WALK);
	case LOCK_ITEM:
		return walk(s, site, LOCK_ITEM);
	default:
		return walk(s, site, LOCK_AHEAD);
	}
}

static void walk_run(void *p, unsigned int thread, unsigned long n,
		     struct bench_hist *hist)
{
	struct state *s = p;
	unsigned long i;

	for (i = 0; i < n; i += s->at.nr_va) {
		struct site *site = sites_next(&s->at);

		dma_resv_lock(site->obj->resv, NULL);
		s->sum = walk_hold(s, site);
		dma_resv_unlock(site->obj->resv);
		hold_done(&s->at, site);
	}
	s->ops += n;
}

/* -- relink: n VAs are linked, then unlinked -- */

enum { RELINK_N, RELINK_WORK, RELINK_TEMP };

static const struct bench_param relink_params[] = {
	{ "n", "16,1,4,64,256,1024" },
	{ "work", "100,0,10,30,300,1000,3000" },	/* steps after each call */
	{ "temp", "warm,cold", BENCH_APART },
	{ }
};

static void *relink_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	unsigned long n = cfg->value[RELINK_N];
	struct state *s;

	s = state_alloc(cfg->value[RELINK_TEMP], n, 2 * n, cfg->seed, info);
	if (s)
		s->work = cfg->value[RELINK_WORK];
	return s;
}

static unsigned long relink_hold(const struct state *s, struct site *site)
{
	unsigned long k, x = s->sum;

	batch_begin(site->obj);
	for (k = 0; k < s->at.nr_va; k++) {
		va_link(&site->va[k], site->vm_bo);
		settle();
		x = work(x, &site->va[k], s->work);
		settle();
	}
	for (k = 0; k < s->at.nr_va; k++) {
		va_unlink(&site->va[k]);
		settle();
		x = work(x, &site->va[k], s->work);
		settle();
	}
	batch_end(site->obj);
	return x;
}

static void relink_run(void *p, unsigned int thread, unsigned long n,
		       struct bench_hist *hist)
{
	struct state *s = p;
	unsigned long i;

	for (i = 0; i < n; i += s->at.nr_va) {
		struct site *site = sites_next(&s->at);

		dma_resv_lock(site->obj->resv, NULL);
		s->sum = relink_hold(s, site);
		dma_resv_unlock(site->obj->resv);
		hold_done(&s->at, site);
	}
	s->ops += n;
}

static const struct bench_wants relink_wants[] = {
	{ "gpuva_coarse", BENCH_GRID, BENCH_DEFAULTS },
	{ }
};

static const struct bench_wants wants[] = {
	{ "gpuva", BENCH_GRID, BENCH_DEFAULTS },
	{ "*", BENCH_NOT, BENCH_NOT },
	{ }
};

static const struct bench_path paths[] = {
	{
		.name = "walk",
		.title = "walk of n VAs, resv held",
		.op = "item",
		.params = walk_params,
		.setup = walk_setup,
		.prepare = prepare,
		.run = walk_run,
		.digest = digest,
		.teardown = teardown,
	},
	{
		.name = "relink",
		.title = "link and unlink of n VAs, resv held",
		.op = "item",
		.params = relink_params,
		.wants = relink_wants,
		.setup = relink_setup,
		.prepare = prepare,
		.run = relink_run,
		.digest = digest,
		.teardown = teardown,
	},
	{ }
};

const struct bench_scenario bench_break_even = {
	.name = "break_even",
	.question = "From what length of a path is the extra lock below 1 %?",
	.base = "resv",
	.wants = wants,
	.paths = paths,
};
