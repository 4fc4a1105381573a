// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Which comparisons a request becomes, and the plain text around them. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "run/choice.h"
#include "run/plan.h"

static struct lab_record *plan;
static size_t nr;
static char err[LAB_CASE_ERROR];
static struct lab_request asked;

static int make(struct lab_request request)
{
	free(plan);
	plan = NULL;
	nr = 0;
	if (!request.host)
		request.host = "own";
	if (!request.glob)
		request.glob = "*";
	request.margin = 1;
	request.seed = 5;
	asked = request;
	return lab_plan(&request, &plan, &nr, err);
}

/* Rows of a kind whose new variant and path are these; NULL: any. */
static size_t count(enum lab_kind kind, const char *path, const char *variant,
		    bool possible)
{
	size_t i, n = 0;

	for (i = 0; i < nr; i++) {
		const struct lab_ask *a = &plan[i].row.ask;

		n += plan[i].kind == kind && !*plan[i].why == possible &&
		     (!path || !strcmp(a->base.path->name, path)) &&
		     (!variant || (a->new_.set &&
				   !strcmp(a->new_.set->variant, variant)));
	}
	return n;
}

/* Without names every other variant meets resv, at the defaults. */
static void test_defaults(void **state)
{
	size_t i;

	(void)state;
	assert_int_equal(make((struct lab_request){ .glob = "fake/spin" }), 0);
	assert_int_equal(count(LAB_COMPARISON, "spin", "slow", true), 1);
	assert_int_equal(count(LAB_COMPARISON, "spin", "none", true), 1);
	assert_int_equal(count(LAB_COMPARISON, NULL, "resv", true), 0);
	for (i = 0; i < nr; i++) {
		assert_string_equal(plan[i].row.ask.base.set->variant, "resv");
		assert_int_equal(plan[i].row.ask.seed, 5);
	}
}

/* n=1,16,1000 is varied; the words of ctx are crossed with it. */
static void test_named(void **state)
{
	(void)state;
	assert_int_equal(make((struct lab_request){ .glob = "fake/spin",
			 .variant = { "slow", "resv" }, .nr_variants = 2 }),
			 0);
	assert_int_equal(count(LAB_COMPARISON, NULL, NULL, true), 6);
	assert_int_equal(count(LAB_COMPARISON, "spin", "slow", true), 6);
}

static void test_same(void **state)
{
	(void)state;
	assert_int_equal(make((struct lab_request){ .glob = "fake/heap",
			 .variant = { "resv" }, .nr_variants = 1 }), 0);
	assert_int_equal(nr, 1);
	assert_ptr_equal(plan[0].row.ask.new_.set, plan[0].row.ask.base.set);
	assert_string_equal(plan[0].row.ask.new_.set->variant, "resv");
}

/* Their number can be asked for, whatever the machine has. */
static void test_threads(void **state)
{
	size_t i;

	(void)state;
	assert_int_equal(make((struct lab_request){ .glob = "fake/*",
			 .variant = { "resv", "slow" }, .nr_variants = 2,
			 .threads = 8 }), 0);
	assert_int_equal(count(LAB_COMPARISON, NULL, NULL, true), 1);
	assert_int_equal(count(LAB_COMPARISON, "pair", "slow", true), 1);
	for (i = 0; i < nr; i++)
		assert_int_equal(plan[i].row.ask.new_.cfg.threads, 8);
	assert_int_equal(make((struct lab_request){ .glob = "fake/spin",
			 .threads = 2 }), -ENOENT);
	assert_non_null(strstr(err, "2 threads"));
	/* where no number is asked for, only a path that needs them has too many */
	assert_int_equal(make((struct lab_request){ .glob = "*" }), 0);
	for (i = 0; i < nr; i++) {
		const struct lab_case *c = &plan[i].row.ask.base;

		assert_true(!lab_case_oversubscribed(c) ||
			    c->cfg.threads == lab_path_min_threads(c->path));
	}
}

/* What cannot be measured stands in the plan and says why. */
static void test_impossible(void **state)
{
	(void)state;
	assert_int_equal(make((struct lab_request){ .glob = "fake/pair",
			 .variant = { "resv", "none" }, .nr_variants = 2 }),
			 0);
	assert_int_equal(count(LAB_COMPARISON, NULL, NULL, true), 0);
	assert_true(count(LAB_COMPARISON, NULL, NULL, false) > 0);
	assert_non_null(strstr(plan[0].why, "not safe with 2 threads"));
	assert_int_equal(make((struct lab_request){ .glob = "fake/pair",
			 .variant = { "none" }, .nr_variants = 1 }), -EINVAL);
	assert_non_null(strstr(err, "'none' is not safe with the 2 threads"));
}

