/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Threads find cores of their own before a placement. */
#ifndef _LAB_ROAM_H
#define _LAB_ROAM_H

#include <stdbool.h>
#include <stdint.h>

/**
 * lab_roams() - may a thread be on another CPU than the first one?
 * @threads: of the row
 *
 * Return: whether it is alone and there is one, by lab_cpus_alike().
 */
bool lab_roams(unsigned int threads);

/**
 * lab_roam() - find cores that are not shared
 * @threads: of the row
 * @alone: cycles of a probe of such a core; 0: not known
 * @until: when the search ends, by lab_now(); so it does for who is asked to stop
 *
 * One thread stays where it is as long as its core is not shared, and else tries the
 * CPUs that are like the first one, one after the other, and again. Where none is
 * found it stays on the last one. Threads among others have the first CPUs, always,
 * for how far they are from each other is part of what is measured: they look for a
 * few milliseconds whether all their cores are their own at the same time. There are as
 * many workers after it, pinned.
 *
 * Return: whether they are, or it is not known what to look for.
 */
bool lab_roam(unsigned int threads, double alone, uint64_t until);

#endif /* _LAB_ROAM_H */
