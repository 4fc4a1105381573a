/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Pinned threads that do jobs together. */
#ifndef _LAB_WORKERS_H
#define _LAB_WORKERS_H

#include "base/barrier.h"

/**
 * lab_workers_need() - have @nr pinned threads: the caller and workers
 * @nr: at most BENCH_MAX_THREADS
 *
 * Pins the caller, which is thread 0, to the first CPU (alone: to lab_cpu_taken()) and
 * the workers to those that follow; where threads are more than CPUs they go round. As many as there
 * are already stay as they are.
 *
 * Return: 0; -ERANGE when @nr is out of range; -errno when a worker could not
 * be made or pinned: there are none then.
 */
int lab_workers_need(unsigned int nr);

/**
 * lab_workers_do() - every thread calls @job(arg, thread)
 * @job: what to do
 * @arg: for it
 *
 * Called by thread 0; returns when all have returned. Workers wait for the
 * next job spinning, and sleep when none comes for a while. Where threads are
 * more than CPUs, who waits gives its CPU away at once.
 */
void lab_workers_do(void (*job)(void *arg, unsigned int thread), void *arg);

/**
 * lab_workers_oversubscribed() - are there more threads than CPUs now?
 */
bool lab_workers_oversubscribed(void);

/**
 * lab_workers_barrier() - where all threads meet
 */
struct lab_barrier *lab_workers_barrier(void);

/**
 * lab_workers_end() - end the workers, unpin the caller
 */
void lab_workers_end(void);

#endif /* _LAB_WORKERS_H */
