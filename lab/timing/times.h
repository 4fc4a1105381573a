/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What each process of a row says of one arm. */
#ifndef _LAB_TIMES_H
#define _LAB_TIMES_H

#include "timing/row.h"

/**
 * lab_row_times() - an arm's time in each process
 * @row: with its rounds
 * @arm: which arm
 * @ns: gets the median of kept rounds of each, ns per operation as the clock had it
 * @max: room in @ns
 *
 * Return: how many; processes without kept rounds are left out.
 */
size_t lab_row_times(const struct lab_row *row, unsigned int arm, double *ns,
		     size_t max);

#endif /* _LAB_TIMES_H */
