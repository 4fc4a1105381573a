/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * From the raw rounds of a row to its intervals and verdict.
 *
 * A reader's run is another process, at another hour, whose code and data lie
 * elsewhere. So the process is what an interval takes as independent: a row is timed
 * in many of them, spread over the run, and rounds and placements only make the
 * value of each process good. An interval over what happens inside one process says
 * nothing of the next one, however many rounds it has.
 *
 * A process's value is the median over its placements, whose value is the mean of
 * two medians: over the rounds in which the base ran before the other arm and over
 * those in which it ran after it. An effect of order cancels, an interrupted round
 * and a placement of bad luck have no weight. The interval is that of the sign test:
 * it asks nothing of how processes are spread, and one outlier on each side, which
 * is what machines have, does not move it. A t-interval of twelve values with one
 * outlier is twice as wide.
 */
#ifndef _LAB_ANALYSIS_H
#define _LAB_ANALYSIS_H

#include "timing/row.h"

#define LAB_SPAN	12	/* rounds of a unit that is not a placement */
#define LAB_OUTLIER	4	/* times the spread of processes */

/**
 * lab_analyse() - fill a row's results from its rounds
 * @row: with its rounds, placements, digests, warnings and leaks; rounds
 *	and dropped are counted, too
 *
 * Times are brought to cycles by the cycle's length in their placement, and back to
 * ns by its median over the row's placements; where that is not known they stay as
 * they are. Of a process, the base's time b and the ratio r are estimated, the
 * difference is b (r - 1): so what is printed adds up, and a difference has the sign
 * of its ratio.
 *
 * A placement that lost more than half of its rounds to the gates does not count.
 * With one process the units are its placements, and where these are too few, spans
 * of consecutive rounds, which get no verdict; @row->unit tells.
 *
 * The verdict is lab_verdict() of the ratio's interval at LAB_WORD_ALPHA. None but
 * INCONCLUSIVE is given where the row is lab_doubtful(), unless the difference is
 * LAB_CLEAR times what the A/A arm could not exclude.
 *
 * Return: 0 or -ENOMEM.
 */
int lab_analyse(struct lab_row *row);

/**
 * lab_doubtful() - does equal code read apart, by what may be more than the margin?
 * @row: analysed
 *
 * Of its A/A arm, which has a layout of its own, the interval leaves out zero and does
 * not lie within the margin. One that is only wide says what a layout is worth.
 */
bool lab_doubtful(const struct lab_row *row);

/**
 * lab_min_units() - the fewest units that can give an interval
 */
unsigned int lab_min_units(void);

#endif /* _LAB_ANALYSIS_H */
