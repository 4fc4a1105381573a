/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Instructions and locked operations of cases, counted by valgrind. */
#ifndef _LAB_EXACT_H
#define _LAB_EXACT_H

#include <stdbool.h>
#include <stddef.h>

#include "cases/case.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LAB_EXACT_NAME	96
#define LAB_EXACT_WHY	128
#define LAB_EXACT_PATIENCE	120	/* seconds for one case */
#define LAB_EXACT_OPS		256	/* of a region of most cases */
#define LAB_EXACT_CALLS		5	/* as many operations: one, and two regions and a double */
#define LAB_EXACT_SLOWER	16	/* times as slow as without, under valgrind */
#define LAB_EXACT_DEAR_NS	5e5	/* of an operation */

/**
 * struct lab_exact_fn - what a function takes of an operation
 * @name: its symbol, without the prefix of its set
 * @own: it stands in the case's set; else in libc or in the harness
 * @ir: instructions
 * @ge: locked ones among them
 */
struct lab_exact_fn {
	char name[LAB_EXACT_NAME];
	bool own;
	double ir, ge;
};

/**
 * struct lab_exact - what an operation of a case takes
 * @why: why there is no number; "" when there is
 * @steady: every operation takes the same, so that nothing of the loop's
 *	beginning and end is in the numbers; else they are a mean
 * @alone: thread 0 of several, alone
 * @ops: operations that were counted
 * @ir: instructions per operation
 * @ge: locked ones among them
 * @nr: how many of @fn
 * @fn: the functions, by name
 */
struct lab_exact {
	char why[LAB_EXACT_WHY];
	bool steady, alone;
	unsigned long ops;
	double ir, ge;
	size_t nr;
	struct lab_exact_fn *fn;
};

/* Told how many cases are done. */
typedef void lab_exact_tick_fn(void *arg, size_t done);

/**
 * lab_exact_count() - count cases
 * @cases: the cases
 * @nr: how many
 * @out: gets @nr results; freed with lab_exact_free()
 * @tick: progress, or NULL
 * @arg: for @tick
 *
 * Runs this program again under valgrind, in an environment that is always the
 * same, and each case in a fork of that. A case that cannot be counted says why.
 *
 * Return: 0; -EINTR when stopped by a signal, with what is done by then.
 */
int lab_exact_count(const struct lab_case *cases, size_t nr,
		    struct lab_exact *out, lab_exact_tick_fn *tick, void *arg);

/**
 * lab_exact_free() - free what results point to
 * @e: the results
 * @nr: how many
 */
void lab_exact_free(struct lab_exact *e, size_t nr);

/**
 * lab_exact_child() - the side that runs under valgrind
 *
 * Reads names of cases from standard input and runs each in regions that
 * valgrind collects; tells on standard output how far it is.
 *
 * Return: exit status.
 */
int lab_exact_child(void);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_EXACT_H */
