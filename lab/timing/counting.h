/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The counters of every thread of an epoch, for one pass of events. */
#ifndef _LAB_COUNTING_H
#define _LAB_COUNTING_H

#include "bench.h"
#include "pmu/group.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct lab_counting - a group of each thread, opened by that thread
 * @set: probed events
 * @pass: which of its passes
 * @threads: how many
 * @status: LAB_COUNTED while nothing has gone wrong on any thread
 * @why: more of that, one line
 * @err: what opening failed with, by thread
 * @group: of each thread
 */
struct lab_counting {
	const struct lab_events *set;
	unsigned int pass, threads;
	enum lab_status status;
	char why[LAB_EVENT_NAME];
	int err[BENCH_MAX_THREADS];
	struct lab_group group[BENCH_MAX_THREADS];
};

/**
 * lab_counting_open() - open the groups and hold them against the truth
 * @c: gets them
 * @set: probed events
 * @pass: which pass
 * @threads: that run the epochs; they must be there already
 *
 * The truth loop runs under the main thread's group each time, so that a long
 * run is checked again and again. On return @c->status says whether what is
 * counted will count; it has to be closed in any case.
 */
void lab_counting_open(struct lab_counting *c, const struct lab_events *set,
		       unsigned int pass, unsigned int threads);

/**
 * lab_counting_close() - see that all groups ran all the time, and close them
 * @c: from lab_counting_open(), with the threads as they were
 */
void lab_counting_close(struct lab_counting *c);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_COUNTING_H */
