// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Question:	what does each locking design cost the range allocator, and how
 *		does the allocator itself grow with its nodes?
 * Varies:	the variant; mode, number of nodes, how they lie, what is asked.
 * Fixed:	nodes and requests of 4 KiB to 2 MiB, drawn from the seed; the
 *		caller holds a resv around the loop, as an ioctl does. Where
 *		threads share an allocator each call enters and leaves.
 * Unit:	one insert and its remove, unless the path says otherwise.
 * Misleads:	the node that comes and goes is warm; a driver's is fresh from the
 *		slab. Requests have 512 sizes, so best fit knows as many holes, and
 *		great allocators are not walked all over. Each is drawn, some cycles,
 *		in an order that nothing learns, and before each epoch some holes
 *		change places, or the way of each size would be learnt by whichever
 *		variant ran first; in more than a few thousand it may be. A node is
 *		removed right behind its insert, so that its second descent is like
 *		its first. Drop comes to a node again after 4000, and finds it in L2; of
 *		batches of 1000 it knows four.
 */
#include "mm_driver.h"

enum { ANY_MODE, ANY_NODES, ANY_FILL };
enum { PLACED_WHERE, PLACED_MODE, PLACED_NODES };
enum { SCAN_NODES, SCAN_NEED };
enum { DROP_BATCH };
enum { NODES };

#define MODES	"best,low,high,evict,lowest,highest"

static const enum drm_mm_insert_mode modes[] = {
	DRM_MM_INSERT_BEST, DRM_MM_INSERT_LOW, DRM_MM_INSERT_HIGH,
	DRM_MM_INSERT_EVICT, DRM_MM_INSERT_LOWEST, DRM_MM_INSERT_HIGHEST,
};

static const struct bench_param insert_params[] = {
	{ "mode", MODES },
	{ "nodes", "1000,10,100000,1000000" },
	{ "fill", "frag,packed" },
	{ }
};

/* Aligned to 64 KiB or to three pages, or in the middle half of the range. */
static const struct bench_param placed_params[] = {
	{ "where", "64k,12k,range" },
	{ "mode", MODES },
	{ "nodes", "1000,10,100000,1000000" },
	{ }
};

static const u64 alignments[] = { 64 << 10, 12 << 10, 0 };

/* Of reserve and walk. */
static const struct bench_param nodes_params[] = {
	{ "nodes", "1000,10,100000,1000000" },
	{ }
};

/* The hole that is wanted, in nodes of average size. */
static const struct bench_param scan_params[] = {
	{ "nodes", "1000,100000" },
	{ "need", "4,1,32" },
	{ }
};

static const struct bench_param drop_params[] = {
	{ "batch", "16,1,1000" },
	{ }
};

#define SMALL_NODES	1000	/* where the number of nodes is not asked */
#define DROP_NODES	4000	/* a multiple of every batch */
#define WARM_MOST	4000ul	/* inserts: a millisecond */
#ifdef CONFIG_DRM_DEBUG_MM
#define REDEALT		2ul	/* each move looks at every node, and nothing is timed */
#else
#define REDEALT		125ul	/* nodes that move before an epoch; of fewer it is learnt */
#endif
#define CALL_MOST	65536	/* operations of a call of run() */
#define LRU_RUN		32	/* nodes that were used together */
#define LRU_STEP	97	/* where the next scan starts */

/* One allocator, or one for each thread. */
struct state {
	unsigned int threads;
	struct pool *pool[BENCH_MAX_THREADS];
	enum drm_mm_insert_mode mode;
	u64 align, lo, hi;
	enum pool_fill fill;
	unsigned long batch;		/* drop: by how many */
	unsigned long next, dropped;	/* drop: where; how many lack */
	u64 need;			/* scan: size of the hole */
	unsigned long cursor;		/* scan: where in the LRU list */
	struct drm_mm_node *here;	/* walk: the node it has come to */
	struct mm_node **lru, **roster;
};

/* What a thread has of its own where an allocator is shared. */
struct worker {
	struct mm_node spare;
	u64 draw;
} ____cacheline_aligned;

struct shared {
	struct pool *pool;
	struct worker worker[];
};

static int teardown(void *p)
{
	struct state *s = p;
	unsigned int i;
	int left = 0;

	for (i = 0; i < s->threads; i++)
		left += pool_free(s->pool[i]);
	kvfree(s->lru);
	kvfree(s->roster);
	kfree(s);
	return left;
}

