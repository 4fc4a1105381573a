/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * How long epochs turn out to be. What an operation takes depends on how many are done
 * in a row, for the other arms' work leaves caches and predictors to them: so the
 * number has to be the same in the next run, to what a length can be measured to.
 */
#ifndef _LAB_LENGTH_H
#define _LAB_LENGTH_H

#include "timing/row.h"

/**
 * lab_row_length() - the fastest arm's epoch
 * @row: with rounds, and what a probe takes alone
 *
 * Return: ns, the median of good placements' rounds, see lab_gate_good(), that were kept,
 * on a core of their own; NAN where there are too few.
 */
double lab_row_length(const struct lab_row *row);

#endif /* _LAB_LENGTH_H */
