// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * lab/'s counters on a PMU whose counts are known to the instruction: the
 * numbers. What is said where there are none is in test_counters_words.c.
 */
#include <linux/perf_event.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pmu/group.h"
#include "pmu/pfm.h"
#include "pmu/rdpmc.h"
#include "pmu/truth.h"
#include "vmtest.h"

#define USER_ACCESS	"kernel/perf_user_access"
#define INST_RETIRED	0x8
#define THREADS		2
#define OPS		200UL
#define OP_TURNS	1000UL

static struct lab_events set;

static const struct perf_event_attr user_insns = {
	.type = PERF_TYPE_HARDWARE, .config = PERF_COUNT_HW_INSTRUCTIONS,
	.exclude_kernel = 1, .exclude_hv = 1,
};

static const struct perf_event_attr raw_insns = {
	.type = PERF_TYPE_RAW, .config = INST_RETIRED,
	.exclude_kernel = 1, .exclude_hv = 1,
};

static void read_group(struct lab_group *g, struct lab_reading *r)
{
	CHECK_EQ(lab_group_read(g, r), LAB_COUNTED);
}

/* What each member of a group counts around a loop. */
static void around(struct lab_group *g, unsigned long turns,
		   struct lab_reading *d)
{
	struct lab_reading before;

	read_group(g, &before);
	lab_truth_loop(turns);
	read_group(g, d);
	d->direct &= before.direct;
	for (unsigned int i = 0; i < g->nr; i++)
		d->value[i] -= before.value[i];
}

/* Twice as long a loop is exactly that many more, whatever reading costs. */
static void exactly(struct lab_group *g, unsigned int slot)
{
	struct lab_reading once, twice;

	around(g, 1, &once);	/* its first pages and lines */
	for (unsigned long n = 1; n <= 1000000; n *= 100) {
		around(g, n, &once);
		around(g, 2 * n, &twice);
		CHECK_EQ(twice.value[slot] - once.value[slot],
			 LAB_TRUTH_INSNS * n);
	}
	CHECK_EQ(lab_group_check(g), LAB_COUNTED);
}

static void test_loop(void)
{
	struct lab_reading a, b;
	struct lab_group g;

	vmtest_probe(&set, "instructions");
	CHECK_WORD(&set.truth, LAB_COUNTED);
	CHECK_WORD(&set.event[0], LAB_COUNTED);
	CHECK_EQ(set.nr_passes, 1);
	CHECK_EQ(lab_group_pass(&g, &set, 0), 0);
	exactly(&g, 0);
	/* and the rest is a constant: the same for each N */
	around(&g, 1000, &a);
	around(&g, 300000, &b);
	CHECK_EQ(b.value[0] - LAB_TRUTH_INSNS * 300000,
		 a.value[0] - LAB_TRUTH_INSNS * 1000);
	lab_group_close(&g);
}

/* One event under its two names: members have counted the same. */
static void test_members(void)
{
	const struct perf_event_attr *attr[] = {
		&user_insns, &raw_insns, &user_insns, &raw_insns,
	};
	struct lab_reading d;
	struct lab_group g;

	CHECK_EQ(lab_group_open(&g, attr, 4), 0);
	around(&g, 12345, &d);
	for (unsigned int i = 1; i < 4; i++)
		CHECK_EQ(d.value[i], d.value[0]);
	CHECK(d.value[0] >= LAB_TRUTH_INSNS * 12345, "%lu", d.value[0]);
	exactly(&g, 3);
	lab_group_close(&g);
}

/* --- threads, each with its own group --------------------------------------- */

struct worker {
	pthread_t thread;
	pthread_barrier_t *start;
	long insns;		/* of OPS operations */
	long switches;		/* while they were counted */
};

static long switches(void)
{
	struct rusage u;

	getrusage(RUSAGE_THREAD, &u);
	return u.ru_nvcsw + u.ru_nivcsw;
}

/* So that each operation of one thread may be followed by the other's. */
static __attribute__((noipa)) void operations(unsigned long n)
{
	while (n--) {
		lab_truth_loop(OP_TURNS);
		sched_yield();
	}
}

static long count_operations(struct lab_group *g, unsigned long n)
{
	struct lab_reading before, after;

	read_group(g, &before);
	operations(n);
	read_group(g, &after);
	return after.value[0] - before.value[0];
}

