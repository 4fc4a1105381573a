/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Loops that are known to the instruction, and what makes counters move. */
#ifndef _LAB_TRUTH_H
#define _LAB_TRUTH_H

#include <stdbool.h>

#include "pmu/group.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LAB_TRUTH_INSNS	2	/* of one turn of the loop */
#define LAB_TRUTH_TURNS	20000UL
#define LAB_TRUTH_SLACK	1e-4	/* an interrupt's return may count, too */

/**
 * lab_truth_loop() - LAB_TRUTH_INSNS instructions, @turns times
 * @turns: at least 1
 */
void lab_truth_loop(unsigned long turns);

/**
 * lab_truth_holds() - is a counter of user instructions believed?
 * @shorter: what it counted around @turns
 * @longer: around twice as many
 * @turns: of the shorter one
 *
 * What reading costs cancels in the difference.
 */
bool lab_truth_holds(double shorter, double longer, unsigned long turns);

/**
 * lab_truth_check() - run the loop under a group whose leader counts user
 *	instructions
 * @g: opened by this thread
 * @why: gets one line when it does not hold, LAB_EVENT_NAME bytes
 *
 * The best of some tries is judged: an interrupt disturbs one of them, a lying
 * counter all.
 *
 * Return: LAB_COUNTED, LAB_NEVER_SCHEDULED, LAB_NEVER_COUNTS, LAB_LYING or
 * LAB_MULTIPLEXED.
 */
enum lab_status lab_truth_check(struct lab_group *g, char *why);

/**
 * lab_exercise() - do for a while what any of the events would count
 *
 * Locked instructions, branches that cannot be foretold, misses, system calls,
 * and a cache line that another process, on another CPU where there is one,
 * writes in turn. Takes some ms.
 */
void lab_exercise(void);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_TRUTH_H */
