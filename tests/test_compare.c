// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Comparisons of fake sets from end to end. The verdicts have margins that a
 * loaded machine keeps; all else is counted, not timed.
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "fake_ask.h"
#include "timing/command.h"
#include "timing/compare.h"
#include "base/cpus.h"
#include "timing/engine.h"
#include "timing/placement.h"
#include "record/rowjson.h"
#include "base/stop.h"
#include "report/table.h"

extern unsigned long fake_dear_made, fake_dear_left, fake_seed;

static struct lab_row row;

static int compare(const char *path, const char *base, const char *new_)
{
	struct lab_ask ask = fake_ask(path, base, new_);

	return lab_compare(&ask, &row, NULL, NULL);
}

static int end_row(void **state)
{
	(void)state;
	lab_row_free(&row);
	lab_engine_end();
	return 0;
}

static void test_same(void **state)
{
	(void)state;
	assert_int_equal(compare("fake/spin", "resv", "resv"), 0);
	assert_int_equal(row.nr_arms, 2);
	assert_int_equal(row.verdict, LAB_SAME);
	assert_int_equal(row.aa_verdict, LAB_SAME);
	assert_true(row.aa.est == row.ratio.est);
}

static void test_slower(void **state)
{
	(void)state;
	assert_int_equal(compare("fake/spin", "resv", "slow"), 0);
	assert_int_equal(row.nr_arms, 3);
	assert_int_equal(row.verdict, LAB_SLOWER);
	assert_true(row.ratio.est > 1.2 && row.ratio.est < 1.4);
	assert_true(row.digest_ok);
	assert_true(row.nr_raw >= row.rounds && row.rounds > 0);
	assert_true(row.placements > 1 && row.place[0].first == 0);
	for (unsigned long p = 1; p < row.placements; p++)
		assert_true(row.place[p].first > row.place[p - 1].first &&
			    row.place[p].first % 6 == 0);
	assert_true(row.threads[0][0].ops ==
		    (double)row.rounds * row.ops_per_epoch);
	assert_true(isnan(row.threads[0][0].p50));
	assert_null(row.skews);
}

static void test_faster(void **state)
{
	(void)state;
	assert_int_equal(compare("fake/spin", "slow", "resv"), 0);
	assert_int_equal(row.nr_arms, 3);
	assert_int_equal(row.aa_verdict, LAB_SAME);
	assert_int_equal(row.verdict, LAB_FASTER);
}