static void *work(void *arg)
{
	const struct perf_event_attr *attr[] = { &user_insns, &raw_insns };
	struct worker *w = arg;
	struct lab_group g;
	long once;

	CHECK_EQ(lab_group_open(&g, attr, 2), 0);
	count_operations(&g, 1);
	pthread_barrier_wait(w->start);
	w->switches = -switches();
	once = count_operations(&g, OPS);
	w->insns = count_operations(&g, 2 * OPS) - once;
	w->switches += switches();
	CHECK_EQ(lab_group_check(&g), LAB_COUNTED);
	pthread_barrier_wait(w->start);
	lab_group_close(&g);
	return NULL;
}

/* Returns what @nr threads at once counted for OPS operations each. */
static void run_workers(struct worker *w, unsigned int nr)
{
	pthread_barrier_t start;
	unsigned int i;

	pthread_barrier_init(&start, NULL, nr);
	for (i = 0; i < nr; i++) {
		w[i] = (struct worker){ .start = &start };
		if (pthread_create(&w[i].thread, NULL, work, &w[i]))
			abort();
	}
	for (i = 0; i < nr; i++)
		pthread_join(w[i].thread, NULL);
	pthread_barrier_destroy(&start);
}

static void test_threads(void)
{
	struct worker alone, w[THREADS];
	long per_op;

	run_workers(&alone, 1);
	per_op = alone.insns / (long)OPS;
	CHECK_EQ(per_op * (long)OPS, alone.insns);
	CHECK(per_op > 2000 && per_op < 2100, "%ld an operation", per_op);
	run_workers(w, THREADS);
	printf("  an operation: %ld; of two threads at once: %ld and %ld\n",
	       per_op, w[0].insns / (long)OPS, w[1].insns / (long)OPS);
	for (unsigned int i = 0; i < THREADS; i++) {
		CHECK_EQ(w[i].insns, alone.insns);
		/* it was not alone */
		CHECK(w[i].switches >= (long)OPS, "%ld", w[i].switches);
	}
}

static void *just_work(void *arg)
{
	(void)arg;
	operations(OPS);
	return NULL;
}

/* What the test above would see of a counter that threads share. */
static void test_inherited(void)
{
	struct perf_event_attr attr = user_insns;
	uint64_t before = 0, after = 0;
	pthread_t other;
	int fd;

	attr.size = sizeof(attr);
	attr.inherit = 1;
	fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
	CHECK(fd >= 0, "%m");
	CHECK_EQ(read(fd, &before, 8), 8);
	if (pthread_create(&other, NULL, just_work, NULL))
		abort();
	operations(OPS);
	pthread_join(other, NULL);
	CHECK_EQ(read(fd, &after, 8), 8);
	printf("  an operation, by one counter for both threads: %lu\n",
	       (after - before) / OPS);
	CHECK((after - before) / OPS > 2 * LAB_TRUTH_INSNS * OP_TURNS,
	      "%lu", (after - before) / OPS);
	close(fd);
}

/* --- more events than counters ------------------------------------------------ */

#define MANY "instructions:u,instructions:k,cycles:u,cycles:k,r8,r8:k,r11," \
	"r11:k,INST_RETIRED:u,INST_RETIRED:k,CPU_CYCLES:u,CPU_CYCLES:k"

static void one_pass(unsigned int pass)
{
	struct lab_group g;

	CHECK_EQ(lab_group_pass(&g, &set, pass), 0);
	exactly(&g, 0);
	for (unsigned int i = 0; i < set.nr; i++) {
		const struct lab_event *e = &set.event[i];

		/* cycles are instructions here */
		if (e->pass == pass && e->attr.exclude_kernel)
			exactly(&g, e->slot);
	}
	lab_group_close(&g);
}