static struct state *state_new(const struct bench_cfg *cfg,
			       struct bench_info *info, unsigned long nodes,
			       enum pool_fill fill)
{
	struct state *s = kzalloc(sizeof(*s), GFP_KERNEL);
	unsigned int i;

	if (!s)
		return NULL;
	s->threads = cfg->threads;
	s->hi = U64_MAX;
	s->fill = fill;
	for (i = 0; i < cfg->threads; i++) {
		s->pool[i] = pool_new(cfg->seed + i, nodes, fill);
		if (!s->pool[i]) {
			teardown(s);
			return NULL;
		}
	}
	info->bytes = cfg->threads *
		      pool_bytes(fill == POOL_FRAG ? 2 * nodes : nodes);
	info->warm = min(4 * nodes, WARM_MOST);
	return s;
}

/*
 * Where holes change places each arm has to have as many operations between two times,
 * so none that are not counted: a call has a limit. To move nodes is what warms.
 */
static void ask_sizes(struct state *s, struct bench_info *info)
{
	unsigned int i;

	if (s->fill == POOL_FRAG) {
		info->max_ops = CALL_MOST;
		info->warm = 0;
	}
	for (i = 0; i < s->threads; i++)
		pool_ask_sizes(s->pool[i], s->lo, min(s->hi, s->pool[i]->span),
			       s->align);
}

static unsigned long digest(void *p)
{
	struct state *s = p;
	unsigned long d = POOL_DIGEST;
	unsigned int i;

	for (i = 0; i < s->threads; i++)
		d = pool_digest(d, s->pool[i], s->threads == 1);
	return d;
}

static void *insert_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	struct state *s = state_new(cfg, info, cfg->value[ANY_NODES],
				    cfg->value[ANY_FILL] ? POOL_PACKED :
							   POOL_FRAG);

	if (!s)
		return NULL;
	s->mode = modes[cfg->value[ANY_MODE]];
	ask_sizes(s, info);
	return s;
}

static void *placed_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	struct state *s = state_new(cfg, info, cfg->value[PLACED_NODES],
				    POOL_FRAG);

	if (!s)
		return NULL;
	s->mode = modes[cfg->value[PLACED_MODE]];
	s->align = alignments[cfg->value[PLACED_WHERE]];
	if (!s->align) {
		s->lo = s->pool[0]->span / 4;
		s->hi = s->lo * 3;
	}
	ask_sizes(s, info);
	return s;
}

/* For each thread 1000 nodes and the rest one hole, as where they share. */
static void *private_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	struct state *s = state_new(cfg, info, SMALL_NODES, POOL_PACKED);

	if (s)
		ask_sizes(s, info);
	return s;
}

/* At the defaults: best fit among 1000 nodes and as many holes. */
static void *default_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	struct state *s = state_new(cfg, info, SMALL_NODES, POOL_FRAG);

	if (s)
		ask_sizes(s, info);
	return s;
}

/*
 * Who asks for the first candidate only has to be ready for a no; then it asks
 * for any, as i915 does.
 */
static __always_inline int find_place(struct mm_alloc *a, struct mm_node *n,
				      u64 size, u64 align, u64 lo, u64 hi,
				      enum drm_mm_insert_mode mode)
{
	int err = node_insert(a, n, size, align, 0, lo, hi, mode);

	if (err && mode & DRM_MM_INSERT_ONCE)
		err = node_insert(a, n, size, align, 0, lo, hi,
				  mode & ~DRM_MM_INSERT_ONCE);
	return err;
}

static void insert_run(void *data, unsigned int thread, unsigned long n,
		       struct bench_hist *hist)
{
	struct state *s = data;
	struct pool *p = s->pool[thread];
	struct mm_alloc *a = p->a;
	unsigned long i;

	pool_hold(p);
	for (i = 0; i < n; i++) {
		if (find_place(a, &p->spare, pool_next(p)->size, s->align,
			       s->lo, s->hi, s->mode)) {
			p->failed++;
			continue;
		}
		p->sum += p->spare.base.start;
		node_remove(a, &p->spare);
	}
	pool_release(p);
	p->ops += n;
}

/* Holes change places, so that no size has the same way for long. */
static void insert_prepare(void *data, unsigned int thread)
{
	struct state *s = data;
	struct pool *p = s->pool[thread];

	if (s->fill != POOL_FRAG)
		return;
	pool_hold(p);
	pool_redeal(p, min(p->nr / 2, REDEALT), s->lo, s->hi);
	pool_release(p);
}

