// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Events: their names on each microarchitecture, and what failures are called. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "pmu/events.h"
#include "pmu/group.h"
#include "pmu/pfm.h"
#include "pmu/truth.h"

static struct lab_events set;
static char text[LAB_EVENT_NAME];

static void choose(const char *spec)
{
	assert_int_equal(lab_events_choose(spec, &set, text), 0);
}

static void test_names(void **state)
{
	(void)state;
	choose("cycles:k,basic,cycles:k");
	assert_string_equal(set.event[0].asked, "cycles:k");
	assert_int_equal(set.event[0].attr.exclude_user, 1);
	assert_int_equal(set.event[0].attr.exclude_kernel, 0);
	assert_int_equal(set.nr, 5);	/* each once */
	assert_string_equal(set.event[1].asked, "instructions:u");
	assert_int_equal(set.event[1].attr.exclude_kernel, 1);
	assert_non_null(strstr(set.event[1].name, "HW_INSTRUCTIONS:u=1:k=0"));
	choose("none");
	assert_int_equal(set.nr, 0);
}

static void test_bad_lists(void **state)
{
	char many[1024] = "r1";

	(void)state;
	assert_int_equal(lab_events_choose("", &set, text), -EINVAL);
	assert_int_equal(lab_events_choose("cycles,,r1", &set, text), -EINVAL);
	for (int i = 2; i < 20; i++)
		sprintf(many + strlen(many), ",r%d", i);
	assert_int_equal(lab_events_choose(many, &set, text), -EINVAL);
	memset(many, 'x', 100);
	many[100] = '\0';
	assert_int_equal(lab_events_choose(many, &set, text), -EINVAL);
}

static void test_unknown(void **state)
{
	(void)state;
	choose("NO_SUCH_EVENT_OF_ANY_CPU");
	assert_int_equal(set.event[0].status, LAB_UNKNOWN_EVENT);
	assert_string_not_equal(set.event[0].why, "");
}

/* Every name of the table is one that libpfm4 knows of that CPU. */
static int names_of(const char *core)
{
	setenv("LIBPFM_FORCE_PMU", core, 1);
	choose("locked-loads,dirty-hits,memory-clears");
	if (!lab_pfm_core() || strcmp(lab_pfm_core(), core))
		return 1;
	for (unsigned int i = 0; i < set.nr; i++) {
		const struct lab_event *e = &set.event[i];

		if (e->status != LAB_COUNTED && strncmp(core, "amd", 3))
			return 2;
		if (e->status == LAB_COUNTED && !strstr(e->name, core))
			return 3;
		if (e->status != LAB_COUNTED && !*e->why)
			return 4;
	}
	return 0;
}

/* libpfm4 looks at its environment once: a process for each. */
static void test_microarchitectures(void **state)
{
	static const char *const cores[] = {
#if defined(__x86_64__)
		"skl", "skx", "clx", "icl", "icx", "spr",
		"amd64_fam17h_zen1", "amd64_fam17h_zen2",
		"amd64_fam19h_zen3", "amd64_fam19h_zen4",
#endif
		NULL
	};

	(void)state;
	for (unsigned int i = 0; cores[i]; i++) {
		pid_t pid = fork();
		int status;

		if (!pid)
			_exit(names_of(cores[i]));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (status)
			print_error("%s: %d\n", cores[i], WEXITSTATUS(status));
		assert_int_equal(status, 0);
	}
}

static void test_truth_judges(void **state)
{
	double one = LAB_TRUTH_INSNS * 1000.0;

	(void)state;
	assert_true(lab_truth_holds(40 + one, 40 + 2 * one, 1000));
	assert_false(lab_truth_holds(0, 0, 1000));
	assert_false(lab_truth_holds(40, 40, 1000));
	assert_false(lab_truth_holds(40 + one, 40 + one, 1000));
	/* two threads' instructions taken for one's */
	assert_false(lab_truth_holds(2 * one, 4 * one, 1000));
	assert_false(lab_truth_holds(40 + one, 40 + 2.01 * one, 1000));
}

static void word_of(int err, bool software, enum lab_status want)
{
	struct perf_event_attr attr = {
		.type = software ? PERF_TYPE_SOFTWARE : PERF_TYPE_HARDWARE,
		.exclude_kernel = 1,
	};

	text[0] = '\0';
	assert_string_equal(lab_status_name(lab_group_status(err, &attr, text)),
			    lab_status_name(want));
	assert_string_not_equal(text, "");
}

static void test_words(void **state)
{
	(void)state;
	word_of(-ENOSYS, false, LAB_NO_PERF);
	word_of(-EBUSY, false, LAB_BUSY);
	word_of(-EMFILE, false, LAB_BUSY);
	word_of(-ENOENT, true, LAB_UNKNOWN_EVENT);
	if (!access("/proc/sys/kernel/perf_event_paranoid", F_OK)) {
		word_of(-EACCES, false, LAB_NOT_PERMITTED);
		assert_non_null(strstr(text, "kernel.perf_event_paranoid"));
	} else {
		word_of(-EACCES, false, LAB_NO_PERF);
	}
}

/* Whatever this machine has: a number or a word, and a word has a reason. */
static void test_probe(void **state)
{
	(void)state;
	choose("basic,locks,coherence,software,r123");
	lab_events_probe(&set);
	for (unsigned int i = 0; i < set.nr; i++) {
		const struct lab_event *e = &set.event[i];

		assert_int_equal(e->status == LAB_COUNTED,
				 e->pass != LAB_NO_PASS);
		if (e->status == LAB_COUNTED)
			continue;
		assert_string_not_equal(lab_status_name(e->status), "");
		assert_string_not_equal(e->why, "");
	}
	if (lab_events_pmu(text) != LAB_COUNTED)
		assert_int_equal(set.event[0].status, lab_events_pmu(text));
}

/* The kernel's own events go on where it has any, without a PMU. */
static void test_software(void **state)
{
	struct lab_reading before, after;
	struct lab_group g;

	(void)state;
	choose("task-clock,page-faults");
	lab_events_probe(&set);
	if (set.event[0].status != LAB_COUNTED) {
		print_message("task-clock: %s: %s\n",
			      lab_status_name(set.event[0].status),
			      set.event[0].why);
		skip();
	}
	assert_int_equal(lab_group_pass(&g, &set, 0), 0);
	assert_int_equal(lab_group_read(&g, &before), LAB_COUNTED);
	lab_exercise();
	assert_int_equal(lab_group_read(&g, &after), LAB_COUNTED);
	assert_true(after.value[0] > before.value[0]);
	assert_true(after.value[1] > before.value[1]);
	assert_int_equal(lab_group_check(&g), LAB_COUNTED);
	lab_group_close(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		/* before libpfm4 has been asked for anything here */
		cmocka_unit_test(test_microarchitectures),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_bad_lists),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_truth_judges),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_software),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
