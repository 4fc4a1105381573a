/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* In which order the arms of a round run. */
#ifndef _LAB_ROUNDS_H
#define _LAB_ROUNDS_H

#include <stdbool.h>

#include "rng.h"

#define LAB_MAX_ORDERS	6

/**
 * struct lab_rounds - orders, block by block
 * @rng: where the shuffles come from
 * @nr_arms: 2 or 3
 * @pos: next in the block; @queue: the block
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

void lab_rounds_init(struct lab_rounds *r, unsigned int nr_arms,
		     unsigned long seed);

/* Start a new block whatever is left of the old one. */
void lab_rounds_restart(struct lab_rounds *r);

/**
 * lab_rounds_next() - the order of the next round
 *
 * Return: an index for lab_order().
 */
unsigned int lab_rounds_next(struct lab_rounds *r);

/* Rounds in a block: 2 with two arms, 6 with three. */
unsigned int lab_rounds_block(unsigned int nr_arms);

/**
 * lab_order() - the arms in the order of an index
 *
 * Return: @nr_arms numbers of arms.
 */
const unsigned char *lab_order(unsigned int nr_arms, unsigned int index);

/* Whether arm @a runs before arm @b in that order. */
bool lab_order_before(unsigned int nr_arms, unsigned int index,
		      unsigned int a, unsigned int b);

#endif /* _LAB_ROUNDS_H */
