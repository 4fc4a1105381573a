/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* One comparison: what was asked and what was found. */
#ifndef _LAB_ROW_H
#define _LAB_ROW_H

#include "base/delay.h"
#include "cases/case.h"
#include "stats/rounds.h"
#include "timing/counted.h"
#include "timing/drop.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LAB_COMMAND	1024
#define LAB_NOTE	160

/**
 * struct lab_ask - a comparison to be made
 * @base: the base's case
 * @new_: the new one's case; the same path and parameters. Where it names the
 *	same variant and host there are two arms only, and the row is its own A/A.
 * @budget: seconds for all arms and processes together
 * @margin: percent of the base's time
 * @seed: order of the rounds, placements, and the scenario's own randomness
 * @events: probed events to be counted, too; or NULL
 */
struct lab_ask {
	struct lab_case base;
	struct lab_case new_;
	double budget;
	double margin;
	unsigned long seed;
	const struct lab_events *events;
};

/* One thread's part of an arm; ns. */
struct lab_thread_row {
	double ops;		/* operations, of threads that are alike in the */
	double seconds;		/* time in which all were at work */
	double p50, p99, p999, max;	/* latency; NAN without BENCH_LATENCY */
};

/**
 * struct lab_place - a placement
 * @first: its first round
 * @process: that it was made in, from 0
 * @cpu: that thread 0 had
 * @stolen: ticks that the hypervisor took while its rounds were timed
 * @throttled: us for which the cgroup's quota kept it from its CPUs meanwhile
 * @cycle_ns: ns of a cycle before and after its rounds; NAN: not known
 * @handover_ns: lab_handover_ns() before its rounds
 */
struct lab_place {
	unsigned int first;
	unsigned short process, stolen;
	unsigned int throttled;
	int cpu;
	float cycle_ns[2], handover_ns;
};

/* What each thread of base and new did in one process. */
struct lab_process_row {
	double ops[2][BENCH_MAX_THREADS], seconds[2][BENCH_MAX_THREADS];
};

/* What an interval takes as independent. */
enum lab_unit {
	LAB_BY_PROCESS,
	LAB_BY_PLACEMENT,	/* of one process */
	LAB_BY_SPAN,		/* of rounds, of one process with few placements */
};

/**
 * struct lab_cost - what measuring takes, or is to take, ns
 * @make: of a placement, all but its rounds
 * @round: of a round
 * @epoch: the fastest arm's epoch, as it is to be
 */
struct lab_cost {
	double make, round, epoch;
};

/**
 * struct lab_row - a comparison that was made
 * @ask: what was asked
 * @command: the command line that makes it again
 * @fault: what went wrong in measuring, one line; or ""
 * @note: why there is no result, one line; or ""
 * @nr_arms: 2, or 3 with an A/A arm
 * @ops_per_epoch: operations of one epoch and thread, the same for all arms
 * @fits: where the good placements of one visit, see lab_gate_good(), had epochs that
 *	were off by a tenth: operations that are not; 0: they were not, or it is not known
 * @epoch_ns: median length of the base's epoch
 * @step_ns: of the clock; 0 of a fine one
 * @cost: as far as it is known
 * @rounds: rounds that were kept
 * @dropped: the others, by cause
 * @ties: kept rounds in which base and new took the same time
 * @cycle_ns: ns of a cycle, median over placements; NAN where cycles are not known
 * @handover_ns: ns of a line's way between its threads' CPUs, of the middle placement;
 *	NAN where it is not known
 * @ns: of each arm, ns per operation at @cycle_ns. The first is the median over
 *	processes, the others are it and their difference from it.
 * @time: of base and new, ns per operation at @cycle_ns, each for itself
 * @delta: new minus base, the same; its estimate is @ns[1] - @ns[0]
 * @ratio: new over base
 * @sure: the same, at the level that a word needs
 * @verdict: on @sure
 * @aa: the base's other arm over base, as a ratio; @ratio itself when base and new
 *	are one variant
 * @aa_verdict: on @aa
 * @detects: effect, percent, that this row would tell from none four times in five
 * @between: standard deviation of processes, of log-ratios
 * @within: of placements in their process, the same
 * @outliers: processes that are farther from @ratio than the margin and than
 *	LAB_OUTLIER times @between
 * @refits: times that it began anew with another number of operations
 * @level: of all intervals but @sure
 * @sure_level: of that one
 * @processes: in which rounds were timed
 * @placements: how many times the states were made anew
 * @units: how many independent values the intervals stand on
 * @unit: what these are
 * @digest_ok: all arms agreed in every placement; where threads have roles, in that
 *	in which the row was calibrated
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
 * @partial: interrupted before its end
 * @disturbed: something was wrong for most of the time, so that no round was
 *	dropped for that
 * @nr_raw: rounds, kept and dropped
 * @raw: kept and dropped rounds in order: nr_raw * nr_arms values, ns/op
 * @order: the arms' order of each round, as index for lab_order()
 * @drop: enum lab_drop of each round
 * @paced: most placements know how long a cycle was; those that do not are dropped or,
 *	where nothing is, have @cycle_ns
 * @probe: the longest probe of each round, ns
 * @alone: cycles of a probe of a core that is not shared; 0 or NAN: not known, or the row's
 *	own threads share a core, so that no round is dropped for that
 * @place: each placement
 * @each: of each process in which something was measured, in their order
 * @nr_each: how many
 * @max_raw: room for rounds
 * @max_places: room for placements
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
 * @ticks: of the row's CPUs while rounds were timed
 * @stolen: percent of them that the hypervisor took; NAN when it cannot be told
 */
