/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The contract between a scenario and the harness.
 *
 * A scenario is one .c file in this folder that defines
 *
 *	const struct bench_scenario bench_<file name>;
 *
 * It is compiled once per variant and host; the build finds it. This header
 * is read by kernel-named code and by the harness, so it includes nothing.
 */
#ifndef _BENCH_H
#define _BENCH_H

#ifdef __cplusplus
extern "C" {
#endif

#define BENCH_MAX_PARAMS	6
#define BENCH_MAX_THREADS	64

/**
 * enum bench_param_flags - how a parameter is varied
 * @BENCH_APART: by itself, with all others at their defaults
 */
enum bench_param_flags {
	BENCH_APART	= 1 << 0,
};

/**
 * struct bench_param - one parameter of a path
 * @name: its name
 * @values: what it may be, separated by commas; the first is the default.
 *	Numbers stand for themselves, a word for its position in the list.
 * @flags: enum bench_param_flags
 */
struct bench_param {
	const char *name;
	const char *values;
	unsigned int flags;
};

/**
 * struct bench_cfg - one case: a path with every parameter chosen
 * @value: the parameters in the order of the path's table
 * @threads: how many threads run it
 * @seed: for whatever the scenario wants random; the same for all variants
 */
struct bench_cfg {
	long value[BENCH_MAX_PARAMS];
	unsigned int threads;
	unsigned long seed;
};

/**
 * struct bench_info - what setup() says about the state that it made
 * @granule: run() is given multiples of this many operations (1 when unset)
 * @max_ops: run() is given at most this many in one call (0: any number)
 * @warm: operations after which they take what they take from then on: caches and
 *	predictors know the state (0: a few epochs do)
 * @counted: of so many at a time valgrind counts the instructions (0: 256); fewer will
 *	do where each is the same and goes through a large state
 * @bytes: working set in bytes, of all threads
 */
struct bench_info {
	unsigned long granule;
	unsigned long max_ops;
	unsigned long warm;
	unsigned long counted;
	unsigned long bytes;
};

/* Latency histogram: 16 linear buckets for each power of two. */
#define BENCH_HIST_SUB		16
#define BENCH_HIST_BUCKETS	(64 * BENCH_HIST_SUB)

/**
 * struct bench_hist - latencies of one thread in clock ticks
 * @count: samples for each bucket
 */
struct bench_hist {
	unsigned long count[BENCH_HIST_BUCKETS];
};

/**
 * enum bench_flags - how a path wants to be run
 * @BENCH_CONTROL: uses no variant code; the report shows it as a control
 * @BENCH_ROLES: thread 0 is measured; the others run until it is done and
 *	are reported beside it
 * @BENCH_LATENCY: run() records each operation's latency in its histogram
 */
enum bench_flags {
	BENCH_CONTROL	= 1 << 0,
	BENCH_ROLES	= 1 << 1,
	BENCH_LATENCY	= 1 << 2,
};

/**
 * enum bench_width - on how many cases of a path a design is compared
 * @BENCH_NOT: on none
 * @BENCH_DEFAULTS: every parameter at its default
 * @BENCH_THREADS: the same, for every number of threads; all others are with the
 *	fewest
 * @BENCH_NUMBERS: one number other than its default, crossed with all words
 * @BENCH_ONE_AT_A_TIME: at most one number other than its default, crossed with
 *	all words; what is varied apart, by itself
 * @BENCH_GRID: all values of all parameters crossed
 */
enum bench_width {
	BENCH_NOT,
	BENCH_DEFAULTS,
	BENCH_THREADS,
	BENCH_NUMBERS,
	BENCH_ONE_AT_A_TIME,
	BENCH_GRID,
};

/**
 * struct bench_wants - which rows a design gets when no design is asked for
 * @variant: a glob of designs
 * @named: where the scenario is asked for by name
 * @unnamed: where it is not, as in a plain make bench
 * @hosts: where a design on one host is compared with itself on another, if that
 *	is what was asked for; else at the defaults, but where this is BENCH_NOT.
 *	Between hosts, what a variant adds is not the question.
 *
 * The first entry that matches a design decides: of the path's, else of the
 * scenario's. Where none does, it is BENCH_DEFAULTS, and BENCH_NOT between hosts.
 * What an entry leaves out is BENCH_NOT.
 */
struct bench_wants {
	const char *variant;
	enum bench_width named, unnamed, hosts;
};

/**
 * struct bench_headline - the comparison of a path that a report begins with
 * @new_: of this design with the path's base, parameters at their defaults and with
 *	the fewest threads, or as many as were asked for
 * @says: what the cost follows, as "A mutex of its own costs"
 * @then: a sentence behind it; NULL: none
 * @control: path of a control that the cost is set against; NULL: none
 * @control_says: what it is, as "A mutex pair alone"; goes with @control
 * @also: another design, all of whose rows on this path are told in short; NULL:
 *	none
 * @also_says: what stands before them; goes with @also
 * @weight: as many rows' share of the budget it gets (0: 1). Headlines are measured
 *	first and told first, the weightiest before all others.
 */
struct bench_headline {
	const char *new_;
	const char *says, *then;
	const char *control, *control_says;
	const char *also, *also_says;
	double weight;
};

/**
 * struct bench_atomics - what an operation is stated to take
 * @variant: of this design
 * @count: locked operations of one operation, parameters at their defaults
 */
struct bench_atomics {
	const char *variant;
	double count;
};

/**
 * struct bench_path - one thing that is timed
 * @name: as in the command line
 * @title: one line for the report
 * @op: what one operation is, in the singular
 * @params: parameters, ended by an entry without a name; or NULL
 * @base: the variant that others are compared with; NULL: the scenario's
 * @min_threads: fewest threads (0: 1)
 * @max_threads: most threads (0: 1)
 * @flags: enum bench_flags
 * @roles: what each thread does, with BENCH_ROLES
 * @tally: what tallied() counts, as "skipped"; NULL without it
 * @atomics: what is stated of its variants, ended by an entry without one, or
 *	NULL; docs/atomics.md says from where
 * @wants: on which cases designs are compared, ended by an entry without a
 *	variant, or NULL
 * @headline: what a report begins with, or NULL
 * @setup: make the state; NULL on failure. Called by one thread.
 * @prepare: before each epoch, untimed, on the thread that will run; or NULL
 * @run: do @n operations as thread @thread. It owns the loop. @hist is NULL
 *	unless the path has BENCH_LATENCY and the call is counted.
 * @tallied: how often something happened to the last thread since setup(); it
 *	may differ from run to run, and is shown for each of that thread's
 *	operations
 * @digest: a number that every variant must agree on after the same calls
 *	of run(); it must not depend on addresses or on interleaving, nor,
 *	with two threads, on how often run() was called to keep the load up
 * @teardown: free the state; returns 0, or the number of objects that were
 *	leaked or counters that did not return to their start
 */
struct bench_path {
	const char *name;
	const char *title;
	const char *op;
	const struct bench_param *params;
	const char *base;
	unsigned int min_threads;
	unsigned int max_threads;
	unsigned int flags;
	const char *const *roles;
	const char *tally;
	const struct bench_atomics *atomics;
	const struct bench_wants *wants;
	const struct bench_headline *headline;

	void *(*setup)(const struct bench_cfg *cfg, struct bench_info *info);
	void (*prepare)(void *state, unsigned int thread);
	void (*run)(void *state, unsigned int thread, unsigned long n,
		    struct bench_hist *hist);
	unsigned long (*tallied)(void *state);
	unsigned long (*digest)(void *state);
	int (*teardown)(void *state);
};

/**
 * struct bench_scenario - one file of paths
 * @name: the file's name without .c
 * @question: what it asks, one line
 * @base: the variant that others are compared with, where a path names none;
 *	NULL, or one that the host lacks: the first by name that is not refused
 * @wants: as of a path, for all paths
 * @paths: the paths, ended by an entry without a name
 */
struct bench_scenario {
	const char *name;
	const char *question;
	const char *base;
	const struct bench_wants *wants;
	const struct bench_path *paths;
};

/**
 * struct bench_variant - what the harness knows of a variant
 * @name: as in the command line
 * @doc: one line for people
 * @refused: why it must never get a verdict, as "locks what its caller holds";
 *	NULL for a design that is right
 * @max_threads: 0: any number
 * @primitives: which lock code this object runs, for the environment record
 * @slab_reset: give all memory back and deal addresses anew, by a seed; when no
 *	state is left and no thread runs. NULL: the set has no slab
 */
struct bench_variant {
	const char *name;
	const char *doc;
	const char *refused;
	unsigned int max_threads;
	const char *primitives;
	void (*slab_reset)(unsigned long seed);
};

/* Keeps a value alive without a store; the loop around it cannot vanish. */
static inline void bench_keep(const void *p)
{
	__asm__ __volatile__("" : : "r"(p) : "memory");
}

/* Write a cache line back to memory and drop it from every cache. */
static inline void bench_flush_line(const void *p)
{
#if defined(__x86_64__)
	__asm__ __volatile__("clflush (%0)" : : "r"(p) : "memory");
#elif defined(__aarch64__)
	__asm__ __volatile__("dc civac, %0" : : "r"(p) : "memory");
#endif
}

/**
 * bench_ticks() - the clock behind struct bench_hist
 */
static inline unsigned long bench_ticks(void)
{
#if defined(__x86_64__)
	unsigned int lo, hi;

	__asm__ __volatile__("rdtsc" : "=a"(lo), "=d"(hi) : : "memory");
	return ((unsigned long)hi << 32) | lo;
#elif defined(__aarch64__)
	unsigned long t;

	__asm__ __volatile__("isb\n\tmrs %0, cntvct_el0" : "=r"(t) : : "memory");
	return t;
#else
#error "no clock for this architecture"
#endif
}

/**
 * bench_hist_add() - count one latency
 * @h: the thread's histogram, or NULL
 * @ticks: the latency
 *
 * Buckets 0 to 15 are exact; above, a bucket is a sixteenth of a power of two
 * wide, so that a percentile read from it is at most 6.25 % off.
 */
static inline void bench_hist_add(struct bench_hist *h, unsigned long ticks)
{
	unsigned int log;

	if (!h)
		return;
	if (ticks < BENCH_HIST_SUB) {
		h->count[ticks]++;
		return;
	}
	log = 63 - __builtin_clzl(ticks);
	h->count[(log - 3) * BENCH_HIST_SUB +
		 ((ticks >> (log - 4)) & (BENCH_HIST_SUB - 1))]++;
}

#ifdef __cplusplus
}
#endif

#endif /* _BENCH_H */
