/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The core's pace: how long a cycle is, and whether the core is shared, both without
 * a PMU.
 *
 * A chain of dependent instructions of known latency takes so many cycles, whatever
 * the other hardware thread of the core does: it tells the frequency. A run of
 * instructions that do nothing goes as fast as the front end delivers, which the two
 * threads share: measured in cycles it tells whether the other one is in use.
 */
#ifndef _LAB_PACE_H
#define _LAB_PACE_H

#include <stddef.h>
#include <stdint.h>

/**
 * lab_pace_cycle_ns() - how long a cycle of this core is now
 *
 * By a chain of multiplications (x86-64: 3 cycles each on Intel since Nehalem, Atoms
 * before Goldmont left out, and on AMD since Zen; Agner Fog, Instruction tables) or of
 * additions of two registers (arm64: 1 cycle), written in assembler, since a compiler
 * makes a shift and an addition of x * 3, and a chain of constants may be folded when
 * it is renamed. Two lengths are timed and subtracted, so that the clock's own cost
 * cancels. Takes some 30 us.
 *
 * Return: ns; NAN where lab_pace_believed() is false.
 */
double lab_pace_cycle_ns(void);

/**
 * lab_pace_believed() - has the chain the latency that it is taken to have?
 *
 * Held against a second chain of another instruction, whose latency is in a known
 * proportion to the first one's: once they have agreed. Many tries are made the first
 * time, and some whenever it is asked again.
 */
int lab_pace_believed(void);

/**
 * lab_pace_why_not() - a word for why cycles are not known
 */
const char *lab_pace_why_not(void);

/**
 * lab_pace_probe_ns() - time the instructions that do nothing, once
 *
 * Takes half a microsecond.
 *
 * Return: ns, the same number of cycles whenever the core is not shared and the probe
 * was done a moment ago.
 */
double lab_pace_probe_ns(void);

/**
 * struct lab_quiet - wait until the core is not shared
 * @ns: a probe of a core that is not takes less
 * @until: when to go on in any case, by lab_now(); so does who is asked to stop
 * @waited: gets what it took, added up, ns
 */
struct lab_quiet {
	double ns;
	uint64_t until, waited;
};

/**
 * lab_pace_wait() - probe the core until it is not shared
 * @q: what for
 *
 * Who has the other thread of a core comes and goes within a millisecond; so it is
 * waited for, and rounds are not wasted. Even a busy neighbour leaves room for some
 * probes now and then: so many must say so, in a row, that it is gone, and few where
 * the last one of lab_pace_check() said so a moment ago.
 *
 * Return: ns of the longest of the last few probes.
 */
double lab_pace_wait(struct lab_quiet *q);

/**
 * lab_pace_check() - is the core shared?
 * @q: with @ns; or NULL
 *
 * Probes a few times, and once before, which is not looked at.
 *
 * Return: ns of the longest of a few probes.
 */
double lab_pace_check(const struct lab_quiet *q);

#define LAB_PROBE_INSNS	12000	/* that it executes, beside a loop around them */

/*
 * A core that delivers less than this in a cycle to a thread that has it alone is
 * narrower than any of the last ten years that one meets in a PC or a server.
 */
#define LAB_NARROW	3.5

/*
 * A probe is of a shared core when it takes so many times what it takes alone. A core
 * of its own shows 1.00 to 1.04, with a clock of 10 ns; a neighbour that does little, 1.10,
 * is worth a third of a lock's time on a Zen 3.
 */
#define LAB_SHARED	1.06

/**
 * lab_pace_limit() - how long a probe of a core that is not shared may take
 * @alone: what it takes there, cycles
 * @cycle_ns: ns of a cycle then
 *
 * LAB_SHARED times as long, or two steps of the clock more where it is coarse, as
 * the 40 ns of many an arm64.
 *
 * Return: ns; NAN where either is not known.
 */
double lab_pace_limit(double alone, double cycle_ns);

/**
 * lab_pace_alone() - what a probe takes where the core is not shared
 * @cycles: of probes at many times, or what this returned of several stretches; left
 *	sorted
 * @nr: how many
 *
 * A core is shared now and then, or most of the time, but hardly all of it: the
 * lowest tenth is where it was not. Its highest one is taken: those below are of
 * a frequency that had changed since it was measured, and of a coarse clock's luck.
 * The least of many would lie so far below that what is above LAB_SHARED times it
 * is not shared.
 *
 * Return: cycles; NAN of none.
 */
double lab_pace_alone(double *cycles, size_t nr);

#endif /* _LAB_PACE_H */
