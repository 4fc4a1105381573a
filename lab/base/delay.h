/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What others took: a thread's wait for its CPU, and time the hypervisor kept. */
#ifndef _LAB_DELAY_H
#define _LAB_DELAY_H

#include <stdbool.h>
#include <stdint.h>

/**
 * lab_run_delay() - how long the calling thread has waited for a CPU so far
 *
 * From the scheduler's own books, /proc/thread-self/schedstat.
 *
 * Return: ns; 0 where the kernel does not keep them.
 */
uint64_t lab_run_delay(void);

/**
 * struct lab_steal - ticks of some CPUs since boot
 * @all: of whatever kind
 * @stolen: those that a hypervisor gave to somebody else
 */
struct lab_steal {
	unsigned long long all, stolen;
};

/**
 * lab_steal_now() - read the ticks
 * @threads: of the first CPUs that so many threads of a case run on; 0: all
 * @s: gets them
 *
 * A tick is 10 ms, so that a single epoch cannot tell.
 *
 * Return: whether /proc/stat has them.
 */
bool lab_steal_now(unsigned int threads, struct lab_steal *s);

#endif /* _LAB_DELAY_H */
