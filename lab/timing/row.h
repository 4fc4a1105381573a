/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* One comparison: what was asked and what was found. */
#ifndef _LAB_ROW_H
#define _LAB_ROW_H

#include "cases/case.h"
#include "timing/counted.h"
#include "timing/drop.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LAB_MAX_ARMS	3	/* base, new, the base's second copy */
#define LAB_COMMAND	1024
#define LAB_NOTE	160

/**
 * struct lab_ask - a comparison to be made
 * @base: the base's case; its set is copy 1
 * @new_: the new one's case; the same path and parameters. When it names the
 *	same variant and host its set is copy 2 and there are two arms only.
 * @budget: seconds of measuring for all arms together
 * @margin: percent of the base's time
 * @seed: order of the rounds, placements, and the scenario's own randomness
 * @family: how many comparisons stand in the same table (1 alone); the
 *	intervals of verdicts are corrected for it
 * @looks: how many times the row may be looked at: 1 (or 0), or 2 when
 *	lab_compare_more() may follow, for which the first look pays
 * @events: probed events to be counted, too; or NULL
 */
struct lab_ask {
	struct lab_case base;
	struct lab_case new_;
	double budget;
	double margin;
	unsigned long seed;
	unsigned int family;
	unsigned int looks;
	const struct lab_events *events;
};

/* One thread's part of an arm; ns. */
struct lab_thread_row {
	double ops;		/* operations, of threads that are alike in the */
	double seconds;		/* time in which all were at work */
	double p50, p99, p999, max;	/* latency; NAN without BENCH_LATENCY */
};

/**
 * struct lab_row - a comparison that was made
 * @ask: what was asked
 * @command: the command line that makes it again
 * @note: why there is no result, one line; or ""
 * @nr_arms: 2, or 3 with an A/A arm
 * @ops_per_epoch: operations of one epoch and thread, the same for all arms
 * @epoch_ns: median length of the base's epoch
 * @rounds: rounds that were kept
 * @dropped: the others, by cause
 * @ties: kept rounds in which base and new took the same time
 * @ns: median ns per operation of each arm
 * @delta: new minus base, ns per operation
 * @ratio: new over base
 * @verdict: on @ratio
 * @aa: second copy over base, as a ratio; @ratio itself when base and new are
 *	copies of one variant; NAN when the build has no second copy
 * @aa_verdict: on @aa; LAB_NO_RESULT without one
 * @detects: smallest relative effect (percent) that could have been told
 *	from none: the half-width of the ratio's interval
 * @level: of all intervals, after correction for looks and family
 * @look: looks taken
 * @placements: how many times the states were made anew
 * @units: how many independent values the intervals stand on
 * @by_placement: a unit is a placement; else, where setting up is too dear, a
 *	run of consecutive rounds
 * @digest_ok: all arms agreed in every placement
 * @warnings: of the core, meanwhile
 * @leaks: what teardown() said was left, over all arms
 * @harness: the harness's own share of an epoch (0..1)
 * @skew: median start skew between threads, ns; NAN with one thread
 * @overlap: median overlap fraction; NAN with one thread
 * @seconds: of measuring
 * @wall: seconds of all
 * @threads: each thread's part of each arm, over rounds that were kept when they
 *	ran
 * @bytes: working set of one arm
 * @partial: interrupted before its budget
 * @nr_raw: rounds, kept and dropped
 * @raw: kept and dropped rounds in order: nr_raw * nr_arms values, ns/op
 * @order: the arms' order of each round, as index for lab_order()
 * @drop: enum lab_drop of each round
 * @first: first round of each placement
 * @max_raw: room for rounds; this and what follows is for a second look
 * @max_first: room for placements
 * @fair: rate of a round's slowest thread over that of its fastest, for each
 *	arm: the median over rounds; NAN with one thread or with BENCH_ROLES
 * @unfair: the same, in the worst of a hundred rounds
 * @fairs: of each round and arm; NULL with one thread
 * @skews: start skew of each round, ns; NULL with one thread
 * @overlaps: overlap of each round; NULL with one thread
 * @tallied: the path's tally of each arm, over all placements
 * @tally_ops: operations of the last thread, counted or not, to go with it
 * @hist: latencies of each arm and thread, nr_arms * threads; or NULL
 * @counted: rounds under counters, which are none of the others
 * @delay: seconds that threads waited for a CPU, in rounds that were kept
 * @slept: epochs in which a thread gave its CPU away, in rounds that were kept
 * @stolen: percent of the row's CPU time that the hypervisor took, while rounds
 *	were timed; NAN when it cannot be told
 * @steals: of each placement, ticks; NULL where nobody looked
 */
struct lab_row {
	struct lab_ask ask;
	char command[LAB_COMMAND];
	char note[LAB_NOTE];

	unsigned int nr_arms;
	unsigned long ops_per_epoch;
	double epoch_ns;
	unsigned long rounds;
	unsigned long dropped[LAB_NR_DROPS];
	unsigned long ties;

	double ns[LAB_MAX_ARMS];
	struct lab_interval delta, ratio;
	enum lab_verdict verdict;
	double detects;
	struct lab_interval aa;
	enum lab_verdict aa_verdict;
	double level;
	unsigned int look;
	unsigned long placements;
	unsigned long units;
	bool by_placement;

	bool digest_ok;
	unsigned long warnings;
	unsigned long leaks;
	double harness;
	double skew, overlap;
	double seconds, wall;
	struct lab_thread_row threads[LAB_MAX_ARMS][BENCH_MAX_THREADS];
	unsigned long bytes;

	bool partial;
	unsigned long nr_raw;
	float *raw;
	unsigned char *order;
	unsigned char *drop;
	unsigned int *first;

	unsigned long max_raw, max_first;
	double fair[LAB_MAX_ARMS], unfair[LAB_MAX_ARMS];
	float *skews, *overlaps, *fairs;
	unsigned long tallied[LAB_MAX_ARMS], tally_ops[LAB_MAX_ARMS];
	struct bench_hist *hist;
	struct lab_counted counted;
	double delay;
	unsigned long slept;
	double stolen;
	unsigned short *steals;
};

/**
 * lab_row_free() - free what a row points to
 * @row: filled by lab_compare(), whatever that returned
 */
void lab_row_free(struct lab_row *row);

/**
 * lab_row_tally() - how often the path's tally went on in an operation
 * @row: the row
 * @arm: 0 for the base, 1 for the new one
 *
 * Return: for each operation of the last thread; NAN without a tally.
 */
double lab_row_tally(const struct lab_row *row, unsigned int arm);

/**
 * lab_row_dropped() - rounds that were not kept, whatever the cause
 * @row: the row
 */
unsigned long lab_row_dropped(const struct lab_row *row);

/* "SAME", "SLOWER", "FASTER", "INCONCLUSIVE", "NO RESULT" */
const char *lab_verdict_name(enum lab_verdict verdict);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_ROW_H */
