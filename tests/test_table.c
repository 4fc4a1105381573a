// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Whatever the numbers, the table is ASCII and has at most 72 columns. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"
#include "report/table.h"

static const char command[] =
	"build/locklab compare --scenario resv_vs_custom_lock/shared_resv"
	" --base own:gpuva_coarse --new ksrc:gpuva_coarse --param k=1000"
	" --param ctx=none --threads 2 --budget 0.5s --margin 1"
	" --seed 18446744073709551615";

#define PLACES	12345

static struct lab_place places[PLACES];

static void fill(struct lab_row *row, const char *name, double ns)
{
	char err[LAB_CASE_ERROR];

	memset(row, 0, sizeof(*row));
	assert_int_equal(lab_case_parse(name, &row->ask.base, err), 0);
	row->ask.new_ = row->ask.base;
	assert_int_equal(lab_case_move(&row->ask.base, "ksrc", "slow",
				       &row->ask.new_), 0);
	row->ask.margin = 1;
	row->ask.seed = 18446744073709551615UL;
	strcpy(row->command, command);
	row->nr_arms = 3;
	row->ops_per_epoch = 1000000;
	row->ns[0] = ns;
	row->ns[1] = ns * 1.25;
	row->delta = (struct lab_interval){ ns / 4, -ns / 5, ns / 3 };
	row->ratio = (struct lab_interval){ 1.25, 1.2, 1.333 };
	row->aa = (struct lab_interval){ 0.9999, 0.99, 1.0101 };
	row->verdict = LAB_SLOWER;
	row->aa_verdict = LAB_INCONCLUSIVE;
	row->level = 0.99875;
	row->detects = 6.65;
	row->rounds = 500000;
	row->nr_raw = 524288;
	row->placements = PLACES;
	row->place = places;
	places[7].throttled = 1250000;
	row->outliers = 2;
	row->processes = 12;
	row->cycle_ns = 1 / 2.9;
	for (int d = LAB_KEPT + 1; d < LAB_NR_DROPS; d++)
		row->dropped[d] = 6072;
	row->epoch_ns = ns * 1e6;
	row->harness = 2e-4;
	row->skew = 123456;
	row->overlap = 0.991;
	row->handover_ns = 123456;
	for (int a = 0; a < LAB_MAX_ARMS; a++)
		for (int t = 0; t < 2; t++)
			row->threads[a][t] = (struct lab_thread_row){
				1e9, 12.5, 120, 130, 1e6, 1e8
			};
}

/* The printed table, checked line by line; to be freed. */
static char *print(const struct lab_row *row)
{
	char *text = NULL, *line;
	size_t size, len;
	FILE *f = open_memstream(&text, &size);

	assert_int_equal(lab_table_print(f, row, NULL), 0);
	fclose(f);
	for (line = text; *line; line += len + 1) {
		len = strcspn(line, "\n");
		assert_true(line[len] == '\n');
		if (len > LAB_COLUMNS)
			fail_msg("%zu columns: %.*s", len, (int)len, line);
		for (size_t i = 0; i < len; i++)
			assert_in_range(line[i], ' ', '~');
		assert_true(!len || line[len - 1] != ' ');
	}
	return text;
}

static void expect(const struct lab_row *row, const char *what)
{
	char *text = print(row);

	if (!strstr(text, what))
		fail_msg("no '%s' in\n%s", what, text);
	free(text);
}

static void refuse(const struct lab_row *row, const char *what)
{
	char *text = print(row);

	assert_null(strstr(text, what));
	free(text);
}

static void test_widths(void **state)
{
	static const char *const names[] = {
		"own/fake/spin/resv?n=1000&ctx=none", "own/fake/heap/resv",
		"own/fake/pair/resv?threads=2", "own/fake/roles/resv?threads=2",
	};
	struct lab_row row;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		for (double ns = 0.1; ns < 1e10; ns *= 7) {
			fill(&row, names[i], ns);
			free(print(&row));
			row.ns[1] = 12 * ns;
			row.delta = (struct lab_interval){
				11 * ns, 10.9 * ns, 11.1 * ns
			};
			row.ratio = (struct lab_interval){ 12, 11.9, 12.1 };
			free(print(&row));
		}
	}
}

static void test_content(void **state)
{
	struct lab_row row;

	(void)state;
	fill(&row, "own/fake/pair/resv?threads=2", 50);
	expect(&row, "SLOWER +25.0%");
	expect(&row, "A/A -0.01% [-1.00 +1.01] INCONCLUSIVE");
	refuse(&row, "reads apart");
	expect(&row, "detects 6.65%");
	expect(&row, "outliers 2");
	expect(&row, "throttled 1.25 s");
	expect(&row, "(preempted 6072");
	expect(&row, "overlap 0.991");
	expect(&row, "handover 123456 ns");
	expect(&row, "harness 0.020%");
	expect(&row, "99.9% CI");
	expect(&row, "2 threads");
	expect(&row, "12345 placements of 12 processes");
	expect(&row, "at 2.90 GHz");
	expect(&row, "cycles/op    145.00     181.25");
	row.level = 1 - 0x1p-15;
	expect(&row, "99.9% CI");
	expect(&row, "fairness");
	row.verdict = LAB_FASTER;
	row.ratio.est = 0.5;
	expect(&row, "FASTER -50.0%");
	row.ratio.est = 12;
	row.verdict = LAB_SLOWER;
	expect(&row, "SLOWER x12.0");
	row.verdict = LAB_INCONCLUSIVE;
	expect(&row, "INCONCLUSIVE");
	row.unit = LAB_BY_PLACEMENT;
	expect(&row, "CI over its placements");
	row.cycle_ns = NAN;
	refuse(&row, "cycles/op");
	row.partial = true;
	expect(&row, "partial: stopped");
}

/* What was not measured is a dash, never a zero. */
static void test_absent(void **state)
{
	struct lab_row row;
	char *text;

	(void)state;
	fill(&row, "own/fake/heap/resv", 50);
	row.verdict = LAB_NO_RESULT;
	row.ratio.lo = row.ratio.hi = row.delta.lo = row.delta.hi = NAN;
	row.detects = row.skew = row.overlap = NAN;
	strcpy(row.note, "too few rounds: 3 kept of 9, 0 of 6 units");
	expect(&row, "NO RESULT: too few rounds");
	expect(&row, "detects -%");
	text = print(&row);
	assert_null(strstr(text, "nan"));
	assert_null(strstr(text, "skew"));
	free(text);
	memset(row.note, 'x', sizeof(row.note) - 1);
	row.rounds = 0;
	free(print(&row));
}

/* Pasted into a shell, the wrapped command is the command. */
static void check_wrap(const char *command)
{
	char *text = NULL, joined[1024] = "", *from, *to = joined;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	lab_say_command(f, "repro:", command);
	fclose(f);
	for (from = text + strlen("repro: "); *from; from++) {
		if (!strncmp(from, "\\\n", 2))
			from += 1 + strspn(from + 2, " ");
		else if (*from != '\n')
			*to++ = *from;
	}
	assert_string_equal(joined, command);
	assert_true(strcspn(text, "\n") <= LAB_COLUMNS);
	free(text);
}

static void test_repro(void **state)
{
	(void)state;
	check_wrap(command);
	check_wrap("make bench SCENARIO=resv_vs_custom_lock/shared_resv HOST=ksrc VARIANTS=resv,gpuva_coarse SEED=1 MARGIN=0.5");
	/* no place to cut within quotes */
	check_wrap("build/locklab run --scenario 'a --b C=d --eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee F=g' --out h");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_content),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_repro),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
