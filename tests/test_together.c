// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Threads that wait for quiet cores agree when to begin, whichever of them is kept
 * waiting. A barrier that the threads leave unlike would hold one for ever.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/stop.h"
#include "timing/together.h"

#define THREADS	3
#define QUIET	100.0		/* ns: what is less is */

double __wrap_lab_pace_wait(struct lab_quiet *q);
double __wrap_lab_pace_check(const struct lab_quiet *q);

static struct lab_barrier barrier;
static struct lab_together together;

/* A thread's core is shared when it is looked at, in so many of its first tries. */
struct waiter {
	struct lab_quiet q;
	unsigned int shared, waits, checks;
	uint64_t left;
	double ns;
};

static __thread struct waiter *self;

/* Each waits for its own core, and is told in the end that it is quiet. */
double __wrap_lab_pace_wait(struct lab_quiet *q)
{
	assert_ptr_equal(q, &self->q);
	self->waits++;
	return QUIET / 2;
}

double __wrap_lab_pace_check(const struct lab_quiet *q)
{
	assert_ptr_equal(q, &self->q);
	return ++self->checks > self->shared ? QUIET / 2 : 2 * QUIET;
}

static void *wait_for_quiet(void *arg)
{
	self = arg;
	self->ns = lab_together_wait(&together, &barrier, &self->q);
	self->left = lab_now();
	return NULL;
}

static void meet(struct waiter *w, const unsigned int *shared, uint64_t until)
{
	pthread_t thread[THREADS];

	together = (struct lab_together){ 0, 0 };
	lab_barrier_init(&barrier, THREADS, true);
	for (int t = 0; t < THREADS; t++) {
		w[t] = (struct waiter){
			.q = { .ns = QUIET, .until = until }, .shared = shared[t],
		};
		assert_int_equal(pthread_create(&thread[t], NULL, wait_for_quiet,
						&w[t]), 0);
	}
	for (int t = 0; t < THREADS; t++)
		pthread_join(thread[t], NULL);
}

static void test_all_quiet(void **state)
{
	static const unsigned int shared[THREADS];
	struct waiter w[THREADS];

	(void)state;
	meet(w, shared, UINT64_MAX);
	for (int t = 0; t < THREADS; t++)
		assert_int_equal(w[t].waits, 1);
	assert_int_equal(together.restless, 0);
}

/* One core or another is shared when the others are quiet: all go on waiting. */
static void test_one_after_the_other(void **state)
{
	static const unsigned int shared[THREADS] = { 2, 0, 5 };
	struct waiter w[THREADS];

	(void)state;
	meet(w, shared, UINT64_MAX);
	for (int t = 0; t < THREADS; t++) {
		assert_int_equal(w[t].waits, 6);
		assert_int_equal(w[t].checks, 6);
		assert_true(w[t].ns < QUIET);
	}
	assert_int_equal(together.restless, 5);
	assert_int_equal(together.over, 0);
}

/* One is never quiet: nobody begins before the time is over, and then all do. */
static void test_one_is_not(void **state)
{
	struct waiter w[THREADS];

	(void)state;
	for (int noisy = 0; noisy < THREADS; noisy++) {
		unsigned int shared[THREADS] = { 0, 0, 0 };
		uint64_t until = lab_now() + 5 * LAB_MSEC;

		shared[noisy] = UINT32_MAX;
		meet(w, shared, until);
		for (int t = 0; t < THREADS; t++) {
			assert_int_equal(w[t].waits, w[0].waits);
			assert_true(w[t].left >= until);
		}
		assert_true(w[noisy].ns > QUIET);
		assert_int_equal(together.over, together.restless);
	}
}

/* The signal cannot be taken back: this is last. */
static void test_stopped(void **state)
{
	static const unsigned int shared[THREADS] = { 0, UINT32_MAX, 0 };
	struct waiter w[THREADS];

	(void)state;
	lab_stop_watch();
	raise(SIGTERM);
	meet(w, shared, UINT64_MAX);
	assert_int_equal(w[0].waits, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_quiet),
		cmocka_unit_test(test_one_after_the_other),
		cmocka_unit_test(test_one_is_not),
		cmocka_unit_test(test_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
