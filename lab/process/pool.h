/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Rows of several processes made into one. */
#ifndef _LAB_POOL_H
#define _LAB_POOL_H

#include "timing/row.h"

/**
 * lab_pool_add() - add what one process measured
 * @row: of the processes before
 * @part: of one more; the same ask, and the same operations in an epoch
 *
 * Rounds and placements are put behind those that are there, all else is
 * added up. What makes a row void in one process makes the whole row void.
 *
 * Return: 0; -ENOMEM with @row as it was.
 */
int lab_pool_add(struct lab_row *row, struct lab_row *part);

#endif /* _LAB_POOL_H */
