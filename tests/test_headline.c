// SPDX-License-Identifier: GPL-2.0 OR MIT
/* What a report says before all tables, of runs that are made up. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "report/report.h"

#define ROWS	4

static const struct bench_headline headline = {
	.new_ = "slow",
	.says = "A lock costs",
	.then = "It is taken once.",
	.control = "pair",
	.control_says = "A pair alone",
	.also = "none",
	.also_says = "Taken never",
};
static const struct bench_param params[] = { { "n", "1,2", 0 }, { } };
static const struct bench_path path = {
	.name = "walk", .op = "turn", .params = params, .headline = &headline,
};
static const struct bench_scenario scenario = {
	.name = "fake", .base = "resv", .paths = &path,
};
static const struct bench_path control_path = { .name = "pair" };

static struct lab_record rec[ROWS];
static struct lab_run run = {
	.request = { .host = "own", .margin = 1 }, .rec = rec,
};

static const struct lab_set *set_of(const char *variant)
{
	return lab_set_find("own", variant, "fake");
}

static struct lab_row *add(enum lab_kind kind, const char *variant, long n)
{
	struct lab_record *r = &rec[run.nr++];

	memset(r, 0, sizeof(*r));
	r->kind = kind;
	r->variant = variant;
	r->measured = true;
	r->row.ask.margin = 1;
	r->row.ask.base = (struct lab_case) {
		set_of("resv"), &scenario, kind == LAB_CONTROL ? &control_path :
		&path, { { n }, 1, 0 }
	};
	r->row.ask.new_ = r->row.ask.base;
	r->row.ask.new_.set = set_of(variant);
	r->row.ns[0] = 10;
	r->row.level = 0.98;
	r->row.units = 16;
	r->row.unit = LAB_BY_PROCESS;
	r->row.cycle_ns = 0.4;
	r->row.delta = (struct lab_interval){ 5, 4, 6 };
	r->row.ratio = (struct lab_interval){ 1.5, 1.4, 1.6 };
	r->row.verdict = LAB_SLOWER;
	r->row.aa = (struct lab_interval){ 1, 0.999, 1.001 };
	r->row.aa_verdict = LAB_SAME;
	return &r->row;
}

/* The text with single blanks, to be freed. */
static char *said(void)
{
	char *text = NULL, *from, *to;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	lab_report_headline(f, &run);
	fclose(f);
	for (from = to = text; *from; from++)
		if ((*from != ' ' && *from != '\n') || (to > text && to[-1] != ' '))
			*to++ = *from == '\n' ? ' ' : *from;
	*to = '\0';
	return text;
}

static void says(const char *wanted, bool there)
{
	char *text = said();

	if (!strstr(text, wanted) == there)
		fail_msg("\"%s\" %s in: %s", wanted, there ? "is not" : "is", text);
	free(text);
}

static int begin(void **state)
{
	(void)state;
	run.nr = 0;
	run.partial = NULL;
	run.request.threads = 0;
	return 0;
}

static void make_doubtful(struct lab_row *row)
{
	row->aa = (struct lab_interval){ 1.02, 1.005, 1.03 };
	row->aa_verdict = LAB_INCONCLUSIVE;
}

static void test_whole(void **state)
{
	(void)state;
	add(LAB_CONTROL, "resv", 1);
	add(LAB_COMPARISON, "slow", 1);
	add(LAB_COMPARISON, "none", 1);
	make_doubtful(add(LAB_COMPARISON, "none", 2));
	says("A lock costs +5.00 ns, 12.5 cycles at 2.50 GHz per turn, +50.00 % [+40.00, +60.00], 98.0 % over 16 processes: SLOWER at 1 %. It is taken once. A pair alone: 10.00 ns in this run (ratio 0.50). Taken never (none), n=1: +5.00 ns, +50.0 %, SLOWER. A/A resv against resv: SAME(+-1 %), +0.000 % [-0.100, +0.100]. 3 comparisons",
	     true);
	rec[1].row.cycle_ns = NAN;
	says("A lock costs +5.00 ns per turn,", true);
	says("n=2", false);
	says("could have been seen", false);
	says("cannot carry", false);
}

static void test_doubts(void **state)
{
	struct lab_row *row = add(LAB_COMPARISON, "slow", 1);

	(void)state;
	row->verdict = LAB_INCONCLUSIVE;
	row->detects = 7.25;
	row->sure = (struct lab_interval){ 1.5, 1.005, 1.65 };
	row->sure_level = 0.995;
	make_doubtful(row);
	says("A lock costs", true);
	says("By the 99.5 % that a word needs: [+0.50, +65.00] %.", true);
	says("Smallest effect that could have been seen: 7.25 %.", true);
	says("A pair alone was not measured in this run.", true);
	says("cannot carry a margin of 1 %", true);
	/* it is by another cause */
	row->sure.lo = 1.02;
	says("that a word needs", false);
	row->aa.est = NAN;
	says("resv against itself has no interval", true);
	run.partial = "it was stopped";
	says("PARTIAL RUN: it was stopped. A lock costs", true);
}

static void test_none(void **state)
{
	struct lab_row *row = add(LAB_COMPARISON, "slow", 1);

	(void)state;
	row->verdict = LAB_NO_RESULT;
	strcpy(row->note, "digests differ");
	says("No headline: slow against resv on fake/walk has NO RESULT: digests differ.",
	     true);
	rec[0].measured = false;
	says("fake/walk was not measured: the run ended before.", true);
	strcpy(rec[0].why, "slow is not safe with 2 threads");
	row->ask.new_.set = NULL;
	says("fake/walk was not measured: slow is not safe with 2 threads.", true);
}

/* Then the weightiest of all that there are is named. */
static void test_not_asked(void **state)
{
	(void)state;
	says("No headline: slow against resv on fake/spin was not asked for. 0 comparisons",
	     true);
	add(LAB_COMPARISON, "none", 1);
	says("No headline: slow against resv on fake/spin was not asked for.", true);
	add(LAB_COMPARISON, "slow", 2);
	says("was not asked for", true);
	add(LAB_COMPARISON, "slow", 1)->ask.base.cfg.threads = 2;
	says("was not asked for", true);
	run.request.threads = 2;
	says("A lock costs", true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_whole, begin),
		cmocka_unit_test_setup(test_doubts, begin),
		cmocka_unit_test_setup(test_none, begin),
		cmocka_unit_test_setup(test_not_asked, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
