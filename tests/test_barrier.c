// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Nobody leaves the barrier before all have come, and no thread of an epoch
 * ends before the last has started. Both are orders of events: they hold
 * however late a loaded machine runs a thread.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/barrier.h"
#include "base/clock.h"
#include "base/cpus.h"
#include "timing/workers.h"
#include "timing/engine.h"

#define EPOCHS		1000
#define THREADS		3

static struct lab_barrier barrier;
static _Atomic unsigned int arrivals;

struct meeting {
	uint64_t came[EPOCHS], left[EPOCHS];
	unsigned int early;
};

static void *meet(void *arg)
{
	struct meeting *m = arg;

	for (unsigned int i = 0; i < EPOCHS; i++) {
		m->came[i] = lab_now();
		atomic_fetch_add(&arrivals, 1);
		m->left[i] = lab_barrier_wait(&barrier);
		m->early += atomic_load(&arrivals) < (i + 1) * THREADS;
	}
	return NULL;
}

static void test_nobody_early(void **state)
{
	static struct meeting m[THREADS];
	pthread_t thread[THREADS];

	arrivals = 0;
	lab_barrier_init(&barrier, THREADS, *state);
	for (int t = 0; t < THREADS; t++)
		assert_int_equal(pthread_create(&thread[t], NULL, meet, &m[t]),
				 0);
	for (int t = 0; t < THREADS; t++)
		pthread_join(thread[t], NULL);
	for (int t = 0; t < THREADS; t++) {
		assert_int_equal(m[t].early, 0);
		for (unsigned int i = 0; i < EPOCHS; i++)
			for (int u = 0; u < THREADS; u++)
				assert_true(m[t].left[i] >= m[u].came[i]);
	}
}

static void test_alone(void **state)
{
	(void)state;
	lab_barrier_init(&barrier, 1, false);
	for (unsigned int i = 0; i < EPOCHS; i++) {
		uint64_t now = lab_now();

		assert_true(lab_barrier_wait(&barrier) >= now);
	}
}

static void open_arm(struct lab_arm *arm, const char *name)
{
	char err[LAB_CASE_ERROR];
	struct lab_case c;

	if (lab_cpus_allowed() < 2)
		skip();
	assert_int_equal(lab_case_parse(name, &c, err), 0);
	assert_int_equal(lab_arm_open(arm, &c), 0);
}

/* The load is kept up until the last counted operation is done. */
static void test_epochs_overlap(void **state)
{
	static struct lab_epoch e;
	struct lab_arm arm;

	(void)state;
	open_arm(&arm, "own/fake/pair/resv?threads=2");
	for (unsigned int i = 0; i < EPOCHS; i++) {
		assert_int_equal(lab_arm_epoch(&arm, 64, &e), 0);
		for (int t = 0; t < 2; t++) {
			assert_int_equal(e.thread[t].ops, 64);
			for (int u = 0; u < 2; u++) {
				assert_true(e.thread[t].start <=
					    e.thread[u].load_end);
				assert_true(e.thread[t].end <=
					    e.thread[u].load_end);
			}
		}
		assert_true(e.skew >= 0 && e.overlap >= 0 && e.overlap <= 1);
	}
	assert_int_equal(lab_arm_close(&arm), 0);
	lab_engine_end();
}

/* Thread 0 has company from its first to its last operation. */
static void test_roles(void **state)
{
	static struct lab_epoch e;
	struct lab_arm arm;

	(void)state;
	open_arm(&arm, "own/fake/roles/resv?threads=2");
	for (unsigned int i = 0; i < EPOCHS; i++) {
		assert_int_equal(lab_arm_epoch(&arm, 64, &e), 0);
		assert_int_equal(e.thread[0].ops, 64);
		assert_true(e.thread[1].ops > 0);
		assert_true(e.thread[1].load_end >= e.thread[0].end);
	}
	assert_int_equal(lab_arm_close(&arm), 0);
	lab_engine_end();
}

/* One thread more than there are CPUs: all do their part on their CPUs. */
static void test_oversubscribed(void **state)
{
	unsigned int threads = lab_cpus_allowed() + 1;
	static struct lab_epoch e;
	char err[LAB_CASE_ERROR];
	struct lab_arm arm;
	struct lab_case c;

	(void)state;
	if (threads > 8)
		skip();
	assert_int_equal(lab_case_parse("own/fake/pair/resv?threads=2", &c,
					err), 0);
	assert_int_equal(lab_case_oversubscribed(&c), threads == 2);
	c.cfg.threads = threads;
	assert_true(lab_case_oversubscribed(&c));
	assert_int_equal(lab_cpu_nth(threads - 1), lab_cpu_nth(0));
	assert_int_equal(lab_arm_open(&arm, &c), 0);
	assert_true(lab_workers_oversubscribed());
	for (unsigned int i = 0; i < EPOCHS / 10; i++) {
		assert_int_equal(lab_arm_epoch(&arm, 64, &e), 0);
		for (unsigned int t = 0; t < threads; t++) {
			assert_int_equal(e.thread[t].ops, 64);
			assert_false(e.thread[t].migrated);
		}
		assert_int_not_equal(e.drop, LAB_PREEMPTED);
		assert_int_not_equal(e.drop, LAB_OVERLAP);
	}
	assert_int_equal(lab_arm_close(&arm), 0);
	/* enough CPUs again: the gates are back */
	lab_engine_end();
	c.cfg.threads = 1;
	assert_int_equal(lab_arm_open(&arm, &c), 0);
	assert_false(lab_workers_oversubscribed());
	assert_int_equal(lab_arm_close(&arm), 0);
	lab_engine_end();
}

/* Before an arm is timed it does what its state wants, in calls that it takes. */
static void test_warm(void **state)
{
	struct lab_arm arm;

	(void)state;
	open_arm(&arm, "own/fake/pair/resv?threads=2");
	assert_int_equal(lab_arms_warm(&arm, 1), 0);
	assert_int_equal(arm.done[0].ops, 0);
	arm.info.warm = 1000;
	arm.info.granule = 16;
	arm.info.max_ops = 96;
	assert_int_equal(lab_arms_warm(&arm, 1), 0);
	for (int t = 0; t < 2; t++) {
		assert_true(arm.done[t].ops >= 1000);
		assert_int_equal(arm.done[t].ops % 16, 0);
	}
	assert_int_equal(lab_arm_close(&arm), 0);
	lab_engine_end();
}

int main(void)
{
	static bool oversubscribed = true;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody_early),
		cmocka_unit_test_prestate(test_nobody_early, &oversubscribed),
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_epochs_overlap),
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_oversubscribed),
		cmocka_unit_test(test_warm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