struct lab_row {
	struct lab_ask ask;
	char command[LAB_COMMAND];
	char fault[LAB_NOTE], note[LAB_NOTE];

	unsigned int nr_arms;
	unsigned long ops_per_epoch, fits;
	double epoch_ns, step_ns;
	struct lab_cost cost;
	unsigned long rounds;
	unsigned long dropped[LAB_NR_DROPS];
	unsigned long ties;

	double cycle_ns, handover_ns;
	double ns[LAB_MAX_ARMS];
	struct lab_interval time[2], delta, ratio, sure;
	enum lab_verdict verdict;
	double detects, between, within;
	unsigned int outliers, refits;
	struct lab_interval aa;
	enum lab_verdict aa_verdict;
	double level, sure_level;
	unsigned int processes;
	unsigned long placements;
	unsigned long units;
	enum lab_unit unit;

	bool digest_ok;
	unsigned long warnings;
	unsigned long leaks;
	double harness;
	double skew, overlap;
	double seconds, wall;
	struct lab_thread_row threads[LAB_MAX_ARMS][BENCH_MAX_THREADS];
	unsigned long bytes;

	bool partial, disturbed, paced;
	unsigned long nr_raw;
	float *raw;
	unsigned char *order;
	unsigned char *drop;
	float *probe;
	double alone;
	struct lab_place *place;
	struct lab_process_row *each;
	unsigned long nr_each;

	unsigned long max_raw, max_places;
	double fair[LAB_MAX_ARMS], unfair[LAB_MAX_ARMS];
	float *skews, *overlaps, *fairs;
	unsigned long tallied[LAB_MAX_ARMS], tally_ops[LAB_MAX_ARMS];
	struct bench_hist *hist;
	struct lab_counted counted;
	double delay;
	unsigned long slept;
	struct lab_steal ticks;
	double stolen;
};

/**
 * lab_row_free() - free what a row points to
 * @row: filled by lab_row_begin(), whatever that returned
 */
void lab_row_free(struct lab_row *row);

/**
 * lab_row_place_end() - the first round behind a placement
 * @row: the row
 * @place: which placement
 */
unsigned long lab_row_place_end(const struct lab_row *row, unsigned long place);

/**
 * lab_row_process_end() - the first placement behind those of a process
 * @row: the row
 * @place: the first of the process's
 */
unsigned long lab_row_process_end(const struct lab_row *row, unsigned long place);

/**
 * lab_row_tally() - how often the path's tally went on in an operation
 * @row: the row
 * @arm: 0 for the base, 1 for the new one
 *
 * Return: for each operation of the last thread; NAN without a tally.
 */
double lab_row_tally(const struct lab_row *row, unsigned int arm);

/**
 * lab_row_throttled() - how long the cgroup was kept from its CPUs
 * @row: the row
 *
 * Return: seconds, over all placements.
 */
double lab_row_throttled(const struct lab_row *row);

/**
 * lab_row_dropped() - rounds that were not kept, whatever the cause
 * @row: the row
 */
unsigned long lab_row_dropped(const struct lab_row *row);

/* "SAME", "SLOWER", "FASTER", "INCONCLUSIVE", "NO RESULT" */
const char *lab_verdict_name(enum lab_verdict verdict);

/* "process", "placement", "span" */
const char *lab_unit_name(enum lab_unit unit);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_ROW_H */
