/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A thread that is alone goes where it has a core of its own. */
#ifndef _LAB_ROAM_H
#define _LAB_ROAM_H

#include <stdbool.h>
#include <stdint.h>

/**
 * lab_roams() - may threads be on another CPU than the first ones?
 * @threads: how many
 *
 * Return: whether there is one, by lab_cpus_alike(), and more CPUs than are needed.
 */
bool lab_roams(unsigned int threads);

/**
 * lab_roam() - before a placement: take a CPU whose core is not shared
 * @threads: of the row
 * @alone: cycles of a probe of such a core; 0: not known
 * @until: when the search ends, by lab_now(); so it does for who is asked to stop
 *
 * One thread stays where it is as long as its core is not shared, and else tries the
 * CPUs that are like the first one, one after the other, and again. Where none is
 * found it stays on the last one. Threads among others have the first CPUs, always:
 * how far they are from each other is part of what is measured.
 */
void lab_roam(unsigned int threads, double alone, uint64_t until);

#endif /* _LAB_ROAM_H */