static void test_void_rows(void **state)
{
	static const struct {
		const char *variant, *note;
	} wrong[] = {
		{ "wrong", "digests differ: resv" },
		{ "leaky", "leaked" },
		{ "warns", "warned" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		assert_int_equal(compare("fake/spin", "resv",
					 wrong[i].variant), 0);
		assert_int_equal(row.verdict, LAB_NO_RESULT);
		assert_non_null(strstr(row.note, wrong[i].note));
		assert_int_equal(row.digest_ok, i != 0);
		lab_row_free(&row);
	}
}

/* Whatever an operation takes, epochs are as long. */
static void test_length(void **state)
{
	static const char *const variant[] = { "resv", "slow" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(compare("fake/spin", variant[i], variant[i]), 0);
		assert_true(row.ops_per_epoch > 1);
		assert_true(fabs(row.epoch_ns / row.cost.epoch - 1) < 0.05);
		lab_row_free(&row);
	}
}

static void test_two_threads(void **state)
{
	(void)state;
	if (lab_cpus_allowed() < 2)
		skip();
	/* the load beside the counted operations differs; digests must not */
	assert_int_equal(compare("fake/pair", "resv", "slow"), 0);
	assert_true(row.digest_ok);
	assert_non_null(row.skews);
	assert_true(row.skew >= 0 && row.overlap > 0 && row.overlap <= 1);
	for (unsigned int arm = 0; arm < 2; arm++) {
		const struct lab_thread_row *t = row.threads[arm];

		assert_true(t[0].seconds > 0 && t[0].seconds == t[1].seconds);
		assert_true(t[0].ops > 0 && t[1].ops > 0);
	}
}

/* Preempted is what these threads are for most of the time. */
static void test_oversubscribed(void **state)
{
	struct lab_ask ask = fake_ask("fake/pair", "resv", "slow");
	char *text = NULL;
	size_t size;
	json_t *o;
	FILE *f;

	(void)state;
	if (lab_cpus_allowed() > 7)
		skip();
	ask.base.cfg.threads = lab_cpus_allowed() + 1;
	ask.new_.cfg.threads = ask.base.cfg.threads;
	assert_int_equal(lab_compare(&ask, &row, NULL, NULL), 0);
	assert_true(row.digest_ok && row.nr_raw > 0);
	assert_int_equal(row.dropped[LAB_PREEMPTED], 0);
	assert_int_equal(row.dropped[LAB_OVERLAP], 0);
	assert_true(row.epoch_ns > LAB_OVERSUBSCRIBED_NS / 10);
	o = lab_row_json(&row, false);
	assert_true(json_is_true(json_object_get(o, "oversubscribed")));
	json_decref(o);
	f = open_memstream(&text, &size);
	assert_int_equal(lab_table_print(f, &row, NULL), 0);
	fclose(f);
	assert_non_null(strstr(text, "threads oversubscribed"));
	assert_non_null(strstr(text, "preemption drops no round"));
	free(text);
}

/* Counted over the epochs, for each operation of the last thread. */
static void test_tally(void **state)
{
	struct lab_ask ask = fake_ask("fake/roles", "resv", "slow");
	json_t *o, *json;

	(void)state;
	assert_int_equal(lab_compare(&ask, &row, NULL, NULL), 0);
	assert_true(row.tally_ops[0] > 0 && row.tally_ops[1] > 0);
	assert_true(lab_row_tally(&row, 0) == 2);
	assert_true(lab_row_tally(&row, 1) == 2);
	json = lab_row_json(&row, false);
	o = json_object_get(json, "tally");
	assert_string_equal(json_string_value(json_object_get(o, "what")),
			    "doubled");
	assert_true(json_number_value(json_object_get(o, "new")) == 2);
	json_decref(json);
	lab_row_free(&row);
	ask = fake_ask("fake/spin", "resv", "slow");
	assert_int_equal(lab_compare(&ask, &row, NULL, NULL), 0);
	assert_true(isnan(lab_row_tally(&row, 0)));
	json = lab_row_json(&row, false);
	assert_true(json_is_null(json_object_get(json, "tally")));
	json_decref(json);
}

static void test_roles(void **state)
{
	struct lab_ask ask = fake_ask("fake/roles", "resv", "slow");
	unsigned int threads = lab_cpus_allowed() < 2 ? 1 : 2;

	(void)state;
	ask.base.cfg.threads = threads;
	ask.new_.cfg.threads = threads;
	assert_int_equal(lab_compare(&ask, &row, NULL, NULL), 0);
	assert_true(row.digest_ok);
	for (unsigned int arm = 0; arm < 2; arm++) {
		for (unsigned int t = 0; t < threads && row.rounds; t++) {
			const struct lab_thread_row *tr = &row.threads[arm][t];

			assert_true(tr->ops > 0 && tr->seconds > 0);
			assert_true(tr->p50 > 0 && tr->p50 <= tr->p99);
			assert_true(tr->p99 <= tr->p999 && tr->p999 <= tr->max);
		}
	}
}

/* Setting up takes longer than all measuring may: it is done once, and once before. */
static void test_dear(void **state)
{
	struct lab_ask ask = fake_ask("fake/dear", "resv", "slow");

	(void)state;
	fake_dear_made = 0;
	ask.budget = 0.02;
	(void)lab_compare(&ask, &row, NULL, NULL);
	assert_int_equal(row.placements, 1);
	assert_true(row.nr_raw > 0);
	assert_int_equal(fake_dear_made, 2 * row.nr_arms);
	assert_int_equal(fake_dear_left, 0);
}

/* The seeds that the first placement's states get. */
static unsigned long seed_of(const char *path, unsigned int process,
			     unsigned int visit)
{
	struct lab_quota q = { .process = process, .visit = visit,
			       .placements = 1, .rounds = 6 };
	struct lab_ask ask = fake_ask(path, "resv", "slow");

	fake_seed = 0;
	assert_int_equal(lab_row_begin(&row, &ask), 0);
	row.ops_per_epoch = 16;
	assert_int_equal(lab_row_measure(&row, &q, NULL, NULL), 0);
	assert_true(row.digest_ok);
	lab_row_free(&row);
	assert_true(fake_seed);
	return fake_seed;
}

/* One seed deals other placements to each row, process and visit; always the same. */
static void test_deal(void **state)
{
	unsigned long first = seed_of("fake/spin", 0, 0);

	(void)state;
	assert_true(seed_of("fake/spin", 0, 0) == first);
	assert_true(seed_of("fake/heap", 0, 0) != first);
	assert_true(seed_of("fake/spin", 1, 0) != first);
	assert_true(seed_of("fake/spin", 0, 1) != first);
	assert_true(seed_of("fake/spin", 1, 0) != seed_of("fake/spin", 0, 1));
}

/* What is cheap to set up gets many placements, what is dear at least one. */
static void test_quota(void **state)
{
	struct lab_quota q;

	(void)state;
	memset(&row, 0, sizeof(row));
	row.nr_arms = 3;
	row.cost = (struct lab_cost){ .make = 1e6, .round = 0.3e6 };
	assert_true(lab_row_quota(&row, 0.05, &q) <= 0.05);
	assert_true(q.placements >= 8 && q.rounds == 12);
	row.cost.make = 20e6;
	assert_true(lab_row_quota(&row, 0.1, &q) <= 0.1);
	assert_true(q.placements >= 1 && q.rounds > 12 && q.rounds % 6 == 0);
	row.cost.make = 10e9;
	assert_true(lab_row_quota(&row, 0.1, &q) > 10);
	assert_true(q.placements == 1 && q.rounds % 6 == 0);
	/* for nothing, the least there is */
	assert_true(lab_row_quota(&row, 0, &q) > 10);
	assert_true(q.placements == 1 && q.rounds == 6);
	/* three placements fit into what three take */
	for (unsigned int i = 1; i < 1000; i++) {
		row.cost = (struct lab_cost){ .make = 1e4 * i, .round = 1e5 + 123.4 * i };
		assert_true(lab_row_quota(&row, 3 * lab_row_place_seconds(&row),
					  &q) > 0);
		assert_int_equal(q.placements, 3);
	}
}

static void test_command(void **state)
{
	struct lab_ask ask = fake_ask("fake/spin", "resv", "slow");
	char buf[LAB_COMMAND], err[LAB_CASE_ERROR];

	(void)state;
	assert_string_equal(lab_command(&ask, buf),
			    "build/locklab compare --scenario fake/spin"
			    " --host own --base resv --new slow --param n=1"
			    " --param ctx=none --threads 1 --budget 0.3s"
			    " --margin 20 --seed 5");
	assert_int_equal(lab_case_parse("ksrc/fake/spin/resv", &ask.new_, err),
			 0);
	assert_non_null(strstr(lab_command(&ask, buf),
			       " --base own:resv --new ksrc:resv "));
}

static void has_keys(const json_t *o, const char *const *keys)
{
	for (; *keys; keys++)
		if (!json_object_get(o, *keys))
			fail_msg("no key %s", *keys);
}

static void test_json(void **state)
{
	static const char *const keys[] = {
		"schema", "host", "scenario", "path", "params", "threads",
		"base", "new", "rounds", "dropped", "base_ns", "new_ns",
		"delta_ns", "ratio", "margin", "verdict", "detects", "aa",
		"digest_ok", "seed", "command", "places", "level",
		"processes", "unit", "thread_ns_by_process", "cycles", NULL
	};
	static const char *const est[] = { "est", "lo", "hi", NULL };
	char round[LAB_ROUND_TEXT];
	json_t *o, *samples;

	(void)state;
	assert_int_equal(compare("fake/spin", "resv", "slow"), 0);
	o = lab_row_json(&row, true);
	assert_non_null(o);
	has_keys(o, keys);
	has_keys(json_object_get(o, "delta_ns"), est);
	has_keys(json_object_get(o, "ratio"), est);
	has_keys(json_object_get(o, "aa"), est);
	assert_true(json_is_null(json_object_get(o, "skew_ns")));
	assert_int_equal(json_array_size(json_object_get(json_object_get(
			 o, "places"), "first_round")), row.placements);
	json_decref(o);
	o = lab_row_json(&row, false);
	assert_null(json_object_get(o, "places"));
	json_decref(o);
	assert_true(lab_round_text(&row, row.nr_raw - 1, round,
				   sizeof(round)) < LAB_ROUND_TEXT);
	samples = json_loads(round, 0, NULL);
	assert_int_equal(json_array_size(samples), 6);
	assert_true(fabs(json_number_value(json_array_get(samples, 2)) -
			 row.raw[3 * row.nr_raw - 3]) < 1e-3);
	json_decref(samples);
}

static void interrupt(void *arg, double done)
{
	unsigned int *ticks = arg;

	assert_true(done >= 0 && done <= 1);
	if (++*ticks == 10)
		raise(SIGINT);
}

/* Stays last: the signal cannot be taken back. */
static void test_stopped(void **state)
{
	struct lab_ask ask = fake_ask("fake/spin", "resv", "slow");
	unsigned int ticks = 0;

	(void)state;
	ask.budget = 60;
	lab_stop_watch();
	assert_int_equal(lab_compare(&ask, &row, interrupt, &ticks), -EINTR);
	assert_true(row.partial);
	assert_true(row.nr_raw > 0 && row.seconds < 60);
	assert_int_equal(lab_stop_status(), 130);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_same, end_row),
		cmocka_unit_test_teardown(test_slower, end_row),
		cmocka_unit_test_teardown(test_faster, end_row),
		cmocka_unit_test_teardown(test_void_rows, end_row),
		cmocka_unit_test_teardown(test_length, end_row),
		cmocka_unit_test_teardown(test_two_threads, end_row),
		cmocka_unit_test_teardown(test_oversubscribed, end_row),
		cmocka_unit_test_teardown(test_tally, end_row),
		cmocka_unit_test_teardown(test_roles, end_row),
		cmocka_unit_test_teardown(test_dear, end_row),
		cmocka_unit_test(test_quota),
		cmocka_unit_test_teardown(test_deal, end_row),
		cmocka_unit_test(test_command),
		cmocka_unit_test_teardown(test_json, end_row),
		cmocka_unit_test_teardown(test_stopped, end_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