static void test_passes(void)
{
	unsigned int i, j;

	vmtest_probe(&set, MANY);
	CHECK_EQ(set.nr, 12);
	CHECK_EQ(lab_events_counted(&set), 12);
	CHECK(set.nr_passes >= 2, "%u passes", set.nr_passes);
	for (i = 0; i < set.nr; i++) {
		CHECK_WORD(&set.event[i], LAB_COUNTED);
		CHECK(set.event[i].pass < set.nr_passes, "%s: pass %u",
		      set.event[i].asked, set.event[i].pass);
		for (j = 0; j < i; j++)
			CHECK(set.event[i].pass != set.event[j].pass ||
			      set.event[i].slot != set.event[j].slot,
			      "%s and %s are in one place",
			      set.event[i].asked, set.event[j].asked);
	}
	for (i = 0; i < set.nr_passes; i++)
		one_pass(i);
}

/* Eight that somebody else wants; they alone would have to take turns. */
static void test_contended(void)
{
	const struct perf_event_attr *attr[] = { &user_insns, &raw_insns };
	struct perf_event_attr other = raw_insns;
	uint64_t v[3] = { };
	struct lab_group g;
	int fd[8];

	other.size = sizeof(other);
	other.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED |
			    PERF_FORMAT_TOTAL_TIME_RUNNING;
	for (int i = 0; i < 8; i++)
		fd[i] = syscall(SYS_perf_event_open, &other, 0, -1, -1, 0);
	CHECK_EQ(lab_group_open(&g, attr, 2), 0);
	exactly(&g, 0);
	exactly(&g, 1);
	lab_truth_loop(20000000);
	CHECK_EQ(lab_group_check(&g), LAB_COUNTED);
	CHECK_EQ(read(fd[0], v, sizeof(v)), sizeof(v));
	CHECK(v[2] < v[1], "they did not take turns: %lu ns of %lu", v[2], v[1]);
	lab_group_close(&g);
	for (int i = 0; i < 8; i++)
		close(fd[i]);
}

/* --- user and kernel ------------------------------------------------------------ */

static __attribute__((noipa)) void calls(unsigned long n)
{
	while (n--)
		syscall(SYS_getppid);
}

static long count_calls(struct lab_group *g, unsigned int slot, unsigned long n)
{
	struct lab_reading before, after;

	read_group(g, &before);
	calls(n);
	read_group(g, &after);
	return after.value[slot] - before.value[slot];
}

static void test_apart(void)
{
	const unsigned int user = 0, kernel = 1;
	struct lab_reading once, twice;
	struct lab_group g;
	long n, k;

	vmtest_probe(&set, "instructions:u,instructions:k");
	CHECK_EQ(set.event[1].slot, kernel);
	CHECK_EQ(lab_group_pass(&g, &set, 0), 0);
	count_calls(&g, user, 1);
	/* a call: the same few of the user's each time, more of the kernel's */
	n = count_calls(&g, user, 1000);
	n = count_calls(&g, user, 2000) - n;
	CHECK(n > 0 && n < 100000, "%ld of the user", n);
	CHECK_EQ(n % 1000, 0);
	k = count_calls(&g, kernel, 1000);
	k = count_calls(&g, kernel, 2000) - k;
	CHECK(k > 4 * n, "%ld of the kernel, %ld of the user", k, n);
	printf("  getppid: %ld of the user's, %ld of the kernel's\n", n / 1000,
	       k / 1000);
	/* a loop: the user's alone, but for an interrupt */
	around(&g, 100000, &once);
	around(&g, 200000, &twice);
	CHECK_EQ(twice.value[user] - once.value[user], LAB_TRUTH_INSNS * 100000);
	k = twice.value[kernel] - once.value[kernel];
	CHECK(labs(k) < 50000, "%ld of the kernel", k);
	lab_group_close(&g);
}

/* --- without a system call -------------------------------------------------------- */

/* By read(), whatever the pages offer. */
static void read_by_call(const struct lab_group *g, struct lab_reading *r)
{
	struct lab_group paged = *g;

	memset(paged.page, 0, sizeof(paged.page));
	read_group(&paged, r);
	CHECK(!r->direct, "read() was not called");
}

