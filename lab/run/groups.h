/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Equal stretches of a row's rounds. */
#ifndef _LAB_GROUPS_H
#define _LAB_GROUPS_H

#include "run/run.h"

/**
 * lab_make_groups() - medians of equal stretches of a row's kept rounds
 * @r: the row, its samples still there; gets the groups
 *
 * A row of fewer rounds than LAB_GROUPS gets none.
 */
void lab_make_groups(struct lab_record *r);

/**
 * lab_group_interval() - an interval of one arm's time
 * @r: with its groups
 * @arm: the arm
 * @span: gets it, ns per operation
 *
 * Stretches of rounds are nearly independent where rounds are not.
 *
 * Return: whether there are enough of them.
 */
bool lab_group_interval(const struct lab_record *r, unsigned int arm,
			struct lab_interval *span);

#endif /* _LAB_GROUPS_H */