static void *reserve_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	struct state *s = state_new(cfg, info, cfg->value[NODES],
				    POOL_FRAG);

	if (s && pool_ask_places(s->pool[0])) {
		teardown(s);
		return NULL;
	}
	return s;
}

static void reserve_run(void *data, unsigned int thread, unsigned long n,
			struct bench_hist *hist)
{
	struct pool *p = ((struct state *)data)->pool[thread];
	struct mm_alloc *a = p->a;
	unsigned long i;

	pool_hold(p);
	for (i = 0; i < n; i++) {
		const struct pool_ask *ask = pool_next(p);

		p->spare.base.start = ask->start;
		p->spare.base.size = ask->size;
		if (node_reserve(a, &p->spare)) {
			p->failed++;
			continue;
		}
		p->sum += drm_mm_hole_follows(&p->spare.base);
		node_remove(a, &p->spare);
	}
	pool_release(p);
	p->ops += n;
}

static void *walk_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	struct state *s = state_new(cfg, info, cfg->value[NODES], POOL_FRAG);

	if (s)
		s->here = &s->pool[0]->a->base.head_node;
	return s;
}

/*
 * Each step has to wait for the one before, and nodes lie in memory in any
 * order: what a node that nobody has looked at costs at this size.
 */
static void walk_run(void *data, unsigned int thread, unsigned long n,
		     struct bench_hist *hist)
{
	struct state *s = data;
	struct pool *p = s->pool[thread];
	struct drm_mm_node *at = s->here;
	unsigned long i;

	for (i = 0; i < n; i++)
		at = list_next_entry(at, node_list);
	s->here = at;
	p->sum += at->start;
	p->ops += n;
}

/* In order of address by runs, the runs in any order. */
static void make_lru(struct state *s, struct pool *p)
{
	unsigned long runs = (p->nr + LRU_RUN - 1) / LRU_RUN, i, k = 0, r;

	for (i = 0; i < runs; i++)
		s->roster[i] = p->node[i * LRU_RUN];
	pool_shuffle(p, s->roster, runs);
	for (i = 0; i < runs; i++) {
		struct drm_mm_node *n = &s->roster[i]->base;

		for (r = 0; r < LRU_RUN && k < p->nr; r++) {
			s->lru[k++] = container_of(n, struct mm_node, base);
			n = list_next_entry(n, node_list);
			if (n == &p->a->base.head_node)
				break;
		}
	}
}

static void *scan_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	unsigned long nr = cfg->value[SCAN_NODES];
	struct state *s = state_new(cfg, info, nr, POOL_FULL);

	if (!s)
		return NULL;
	/* each operation goes through all of it */
	info->warm = 0;
	s->lru = kvcalloc(nr, sizeof(*s->lru), GFP_KERNEL);
	s->roster = kvcalloc(nr, sizeof(*s->roster), GFP_KERNEL);
	if (!s->lru || !s->roster) {
		teardown(s);
		return NULL;
	}
	s->need = cfg->value[SCAN_NEED] * POOL_MAX_PAGES / 2 * POOL_PAGE;
	make_lru(s, s->pool[0]);
	return s;
}

/* Fills the roster with what has to go. Returns how many; 0: no hole. */
static unsigned long choose_victims(struct state *s, struct pool *p)
{
	struct drm_mm_scan scan;
	unsigned long i, nr = 0, victims = 0;
	bool hit = false;

	drm_mm_scan_init(&scan, &p->a->base, s->need, 0, 0,
			 DRM_MM_INSERT_EVICT);
	for (i = s->cursor; nr < p->nr && !hit; i++) {
		struct mm_node *n = s->lru[i < p->nr ? i : i - p->nr];

		s->roster[nr++] = n;
		hit = drm_mm_scan_add_block(&scan, &n->base);
	}
	s->cursor = (s->cursor + LRU_STEP) % p->nr;
	/* From the end of the roster; what stays is put back there. */
	for (i = nr; i--;)
		if (drm_mm_scan_remove_block(&scan, &s->roster[i]->base))
			s->roster[nr - ++victims] = s->roster[i];
	for (i = 0; i < victims; i++)
		s->roster[i] = s->roster[nr - victims + i];
	return victims;
}

static void scan_run(void *data, unsigned int thread, unsigned long n,
		     struct bench_hist *hist)
{
	struct state *s = data;
	struct pool *p = s->pool[thread];
	unsigned long i, k, victims;
	struct mm_guard g;

