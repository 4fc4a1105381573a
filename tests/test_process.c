// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Rows that many processes measure. They run this program again, whose fake sets
 * take no time; nothing here depends on a clock.
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
#include <sys/sendfile.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/stop.h"
#include "fake_ask.h"
#include "process/child.h"
#include "process/measure.h"
#include "process/pieces.h"
#include "process/pool.h"
#include "process/share.h"
#include "process/spawn.h"
#include "process/wire.h"
#include "stats/rounds.h"

#define ROWS	3

static struct lab_row rows[ROWS];
static struct lab_task tasks[ROWS];

static void test_share(void **state)
{
	const double weight[] = { 1, 1, 2 }, none[] = { 0, 0, 0 };
	const double floor[] = { 0, 50, 0 }, dear[] = { 70, 50, 10 };
	double share[3];

	(void)state;
	assert_true(lab_share(weight, none, 3, 100, share) == 100);
	assert_true(share[0] == 25 && share[1] == 25 && share[2] == 50);
	assert_true(fabs(lab_share(weight, floor, 3, 100, share) - 100) < 1e-9);
	assert_true(share[1] == 50 && fabs(share[2] - 2 * share[0]) < 1e-9);
	assert_true(lab_share(weight, dear, 3, 100, share) == 130);
	assert_true(share[0] == 70 && share[1] == 50 && share[2] == 10);
}

/*
 * A row of two placements of one process; its times tell which one. Threads that did
 * not meet, on a busy machine, end a visit after the first.
 */
static void measure_here(struct lab_row *row, const char *path,
			 unsigned int process)
{
	struct lab_quota q = { .process = process, .rounds = 6 };
	struct lab_ask ask = fake_ask(path, "resv", "slow");

	assert_int_equal(lab_row_begin(row, &ask), 0);
	row->ops_per_epoch = 64;
	while (row->placements < 2) {
		q.placements = 2 - row->placements;
		assert_int_equal(lab_row_measure(row, &q, NULL, NULL), 0);
		q.visit++;
	}
	assert_int_equal(row->placements, 2);
}

static void same_pieces(struct lab_row *a, struct lab_row *b)
{
	struct lab_piece x[LAB_PIECES], y[LAB_PIECES];

	lab_row_pieces(a, x);
	lab_row_pieces(b, y);
	for (unsigned int i = 0; i < LAB_PIECES; i++) {
		assert_int_equal(!*x[i].at, !*y[i].at);
		assert_int_equal(x[i].size, y[i].size);
		if (*x[i].at)
			assert_memory_equal(*x[i].at, *y[i].at, x[i].size);
	}
}

/* Through a file, which holds all of it, and back. */
static void test_wire(void **state)
{
	const char *const paths[] = { "fake/spin", "fake/pair", "fake/roles" };

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		FILE *f = tmpfile();
		struct lab_row again;

		assert_non_null(f);
		measure_here(&rows[0], paths[i], 0);
		assert_int_equal(lab_wire_put_row(fileno(f), &rows[0]), 0);
		assert_int_equal(lseek(fileno(f), 0, SEEK_SET), 0);
		assert_int_equal(lab_wire_get_row(fileno(f), &rows[0].ask,
						  &again), 0);
		same_pieces(&rows[0], &again);
		assert_ptr_equal(again.ask.base.path, rows[0].ask.base.path);
		assert_true(again.seconds == rows[0].seconds);
		lab_row_free(&again);
		/* the next one is not there */
		assert_int_equal(lab_wire_get_row(fileno(f), &rows[0].ask,
						  &again), -EPIPE);
		lab_row_free(&again);
		lab_row_free(&rows[0]);
		fclose(f);
	}
}

/* A process that ends while it answers leaves no half of a row. */
static void test_cut(void **state)
{
	struct lab_row again;
	off_t size;
	FILE *f = tmpfile();

	(void)state;
	assert_non_null(f);
	measure_here(&rows[0], "fake/roles", 0);
	assert_int_equal(lab_wire_put_row(fileno(f), &rows[0]), 0);
	size = lseek(fileno(f), 0, SEEK_END);
	for (off_t cut = 0; cut < size; cut += size / 50) {
		FILE *part = tmpfile();
		off_t at = 0;

		assert_non_null(part);
		while (at < cut)
			assert_true(sendfile(fileno(part), fileno(f), &at,
					     cut - at) > 0);
		lseek(fileno(part), 0, SEEK_SET);
		assert_int_equal(lab_wire_get_row(fileno(part), &rows[0].ask,
						  &again), -EPIPE);
		assert_int_equal(again.placements, 0);
		assert_int_equal(again.nr_raw, 0);
		assert_null(again.place);
		lab_row_free(&again);
		fclose(part);
	}
	lab_row_free(&rows[0]);
	fclose(f);
}

static void test_pool(void **state)
{
	struct lab_row one, two;
	struct lab_ask ask = fake_ask("fake/roles", "resv", "slow");

	(void)state;
	measure_here(&one, "fake/roles", 0);
	measure_here(&two, "fake/roles", 1);
	two.leaks = 3;
	strcpy(two.fault, "it leaked");
	assert_int_equal(lab_row_begin(&rows[0], &ask), 0);
	assert_int_equal(lab_pool_add(&rows[0], &one), 0);
	same_pieces(&rows[0], &one);
	assert_int_equal(lab_pool_add(&rows[0], &two), 0);
	assert_int_equal(rows[0].placements, 4);
	assert_int_equal(rows[0].nr_raw, one.nr_raw + two.nr_raw);
	assert_int_equal(rows[0].nr_each, 2);
	for (unsigned long p = 0; p < 4; p++) {
		assert_int_equal(rows[0].place[p].process, p / 2);
		assert_int_equal(rows[0].place[p].first, 6 * p);
	}
	assert_memory_equal(rows[0].raw + one.nr_raw * one.nr_arms, two.raw,
			    two.nr_raw * two.nr_arms * sizeof(*two.raw));
	assert_true(rows[0].threads[1][0].ops ==
		    one.threads[1][0].ops + two.threads[1][0].ops);
	assert_true(rows[0].tally_ops[0] == one.tally_ops[0] + two.tally_ops[0]);
	assert_int_equal(rows[0].leaks, 3);
	assert_string_equal(rows[0].fault, "it leaked");
	for (unsigned int i = 0; i < BENCH_HIST_BUCKETS; i++)
		assert_int_equal(rows[0].hist[0].count[i], one.hist[0].count[i] +
				 two.hist[0].count[i]);
	lab_row_free(&one);
	lab_row_free(&two);
	lab_row_free(&rows[0]);
}

