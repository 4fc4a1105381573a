/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Rounds of a row that ran under counters, and what they come to. */
#ifndef _LAB_COUNTED_H
#define _LAB_COUNTED_H

#include "bench.h"
#include "pmu/events.h"
#include "stats/interval.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LAB_COUNT_ARMS	3

/**
 * struct lab_count - one event of a row
 * @status: LAB_COUNTED, or why there are no numbers
 * @why: more of that, one line
 * @rounds: kept ones that it stands on
 * @arm: median count per operation of each arm
 * @delta: new minus base, per operation, with its interval over blocks; no
 *	interval (NAN) with too few of them
 */
struct lab_count {
	enum lab_status status;
	char why[LAB_EVENT_NAME];
	unsigned long rounds;
	double arm[LAB_COUNT_ARMS];
	struct lab_interval delta;
};

/**
 * struct lab_counted - rounds under counters
 * @set: the events, or NULL
 * @arms: of a round
 * @judged: threads whose operations are judged
 * @nr: how many, kept or not
 * @blocks: stretches of rounds of one pass, one in a placement
 * @pass: of each round
 * @order: the arms' order of each round, as index for lab_order()
 * @drop: enum lab_drop of each round
 * @ns: of each round and arm, per operation
 * @value: of each round, arm and slot of its group, per operation of all
 *	threads that are judged
 * @first: first round of each block
 * @disturb: of each block, the logarithm of the base's time under counters over
 *	its time without, in the same placement
 * @max: room for rounds
 * @max_blocks: room for blocks
 * @direct: every counter was read without a system call
 * @count: of each event
 * @disturbed: base's time under counters over that without
 * @verdict: on @disturbed, at the row's margin; LAB_NO_RESULT without rounds
 * @ops: operations of each arm and thread, by pass
 * @total: events of each arm and thread
 */
struct lab_counted {
	const struct lab_events *set;
	unsigned int arms, judged;
	unsigned long nr, blocks;
	unsigned char *pass, *order, *drop;
	float *ns;
	double *value;
	unsigned int *first;
	float *disturb;
	unsigned long max, max_blocks;
	bool direct;
	struct lab_count count[LAB_MAX_EVENTS];
	struct lab_interval disturbed;
	enum lab_verdict verdict;
	double ops[LAB_COUNT_ARMS][BENCH_MAX_THREADS][LAB_MAX_EVENTS];
	double total[LAB_COUNT_ARMS][BENCH_MAX_THREADS][LAB_MAX_EVENTS];
};

struct lab_epoch;

/**
 * lab_counted_begin() - take over what is known of the events
 * @c: zeroed
 * @set: probed events, or NULL
 * @arms: of a round
 * @judged: threads whose operations are judged
 */
void lab_counted_begin(struct lab_counted *c, const struct lab_events *set,
		       unsigned int arms, unsigned int judged);

/**
 * lab_counted_block() - the next rounds are a block
 * @c: the rounds
 *
 * Return: 0 or -ENOMEM.
 */
int lab_counted_block(struct lab_counted *c);

/**
 * lab_counted_round() - keep a round
 * @c: the rounds
 * @pass: which events were counted
 * @order: of its arms
 * @e: each arm's epoch
 *
 * Return: 0 or -ENOMEM.
 */
int lab_counted_round(struct lab_counted *c, unsigned int pass,
		      unsigned int order, const struct lab_epoch *const *e);

/**
 * lab_counted_fail() - the events of a pass are not to be believed in this row
 * @c: the rounds
 * @pass: which
 * @status: why
 * @why: more of that
 */
void lab_counted_fail(struct lab_counted *c, unsigned int pass,
		      enum lab_status status, const char *why);

/**
 * lab_counted_disturb() - compare the last block with rounds of its placement
 * @c: the rounds
 * @ns: of the rounds without counters, by round and arm
 * @drop: enum lab_drop of each of these
 * @from: first of them
 * @to: behind the last
 *
 * Return: 0 or -ENOMEM.
 */
int lab_counted_disturb(struct lab_counted *c, const float *ns,
			const unsigned char *drop, unsigned long from,
			unsigned long to);

/**
 * lab_counted_analyse() - fill the results from the rounds
 * @c: the rounds
 * @margin: percent, for the verdict on what counting does to the time
 *
 * Return: 0 or -ENOMEM.
 */
int lab_counted_analyse(struct lab_counted *c, double margin);

/**
 * lab_counted_free() - free what it points to
 * @c: the rounds
 */
void lab_counted_free(struct lab_counted *c);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_COUNTED_H */
