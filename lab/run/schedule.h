/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A run's budget, and the measuring that it is spent on. */
#ifndef _LAB_SCHEDULE_H
#define _LAB_SCHEDULE_H

#include "record/store.h"
#include "run/run.h"

/**
 * lab_schedule() - measure the rows of a run within its budget
 * @run: the run, planned
 * @store: gets every row that is finished
 * @stored: counts them
 *
 * Each row gets its part of the budget by weight. What is left goes to second
 * looks at rows that are undecided.
 *
 * Return: 0; -EINTR when stopped; or the -errno of @store.
 */
int lab_schedule(struct lab_run *run, struct lab_store *store,
		 unsigned int *stored);

#endif /* _LAB_SCHEDULE_H */
