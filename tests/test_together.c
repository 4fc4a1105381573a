// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Threads that wait for quiet cores agree when to begin, whichever of them is kept
 * waiting. A barrier that the threads leave unlike would hold one for ever.
 */
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "timing/together.h"

#define THREADS	3

static struct lab_barrier barrier;
static struct lab_together together;

struct waiter {
	struct lab_quiet q;
	uint64_t left;
	double ns;
};

static void *wait_for_quiet(void *arg)
{
	struct waiter *w = arg;

	w->ns = lab_together_wait(&together, &barrier, &w->q);
	w->left = lab_now();
	return NULL;
}

/* Each thread's core is quiet when its probes take less than its @ns. */
static void meet(struct waiter *w, const double *ns, uint64_t until)
{
	pthread_t thread[THREADS];

	together = (struct lab_together){ 0, 0 };
	lab_barrier_init(&barrier, THREADS, true);
	for (int t = 0; t < THREADS; t++) {
		w[t] = (struct waiter){ .q = { .ns = ns[t], .until = until } };
		assert_int_equal(pthread_create(&thread[t], NULL, wait_for_quiet,
						&w[t]), 0);
	}
	for (int t = 0; t < THREADS; t++) {
		pthread_join(thread[t], NULL);
		assert_true(w[t].ns > 0);
	}
}

static void test_all_quiet(void **state)
{
	static const double ns[THREADS] = { INFINITY, INFINITY, INFINITY };
	struct waiter w[THREADS];

	(void)state;
	meet(w, ns, UINT64_MAX);
	assert_int_equal(together.restless, 0);
}

/* One is never quiet: nobody begins before the time is over, and then all do. */
static void test_one_is_not(void **state)
{
	struct waiter w[THREADS];

	(void)state;
	for (int noisy = 0; noisy < THREADS; noisy++) {
		double ns[THREADS] = { INFINITY, INFINITY, INFINITY };
		uint64_t until = lab_now() + 5 * LAB_MSEC;

		ns[noisy] = 0;
		meet(w, ns, until);
		for (int t = 0; t < THREADS; t++)
			assert_true(w[t].left >= until);
		assert_int_equal(together.over, together.restless);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_quiet),
		cmocka_unit_test(test_one_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
