/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The measuring of a run's rows. */
#ifndef _LAB_SCHEDULE_H
#define _LAB_SCHEDULE_H

#include "record/store.h"
#include "run/run.h"

/**
 * lab_schedule() - measure the rows of a run within its budget
 * @run: the run, planned
 * @store: gets all rows after each process, so that none is lost
 * @stored: how many rows it holds
 *
 * Where the budget is too small for every row in every process, what it will take
 * is said on standard error before the first one.
 *
 * Return: 0; -EINTR when stopped; or the -errno of @store.
 */
int lab_schedule(struct lab_run *run, struct lab_store *store,
		 unsigned int *stored);

#endif /* _LAB_SCHEDULE_H */
