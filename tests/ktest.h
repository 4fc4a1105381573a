/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The seam between tests of kernel-named code and cmocka: see README.md.
 * Read by both sides, so it includes nothing.
 */
#ifndef _KTEST_H
#define _KTEST_H

/**
 * struct ktest - one test
 * @name: unique within its suite
 * @fn: returns 0 when it passed
 * @child: not run by default; for ktest_child()
 */
struct ktest {
	const char *name;
	int (*fn)(void);
	int child;
};

/* Defined by each suite; ktests ends with an entry without a name. */
extern const char ktest_suite[];
extern const struct ktest ktests[];

/* Says what failed, and fails the running test whatever it returns. */
void ktest_fail(const char *file, int line, const char *what);

/*
 * Run one of the suite's own tests in a new process, its output dropped.
 * Returns its exit status, or minus the signal that ended it.
 */
int ktest_child(const char *name);

/* The status of a child that a BUG ended: SIGABRT. */
#define KTEST_BUG		(-6)

/*
 * Run one of the suite's own tests in a new process. Returns whether it ended
 * with @status and said @text on standard error.
 */
int ktest_child_says(const char *name, int status, const char *text);

#define KTEST(fn)		{ #fn, fn, 0 }
#define KTEST_CHILD(fn)		{ #fn, fn, 1 }

/* In any thread: note a failure and go on. */
#define KT_CHECK(cond)							\
	do {								\
		if (!(cond))						\
			ktest_fail(__FILE__, __LINE__, #cond);		\
	} while (0)

/* In a test: note a failure and leave it. */
#define KT_ASSERT(cond)							\
	do {								\
		if (!(cond)) {						\
			ktest_fail(__FILE__, __LINE__, #cond);		\
			return -1;					\
		}							\
	} while (0)

/* In a test: exactly @n warnings since it began, or since the last check. */
#define KT_WARNINGS(n)							\
	do {								\
		unsigned long __got = host_warn_count();		\
									\
		host_warn_reset();					\
		if (__got != (n)) {					\
			ktest_fail(__FILE__, __LINE__, "warnings: " #n); \
			return -1;					\
		}							\
	} while (0)

#endif /* _KTEST_H */
