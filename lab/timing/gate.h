/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Rounds that were timed while the machine was in another state. */
#ifndef _LAB_GATE_H
#define _LAB_GATE_H

#include "timing/row.h"

/*
 * A frequency that changed by this part in a placement makes its cycles a guess. Some
 * CPUs wobble by 1 % all the time; steps of those that step are 3 % and more.
 */
#define LAB_STEP	0.015

/*
 * CPUs between which a line takes so many times as long, or as short, are others than
 * before. Between the same two it varies by a fifth, since others use their cores.
 */
#define LAB_FARTHER	1.5

/**
 * lab_gate() - drop rounds that are not like the others
 * @row: with its rounds and placements; its drops get LAB_SIBLING, LAB_FREQUENCY,
 *	LAB_STOLEN, LAB_THROTTLED or LAB_MOVED, and lose those of an earlier call
 *
 * While the other hardware thread of the core is in use, the core is another one:
 * every round whose probes show that goes. A placement in which the frequency
 * stepped goes whole, and so does one in which the hypervisor took a tick, which is
 * 10 ms somewhere in or before it, in which the cgroup was kept from its CPUs, or
 * whose threads were nearer to or farther from each other than the row's mostly are.
 *
 * States are never mixed, but where too little would be left for a verdict, on a
 * machine that is disturbed all the time, a cause drops nothing, and
 * @row->disturbed tells.
 *
 * Return: 0 or -ENOMEM.
 */
int lab_gate(struct lab_row *row);

/**
 * lab_gate_good() - has a placement as many rounds as there are orders that were kept
 *	when they ran, on a core of its own?
 * @row: with what a probe takes alone
 * @place: the placement
 */
bool lab_gate_good(const struct lab_row *row, unsigned long place);

/**
 * lab_gate_processes() - in how many processes has a row a good placement?
 * @row: with what a probe takes alone
 */
unsigned int lab_gate_processes(const struct lab_row *row);

/**
 * lab_gate_shared() - was a round timed on a shared core?
 * @row: with what a probe takes alone
 * @round: the round
 * @cycle_ns: ns of a cycle then; NAN: not known
 */
bool lab_gate_shared(const struct lab_row *row, unsigned long round,
		     double cycle_ns);

#endif /* _LAB_GATE_H */
