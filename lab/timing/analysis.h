/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* From the raw rounds of a row to its intervals and verdicts. */
#ifndef _LAB_ANALYSIS_H
#define _LAB_ANALYSIS_H

#include "timing/row.h"

#define LAB_SPAN	12	/* rounds of a unit that is not a placement */

/**
 * lab_analyse() - fill a row's results from its rounds
 * @row: with its rounds, placements, digests, warnings and leaks; rounds
 *	and dropped are counted, too
 *
 * The unit of the interval is the placement: a set of states made anew at
 * other addresses. Rounds within one placement share its luck with caches and
 * predictors, so that an interval over rounds would be too narrow however
 * many there are. A unit's value is the mean of two medians, over the rounds
 * in which the base ran before the other arm and over those in which it ran
 * after it: an effect of order cancels, an interrupted round has no weight.
 * A unit that lost more than half of its rounds to the gates does not count.
 *
 * With fewer placements than a verdict needs, the units are spans of
 * consecutive rounds; @row->by_placement tells.
 *
 * SLOWER and FASTER have to hold at 99.9 % whatever the level of the printed
 * interval, or are INCONCLUSIVE: a machine that is noisy for a while makes
 * wide intervals, of which one in twenty would raise a false alarm.
 *
 * Return: 0 or -ENOMEM.
 */
int lab_analyse(struct lab_row *row);

/**
 * lab_min_units() - the fewest units that can give an interval
 * @alpha: what it may spend
 */
unsigned int lab_min_units(double alpha);

#endif /* _LAB_ANALYSIS_H */
