/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* In which order the arms of a round run. */
#ifndef _LAB_ROUNDS_H
#define _LAB_ROUNDS_H

#include <stdbool.h>

#include "base/rng.h"

#define LAB_MAX_ARMS	3	/* base, new, the base once more */
#define LAB_MAX_ORDERS	6
#define LAB_MAX_ROUNDS	(1UL << 19)	/* of a row */

/**
 * struct lab_rounds - orders, block by block
 * @rng: where the shuffles come from
 * @nr_arms: 2 or 3
 * @queue: the block
 * @pos: next in @queue
 *
 * A block holds every order of the arms once, shuffled: each arm runs
 * equally often in each place and after each other arm.
 */
struct lab_rounds {
	struct lab_rng rng;
	unsigned int nr_arms;
	unsigned int pos;
	unsigned char queue[LAB_MAX_ORDERS];
};

/**
 * lab_rounds_init() - begin with a block that @seed decides
 * @r: the orders
 * @nr_arms: 2 or 3
 * @seed: any
 */
void lab_rounds_init(struct lab_rounds *r, unsigned int nr_arms,
		     unsigned long seed);

/**
 * lab_rounds_restart() - start a new block, whatever is left of the old one
 * @r: the orders
 */
void lab_rounds_restart(struct lab_rounds *r);

/**
 * lab_rounds_next() - the order of the next round
 * @r: the orders
 *
 * Return: an index for lab_order().
 */
unsigned int lab_rounds_next(struct lab_rounds *r);

/**
 * lab_rounds_block() - rounds in a block
 * @nr_arms: 2 or 3
 *
 * Return: 2 with two arms, 6 with three.
 */
unsigned int lab_rounds_block(unsigned int nr_arms);

/**
 * lab_order() - the arms in the order of an index
 * @nr_arms: 2 or 3
 * @index: from lab_rounds_next()
 *
 * Return: @nr_arms numbers of arms.
 */
const unsigned char *lab_order(unsigned int nr_arms, unsigned int index);

/**
 * lab_order_before() - does an arm run before another?
 * @nr_arms: 2 or 3
 * @index: from lab_rounds_next()
 * @a: an arm
 * @b: another
 */
bool lab_order_before(unsigned int nr_arms, unsigned int index,
		      unsigned int a, unsigned int b);

#endif /* _LAB_ROUNDS_H */
