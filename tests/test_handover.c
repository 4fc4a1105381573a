// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The way of a line between CPUs: the least of the bursts and the longest of the ways,
 * by a clock of the test's own for the thread that measures; and not asked where there
 * is none.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/cpus.h"
#include "bench.h"
#include "timing/handover.h"
#include "timing/workers.h"

#define THREADS	3
#define LOOKS	10	/* of each way: before and after each of its bursts */

int __wrap_clock_gettime(clockid_t id, struct timespec *ts);
bool __real_lab_workers_oversubscribed(void);
bool __wrap_lab_workers_oversubscribed(void);

/* Of the thread that measures, while @way_ns is there; those of others run on. */
static const unsigned int *way_ns;
static __thread bool measures;
static unsigned int looks;
static uint64_t now = LAB_SEC;

int __wrap_clock_gettime(clockid_t id, struct timespec *ts)
{
	unsigned int burst = looks % LOOKS / 2;

	if (!measures || !way_ns)
		return syscall(SYS_clock_gettime, id, ts);
	/* its third burst is the only one without an interrupt */
	if (looks % 2)
		now += way_ns[looks / LOOKS] + (burst == 2 ? 0 : 5000 * (1 + burst));
	looks++;
	ts->tv_sec = now / LAB_SEC;
	ts->tv_nsec = now % LAB_SEC;
	return 0;
}

bool __wrap_lab_workers_oversubscribed(void)
{
	return !way_ns && __real_lab_workers_oversubscribed();
}

static void test_not_asked(void **state)
{
	(void)state;
	assert_true(isnan(lab_handover_ns(1)));
	assert_true(isnan(lab_handover_ns(BENCH_MAX_THREADS + 1)));
	if (lab_cpus_allowed() < BENCH_MAX_THREADS)
		assert_true(isnan(lab_handover_ns(lab_cpus_allowed() + 1)));
}

static void test_longest(void **state)
{
	static const unsigned int ways[][THREADS - 1] = { { 1600, 4800 }, { 4800, 1600 } };

	(void)state;
	for (int i = 0; i < 2; i++) {
		measures = true;
		looks = 0;
		way_ns = ways[i];
		/* a burst is of 16 ways */
		assert_true(fabs(lab_handover_ns(THREADS) - 300) < 1e-9);
		assert_int_equal(looks, (THREADS - 1) * LOOKS);
		way_ns = NULL;
	}
}

static void test_real(void **state)
{
	(void)state;
	if (lab_cpus_allowed() < 2)
		skip();
	for (int i = 0; i < 100; i++) {
		double ns = lab_handover_ns(2);

		assert_true(ns > 0 && isfinite(ns));
	}
}

static int dismiss(void **state)
{
	(void)state;
	lab_workers_end();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_not_asked),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_real),
	};

	return cmocka_run_group_tests(tests, NULL, dismiss);
}
