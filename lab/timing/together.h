/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Several threads find their cores quiet at the same time. */
#ifndef _LAB_TOGETHER_H
#define _LAB_TOGETHER_H

#include "base/barrier.h"
#include "pace/pace.h"

/**
 * struct lab_together - what threads say to each other while they wait
 * @restless: the last try in which a core was shared
 * @over: the last try in which the time was
 *
 * All 0 before the threads come.
 */
struct lab_together {
	_Atomic unsigned int restless, over;
};

/**
 * lab_together_wait() - lab_pace_wait() of threads that begin at the same time
 * @t: theirs
 * @b: where they meet; all come the same number of times
 * @q: the thread's own; its @until is the same for all
 *
 * Cores become quiet one after the other, so all look once more when each has been:
 * as often as it takes, or until the time is over or the program is asked to stop.
 *
 * Return: ns of the longest of the thread's last few probes.
 */
double lab_together_wait(struct lab_together *t, struct lab_barrier *b,
			 struct lab_quiet *q);

#endif /* _LAB_TOGETHER_H */
