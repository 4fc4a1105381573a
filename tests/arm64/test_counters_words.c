// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Each way in which a counter can fail to give a number is produced on the
 * emulated PMU, and is called by its word.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pmu/group.h"
#include "pmu/truth.h"
#include "vmtest.h"

#define PARANOID	"kernel/perf_event_paranoid"
#define INST_RETIRED	0x8
#define COUNTERS	6	/* and one for cycles alone */

static struct lab_events set;

static const struct perf_event_attr raw_insns = {
	.type = PERF_TYPE_RAW, .config = INST_RETIRED,
	.exclude_kernel = 1, .exclude_hv = 1,
};

static const struct perf_event_attr *const eight[] = {
	&raw_insns, &raw_insns, &raw_insns, &raw_insns,
	&raw_insns, &raw_insns, &raw_insns, &raw_insns,
};

/* All that is asked for, and no number beside it. */
static void all_are(const char *spec, enum lab_status want)
{
	vmtest_probe(&set, spec);
	CHECK(set.nr > 0, "%s: no event", spec);
	for (unsigned int i = 0; i < set.nr; i++) {
		CHECK_WORD(&set.event[i], want);
		CHECK_EQ(set.event[i].pass, LAB_NO_PASS);
	}
	CHECK_EQ(set.nr_passes, 0);
	CHECK_EQ(lab_events_counted(&set), 0);
}

static void said(const char *text)
{
	CHECK(strstr(set.event[0].why, text), "'%s' does not say '%s'",
	      set.event[0].why, text);
}

static void all_are_counted(const char *spec)
{
	vmtest_probe(&set, spec);
	for (unsigned int i = 0; i < set.nr; i++)
		CHECK_WORD(&set.event[i], LAB_COUNTED);
}

static void test_no_pmu(void)
{
	char why[LAB_EVENT_NAME];

	all_are("basic,r8,INST_RETIRED:u,locked-loads", LAB_NO_PMU);
	CHECK_EQ(lab_events_pmu(why), LAB_NO_PMU);
	CHECK(*why, "no reason");
	/* the kernel's own go on */
	all_are_counted("software");
	CHECK_EQ(set.nr_passes, 1);
}

/* libpfm4 has no such name; the kernel has, but not for this CPU. */
static void test_unknown(void)
{
	all_are("NO_SUCH_EVENT", LAB_UNKNOWN_EVENT);
	all_are("perf::LLC-LOAD-MISSES,branch-misses", LAB_UNKNOWN_EVENT);
	all_are("memory-clears", LAB_UNKNOWN_EVENT);
}

/* It opens, and it runs all the time; the CPU does not implement it. */
static void test_never_counts(void)
{
	const struct perf_event_attr *attr[1];
	struct lab_reading r;
	struct lab_group g;

	all_are("r1b,dirty-hits", LAB_NEVER_COUNTS);
	attr[0] = &set.event[0].attr;
	CHECK_EQ(lab_group_open(&g, attr, 1), 0);
	lab_truth_loop(1000000);
	CHECK_EQ(lab_group_check(&g), LAB_COUNTED);
	CHECK_EQ(lab_group_read(&g, &r), LAB_COUNTED);
	CHECK_EQ(r.value[0], 0);
	lab_group_close(&g);
}

/* One more than there are registers: it opens. Two more: it does not. */
static void test_too_large(void)
{
	struct lab_reading r;
	struct lab_group g;

	CHECK_EQ(lab_group_open(&g, eight, COUNTERS), 0);
	CHECK_EQ(lab_group_check(&g), LAB_COUNTED);
	lab_group_close(&g);
	CHECK_EQ(lab_group_open(&g, eight, COUNTERS + 1), 0);
	lab_truth_loop(1000000);
	CHECK_EQ(lab_group_check(&g), LAB_NEVER_SCHEDULED);
	CHECK_EQ(lab_group_read(&g, &r), LAB_NEVER_SCHEDULED);
	lab_group_close(&g);
	CHECK_EQ(lab_group_open(&g, eight, COUNTERS + 2), -E2BIG);
	CHECK_EQ(g.nr, 0);
}

