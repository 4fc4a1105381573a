/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Arms and epochs: one case set up, and one timed call of its loop. */
#ifndef _LAB_ENGINE_H
#define _LAB_ENGINE_H

#include <stdint.h>

#include "cases/case.h"
#include "pace/pace.h"
#include "timing/counting.h"
#include "timing/drop.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Length of an epoch, where the clock is not slow. Who shares the core comes and goes
 * within a millisecond, and often within a tenth of it: short epochs find room. Threads
 * have to be started together, and are counted by parts of an epoch.
 */
#define LAB_EPOCH_NS	48e3
#define LAB_THREADS_NS	100e3
#define LAB_HARNESS_MAX	1e-3	/* most that the harness may be of an epoch */
#define LAB_OVERLAP_MIN	0.98
#define LAB_DELAY_MAX	0.01	/* of an epoch, waited for a CPU */

/* An epoch of threads that share CPUs has to last many time slices. */
#define LAB_OVERSUBSCRIBED_NS	10e6

/* Written by one thread while others read their own: a line each. */
#define LAB_OWN_LINE	__attribute__((aligned(64)))

struct lab_done {
	unsigned long ops;
} LAB_OWN_LINE;

/**
 * struct lab_arm - a case that is set up
 * @c: the case
 * @state: of its path
 * @info: what setup() said; granule is at least 1
 * @hist: one histogram for each thread, of the last epoch; NULL without
 *	BENCH_LATENCY
 * @done: operations that each thread has ever done, counted or not
 */
struct lab_arm {
	struct lab_case c;
	void *state;
	struct bench_info info;
	struct bench_hist *hist;
	struct lab_done done[BENCH_MAX_THREADS];
};

/**
 * struct lab_thread_epoch - what one thread did in an epoch
 * @start: of its counted operations, ns
 * @end: of them, ns
 * @mark: when it last went on to keep the load up, ns
 * @load_end: when it stopped running, ns
 * @ops: counted operations
 * @mark_ops: operations from @start to @mark, counted or not
 * @load_ops: operations from @start to @load_end, counted or not
 * @gap: ns from @end on in which its counters were read
 * @rate_ops: operations that its throughput is told from
 * @rate_ns: the time that they took
 * @count: what its counters counted meanwhile, by slot of the group
 * @status: LAB_COUNTED, or why @count means nothing
 * @direct: its counters were read without a system call
 * @probe: ns of the longer of two probes of its core, before and after
 * @waited: ns that it waited until its core was not shared
 * @delay: ns that it waited for its CPU
 * @slept: it gave its CPU away, as a lock's sleeper does
 * @preempted: it lost its CPU without asking
 * @migrated: it ended on another CPU than its own
 * @faulted: it had page faults
 */
struct lab_thread_epoch {
	uint64_t start, end, mark, load_end;
	unsigned long ops, mark_ops, load_ops;
	uint64_t gap;
	double rate_ops, rate_ns;
	uint64_t count[LAB_GROUP_MAX];
	enum lab_status status;
	double probe;
	uint64_t waited, delay;
	bool direct, slept, preempted, migrated, faulted;
} LAB_OWN_LINE;

/**
 * struct lab_epoch - one timed call of run() on every thread
 * @ns: per operation of a thread. Of threads that are alike it is their number
 *	over their common rate: all operations, counted or not, of the window in
 *	which all were at work (timing/window.h); with BENCH_ROLES it is thread
 *	0's
 * @span: from the first start to the last counted end, ns
 * @skew: between the first and the last start, ns; NAN with one thread
 * @overlap: of @span, the part in which all threads ran; NAN with one thread
 * @probe: the longest of its threads' probes, ns: see lab_pace_probe_ns()
 * @drop: LAB_KEPT, or why the epoch does not count
 * @thread: each thread's
 */
struct lab_epoch {
	double ns, span, skew, overlap, probe;
	enum lab_drop drop;
	struct lab_thread_epoch thread[BENCH_MAX_THREADS];
};

/**
 * lab_arm_open() - set a case up
 * @arm: the arm
 * @c: the case; copied
 *
 * The calling thread becomes thread 0 and is pinned to the first CPU that the
 * process may use; threads 1 and up are workers on the CPUs that follow, and
 * where these are too few, on the first again. They stay for later arms, until
 * lab_engine_end().
 *
 * Return: 0; -ENOMEM when setup() failed; another -errno when a worker could
 * not be made.
 */
int lab_arm_open(struct lab_arm *arm, const struct lab_case *c);

/**
 * lab_arm_setup() - lab_arm_open() without threads to run it
 * @arm: the arm
 * @c: the case; copied
 *
 * Return: 0, or -ENOMEM when setup() failed.
 */
int lab_arm_setup(struct lab_arm *arm, const struct lab_case *c);

/**
 * lab_arm_close() - tear a case down
 * @arm: the arm
 *
 * Return: what teardown() returned: leaked objects.
 */
