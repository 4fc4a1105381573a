// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Epochs under counters, through the engine: operations of a known length on
 * one thread, and on two that share the only CPU.
 */
#include <sched.h>
#include <stdlib.h>

#include "timing/counting.h"
#include "timing/workers.h"
#include "timing/engine.h"
#include "pmu/truth.h"
#include "vmtest.h"

#define TURNS	500UL	/* of an operation of thread 0; twice that of thread 1 */

static struct lab_events set;
static struct lab_counting counting;
static struct lab_arm arm;
static struct lab_epoch epoch;
static int nothing;

static void *setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	(void)cfg;
	(void)info;
	return &nothing;
}

static int teardown(void *p)
{
	(void)p;
	return 0;
}

/* With two threads a call more an operation, so that they take turns. */
static __attribute__((noipa)) void run(void *p, unsigned int thread,
				       unsigned long n, struct bench_hist *hist)
{
	(void)p;
	(void)hist;
	while (n--) {
		lab_truth_loop(TURNS * (thread + 1));
		if (arm.c.cfg.threads > 1)
			sched_yield();
	}
}

static const struct bench_path path = {
	.name = "loop", .setup = setup, .teardown = teardown, .run = run,
	.max_threads = 2,
};

/* What one thread's member @slot counted over @n operations each. */
static long epoch_of(unsigned long n, unsigned int thread, unsigned int slot)
{
	CHECK_EQ(lab_arm_epoch_counted(&arm, n, &counting, NULL, &epoch), 0);
	CHECK_EQ(epoch.thread[thread].status, LAB_COUNTED);
	CHECK_EQ(epoch.thread[thread].ops, n);
	return epoch.thread[thread].count[slot];
}

/* By how much 2 n operations exceed n, for each operation. */
static long per_op(unsigned int thread, unsigned int slot)
{
	const unsigned long n = 300;
	long once, more;

	epoch_of(1, thread, slot);
	once = epoch_of(n, thread, slot);
	more = epoch_of(2 * n, thread, slot) - once;
	CHECK_EQ(more % (long)n, 0);
	return more / (long)n;
}

static void start(const char *spec, unsigned int threads)
{
	const struct lab_case c = { .path = &path, .cfg.threads = threads };

	vmtest_probe(&set, spec);
	CHECK_EQ(set.nr_passes, 1);
	CHECK_EQ(lab_arm_open(&arm, &c), 0);
	lab_counting_open(&counting, &set, 0, threads);
	CHECK(counting.status == LAB_COUNTED, "'%s': %s",
	      lab_status_name(counting.status), counting.why);
}

static void end(void)
{
	lab_counting_close(&counting);
	CHECK(counting.status == LAB_COUNTED, "'%s': %s",
	      lab_status_name(counting.status), counting.why);
	CHECK_EQ(lab_arm_close(&arm), 0);
	lab_engine_end();
}

static void test_one_thread(void)
{
	long insns, kernel;

	start("instructions:u,r8,cycles:u,instructions:k", 1);
	insns = per_op(0, 0);
	CHECK(insns > 1000 && insns < 1050, "%ld", insns);
	/* the same event under its other name; cycles are instructions here */
	CHECK_EQ(per_op(0, set.event[1].slot), insns);
	CHECK_EQ(per_op(0, set.event[2].slot), insns);
	/* the kernel's do not grow with them, but for an interrupt */
	kernel = -epoch_of(300, 0, set.event[3].slot);
	kernel += epoch_of(600, 0, set.event[3].slot);
	CHECK(labs(kernel) < 300 * insns / 8, "%ld", kernel);
	end();
}

static void test_two_threads(void)
{
	long first, second;

	start("instructions:u,r8", 2);
	first = per_op(0, 0);
	second = per_op(1, 0);
	printf("  an operation of thread 0: %ld, of thread 1: %ld\n", first,
	       second);
	CHECK(first > 1000 && first < 1050, "%ld", first);
	CHECK_EQ(second - first, LAB_TRUTH_INSNS * TURNS);
	CHECK_EQ(per_op(1, 1), second);
	end();
}

/* A counter that lies, or is taken away, is found before it is believed. */
static void test_bad(void)
{
	const struct lab_case c = { .path = &path, .cfg.threads = 1 };
	const struct perf_event_attr *attr[6];
	struct lab_group hog;

	vmtest_probe(&set, "instructions:u,r8");
	CHECK_EQ(lab_arm_open(&arm, &c), 0);
	set.truth.attr.exclude_user = 1;
	set.truth.attr.exclude_kernel = 0;
	lab_counting_open(&counting, &set, 0, 1);
	CHECK_EQ(counting.status, LAB_LYING);
	lab_counting_close(&counting);
	vmtest_probe(&set, "instructions:u,r8");
	for (unsigned int i = 0; i < 6; i++)
		attr[i] = &set.event[1].attr;
	CHECK_EQ(lab_group_open(&hog, attr, 6), 0);
	lab_counting_open(&counting, &set, 0, 1);
	CHECK_EQ(counting.status, LAB_NEVER_SCHEDULED);
	lab_counting_close(&counting);
	lab_group_close(&hog);
	CHECK_EQ(lab_arm_close(&arm), 0);
	lab_engine_end();
}

int main(int argc, char **argv)
{
	static const struct vmtest tests[] = {
		{ "pmu", "an epoch of one thread", test_one_thread },
		{ "pmu", "an epoch of two threads", test_two_threads },
		{ "pmu", "an epoch whose counters are bad", test_bad },
		{ }
	};

	return vmtest_run(tests, argc == 2 ? argv[1] : "");
}
