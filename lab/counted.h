/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Rounds of a row that ran under counters, and what they come to. */
#ifndef _LAB_COUNTED_H
#define _LAB_COUNTED_H

#include "bench.h"
#include "events.h"
#include "interval.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LAB_COUNT_ARMS	3

/**
 * struct lab_count - one event of a row
 * @word: LAB_COUNTED, or why there are no numbers
 * @why: more of that, one line
 * @rounds: kept ones that it stands on
 * @arm: median count per operation of each arm
 * @delta: new minus base, per operation, with its interval over blocks; no
 *	interval (NAN) with too few of them
 */
struct lab_count {
	enum lab_word word;
	char why[LAB_EVENT_NAME];
	unsigned long rounds;
	double arm[LAB_COUNT_ARMS];
	struct lab_interval delta;
};

/**
 * struct lab_counted - rounds under counters
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

struct lab_row;
struct lab_epoch;

/**
 * lab_counted_begin() - take over what is known of the events
 * @row: without counted rounds
 */
void lab_counted_begin(struct lab_row *row);

/**
 * lab_counted_block() - the next rounds are a block
 * @row: the row
 *
 * Return: 0 or -ENOMEM.
 */
int lab_counted_block(struct lab_row *row);

/**
 * lab_counted_round() - keep a round
 * @row: the row
 * @pass: which events were counted
 * @order: of its arms
 * @e: each arm's epoch
 *
 * Return: 0 or -ENOMEM.
 */
int lab_counted_round(struct lab_row *row, unsigned int pass,
		      unsigned int order, const struct lab_epoch *const *e);

/**
 * lab_counted_fail() - the events of a pass are not to be believed in this row
 * @row: the row
 * @pass: which
 * @word: why
 * @why: more of that
 */
void lab_counted_fail(struct lab_row *row, unsigned int pass,
		      enum lab_word word, const char *why);

/**
 * lab_counted_disturb() - compare the last block with rounds of its placement
 * @row: the row
 * @from: first of the rounds without counters; they go on to the row's last
 *
 * Return: 0 or -ENOMEM.
 */
int lab_counted_disturb(struct lab_row *row, unsigned long from);

/**
 * lab_counted_analyse() - fill the results from the rounds
 * @row: the row
 *
 * Return: 0 or -ENOMEM.
 */
int lab_counted_analyse(struct lab_row *row);

/**
 * lab_counted_free() - free what it points to
 * @c: the rounds
 */
void lab_counted_free(struct lab_counted *c);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_COUNTED_H */
