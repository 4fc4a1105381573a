/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The raw rounds of a row, as they come. */
#ifndef _LAB_SAMPLES_H
#define _LAB_SAMPLES_H

#include "timing/placement.h"
#include "timing/row.h"

/**
 * lab_samples_room() - have room for one more round
 * @row: the row
 *
 * Return: 0 or -ENOMEM.
 */
int lab_samples_room(struct lab_row *row);

/**
 * lab_samples_placement() - the next rounds are of another placement
 * @row: the row
 * @process: the number of this process
 *
 * Return: 0 or -ENOMEM.
 */
int lab_samples_placement(struct lab_row *row, unsigned int process);

/**
 * lab_samples_process() - what the threads of this process did, for itself
 * @row: with all rounds of the process
 *
 * Return: 0 or -ENOMEM.
 */
int lab_samples_process(struct lab_row *row);

/**
 * lab_samples_round() - keep a round, with the reason where it does not count
 * @row: the row, with room for it
 * @order: of its arms
 * @p: the placement that it ran in
 * @e: each arm's epoch, by role
 */
void lab_samples_round(struct lab_row *row, unsigned int order,
		       const struct lab_placement *p,
		       const struct lab_epoch *const *e);

#endif /* _LAB_SAMPLES_H */
