// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Names of cases: there and back, and what a wrong one is answered. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cases/case.h"
#include "base/cpus.h"

static char err[LAB_CASE_ERROR];
static struct lab_case found;

static void test_round_trip(void **state)
{
	char name[LAB_CASE_NAME], again[LAB_CASE_NAME];
	struct lab_case *all, c;
	size_t nr;

	(void)state;
	assert_int_equal(lab_case_all(&all, &nr), 0);
	assert_true(nr > 40);
	for (size_t i = 0; i < nr; i++) {
		lab_case_format(&all[i], name);
		assert_int_equal(lab_case_parse(name, &c, err), 0);
		assert_string_equal(lab_case_format(&c, again), name);
		assert_ptr_equal(c.path, all[i].path);
	}
	free(all);
}

static size_t count(const char *prefix)
{
	char name[LAB_CASE_NAME];
	struct lab_case *all;
	size_t nr, n = 0;

	assert_int_equal(lab_case_all(&all, &nr), 0);
	for (size_t i = 0; i < nr; i++)
		n += !strncmp(lab_case_format(&all[i], name), prefix,
			      strlen(prefix));
	free(all);
	return n;
}

static void test_all(void **state)
{
	(void)state;
	assert_int_equal(count("own/fake/spin/resv?"), 3 * 2);
	assert_int_equal(count("own/fake/spin/resv?n=16&ctx=ww"), 1);
	assert_int_equal(count("own/fake/heap/resv"), 1);
	/* one thread only: no case of a path that wants two */
	assert_int_equal(count("own/fake/pair/none"), 0);
	assert_int_equal(count("own/fake/roles/none"), 1);
	/* the fewest threads are listed wherever the test runs */
	assert_int_equal(count("own/fake/pair/resv?threads=2"), 1);
	assert_int_equal(count("own/fake/roles/resv?threads=2"),
			 lab_cpus_allowed() > 1);
}

static void test_values(void **state)
{
	char name[LAB_CASE_NAME], word[16];

	(void)state;
	assert_int_equal(lab_case_parse("own/fake/spin/resv?ctx=ww", &found,
					err), 0);
	assert_int_equal(found.cfg.value[0], 1);	/* default */
	assert_int_equal(found.cfg.value[1], 1);	/* position */
	assert_int_equal(found.cfg.threads, 1);
	assert_string_equal(lab_case_format(&found, name),
			    "own/fake/spin/resv?n=1&ctx=ww");
	assert_int_equal(lab_case_parse("own/fake/spin/resv?n=1000", &found,
					err), 0);
	assert_int_equal(found.cfg.value[0], 1000);
	assert_false(lab_param_is_word(&found.path->params[0]));
	assert_true(lab_param_is_word(&found.path->params[1]));
	lab_param_word(&found.path->params[1], 0, word, sizeof(word));
	assert_string_equal(word, "none");
}

static void refuse(const char *name, int ret, const char *says)
{
	memset(err, 0, sizeof(err));
	assert_int_equal(lab_case_parse(name, &found, err), ret);
	if (!strstr(err, says))
		fail_msg("'%s' does not say '%s'", err, says);
	assert_null(strchr(err, '\n'));
}

static void test_refusals(void **state)
{
	(void)state;
	refuse("own/fake/spin/nix", -ENOENT, "resv slow none");
	refuse("nix/fake/spin/resv", -ENOENT, "own ksrc");
	refuse("own/nix/spin/resv", -ENOENT, "there are: fake");
	refuse("own/fake/nix/resv", -ENOENT, "spin heap dear crash pair roles");
	refuse("own/fake/spin/resv?n=2", -EINVAL, "1,16,1000");
	refuse("own/fake/spin/resv?n", -EINVAL, "1,16,1000");
	refuse("own/fake/spin/resv?m=1", -EINVAL, "n=1,16,1000");
	refuse("own/fake/heap/resv?m=1", -EINVAL, "none");
	refuse("own/fake/spin/resv?threads=2", -EINVAL, "1 to 1 threads");
	refuse("own/fake/spin/resv?threads=x", -EINVAL, "is not");
	refuse("own/fake/pair/none?threads=2", -EINVAL, "1 thread");
	refuse("own/fake/pair/resv?threads=64", -EINVAL, "2 to 8 threads");
	refuse("ksrc/fake/spin/immediate", -ENOENT, "IMMEDIATE_MODE");
	refuse("own/fake/resv", -EINVAL, "is not host/scenario/path/variant");
	refuse("resv", -EINVAL, "is not host/scenario/path/variant");
	refuse("", -EINVAL, "is not host/scenario/path/variant");
}

