/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The process that measures: its parent's side. */
#ifndef _LAB_SPAWN_H
#define _LAB_SPAWN_H

#include <sys/types.h>

#include "process/wire.h"

#define LAB_CHILD_FD	3

/**
 * struct lab_process - a process that measures
 * @pid: its number; 0: none
 * @ask: its standard input
 * @answer: what it writes
 */
struct lab_process {
	pid_t pid;
	int ask, answer;
};

/**
 * lab_process_start() - start this program once more
 * @p: gets it
 * @events: spec of the events that it counts, or NULL
 *
 * A new process has its stack, heap and libraries elsewhere. It ends with its
 * parent.
 *
 * Return: 0 or -errno.
 */
int lab_process_start(struct lab_process *p, const char *events);

/**
 * lab_process_do() - have a row measured
 * @p: started
 * @work: what
 * @ask: the same, as a row has it
 * @row: gets the rounds; freed with lab_row_free() whatever is returned
 *
 * A request to stop is handed on, so that the process ends its row early.
 *
 * Return: as lab_row_measure(); -ECHILD when the process has ended instead.
 */
int lab_process_do(struct lab_process *p, const struct lab_work *work,
		   const struct lab_ask *ask, struct lab_row *row);

/**
 * lab_process_end() - let it end
 * @p: started, or not
 *
 * Return: 0; the number of the signal that ended it; -1 where it failed.
 */
int lab_process_end(struct lab_process *p);

#endif /* _LAB_SPAWN_H */
