/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Tests that run in the emulated machine: one static program, no cmocka. */
#ifndef _VMTEST_H
#define _VMTEST_H

#include <stdio.h>
#include <string.h>

#include "pmu/events.h"

/* Set by a check that failed, in any thread; vmtest_run() says of what test. */
extern _Atomic int vmtest_failed;

/* Go on all the same: what follows may say why. */
#define CHECK(cond, ...)						\
	do {								\
		if (!(cond)) {						\
			vmtest_failed = 1;				\
			printf("  %s:%d: %s: ", __FILE__, __LINE__, #cond); \
			printf(__VA_ARGS__);				\
			printf("\n");					\
		}							\
	} while (0)

#define CHECK_EQ(a, b)							\
	do {								\
		long long __a = (a), __b = (b);				\
									\
		CHECK(__a == __b, "%lld, not %lld", __a, __b);		\
	} while (0)

/* An event has this word, and, where that is not a number, gives a reason. */
#define CHECK_WORD(e, want)						\
	do {								\
		const struct lab_event *__e = (e);			\
									\
		CHECK(__e->status == (want), "%s: '%s' (%s), not '%s'",	\
		      __e->asked, lab_status_name(__e->status), __e->why,	\
		      lab_status_name(want));				\
		CHECK(__e->status == LAB_COUNTED || *__e->why,		\
		      "%s: '%s' has no reason", __e->asked,		\
		      lab_status_name(__e->status));			\
	} while (0)

/**
 * struct vmtest - one test
 * @machine: what it needs: the program's first argument
 * @name: its name
 * @fn: does it
 */
struct vmtest {
	const char *machine, *name;
	void (*fn)(void);
};

/**
 * vmtest_run() - run those that are for a machine
 * @tests: all; ended by one without a name
 * @machine: "pmu", "no-pmu", "unknown-cpu"
 *
 * Return: the program's exit status: 0, 1 when one failed, 2 when none is for
 * this machine.
 */
int vmtest_run(const struct vmtest *tests, const char *machine);

/**
 * vmtest_probe() - choose events and find out what they are worth
 * @set: gets them
 * @spec: as lab_events_choose() takes it
 */
void vmtest_probe(struct lab_events *set, const char *spec);

/**
 * vmtest_sysctl() - set one; a failure is the running test's
 * @name: below /proc/sys, with slashes
 * @value: to what
 */
void vmtest_sysctl(const char *name, int value);

/**
 * vmtest_as_nobody() - run a part of a test in a process without privileges
 * @fn: the part; what it finds is the running test's
 */
void vmtest_as_nobody(void (*fn)(void));

#endif /* _VMTEST_H */
