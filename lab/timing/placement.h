/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Making the states of all arms anew, at other addresses. */
#ifndef _LAB_PLACEMENT_H
#define _LAB_PLACEMENT_H

#include "base/rng.h"
#include "image/image.h"
#include "timing/engine.h"
#include "timing/row.h"

/**
 * struct lab_placement - one set of states
 * @slot: the arms in the order in which they were set up
 * @arm: them by role: base, new, the base once more. A role has no slot of
 *	its own, so that the harness's memory favours none.
 * @image: each slot's code
 * @layout: of base and new together; of the base once more by itself
 * @nr: arms that are open
 */
struct lab_placement {
	struct lab_arm slot[LAB_MAX_ARMS];
	struct lab_arm *arm[LAB_MAX_ARMS];
	struct lab_image image[LAB_MAX_ARMS];
	struct lab_layout layout[2];
	unsigned int nr;
};

/**
 * lab_placement_open() - set all arms up
 * @p: the placement
 * @rng: decides the order of setting up, and what lies where
 * @row: says which; its fault gets what failed
 *
 * Each arm's code is loaded at a place of its own, and its state set up in memory that
 * is dealt anew, in random order. Two designs are laid out alike, code and memory, so
 * that their ratio is free of what the layout does to both; equal code is not: the A/A
 * arm shows what another layout does.
 *
 * Return: 0 or -errno with nothing open.
 */
int lab_placement_open(struct lab_placement *p, struct lab_rng *rng,
		       struct lab_row *row);

/**
 * lab_placement_close() - level, compare digests and tear down
 * @p: the placement
 * @row: gets digest_ok, leaks and a fault
 * @check: without it nothing is levelled and compared
 */
void lab_placement_close(struct lab_placement *p, struct lab_row *row,
			 bool check);

/**
 * lab_placement_free() - free what is kept from one placement to the next
 * @p: closed
 */
void lab_placement_free(struct lab_placement *p);

#endif /* _LAB_PLACEMENT_H */
