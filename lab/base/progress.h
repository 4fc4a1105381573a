/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* How far a run is, on standard error. */
#ifndef _LAB_PROGRESS_H
#define _LAB_PROGRESS_H

#include <stdbool.h>

/**
 * struct lab_progress - a line that is drawn again, or one now and then
 * @terminal: whether standard error is one
 * @start: when the run began, seconds
 * @shown: when the line was last drawn
 * @budget: seconds that the run may take
 */
struct lab_progress {
	bool terminal;
	double start, shown;
	double budget;
};

/**
 * lab_seconds() - seconds of a clock that only goes forward
 */
double lab_seconds(void);

/**
 * lab_progress_begin() - start the clock
 * @p: the progress
 * @budget: seconds that the run may take
 */
void lab_progress_begin(struct lab_progress *p, double budget);

/**
 * lab_progress_show() - say how far the run is
 * @p: the progress
 * @done: things finished
 * @all: things to be done
 * @what: the one being done
 *
 * Draws at most five times a second on a terminal, else a line every ten
 * seconds.
 */
void lab_progress_show(struct lab_progress *p, unsigned int done,
		       unsigned int all, const char *what);

/**
 * lab_progress_end() - clear the line
 * @p: the progress
 */
void lab_progress_end(struct lab_progress *p);

#endif /* _LAB_PROGRESS_H */
