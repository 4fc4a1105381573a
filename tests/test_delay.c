// SPDX-License-Identifier: GPL-2.0 OR MIT
/* What the kernel's books say of threads that wait for a CPU, and of CPUs. */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/cpus.h"
#include "base/delay.h"
#include "timing/engine.h"
#include "timing/workers.h"

#define TURNS	100

static _Atomic unsigned int turn;
static uint64_t delay[2];

/* Two threads on one CPU, which change places: none goes on before the other ran. */
static void wait_in_turn(void *arg, unsigned int thread)
{
	(void)arg;
	lab_cpu_pin(0);
	delay[thread] = lab_run_delay();
	for (unsigned int i = 0; i < TURNS; i++) {
		while (turn % 2 != thread)
			sched_yield();
		turn++;
	}
	delay[thread] = lab_run_delay() - delay[thread];
}

static void test_delay(void **state)
{
	(void)state;
	if (access("/proc/thread-self/schedstat", R_OK))
		skip();
	assert_int_equal(lab_workers_need(2), 0);
	lab_workers_do(wait_in_turn, NULL);
	lab_engine_end();
	assert_true(delay[0] > 0);
	assert_true(delay[1] > 0);
}

static void test_steal(void **state)
{
	struct lab_steal all, one;

	(void)state;
	if (!lab_steal_now(0, &all))
		skip();
	assert_true(lab_steal_now(1, &one));
	assert_true(one.all > 0 && one.stolen <= one.all);
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
		assert_true(one.all < all.all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_delay),
		cmocka_unit_test(test_steal),
	};

	lab_cpus_allowed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