static void test_long_names(void **state)
{
	char name[1024];

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	refuse(name, -EINVAL, "is not");
	memcpy(name, "own/", 4);
	name[LAB_CASE_NAME - 10] = '\0';
	memcpy(name + 100, "/a/", 3);
	refuse(name, -ENOENT, "unknown variant");
}

static void test_find(void **state)
{
	const char *params[] = { "n=16" };
	struct lab_pick pick = {
		.variant = "resv", .scenario = "fake", .params = params,
		.nr_params = 1,
	};

	(void)state;
	assert_int_equal(lab_case_find(&pick, &found, err), 0);
	assert_string_equal(found.path->name, "spin");	/* the first */
	assert_string_equal(found.set->host, "own");
	assert_int_equal(found.cfg.value[0], 16);
}

static void test_move(void **state)
{
	struct lab_case to;

	(void)state;
	assert_int_equal(lab_case_parse("own/fake/spin/resv?n=16&ctx=ww",
					&found, err), 0);
	assert_int_equal(lab_case_move(&found, "ksrc", "slow", &to), 0);
	assert_string_equal(to.set->host, "ksrc");
	assert_int_equal(to.cfg.value[0], 16);
	assert_int_equal(to.cfg.value[1], 1);
	assert_ptr_not_equal(to.path, found.path);
	assert_int_equal(lab_case_move(&found, "ksrc", "none", &to),
			 -ENOENT);
	assert_int_equal(lab_case_parse("own/fake/pair/resv", &found, err), 0);
	assert_int_equal(lab_case_move(&found, "own", "none", &to),
			 -EINVAL);
}

/* Two families: the set is the one that has the scenario. */
static void test_families(void **state)
{
	(void)state;
	assert_int_equal(lab_case_parse("own/other/heap/resv", &found, err), 0);
	assert_string_equal(found.scenario->name, "other");
	assert_int_equal(lab_case_parse("own/fake/heap/only", &found, err),
			 -ENOENT);
	assert_non_null(strstr(err, "'only' is none of fake's"));
	assert_non_null(strstr(err, " slow"));
	assert_null(strstr(err, " only"));
	assert_int_equal(lab_case_names("own", "only", err), 0);
	assert_int_equal(lab_case_names("own", "nosuch", err), -ENOENT);
	assert_non_null(strstr(err, " only"));
	assert_int_equal(lab_case_names("nosuch", "only", err), -ENOENT);
}

static void test_match(void **state)
{
	(void)state;
	assert_int_equal(lab_case_parse("own/fake/spin/resv", &found, err), 0);
	assert_true(lab_case_match(&found, "fake"));
	assert_true(lab_case_match(&found, "fa*"));
	assert_true(lab_case_match(&found, "fake/spin"));
	assert_true(lab_case_match(&found, "fake/s*"));
	assert_true(lab_case_match(&found, "*"));
	assert_false(lab_case_match(&found, "spin"));
	assert_false(lab_case_match(&found, "fake/heap"));
	assert_false(lab_case_match(&found, ""));
	assert_true(lab_case_match(&found, "nosuch,fake/s*"));
	assert_true(lab_case_match(&found, "fake/spin,nosuch"));
	assert_false(lab_case_match(&found, "fake/heap,nosuch"));
	assert_false(lab_case_match(&found, "fake/spi,n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_move),
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_match),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
