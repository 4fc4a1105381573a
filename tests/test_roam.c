// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * A thread that is alone finds the core that is its own and ends its search in time;
 * threads among others stay where they are, and hear of each core that is shared.
 */
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/cpus.h"
#include "base/stop.h"
#include "pace/pace.h"
#include "timing/roam.h"
#include "timing/together.h"

#define CPUS	4
#define ALONE	100000	/* so long that steps of a clock add nothing */
#define CYCLE	0.25

double __wrap_lab_pace_cycle_ns(void);
double __wrap_lab_pace_wait(struct lab_quiet *q);
unsigned int __wrap_lab_cpus_alike(void);
int __wrap_lab_cpu_pin(unsigned int n);
int __wrap_lab_workers_need(unsigned int nr);
void __wrap_lab_workers_do(void (*job)(void *arg, unsigned int thread), void *arg);
double __wrap_lab_together_wait(struct lab_together *t, struct lab_barrier *b,
				struct lab_quiet *q);

/* Looks at each core that find it shared, before one that does not. */
static unsigned int shared[CPUS], alike, looks, pins, workers, worker;
static double cycle;

double __wrap_lab_pace_cycle_ns(void)
{
	return cycle;
}

double __wrap_lab_pace_wait(struct lab_quiet *q)
{
	unsigned int *left = &shared[lab_cpu_taken()];

	looks++;
	assert_true(fabs(q->ns - LAB_SHARED * ALONE * CYCLE) < 1e-9);
	assert_true(q->until > lab_now() - LAB_SEC);
	if (!*left)
		return ALONE * CYCLE;
	*left -= *left < UINT32_MAX;
	return 2 * ALONE * CYCLE;
}

unsigned int __wrap_lab_cpus_alike(void)
{
	return alike;
}

int __wrap_lab_cpu_pin(unsigned int n)
{
	assert_int_equal(n, 0);
	pins++;
	return 0;
}

int __wrap_lab_workers_need(unsigned int nr)
{
	workers = nr;
	return 0;
}

void __wrap_lab_workers_do(void (*job)(void *arg, unsigned int thread), void *arg)
{
	for (worker = 0; worker < workers; worker++)
		job(arg, worker);
}

/* Each looks at its own core. */
double __wrap_lab_together_wait(struct lab_together *t, struct lab_barrier *b,
				struct lab_quiet *q)
{
	assert_true(t && b);
	assert_true(q->until < lab_now() + LAB_SEC);
	looks++;
	return (shared[worker] ? 2 : 1) * ALONE * CYCLE;
}

static int begin(void **state)
{
	(void)state;
	memset(shared, 0, sizeof(shared));
	alike = CPUS;
	cycle = CYCLE;
	looks = pins = 0;
	lab_cpu_take(0);
	return 0;
}

static void test_stays(void **state)
{
	(void)state;
	shared[1] = UINT32_MAX;
	assert_true(lab_roam(1, ALONE, UINT64_MAX));
	assert_int_equal(lab_cpu_taken(), 0);
	assert_int_equal(looks, 1);
	assert_int_equal(pins, 0);
}

/* The first that is quiet, from where it is, and round. */
static void test_finds(void **state)
{
	(void)state;
	shared[0] = shared[1] = UINT32_MAX;
	assert_true(lab_roam(1, ALONE, UINT64_MAX));
	assert_int_equal(lab_cpu_taken(), 2);
	assert_int_equal(pins, 2);
	shared[0] = 3;
	shared[1] = shared[2] = shared[3] = 5;
	lab_roam(1, ALONE, UINT64_MAX);
	assert_int_equal(lab_cpu_taken(), 0);
}

static void test_ends(void **state)
{
	(void)state;
	for (int i = 0; i < CPUS; i++)
		shared[i] = UINT32_MAX;
	assert_false(lab_roam(1, ALONE, lab_now() + LAB_MSEC));
	assert_true(looks > 0 && lab_cpu_taken() < CPUS);
	looks = 0;
	lab_roam(1, ALONE, 0);
	assert_int_equal(looks, 1);
}

/* What a core alone takes, or a cycle, is not known: nothing is searched for. */
static void test_not_known(void **state)
{
	(void)state;
	shared[0] = UINT32_MAX;
	for (unsigned int threads = 1; threads < 3; threads++) {
		cycle = CYCLE;
		assert_true(lab_roam(threads, 0, UINT64_MAX));
		cycle = NAN;
		assert_true(lab_roam(threads, ALONE, UINT64_MAX));
	}
	assert_int_equal(looks, 0);
	assert_int_equal(lab_cpu_taken(), 0);
}

static void test_several(void **state)
{
	(void)state;
	assert_true(lab_roams(1));
	assert_false(lab_roams(2));
	lab_cpu_take(1);
	assert_true(lab_roam(2, ALONE, UINT64_MAX));
	assert_int_equal(lab_cpu_taken(), 0);
	assert_int_equal(workers, 2);
	assert_int_equal(looks, 2);
	for (unsigned int i = 0; i < 3; i++) {
		shared[i] = 1;
		assert_false(lab_roam(3, ALONE, UINT64_MAX));
		shared[i] = 0;
	}
	assert_int_equal(pins, 0);
}

static void test_one_cpu(void **state)
{
	(void)state;
	alike = 1;
	shared[0] = UINT32_MAX;
	assert_false(lab_roams(1));
	assert_true(lab_roam(1, ALONE, UINT64_MAX));
	assert_int_equal(lab_cpu_taken(), 0);
	assert_int_equal(looks, 0);
}

/* The signal cannot be taken back: this is last. */
static void test_stopped(void **state)
{
	(void)state;
	lab_stop_watch();
	raise(SIGTERM);
	for (int i = 0; i < CPUS; i++)
		shared[i] = UINT32_MAX;
	lab_roam(1, ALONE, UINT64_MAX);
	assert_int_equal(looks, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_stays, begin),
		cmocka_unit_test_setup(test_finds, begin),
		cmocka_unit_test_setup(test_ends, begin),
		cmocka_unit_test_setup(test_not_known, begin),
		cmocka_unit_test_setup(test_several, begin),
		cmocka_unit_test_setup(test_one_cpu, begin),
		cmocka_unit_test_setup(test_stopped, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