/* Each fits by itself, and both are pinned: the second is at its file's end. */
static void test_pinned_in_excess(void)
{
	struct lab_group first, second;
	struct lab_reading r;

	CHECK_EQ(lab_group_open(&first, eight, COUNTERS), 0);
	CHECK_EQ(lab_group_open(&second, eight, 2), 0);
	CHECK_EQ(lab_group_read(&second, &r), LAB_NEVER_SCHEDULED);
	CHECK_EQ(lab_group_check(&second), LAB_NEVER_SCHEDULED);
	CHECK_EQ(lab_group_check(&first), LAB_COUNTED);
	lab_group_close(&second);
	/* the truth loop's own counter gets none either */
	all_are("instructions:u,r8", LAB_NEVER_SCHEDULED);
	lab_group_close(&first);
	all_are_counted("instructions:u,r8");
}

/* Behind an event of the kernel's nothing is pinned, so these take turns. */
static void test_multiplexed(void)
{
	const struct perf_event_attr clock = {
		.type = PERF_TYPE_SOFTWARE, .config = PERF_COUNT_SW_TASK_CLOCK,
	};
	const struct perf_event_attr *attr[] = {
		&clock, &raw_insns, &raw_insns, &raw_insns, &raw_insns,
	};
	struct lab_group g[2], hog;

	CHECK_EQ(lab_group_open(&g[0], attr, 5), 0);
	CHECK_EQ(lab_group_open(&g[1], attr, 5), 0);
	lab_truth_loop(20000000);
	CHECK_EQ(lab_group_check(&g[0]), LAB_MULTIPLEXED);
	CHECK_EQ(lab_group_check(&g[1]), LAB_MULTIPLEXED);
	lab_group_close(&g[1]);
	lab_group_close(&g[0]);
	/* a turn that never comes */
	CHECK_EQ(lab_group_open(&hog, eight, COUNTERS), 0);
	CHECK_EQ(lab_group_open(&g[0], attr, 5), 0);
	lab_truth_loop(20000000);
	CHECK_EQ(lab_group_check(&g[0]), LAB_NEVER_SCHEDULED);
	lab_group_close(&g[0]);
	lab_group_close(&hog);
}

static void test_no_descriptor(void)
{
	struct rlimit old, none;

	CHECK_EQ(getrlimit(RLIMIT_NOFILE, &old), 0);
	none = (struct rlimit){ .rlim_cur = 3, .rlim_max = old.rlim_max };
	CHECK_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
	all_are("instructions:u,r8", LAB_BUSY);
	CHECK_EQ(setrlimit(RLIMIT_NOFILE, &old), 0);
	all_are_counted("instructions:u,r8");
}

/* Runs, and counts something else than what it is taken for. */
static void lies(unsigned int exclude_user, unsigned int exclude_kernel,
		 uint64_t config)
{
	const struct perf_event_attr attr = {
		.type = PERF_TYPE_RAW, .config = config, .exclude_hv = 1,
		.exclude_user = exclude_user, .exclude_kernel = exclude_kernel,
	};
	char err[LAB_EVENT_NAME];

	CHECK_EQ(lab_events_choose("r11,cycles:k,software", &set, err), 0);
	set.truth.attr = attr;
	lab_events_probe(&set);
	CHECK_WORD(&set.truth, LAB_LYING);
	CHECK_WORD(&set.event[0], LAB_LYING);
	CHECK_WORD(&set.event[1], LAB_LYING);
	said("truth loop of 40000 instructions read ");
	/* what no counter of the CPU has to do with is as it was */
	CHECK_WORD(&set.event[2], LAB_COUNTED);
	CHECK_EQ(lab_events_counted(&set), 4);
}

#define SW_INCR		0x0

