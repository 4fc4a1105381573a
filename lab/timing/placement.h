/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Making the states of all arms anew, at other addresses. */
#ifndef _LAB_PLACEMENT_H
#define _LAB_PLACEMENT_H

#include "base/rng.h"
#include "timing/engine.h"
#include "timing/row.h"

#define LAB_SPACERS	64

/**
 * struct lab_assignment - which copies of the code an ask can be answered with
 * @nr_arms: 2, or 3 with an A/A arm
 * @base: the base's copies
 * @new_: the new one's copies; none when it is the base's other copy
 * @nr_base: how many of @base
 * @nr_new: how many of @new_
 * @queue: combinations of copies still to be assigned
 * @left: how many of @queue
 */
struct lab_assignment {
	unsigned int nr_arms;
	struct lab_case base[2], new_[2];
	unsigned int nr_base, nr_new;
	unsigned char queue[4];
	unsigned int left;
};

/**
 * struct lab_placement - one set of states
 * @slot: the arms in the order in which they were set up
 * @arm: them by role: base, new, the base's other copy. A role has no slot of
 *	its own, so that the harness's memory favours none.
 * @nr: arms that are open
 * @spacer: allocations that stand between the states
 * @nr_spacers: how many of @spacer
 */
struct lab_placement {
	struct lab_arm slot[LAB_MAX_ARMS];
	struct lab_arm *arm[LAB_MAX_ARMS];
	unsigned int nr;
	void *spacer[LAB_MAX_ARMS * LAB_SPACERS];
	unsigned int nr_spacers;
};

/**
 * lab_assignment_init() - find the copies
 * @d: the assignment
 * @ask: what is asked
 *
 * Return: 0; -ENOENT when base and new are the same and there is one copy.
 */
int lab_assignment_init(struct lab_assignment *d, const struct lab_ask *ask);

/**
 * lab_placement_open() - set all arms up
 * @p: the placement
 * @d: decides which copy of the code plays which arm
 * @rng: decides the order of setting up, and what lies between
 * @row: its note gets what failed
 *
 * Every combination of copies is assigned equally often, in shuffled order, so
 * that what one copy owes to its address is spread over both signs of a
 * difference; with identical code the sign of a placement's difference is a
 * fair coin, whatever the machine does. Each arm is set up behind a random
 * number of allocations of random size, in random order.
 *
 * Return: 0 or -errno with nothing open.
 */
int lab_placement_open(struct lab_placement *p, struct lab_assignment *d,
		       struct lab_rng *rng, struct lab_row *row);

/**
 * lab_placement_close() - level, compare digests and tear down
 * @p: the placement
 * @row: gets digest_ok, leaks and a note
 */
void lab_placement_close(struct lab_placement *p, struct lab_row *row);

#endif /* _LAB_PLACEMENT_H */