/* The calls between the two direct reads cost the same each time. */
static long read_both(struct lab_group *g, unsigned long turns)
{
	struct lab_reading outer[2], inner[2];

	read_by_call(g, &outer[0]);
	read_group(g, &inner[0]);
	lab_truth_loop(turns);
	read_group(g, &inner[1]);
	read_by_call(g, &outer[1]);
	CHECK(inner[0].direct && inner[1].direct, "not read directly");
	CHECK(outer[0].value[0] < inner[0].value[0] &&
	      inner[1].value[0] < outer[1].value[0],
	      "%lu, %lu, ..., %lu, %lu", outer[0].value[0], inner[0].value[0],
	      inner[1].value[0], outer[1].value[0]);
	return outer[1].value[0] - outer[0].value[0] -
	       (inner[1].value[0] - inner[0].value[0]);
}

static void test_direct(void)
{
	const struct perf_event_attr *attr[] = { &user_insns, &raw_insns };
	struct lab_reading r;
	struct lab_group g;

	vmtest_sysctl(USER_ACCESS, 1);
	CHECK_EQ(lab_group_open(&g, attr, 2), 0);
	read_group(&g, &r);
	CHECK(r.direct, "not read directly");
	exactly(&g, 0);
	exactly(&g, 1);
	CHECK_EQ(read_both(&g, 1000), read_both(&g, 500000));
	lab_group_close(&g);
}

/* The page still claims the ability; there is no register to read. */
static void test_no_index(void)
{
	const struct perf_event_attr *attr[] = { &user_insns };
	struct lab_reading before, after;
	struct lab_group g;
	uint64_t value;

	vmtest_sysctl(USER_ACCESS, 1);
	CHECK_EQ(lab_group_open(&g, attr, 1), 0);
	around(&g, 1000, &before);
	CHECK_EQ(ioctl(g.fd[0], PERF_EVENT_IOC_DISABLE, 0), 0);
	CHECK_EQ(g.page[0]->cap_user_rdpmc, 1);
	CHECK_EQ(g.page[0]->index, 0);
	CHECK(!lab_rdpmc(g.page[0], &value), "a register that is not there");
	read_group(&g, &before);
	CHECK(!before.direct, "a register that is not there");
	CHECK(before.value[0] > 0, "%lu", before.value[0]);
	read_group(&g, &after);
	CHECK_EQ(after.value[0], before.value[0]);
	lab_group_close(&g);
}

static void test_not_direct(void)
{
	const struct perf_event_attr *attr[] = { &user_insns, &raw_insns };
	struct lab_reading r;
	struct lab_group g;

	vmtest_sysctl(USER_ACCESS, 0);
	CHECK_EQ(lab_group_open(&g, attr, 2), 0);
	read_group(&g, &r);
	CHECK(!r.direct, "read directly, against the sysctl");
	exactly(&g, 0);
	exactly(&g, 1);
	lab_group_close(&g);
}

/* Generic events count where libpfm4 has no table of the CPU's own. */
static void test_unknown_cpu(void)
{
	CHECK(!lab_pfm_core(), "it is known: %s", lab_pfm_core());
	vmtest_probe(&set, "basic");
	CHECK_WORD(&set.truth, LAB_COUNTED);
	for (unsigned int i = 0; i < 4; i++)
		CHECK_WORD(&set.event[i], LAB_COUNTED);
	one_pass(0);
	vmtest_probe(&set, "locked-loads,dirty-hits,memory-clears,INST_RETIRED:u");
	for (unsigned int i = 0; i < set.nr; i++) {
		CHECK_WORD(&set.event[i], LAB_UNKNOWN_EVENT);
		CHECK_EQ(set.event[i].pass, LAB_NO_PASS);
	}
	CHECK_EQ(set.nr_passes, 0);
}

int main(int argc, char **argv)
{
	static const struct vmtest tests[] = {
		{ "pmu", "a loop is counted exactly", test_loop },
		{ "pmu", "members of a group agree", test_members },
		{ "pmu", "threads' own groups are exact", test_threads },
		{ "pmu", "an inherited counter is not", test_inherited },
		{ "pmu", "more events than counters: passes", test_passes },
		{ "pmu", "counters that others want, too", test_contended },
		{ "pmu", "user and kernel are apart", test_apart },
		{ "pmu", "direct reads agree with read()", test_direct },
		{ "pmu", "a page without a register", test_no_index },
		{ "pmu", "direct reads are off", test_not_direct },
		{ "unknown-cpu", "generic events alone", test_unknown_cpu },
		{ }
	};

	return vmtest_run(tests, argc == 2 ? argv[1] : "");
}