	pool_hold(p);
	for (i = 0; i < n; i++) {
		mm_lock(p->a, &g);
		victims = choose_victims(s, p);
		for (k = 0; k < victims; k++)
			guard_remove(&g, s->roster[k]);
		if (guard_insert(&g, &p->spare, s->need, 0, 0, 0, U64_MAX,
				 DRM_MM_INSERT_EVICT)) {
			p->failed++;
		} else {
			p->sum += p->spare.base.start;
			guard_remove(&g, &p->spare);
		}
		for (k = 0; k < victims; k++)
			p->failed += !!guard_reserve(&g, s->roster[k]);
		mm_unlock(&g);
	}
	pool_release(p);
	p->ops += n;
}

/* A batch is an array: its nodes lie in order of memory, not of address. */
static void *drop_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	struct state *s = state_new(cfg, info, DROP_NODES, POOL_PACKED);

	if (s)
		s->batch = cfg->value[DROP_BATCH];
	info->granule = cfg->value[DROP_BATCH];
	info->max_ops = DROP_NODES;
	return s;
}

/* Of the node that the drop has come to; behind the last is the first. */
static struct mm_node *drop_at(const struct state *s, unsigned long i)
{
	return &s->pool[0]->block[(s->next + i) % DROP_NODES];
}

/* What the last run dropped goes back to where it was. */
static void drop_prepare(void *data, unsigned int thread)
{
	struct state *s = data;
	struct pool *p = s->pool[thread];
	unsigned long i;

	pool_hold(p);
	for (i = 0; i < s->dropped; i++)
		p->failed += !!node_reserve(p->a, drop_at(s, i));
	pool_release(p);
	s->next = (s->next + s->dropped) % DROP_NODES;
	s->dropped = 0;
}

static void drop_run(void *data, unsigned int thread, unsigned long n,
		     struct bench_hist *hist)
{
	struct state *s = data;
	struct pool *p = s->pool[thread];
	unsigned long i;

	pool_hold(p);
	for (i = 0; i < n; i += s->batch)
		node_remove_all(p->a, drop_at(s, i), s->batch);
	pool_release(p);
	s->dropped = n;
	p->ops += n;
}

static int shared_teardown(void *p)
{
	struct shared *s = p;
	int left = pool_free(s->pool);

	kfree(s);
	return left;
}

static void *shared_setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	struct shared *s;
	unsigned int i;

	s = kzalloc(struct_size(s, worker, cfg->threads), GFP_KERNEL);
	if (!s)
		return NULL;
	s->pool = pool_new(cfg->seed, SMALL_NODES, POOL_PACKED);
	if (!s->pool) {
		kfree(s);
		return NULL;
	}
	pool_ask_sizes(s->pool, 0, s->pool->span, 0);
	for (i = 0; i < cfg->threads; i++)
		s->worker[i].draw = cfg->seed + i;
	info->warm = WARM_MOST;
	info->bytes = pool_bytes(SMALL_NODES) +
		      cfg->threads * sizeof(struct worker);
	return s;
}

/* The places depend on who came first; that all were found does not. */
static unsigned long shared_digest(void *p)
{
	struct shared *s = p;

	return pool_digest(POOL_DIGEST, s->pool, false);
}

static void shared_run(void *data, unsigned int thread, unsigned long n,
		       struct bench_hist *hist)
{
	struct shared *s = data;
	struct worker *w = &s->worker[thread];
	struct mm_alloc *a = s->pool->a;
	const struct pool_ask *ask = s->pool->ask;
	unsigned long i, from, to = bench_ticks();
	u64 size;
	int err;

	for (i = 0; i < n; i++) {
		from = to;
		mm_enter(a);
		size = ask[draw_below(&w->draw, POOL_ASKS)].size;
		err = node_insert(a, &w->spare, size, 0, 0, 0, U64_MAX,
				  DRM_MM_INSERT_BEST);
		mm_leave(a);
		/* There is room for all threads; a warning voids the result. */
		if (WARN_ON_ONCE(err))
			break;
		mm_enter(a);
		node_remove(a, &w->spare);
		mm_leave(a);
		to = bench_ticks();
		bench_hist_add(hist, to - from);
	}
}

static const struct bench_wants insert_wants[] = {
	{ "none", BENCH_DEFAULTS, BENCH_DEFAULTS, BENCH_ONE_AT_A_TIME },
	{ "*", BENCH_DEFAULTS, BENCH_DEFAULTS },
	{ }
};

/* Of the allocator itself, for which no design is compared. */
static const struct bench_wants hosts_wants[] = {
	{ "none", BENCH_NOT, BENCH_NOT, BENCH_ONE_AT_A_TIME },
	{ }
};