static void test_names(void **state)
{
	(void)state;
	assert_int_equal(make((struct lab_request){ .glob = "nosuch*" }), -ENOENT);
	assert_non_null(strstr(err, "fake/spin"));
	assert_int_equal(make((struct lab_request){ .variant = { "nosuch" },
			 .nr_variants = 1 }), -ENOENT);
	assert_non_null(strstr(err, "resv"));
	assert_int_equal(make((struct lab_request){ .host = "nosuch" }), -ENOENT);
	assert_non_null(strstr(err, "ksrc"));
}

/* A path may name its base; named variants have the say over it. */
static void test_base_of_path(void **state)
{
	size_t i;

	(void)state;
	assert_int_equal(make((struct lab_request){ .glob = "fake/heap" }), 0);
	assert_true(nr > 1);
	for (i = 0; i < nr; i++)
		assert_string_equal(plan[i].row.ask.base.set->variant, "slow");
	assert_int_equal(count(LAB_COMPARISON, "heap", "resv", true), 1);
	assert_int_equal(make((struct lab_request){ .glob = "fake/heap",
			 .variant = { "none", "resv" }, .nr_variants = 2 }),
			 0);
	assert_int_equal(nr, 1);
	assert_string_equal(plan[0].row.ask.base.set->variant, "none");
}

/* A scenario meets the variants that it is compiled with, and no others. */
static void test_families(void **state)
{
	size_t i;

	(void)state;
	assert_int_equal(make((struct lab_request){ .glob = "other/spin" }), 0);
	assert_int_equal(nr, 1);
	assert_string_equal(plan[0].row.ask.new_.set->variant, "only");
	assert_ptr_equal(plan[0].row.ask.base.scenario,
			 plan[0].row.ask.new_.scenario);
	assert_int_equal(make((struct lab_request){ .glob = "*/spin",
			 .variant = { "resv", "slow", "only" },
			 .nr_variants = 3 }), 0);
	for (i = 0; i < nr; i++) {
		const struct lab_ask *a = &plan[i].row.ask;

		assert_string_equal(plan[i].why, "");
		assert_string_equal(a->base.scenario->name,
				    strcmp(a->new_.set->variant, "only") ?
				    "fake" : "other");
	}
	assert_int_equal(count(LAB_COMPARISON, "spin", "only", true), 6);
	assert_int_equal(count(LAB_COMPARISON, "spin", "slow", true), 6);
	assert_int_equal(make((struct lab_request){ .glob = "other/spin",
			 .variant = { "slow" }, .nr_variants = 1 }), -ENOENT);
}

/* Host against host: what scenarios want so, and nothing else. */
static void test_against(void **state)
{
	const char *at;

	(void)state;
	assert_int_equal(make((struct lab_request){ .against = "nosuch" }),
			 -ENOENT);
	assert_non_null(strstr(err, "ksrc"));
	assert_int_equal(make((struct lab_request){ .against = "ksrc" }), 0);
	assert_int_equal(nr, 1);
	assert_int_equal(count(LAB_FIDELITY, "dear", "slow", true), 1);
	assert_int_equal(make((struct lab_request){ .against = "ksrc",
			 .glob = "fake/spin" }), -ENOENT);
	at = strstr(err, " fake/dear");
	assert_non_null(at);
	assert_null(strstr(at + strlen(" fake/dear"), "dear"));
	assert_int_equal(make((struct lab_request){ .against = "ksrc",
			 .variant = { "resv" }, .nr_variants = 1 }), -ENOENT);
	assert_non_null(strstr(err, "of these variants"));
	assert_null(strstr(err, "dear"));
}

/* The path's own two designs, at the defaults; measured before all others. */
static void test_headline(void **state)
{
	size_t i, first = 0, n = 0;

	(void)state;
	assert_int_equal(make((struct lab_request){ .glob = "fake/*" }), 0);
	while (plan[first].kind == LAB_CONTROL)
		first++;
	for (i = 0; i < nr; i++)
		n += lab_headline_of(&asked, &plan[i]) != NULL;
	assert_int_equal(n, 1);
	assert_string_equal(lab_headline_of(&asked, &plan[first])->new_, "slow");
	assert_string_equal(plan[first].row.ask.base.path->name, "spin");
	assert_true(lab_has_defaults(&plan[first].row.ask.base));
	assert_true(plan[first].weight == 4);
	assert_int_equal(make((struct lab_request){ .glob = "fake/heap" }), 0);
	for (i = 0; i < nr; i++)
		assert_null(lab_headline_of(&asked, &plan[i]));
}

static const struct bench_param grid_params[] = {
	{ "a", "1,2", 0 },
	{ "b", "1,2", 0 },
	{ "temp", "warm,cold", BENCH_APART },
	{ }
};
static const struct bench_path grid_path = {
	.name = "grid", .params = grid_params,
};

