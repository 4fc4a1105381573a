/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Pinned threads that do jobs together. */
#ifndef _LAB_WORKERS_H
#define _LAB_WORKERS_H

#include "base/barrier.h"

/**
 * lab_workers_need() - have a workers: the caller and @nr - 1 workers
 * @nr: at most BENCH_MAX_THREADS
 *
 * Pins the caller, which is member 0, to the first CPU and the workers to those
 * that follow; with more members than CPUs they go round. A workers of that size
 * is kept as it is.
 *
 * Return: 0; -ERANGE when @nr is out of range; -errno when a worker could not
 * be made or pinned: there is no workers then.
 */
int lab_workers_need(unsigned int nr);

/**
 * lab_workers_do() - every member calls @job(arg, member)
 * @job: what to do
 * @arg: for it
 *
 * Called by member 0; returns when all have returned. Workers wait for the
 * next job spinning, and sleep when none comes for a while. In a oversubscribed workers
 * who waits gives its CPU away at once.
 */
void lab_workers_do(void (*job)(void *arg, unsigned int member), void *arg);

/**
 * lab_workers_oversubscribed() - has the present workers more members than CPUs?
 */
bool lab_workers_oversubscribed(void);

/**
 * lab_workers_barrier() - where the members of the present workers meet
 */
struct lab_barrier *lab_workers_barrier(void);

/**
 * lab_workers_end() - end the workers, unpin the caller
 */
void lab_workers_end(void);

#endif /* _LAB_WORKERS_H */
