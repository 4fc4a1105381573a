/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * One set of fake paths. Included once for each set by fake_sets.c, with
 *
 *   FAKE(name)		the set's own name for a symbol
 *   FAKE_SPIN_NS	ns that an operation of path spin takes, by fake_clock.c
 *   FAKE_DIGEST	added to every digest
 *   FAKE_LEAK		what teardown() returns
 *   FAKE_WARN		warnings of each setup()
 */

/* The label keeps compilers from folding identical sets into one. */
static void FAKE(spin_run)(void *p, unsigned int thread, unsigned long n,
			   struct bench_hist *hist)
{
	struct fake *s = p;
	struct fake_thread *t = &s->thread[thread];
	unsigned long x = t->x;

	(void)hist;
	for (unsigned long i = 0; i < n; i++) {
		x = x * 6364136223846793005UL + 1442695040888963407UL;
		__asm__ __volatile__("# " FAKE_NAME : "+r"(x));
	}
	t->x = x;
	t->ops += n;
	fake_took(n * FAKE_SPIN_NS);
}

/* Walks and re-links a list of small allocations. */
static void FAKE(heap_run)(void *p, unsigned int thread, unsigned long n,
			   struct bench_hist *hist)
{
	struct fake *s = p;

	(void)hist;
	for (unsigned long i = 0; i < n; i++) {
		struct fake_node *node = s->head.next;

		node->next->prev = &s->head;
		s->head.next = node->next;
		node->prev = s->head.prev;
		node->next = &s->head;
		s->head.prev->next = node;
		s->head.prev = node;
		node->count++;
		__asm__ __volatile__("# heap " FAKE_NAME : : : "memory");
	}
	s->thread[thread].ops += n;
	fake_took(n * FAKE_HEAP_NS);
}

/* Both threads add to one line. */
static void FAKE(pair_run)(void *p, unsigned int thread, unsigned long n,
			   struct bench_hist *hist)
{
	struct fake *s = p;

	for (unsigned long i = 0; i < n; i++) {
		unsigned long start = hist ? bench_ticks() : 0;

		__atomic_fetch_add(&s->shared, 1, __ATOMIC_SEQ_CST);
		__asm__ __volatile__("# pair " FAKE_NAME : : : "memory");
		if (hist)
			bench_hist_add(hist, bench_ticks() - start);
	}
	s->thread[thread].ops += n;
	fake_took(n * FAKE_PAIR_NS);
}

static void *FAKE(setup)(const struct bench_cfg *cfg, struct bench_info *info)
{
	fake_warnings += FAKE_WARN;
	return fake_setup(cfg, info);
}

static unsigned long FAKE(digest)(void *p)
{
	return fake_digest(p) + FAKE_DIGEST;
}

static int FAKE(teardown)(void *p)
{
	fake_teardown(p);
	return FAKE_LEAK;
}

#define FAKE_CALLS				\
	.setup = FAKE(setup),			\
	.digest = FAKE(digest),			\
	.teardown = FAKE(teardown)

static const struct bench_path FAKE(paths)[] = {
	{
		.name = "spin",
		.title = "dependent multiplications",
		.op = "operation",
		.params = fake_params,
		.headline = &fake_headline,
		.run = FAKE(spin_run),
		FAKE_CALLS,
	},
	{
		.name = "heap",
		.title = "rotate a list",
		.op = "rotation",
		.base = "slow",
		.run = FAKE(heap_run),
		FAKE_CALLS,
	},
	{
		.name = "dear",
		.title = "rotate a list that is dear to make",
		.op = "rotation",
		.wants = fake_hosts_wants,
		.run = FAKE(heap_run),
		.setup = fake_dear_setup,
		.digest = FAKE(digest),
		.teardown = fake_dear_teardown,
	},
	{
		.name = "crash",
		.title = "does not come back",
		.op = "operation",
		.wants = fake_no_wants,
		.run = fake_crash_run,
		FAKE_CALLS,
	},
	{
		.name = "pair",
		.title = "two threads on one line",
		.op = "addition",
		.min_threads = 2,
		.max_threads = 8,
		.run = FAKE(pair_run),
		FAKE_CALLS,
	},
	{
		.name = "roles",
		.title = "one thread against another",
		.op = "addition",
		.min_threads = 1,
		.max_threads = 2,
		.flags = BENCH_ROLES | BENCH_LATENCY,
		.roles = fake_roles,
		.tally = "doubled",
		.tallied = fake_doubled,
		.run = FAKE(pair_run),
		FAKE_CALLS,
	},
	{ }
};

#undef FAKE_CALLS

static const struct bench_scenario FAKE(scenario) = {
	.name = "fake",
	.question = "Does the harness tell what is there?",
	.base = "resv",
	.paths = FAKE(paths),
};

static const struct bench_scenario *const FAKE(scenarios)[] = {
	&FAKE(scenario), NULL
};

#undef FAKE
#undef FAKE_NAME
#undef FAKE_SPIN_NS
#undef FAKE_DIGEST
#undef FAKE_LEAK
#undef FAKE_WARN
