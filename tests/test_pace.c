// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The core's pace. Of what it measures only that it is something: CPUs are busy. */
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/rng.h"
#include "base/stop.h"
#include "pace/pace.h"
#include "pace/step.h"

static void test_measures(void **state)
{
	double cycle = lab_pace_cycle_ns(), probe = lab_pace_probe_ns();

	(void)state;
	assert_true(lab_pace_believed() ? cycle > 0 : isnan(cycle));
	assert_true(probe > 0);
}

/*
 * A core that is shared so often, and then anything up to three times as slow: what
 * a probe takes alone is found within a hundredth.
 */
static void alone(double shared)
{
	static double x[2000];
	struct lab_rng rng = { 5 };

	for (unsigned int i = 0; i < 2000; i++) {
		x[i] = 1000 + 5 * lab_rng_unit(&rng);
		if (lab_rng_unit(&rng) < shared)
			x[i] *= 1.2 + 1.8 * lab_rng_unit(&rng);
		if (lab_rng_unit(&rng) < 0.01)
			x[i] *= 0.8;	/* the frequency had changed */
	}
	assert_true(fabs(lab_pace_alone(x, 2000) - 1002) < 10);
}

static void test_alone(void **state)
{
	double one = 7;

	(void)state;
	alone(0);
	alone(0.3);
	alone(0.8);
	assert_true(lab_pace_alone(&one, 1) == 7);
	assert_true(isnan(lab_pace_alone(NULL, 0)));
}

/* Two reads of a clock of that step, rounded to ns as it is shown; one in so many is late. */
static double step_of(double step, double read, double late, unsigned int one_in)
{
	static double ns[4000];
	struct lab_rng rng = { 7 };

	for (unsigned int i = 0; i < 4000; i++) {
		double from = 1e6 * lab_rng_unit(&rng), to;

		to = from + read + 30 * lab_rng_unit(&rng);
		if (i % one_in == 0)
			to += late + 20 * lab_rng_unit(&rng);
		ns[i] = floor(floor(to / step) * step) -
			floor(floor(from / step) * step);
	}
	return lab_step_of(ns, 4000);
}

static void test_step(void **state)
{
	const double coarse[] = { 4, 10, 1e9 / 62.5e6, 40, 1e9 / 24e6, 1e9 / 19.2e6, 1000 };
	double none[2] = { 20, 20 };

	(void)state;
	for (unsigned int i = 0; i < sizeof(coarse) / sizeof(*coarse); i++) {
		assert_true(fabs(step_of(coarse[i], 20, 0, 200) / coarse[i] - 1) < 0.1);
		assert_true(fabs(step_of(coarse[i], 40, 5000, 200) / coarse[i] - 1) < 0.1);
		assert_true(coarse[i] > 100 ||
			    fabs(step_of(coarse[i], 40, 5000, 33) / coarse[i] - 1) < 0.1);
	}
	assert_true(step_of(1, 20, 0, 200) == 0);
	assert_true(step_of(1, 40, 300, 200) == 0);
	assert_true(step_of(0.3, 20, 5000, 200) == 0);
	assert_true(lab_step_of(none, 2) == 0);
	assert_true(lab_clock_step() >= 0);
	assert_true(lab_clock_step() == lab_clock_step());
	assert_true(lab_pace_limit(4e4, 0.25) == fmax(LAB_SHARED * 1e4,
						      1e4 + 2 * lab_clock_step()));
	assert_true(lab_pace_limit(4, 0.25) == fmax(LAB_SHARED,
						    1 + 2 * lab_clock_step()));
}

/* A core that is never quiet enough is waited for until the time is over, and no more. */
static void test_wait(void **state)
{
	struct lab_quiet never = { .ns = 0 }, any = { .ns = INFINITY };
	uint64_t start = lab_now();

	(void)state;
	never.until = start + LAB_MSEC;
	assert_true(lab_pace_wait(&never) > 0);
	assert_true(never.waited > 0 && lab_now() >= never.until);
	any.until = UINT64_MAX;
	assert_true(lab_pace_wait(&any) > 0);
	assert_true(any.waited > 0);
}

/* The signal cannot be taken back: this is last. */
static void test_stopped(void **state)
{
	struct lab_quiet never = { .ns = 0, .until = UINT64_MAX };

	(void)state;
	lab_stop_watch();
	raise(SIGTERM);
	assert_true(lab_pace_wait(&never) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_measures),
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_step),
		cmocka_unit_test(test_wait),
		cmocka_unit_test(test_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
