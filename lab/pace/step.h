/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* How coarse the harness's clock is. */
#ifndef _LAB_STEP_H
#define _LAB_STEP_H

#include <stddef.h>

/**
 * lab_step_of() - the step that differences of a clock are multiples of
 * @ns: whole numbers, of times that differ by less than a step; left sorted
 * @nr: how many; hundreds for each ns that they differ by
 *
 * Times in ns are rounded, so multiples are off by one. Those of which there are few are
 * not looked at.
 *
 * Return: ns; 0 where all that lies between can be met, too: of a fine clock.
 */
double lab_step_of(double *ns, size_t nr);

/**
 * lab_clock_step() - the step of CLOCK_MONOTONIC; found at the first call
 *
 * On a Zen 5 it is 10 ns while a read takes 40, on many an arm64 40 or 52.
 *
 * Return: ns; 0 of a fine one.
 */
double lab_clock_step(void);

#endif /* _LAB_STEP_H */
