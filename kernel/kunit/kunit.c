// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Runs the suites of a program and prints KTAP, as the kernel does.
 *
 * Each case, and each parameter of one, is a process of its own: one that
 * crashes, hangs, or leaks where that is looked for fails by itself, and none
 * begins with what another has left. A WARN of the core fails its case too.
 */
#include <host/host.h>
#include "kunit.h"
#include "process.h"

#define CASE_SECONDS	300

/**
 * struct counts - results, by status
 * @of: how many of each
 */
struct counts {
	unsigned int of[KUNIT_SKIPPED + 1];
};

/**
 * struct run - one case for one parameter
 * @test: what the case is given
 * @suite: which it belongs to
 * @c: the case
 */
struct run {
	struct kunit test;
	struct kunit_suite *suite;
	const struct kunit_case *c;
};

static struct kunit_result *result;
static struct kunit *current_test_run;

struct kunit *kunit_get_current_test(void)
{
	return current_test_run;
}

int kunit_set_param(const char *name, long long value)
{
	const struct kernel_param **p;

	for (p = __start_kunit_params; p < __stop_kunit_params; p++) {
		if (strcmp((*p)->name, name))
			continue;
		memcpy((*p)->at, &value, (*p)->size);
		return 0;
	}
	return -1;
}

static void count(struct counts *counts, enum kunit_status status)
{
	counts->of[status]++;
}

static unsigned int total(const struct counts *counts)
{
	return counts->of[KUNIT_SUCCESS] + counts->of[KUNIT_FAILURE] +
	       counts->of[KUNIT_SKIPPED];
}

static enum kunit_status verdict(const struct counts *counts)
{
	if (counts->of[KUNIT_FAILURE])
		return KUNIT_FAILURE;
	return counts->of[KUNIT_SUCCESS] || !total(counts) ? KUNIT_SUCCESS :
							     KUNIT_SKIPPED;
}

static void print_result(enum kunit_status status, unsigned int nr,
			 const char *name, const char *why)
{
	kunit_lines("", "%s %u %s%s%s",
		    status == KUNIT_FAILURE ? "not ok" : "ok", nr, name,
		    status == KUNIT_SKIPPED ? " # SKIP " : "",
		    status == KUNIT_SKIPPED ? why : "");
}

static void print_counts(const char *what, const struct counts *counts)
{
	kunit_lines("# ", "%s: pass:%u fail:%u skip:%u total:%u", what,
		    counts->of[KUNIT_SUCCESS], counts->of[KUNIT_FAILURE],
		    counts->of[KUNIT_SKIPPED], total(counts));
}

/* --- in the case's process ------------------------------------------------ */

static void call_case(void *arg)
{
	struct run *run = arg;
	int err = run->suite->init ? run->suite->init(&run->test) : 0;

	if (!err) {
		run->c->run_case(&run->test);
		return;
	}
	run->test.result->status = KUNIT_FAILURE;
	kunit_say(run->test.name, "failed to initialize (%d)", err);
}

static void call_exit(void *arg)
{
	struct run *run = arg;

	run->suite->exit(&run->test);
}

static void child(void *arg)
{
	struct run *run = arg;
	unsigned long warnings;

	current_test_run = &run->test;
	host_warn_reset();
	kunit_try(call_case, run);
	if (run->suite->exit)
		kunit_try(call_exit, run);
	kunit_cleanup(&run->test);

	warnings = host_warn_count();
	if (warnings) {
		run->test.result->status = KUNIT_FAILURE;
		kunit_say(run->test.name, "%lu warnings", warnings);
	}
	run->test.result->done = true;
}

/* --- in the runner's ---------------------------------------------------------- */

static enum kunit_status run_once(struct kunit_suite *suite,
				  const struct kunit_case *c,
				  const void *param, int param_index)
{
	struct run run = {
		.test = {
			.name = c->name,
			.param_value = param,
			.param_index = param_index,
			.result = result,
		},
		.suite = suite,
		.c = c,
	};
	char how[128];

	INIT_LIST_HEAD(&run.test.actions);
	memset(result, 0, sizeof(*result));
	if (kunit_child(child, &run, CASE_SECONDS, how, sizeof(how))) {
		kunit_say(c->name, "%s", how);
		return KUNIT_FAILURE;
	}
	if (!result->done) {
		kunit_say(c->name, "left its process");
		return KUNIT_FAILURE;
	}
	return result->status;
}

