/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Pinned threads that do jobs together. */
#ifndef _LAB_CREW_H
#define _LAB_CREW_H

#include "barrier.h"

/**
 * lab_crew_size() - have a crew: the caller and @nr - 1 workers
 * @nr: at most BENCH_MAX_THREADS
 *
 * Pins the caller, which is member 0, to the first CPU and the workers to those
 * that follow; with more members than CPUs they go round. A crew of that size
 * is kept as it is.
 *
 * Return: 0; -ERANGE when @nr is out of range; -errno when a worker could not
 * be made or pinned: there is no crew then.
 */
int lab_crew_size(unsigned int nr);

/**
 * lab_crew_do() - every member calls @job(arg, member)
 * @job: what to do
 * @arg: for it
 *
 * Called by member 0; returns when all have returned. Workers wait for the
 * next job spinning, and sleep when none comes for a while. In a crowded crew
 * who waits gives its CPU away at once.
 */
void lab_crew_do(void (*job)(void *arg, unsigned int member), void *arg);

/**
 * lab_crew_crowded() - has the present crew more members than CPUs?
 */
bool lab_crew_crowded(void);

/**
 * lab_crew_barrier() - where the members of the present crew meet
 */
struct lab_barrier *lab_crew_barrier(void);

/**
 * lab_crew_end() - end the workers, unpin the caller
 */
void lab_crew_end(void);

#endif /* _LAB_CREW_H */