/* How many of the eight cases of grid_path a width takes in. */
static size_t wide(enum bench_width width)
{
	struct lab_case cases[8] = { 0 };
	const struct lab_choice choice = { cases, 8, false };
	size_t i, n = 0;

	for (i = 0; i < 8; i++) {
		cases[i].path = &grid_path;
		cases[i].cfg.threads = 1;
		cases[i].cfg.value[0] = 1 + (i & 1);
		cases[i].cfg.value[1] = 1 + (i >> 1 & 1);
		cases[i].cfg.value[2] = i >> 2;
	}
	for (i = 0; i < 8; i++)
		n += lab_choice_wide(&choice, &cases[i], width);
	return n;
}

/* A grid crosses all parameters; what is varied apart is not crossed elsewhere. */
static void test_widths(void **state)
{
	(void)state;
	assert_int_equal(wide(BENCH_NOT), 0);
	assert_int_equal(wide(BENCH_DEFAULTS), 1);
	assert_int_equal(wide(BENCH_NUMBERS), 2);
	assert_int_equal(wide(BENCH_ONE_AT_A_TIME), 4);
	assert_int_equal(wide(BENCH_GRID), 8);
}

/* The path's entries come before the scenario's, and the first match decides. */
static void test_wants(void **state)
{
	static const struct bench_wants of_path[] = {
		{ "a*", BENCH_GRID, BENCH_DEFAULTS, BENCH_GRID },
		{ }
	};
	static const struct bench_wants of_scenario[] = {
		{ "ab", BENCH_NOT, BENCH_NOT, BENCH_NOT },
		{ "b", BENCH_NOT, BENCH_DEFAULTS, BENCH_NOT },
		{ }
	};
	static const struct bench_path path = {
		.name = "p", .params = grid_params, .wants = of_path,
	};
	static const struct bench_scenario scenario = {
		.name = "s", .wants = of_scenario, .paths = &path,
	};
	static const struct lab_set a = { .variant = "a" }, c = { .variant = "c" };
	struct lab_case off = { &a, &scenario, &path, { { 2, 1, 0 }, 1, 0 } };
	struct lab_case cases[] = { { &a, &scenario, &path, { { 1, 1, 0 }, 1, 0 } },
				    { &c, &scenario, &path, { { 1, 1, 0 }, 1, 0 } } };
	struct lab_choice choice = { cases, 2, true };

	(void)state;
	assert_true(lab_choice_wants(&choice, &off, "ab"));
	assert_false(lab_choice_wants(&choice, &cases[0], "b"));
	assert_true(lab_choice_wants(&choice, &cases[0], "unsaid"));
	assert_false(lab_choice_wants(&choice, &off, "unsaid"));
	assert_true(lab_choice_hosts(&choice, &off, true));
	assert_false(lab_choice_hosts(&choice, &off, false));
	assert_true(lab_choice_hosts(&choice, &cases[0], false));
	assert_false(lab_choice_hosts(&choice, &cases[1], true));
	choice.named = false;
	assert_false(lab_choice_wants(&choice, &off, "ab"));
	assert_true(lab_choice_wants(&choice, &cases[0], "b"));
}

/* The text that lab_say() prints of @text. */
static char *said(const char *text)
{
	char *out = NULL;
	size_t size;
	FILE *f = open_memstream(&out, &size);

	assert_non_null(f);
	lab_say(f, "%s", text);
	assert_int_equal(fclose(f), 0);
	return out;
}

static void test_say(void **state)
{
	char long_word[201] = "", *out, *line, *rest;

	(void)state;
	out = said("caf\xc3\xa9\tx");
	assert_string_equal(out, "caf???x\n");
	free(out);
	memset(long_word, 'x', 200);
	out = said(long_word);
	for (line = strtok_r(out, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		assert_in_range(strlen(line), 1, LAB_COLUMNS);
	free(out);
	out = said("  seventy-two columns are where a line of plain text ends in this report, and here it goes on");
	assert_string_equal(out, "  seventy-two columns are where a line of plain text ends in this\n    report, and here it goes on\n");
	free(out);
}

static void test_number(void **state)
{
	char buf[32];

	(void)state;
	assert_string_equal(lab_number(buf, sizeof(buf), 1.23456, 0), "1.235");
	assert_string_equal(lab_number(buf, sizeof(buf), 12.3456, 1), "+12.35");
	assert_string_equal(lab_number(buf, sizeof(buf), 123456.7, 0),
			    "123457");
	assert_string_equal(lab_number(buf, sizeof(buf), NAN, 1), "-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_impossible),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_base_of_path),
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_against),
		cmocka_unit_test(test_headline),
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_wants),
		cmocka_unit_test(test_say),
		cmocka_unit_test(test_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