/* The truth loop's counter is replaced: the PMU itself tells the truth. */
static void test_lying(void)
{
	const struct perf_event_attr silent = {
		.type = PERF_TYPE_RAW, .config = SW_INCR, .exclude_kernel = 1,
	};
	char err[LAB_EVENT_NAME];

	lies(1, 0, INST_RETIRED);
	/* one that stays at 0 does not lie; nothing can be held against it */
	CHECK_EQ(lab_events_choose("r11", &set, err), 0);
	set.truth.attr = silent;
	lab_events_probe(&set);
	CHECK_WORD(&set.truth, LAB_NEVER_COUNTS);
	CHECK_EQ(lab_events_counted(&set), 0);
}

/* --- who may ---------------------------------------------------------------------- */

static void sysctl_is_named(int level, int wanted)
{
	char text[64];

	snprintf(text, sizeof(text), "kernel.perf_event_paranoid is %d: %d or less",
		 level, wanted);
	said(text);
}

static void user_only(void)
{
	all_are_counted("instructions:u,cycles:u,task-clock");
	all_are("instructions:k", LAB_NOT_PERMITTED);
	sysctl_is_named(2, 1);
	all_are("context-switches:k", LAB_NOT_PERMITTED);
	sysctl_is_named(2, 1);
	vmtest_probe(&set, "instructions:k,instructions:u");
	CHECK_WORD(&set.event[0], LAB_NOT_PERMITTED);
	CHECK_WORD(&set.event[1], LAB_COUNTED);
}

static void user_and_kernel(void)
{
	all_are_counted("instructions:u,instructions:k,software");
}

static void nothing(int level)
{
	all_are("instructions:u,cycles:u,r8,task-clock", LAB_NOT_PERMITTED);
	sysctl_is_named(level, 2);
}

static void nothing_at_3(void)
{
	nothing(3);
}

static void nothing_at_4(void)
{
	nothing(4);
}

static void test_paranoid(void)
{
	static void (*const fn[])(void) = {
		user_and_kernel, user_and_kernel, user_and_kernel, user_only,
		nothing_at_3, nothing_at_4,
	};

	for (int level = -1; level <= 4; level++) {
		vmtest_sysctl(PARANOID, level);
		printf("  level %d\n", level);
		vmtest_as_nobody(fn[level + 1]);
		/* root may at any */
		user_and_kernel();
	}
}

/* As a container does, or a kernel without perf events. */
static void without_perf_event_open(int err)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | err),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {
		.len = sizeof(code) / sizeof(*code), .filter = code,
	};

	CHECK_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	CHECK_EQ(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), 0);
}

static void filtered(void)
{
	without_perf_event_open(EPERM);
	all_are("instructions:u,r8,task-clock", LAB_NOT_PERMITTED);
	said("kernel.perf_event_paranoid, which is 1, allows it: ");
}

static void absent(void)
{
	without_perf_event_open(ENOSYS);
	all_are("instructions:u,r8,task-clock", LAB_NO_PERF);
	said("no perf_event_open()");
}

static void test_filtered(void)
{
	vmtest_sysctl(PARANOID, 1);
	vmtest_as_nobody(filtered);
}

static void test_absent(void)
{
	vmtest_as_nobody(absent);
}

int main(int argc, char **argv)
{
	static const struct vmtest tests[] = {
		{ "pmu", "unknown event", test_unknown },
		{ "pmu", "never counts", test_never_counts },
		{ "pmu", "never scheduled: too large", test_too_large },
		{ "pmu", "never scheduled: in excess", test_pinned_in_excess },
		{ "pmu", "multiplexed", test_multiplexed },
		{ "pmu", "no free counter", test_no_descriptor },
		{ "pmu", "lying", test_lying },
		{ "pmu", "not permitted", test_paranoid },
		{ "pmu", "not permitted by a filter", test_filtered },
		{ "pmu", "no perf events", test_absent },
		{ "no-pmu", "no PMU", test_no_pmu },
		{ }
	};

	return vmtest_run(tests, argc == 2 ? argv[1] : "");
}
