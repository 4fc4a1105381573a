/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A spin barrier that opens at a time, not at an event. */
#ifndef _LAB_BARRIER_H
#define _LAB_BARRIER_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct lab_barrier - meeting point of a fixed number of threads
 * @nr: how many
 * @oversubscribed: they share CPUs
 * @arrived: arrivals ever; the phase of an arrival is (arrivals - 1) / @nr
 * @opened: last phase that was given a start time
 * @start: that time; not rewritten before all have left the phase, since
 *	the next phase needs all of them
 */
struct lab_barrier {
	unsigned int nr;
	bool oversubscribed;
	_Alignas(64) _Atomic unsigned long arrived;
	_Alignas(64) _Atomic unsigned long opened;
	_Atomic uint64_t start;
};

/**
 * lab_barrier_init() - set up
 * @b: the barrier
 * @nr: threads that will meet, at least 1
 * @oversubscribed: there are fewer CPUs: who waits makes room at once
 */
void lab_barrier_init(struct lab_barrier *b, unsigned int nr, bool oversubscribed);

/**
 * lab_barrier_wait() - arrive, and leave at the planned time
 * @b: the barrier
 *
 * The last to arrive plans the start a little ahead, so that the news can
 * reach every CPU; then all watch the clock. Start skew is thus about a
 * clock read, not a cache line's journey or a wake-up; where CPUs are shared
 * it is that, and the wait for a CPU. Reusable at once.
 *
 * Return: the time at which this thread left, ns.
 */
uint64_t lab_barrier_wait(struct lab_barrier *b);

#endif /* _LAB_BARRIER_H */