/* The plan stands before the results; so it is counted first. */
static unsigned int count_params(const struct kunit_case *c)
{
	char name[KUNIT_PARAM_DESC_SIZE];
	const void *param = NULL;
	unsigned int n = 0;

	while ((param = c->generate_params(param, name)))
		n++;
	return n;
}

static enum kunit_status run_params(struct kunit_suite *suite,
				    const struct kunit_case *c,
				    struct counts *counts)
{
	struct counts mine = { };
	char name[KUNIT_PARAM_DESC_SIZE];
	enum kunit_status status;
	unsigned int n = count_params(c), i;
	const void *param = NULL;

	kunit_depth++;
	kunit_lines("", "KTAP version 1");
	kunit_lines("# ", "Subtest: %s", c->name);
	kunit_lines("", "1..%u", n);
	for (i = 0; i < n; i++) {
		name[0] = '\0';
		param = c->generate_params(param, name);
		if (!name[0])
			snprintf(name, sizeof(name), "param-%u", i);
		status = run_once(suite, c, param, i);
		print_result(status, i + 1, name, result->why);
		count(&mine, status);
		count(counts, status);
	}
	kunit_depth--;
	print_counts(c->name, &mine);
	return verdict(&mine);
}

static void run_case(struct kunit_suite *suite, const struct kunit_case *c,
		     unsigned int nr, struct counts *counts)
{
	const char *why = kunit_why_not(c->name);
	enum kunit_status status;

	result->why[0] = '\0';
	if (why) {
		status = KUNIT_SKIPPED;
		snprintf(result->why, sizeof(result->why), "%s", why);
	} else if (c->attr.speed == KUNIT_SPEED_SLOW ||
		   c->attr.speed == KUNIT_SPEED_VERY_SLOW) {
		kunit_lines("# ", "%s.speed: slow", c->name);
	}
	if (!why && c->generate_params)
		status = run_params(suite, c, counts);
	else if (!why)
		status = run_once(suite, c, NULL, 0);
	if (why || !c->generate_params)
		count(counts, status);
	print_result(status, nr, c->name, result->why);
}

static void fail_all(const struct kunit_suite *suite, struct counts *counts)
{
	const struct kunit_case *c;
	unsigned int nr = 0;

	for (c = suite->test_cases; c->run_case; c++) {
		count(counts, KUNIT_FAILURE);
		print_result(KUNIT_FAILURE, ++nr, c->name, NULL);
	}
}

static void run_suite(struct kunit_suite *suite, unsigned int nr,
		      struct counts *counts)
{
	struct counts mine = { };
	const struct kunit_case *c;
	unsigned int i = 0;
	int err;

	kunit_depth++;
	for (c = suite->test_cases; c->run_case; c++)
		i++;
	kunit_lines("", "KTAP version 1");
	kunit_lines("# ", "Subtest: %s", suite->name);
	kunit_lines("", "1..%u", i);

	err = suite->suite_init ? suite->suite_init(suite) : 0;
	if (err) {
		kunit_say(suite->name, "failed to initialize (%d)", err);
		fail_all(suite, &mine);
	}
	for (i = 0; !err && suite->test_cases[i].run_case; i++)
		run_case(suite, &suite->test_cases[i], i + 1, &mine);
	if (suite->suite_exit)
		suite->suite_exit(suite);

	kunit_depth--;
	print_counts(suite->name, &mine);
	print_result(verdict(&mine), nr, suite->name, "no case was run");
	for (i = 0; i < ARRAY_SIZE(mine.of); i++)
		counts->of[i] += mine.of[i];
}

int kunit_run(unsigned long long seed)
{
	struct kunit_suite **s;
	struct counts counts = { };

	result = kunit_shared(sizeof(*result));
	kunit_seed(seed);
	kunit_lines("", "KTAP version 1");
	kunit_lines("# ", "seed %llu", seed);
	kunit_lines("", "1..%td", __stop_kunit_suites - __start_kunit_suites);
	for (s = __start_kunit_suites; s < __stop_kunit_suites; s++)
		run_suite(*s, s - __start_kunit_suites + 1, &counts);
	print_counts("Totals", &counts);
	kunit_lines("", "%u passed, %u failed, %u skipped",
		    counts.of[KUNIT_SUCCESS], counts.of[KUNIT_FAILURE],
		    counts.of[KUNIT_SKIPPED]);
	if (counts.of[KUNIT_FAILURE] || !total(&counts))
		return 1;
	return counts.of[KUNIT_SUCCESS] ? 0 : 77;
}
