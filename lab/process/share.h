/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A process's time, divided among rows. */
#ifndef _LAB_SHARE_H
#define _LAB_SHARE_H

#include <stddef.h>

/**
 * lab_share() - divide by weight what may not be less than a floor
 * @weight: of each
 * @floor: least of each
 * @nr: how many
 * @total: to be divided
 * @share: gets what each has
 *
 * Who would get less than the floor by weight gets the floor; the others have the
 * rest by weight.
 *
 * Return: the sum of @share: @total, or more where the floors are.
 */
double lab_share(const double *weight, const double *floor, size_t nr,
		 double total, double *share);

#endif /* _LAB_SHARE_H */