int lab_arm_close(struct lab_arm *arm);

/**
 * lab_arms_warm() - do what the arms' states want before they are timed
 * @arm: set up, of one path
 * @nr: how many
 *
 * In turn and in small parts, as they are timed: predictors that learn one arm first
 * keep to it for longer than a placement, and hold it faster than the others.
 *
 * Return: 0, or what lab_arm_epoch() returned.
 */
int lab_arms_warm(struct lab_arm *arm, unsigned int nr);

/**
 * lab_arm_round_ops() - what a path takes in one call
 * @arm: the arm
 * @n: wanted number of operations
 *
 * Return: the number nearest to @n that the path takes, at least its granule.
 */
unsigned long lab_arm_round_ops(const struct lab_arm *arm, double n);

/**
 * lab_arm_epoch() - time one call of run() on every thread
 * @arm: the arm
 * @n: counted operations per thread, from lab_arm_round_ops()
 * @out: what came of it
 *
 * Before the clock starts, and before prepare(), a path without a limit on
 * its calls runs a quarter of @n uncounted, a sixteenth with several threads, so that
 * the caches and predictors are its own again after the other arm. A thread that has
 * done its @n goes on, uncounted, until all have and know it. With BENCH_ROLES only
 * thread 0 has @n to do, and what the others do meanwhile is counted for them. Where threads share CPUs,
 * who only keeps the load up lets the others in after each of its calls, and
 * neither preemption nor a small overlap is a cause to drop the epoch.
 *
 * Return: 0, or -errno when workers could not be made.
 */
int lab_arm_epoch(struct lab_arm *arm, unsigned long n, struct lab_epoch *out);

/**
 * lab_arm_epoch_counted() - lab_arm_epoch() under counters
 * @arm: the arm
 * @n: as there
 * @counting: opened for as many threads as the case has; NULL: no counters
 * @quiet: have the threads wait for their cores first, together but where they share
 *	CPUs; gets the longest of their waits. NULL: do not wait
 * @out: as there
 *
 * The counters are read outside the clock pair, around the operations that are
 * timed. With BENCH_ROLES thread 0's alone count.
 *
 * Return: as lab_arm_epoch().
 */
int lab_arm_epoch_counted(struct lab_arm *arm, unsigned long n,
			  struct lab_counting *counting, struct lab_quiet *quiet,
			  struct lab_epoch *out);

/**
 * lab_arms_calibrate() - one number of operations for all arms
 * @arm: the arms
 * @nr: how many
 * @target: ns that an epoch of the fastest arm shall last
 * @quiet: how to wait for a core, and until when epochs on a shared one are done
 *	again; or NULL
 *
 * Doubles the number until epochs are about as long, looks again, and brings it to the
 * target: doubled ones would be twice as many or as few in the next run, where a row is
 * at the border. All arms do the same calls. A path whose smallest call takes longer has
 * its way.
 *
 * Return: operations per epoch and thread; 0 when epochs cannot run, or when it is
 * asked to stop.
 */
unsigned long lab_arms_calibrate(struct lab_arm *arm, unsigned int nr,
				 double target, struct lab_quiet *quiet);

/**
 * lab_arm_calibrate() - lab_arms_calibrate() for one arm, without waiting
 * @arm: the arm
 * @target: as there
 *
 * Return: as there.
 */
unsigned long lab_arm_calibrate(struct lab_arm *arm, double target);

/**
 * lab_arms_level() - let all arms have done the same operations
 * @arm: the arms
 * @nr: how many
 * @step: most operations of a call; those of an epoch, as a digest may depend on the
 *	last call
 *
 * What a thread does uncounted differs from arm to arm, and so does how many epochs
 * were done again. This makes up for it, untimed, so that digests can be compared.
 */
void lab_arms_level(struct lab_arm *arm, unsigned int nr, unsigned long step);

/**
 * lab_harness_ns() - what an epoch costs that has nothing to do
 *
 * Return: ns from clock read to clock read around an empty run(); measured
 * once.
 */
double lab_harness_ns(void);

/**
 * lab_epoch_target() - how long an epoch has to be
 * @budget: seconds of measuring
 * @nr_arms: arms of a round
 * @threads: of the case
 *
 * Return: LAB_EPOCH_NS, LAB_THREADS_NS or LAB_OVERSUBSCRIBED_NS, or longer where the
 * clock is slow or where the budget would need more than LAB_MAX_ROUNDS rounds; ns.
 */
double lab_epoch_target(double budget, unsigned int nr_arms, unsigned int threads);

/**
 * lab_tick_ns() - length of a tick of bench_ticks()
 *
 * Waits until 20 ms have passed since the first call or the first arm.
 *
 * Return: ns.
 */
double lab_tick_ns(void);

/**
 * lab_engine_end() - end the workers and unpin the calling thread
 */
void lab_engine_end(void);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_ENGINE_H */
