/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Rows, measured by many processes.
 *
 * Each process goes through all rows, in an order of its own. So a row is spread
 * over the whole run, its processes have nothing in common but the program, and
 * what the machine does for a while falls on a few values of many rows, not on all
 * of one.
 */
#ifndef _LAB_MEASURE_H
#define _LAB_MEASURE_H

#include "base/progress.h"
#include "timing/compare.h"

#define LAB_PROCESSES	16
#define LAB_MAX_PROCESSES 1000

/**
 * struct lab_task - a row to be measured
 * @row: begun; gets the rounds of all processes
 * @weight: its share of the time
 * @name: for progress
 * @good: good placements in the present process: see lab_gate_good()
 * @visit: times that the present process was asked for it
 * @spent: seconds that it took for it
 * @clean: processes with a good placement
 * @ret: 0, or why there will be no more rounds: see lab_row_measure(). The row's
 *	fault says more.
 */
struct lab_task {
	struct lab_row *row;
	double weight;
	char name[256];
	int ret;
	unsigned long good;
	double spent;
	unsigned int visit, clean;
};

/**
 * struct lab_measure - many of them
 * @task: the rows
 * @nr: how many
 * @seconds: that all may take
 * @processes: how many
 * @seed: of the order in which each goes through the rows
 * @progress: shown between rows, or NULL
 * @foresee: told what it will take before the first row is measured; or NULL
 * @kept: told after each process, so that what was measured can be kept: an -errno
 *	ends the measuring; or NULL
 * @arg: for these
 */
struct lab_measure {
	struct lab_task *task;
	size_t nr;
	double seconds;
	unsigned int processes;
	unsigned long seed;
	struct lab_progress *progress;
	void (*foresee)(void *arg, double seconds);
	int (*kept)(void *arg);
	void *arg;
};

/**
 * lab_measure() - measure rows
 * @m: what
 *
 * A process before the others finds how many operations the rows' epochs have and what
 * rounds cost. In the first quarter of processes a row's good placements may show that
 * the number was not right: then it begins anew with another, three times at most. A fifth
 * more time may go to further processes, half as many, for rows of which more than a
 * quarter, or too many for an interval, found the core shared. A process that ends by
 * itself loses its row, and the row's further rounds. Rows are not concluded.
 *
 * Return: 0; -EINTR when stopped; the -errno of @kept, or of starting a process.
 */
int lab_measure(struct lab_measure *m);

#endif /* _LAB_MEASURE_H */
