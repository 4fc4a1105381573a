/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * How long epochs turn out to be. What an operation takes depends on how many are done
 * in a row, for the other arms' work leaves caches and predictors to them: so the
 * number has to be the same in the next run, to what a length can be measured to.
 */
#ifndef _LAB_LENGTH_H
#define _LAB_LENGTH_H

#include "timing/engine.h"
#include "timing/row.h"

/**
 * lab_row_fit() - how many operations an epoch should have had
 * @row: with rounds of @row->ops_per_epoch, and what a probe takes alone
 * @arm: one of its arms, which knows what a call takes
 *
 * Calibration sees few epochs, maybe on a shared core, or at a frequency that was not yet
 * what it becomes. By the rounds of good placements, see lab_gate_good(), that were kept,
 * on a core of their own; whether a core is shared has to be known for that.
 *
 * Return: operations for @row->cost.epoch; 0 where the fastest arm's epochs are within a
 * tenth of that, or too few rounds tell, or threads share CPUs.
 */
unsigned long lab_row_fit(const struct lab_row *row, const struct lab_arm *arm);

/**
 * lab_row_misfit() - how much longer epochs are than they shall be
 * @row: as there, pooled of several visits, maybe
 *
 * Return: a factor; 1 where lab_row_fit() has no other number. Where few operations are an
 * epoch, there may be none that fits.
 */
double lab_row_misfit(const struct lab_row *row);

#endif /* _LAB_LENGTH_H */