static unsigned int keeps, stop_at;

static int count_keep(void *arg)
{
	(void)arg;
	if (++keeps == stop_at)
		raise(SIGTERM);
	return 0;
}

/* Measures fake/spin, fake/heap and @third. */
static int measure_all(const char *third, unsigned int processes)
{
	const char *const paths[ROWS] = { "fake/spin", "fake/heap", third };
	struct lab_measure m = {
		.task = tasks, .nr = ROWS, .seconds = 0.5, .seed = 3,
		.processes = processes, .kept = count_keep,
	};

	memset(tasks, 0, sizeof(tasks));
	keeps = 0;
	for (unsigned int i = 0; i < ROWS; i++) {
		struct lab_ask ask = fake_ask(paths[i], "resv", "slow");

		assert_int_equal(lab_row_begin(&rows[i], &ask), 0);
		tasks[i] = (struct lab_task){ .row = &rows[i], .weight = 1 };
	}
	return lab_measure(&m);
}

static int free_rows(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < ROWS; i++)
		lab_row_free(&rows[i]);
	return 0;
}

/* Every process adds to every row, and they are told apart. */
static void test_measure(void **state)
{
	(void)state;
	assert_int_equal(measure_all("fake/dear", 10), 0);
	assert_true(keeps >= 10);
	for (unsigned int i = 0; i < ROWS; i++) {
		struct lab_row *row = &rows[i];

		assert_int_equal(tasks[i].ret, 0);
		assert_int_equal(lab_row_conclude(row), 0);
		assert_in_range(row->processes, 10, 15);
		assert_int_equal(row->place[0].process, 0);
		assert_int_equal(row->place[row->placements - 1].process,
				 row->processes - 1);
		assert_int_equal(row->unit, LAB_BY_PROCESS);
		assert_true(row->digest_ok && row->ops_per_epoch > 0);
	}
}

/* A process that crashes takes its row with it, and no other. */
static void test_crash(void **state)
{
	(void)state;
	assert_int_equal(measure_all("fake/crash", 9), 0);
	assert_int_equal(tasks[2].ret, -ECHILD);
	assert_non_null(strstr(rows[2].fault, "ended by signal"));
	assert_int_equal(rows[2].nr_raw, 0);
	for (unsigned int i = 0; i < 2; i++) {
		assert_int_equal(tasks[i].ret, 0);
		assert_int_equal(lab_row_conclude(&rows[i]), 0);
		assert_true(rows[i].processes >= 9);
	}
}

/* The signal of test_stopped cannot be taken back: this and what follows it is last. */
static void test_stopped(void **state)
{
	(void)state;
	lab_stop_watch();
	stop_at = 2;
	assert_int_equal(measure_all("fake/dear", 12), -EINTR);
	assert_true(rows[0].nr_raw > 0);
	assert_int_equal(lab_row_conclude(&rows[0]), 0);
	assert_in_range(rows[0].processes, 1, 3);
	assert_int_equal(rows[0].verdict, LAB_NO_RESULT);
	assert_non_null(strstr(rows[0].note, "only"));
}

/* A signal that came before there was anything to wait for is handed on, too. */
static void test_told_late(void **state)
{
	struct lab_ask ask = fake_ask("fake/spin", "resv", "slow");
	struct lab_work w = {
		.margin = 20, .seconds = 1, .ops = 64,
		.quota = { .placements = 1UL << 40, .rounds = 6 },
	};
	struct lab_process p = { 0 };
	struct lab_row row;
	int ret;

	(void)state;
	assert_true(lab_stop_asked());
	lab_case_format(&ask.base, w.base);
	lab_case_format(&ask.new_, w.new_);
	assert_int_equal(lab_process_start(&p, NULL), 0);
	ret = lab_process_do(&p, &w, &ask, &row);
	/* the latter when it was not yet watching */
	assert_true(ret == -EINTR || ret == -ECHILD);
	lab_row_free(&row);
	lab_process_end(&p);
}

/* A process that was told to stop has lost no row. */
static void test_stop_is_no_loss(void **state)
{
	(void)state;
	assert_int_equal(measure_all("fake/crash", 12), -EINTR);
	for (unsigned int i = 0; i < ROWS; i++) {
		assert_int_equal(tasks[i].ret, 0);
		assert_string_equal(rows[i].fault, "");
		assert_true(rows[i].digest_ok);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_share),
		cmocka_unit_test(test_wire),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_pool),
		cmocka_unit_test_teardown(test_measure, free_rows),
		cmocka_unit_test_teardown(test_crash, free_rows),
		cmocka_unit_test_teardown(test_stopped, free_rows),
		cmocka_unit_test(test_told_late),
		cmocka_unit_test_teardown(test_stop_is_no_loss, free_rows),
	};

	if (argc > 1 && !strcmp(argv[1], LAB_CHILD))
		return lab_child_main(NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