static const struct bench_wants drop_wants[] = {
	{ "arc_mutex", BENCH_ONE_AT_A_TIME, BENCH_ONE_AT_A_TIME },
	{ "explicit_free", BENCH_ONE_AT_A_TIME, BENCH_ONE_AT_A_TIME },
	{ }
};

static const struct bench_wants vs_arc_wants[] = {
	{ "explicit_free", BENCH_ONE_AT_A_TIME, BENCH_ONE_AT_A_TIME },
	{ }
};

static const struct bench_wants vs_mutex_wants[] = {
	{ "arc_mutex", BENCH_DEFAULTS, BENCH_DEFAULTS },
	{ "explicit_free", BENCH_DEFAULTS, BENCH_DEFAULTS },
	{ "guard", BENCH_DEFAULTS, BENCH_DEFAULTS },
	{ }
};

static const struct bench_wants vs_resv_wants[] = {
	{ "mutex", BENCH_DEFAULTS, BENCH_DEFAULTS },
	{ "resv_mutex", BENCH_DEFAULTS, BENCH_DEFAULTS },
	{ }
};

static const struct bench_wants thread_wants[] = {
	{ "spin", BENCH_THREADS, BENCH_THREADS },
	{ "arc_mutex", BENCH_THREADS, BENCH_THREADS },
	{ }
};

static const struct bench_headline headline = {
	.new_ = "mutex",
	.says = "The range allocator: a mutex of its own costs",
};

static const struct bench_wants wants[] = {
	{ "*", BENCH_NOT, BENCH_NOT },
	{ }
};

/* What paths of one allocator for each thread have in common. */
#define OWN(_name, _title, _op, _params, _base, _setup, _run)	\
	.name = _name, .title = _title, .op = _op,		\
	.params = _params, .base = _base,			\
	.setup = _setup, .run = _run,				\
	.digest = digest, .teardown = teardown

static const struct bench_path paths[] = {
	{ OWN("insert", "insert+remove, resv held", "insert+remove",
	      insert_params, "none", insert_setup, insert_run),
	  .prepare = insert_prepare,
	  .wants = insert_wants, .headline = &headline },
	{ OWN("placed", "insert+remove, aligned or in a range", "insert+remove",
	      placed_params, "none", placed_setup, insert_run),
	  .prepare = insert_prepare,
	  .wants = hosts_wants },
	{ OWN("reserve", "reserve+remove of given ranges", "reserve+remove",
	      nodes_params, "none", reserve_setup, reserve_run),
	  .wants = hosts_wants },
	{ OWN("walk", "walk the nodes in order of address", "node",
	      nodes_params, "none", walk_setup, walk_run) },
	{ OWN("scan", "eviction scan, evict, insert; put back", "scan",
	      scan_params, "none", scan_setup, scan_run),
	  .wants = hosts_wants },
	{ OWN("drop", "drop of a batch of nodes", "node",
	      drop_params, "mutex", drop_setup, drop_run),
	  .prepare = drop_prepare, .wants = drop_wants },
	{ OWN("vs_arc", "drop of a batch of nodes; beyond Arc", "node",
	      drop_params, "arc_mutex", drop_setup, drop_run),
	  .prepare = drop_prepare, .wants = vs_arc_wants },
	{ OWN("vs_mutex", "insert+remove, resv held; beyond a mutex",
	      "insert+remove", NULL, "mutex", default_setup, insert_run),
	  .prepare = insert_prepare,
	  .wants = vs_mutex_wants },
	{ OWN("vs_resv", "insert+remove, resv held; beyond that",
	      "insert+remove", NULL, "resv", default_setup, insert_run),
	  .prepare = insert_prepare,
	  .wants = vs_resv_wants },
	{ OWN("private", "an allocator for each thread, packed", "insert+remove",
	      NULL, "mutex", private_setup, insert_run),
	  .max_threads = 8, .wants = thread_wants },
	{
		.name = "shared",
		.title = "threads share one allocator, packed",
		.op = "insert+remove",
		.base = "mutex",
		.max_threads = 8,
		.flags = BENCH_LATENCY,
		.wants = thread_wants,
		.setup = shared_setup,
		.run = shared_run,
		.digest = shared_digest,
		.teardown = shared_teardown,
	},
	{ }
};

const struct bench_scenario bench_mm_insert = {
	.name = "mm_insert",
	.question = "What does a lock cost the range allocator, and how does that grow?",
	.base = "none",
	.wants = wants,
	.paths = paths,
};
