// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The run folder: whole after every row, whatever the disk does. */
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
#include <sys/resource.h>
#include <unistd.h>
#include <cmocka.h>

#include "record/store.h"

#define ROUNDS	200

static char folder[32];
static struct lab_store store;

/* A row with ROUNDS rounds whose values tell which one it is. */
static struct lab_row make_row(double ns)
{
	struct lab_pick pick = { .scenario = "fake/spin", .variant = "resv" };
	struct lab_row row = { .nr_arms = 3, .nr_raw = ROUNDS };
	char err[LAB_CASE_ERROR];
	unsigned int i;

	assert_int_equal(lab_case_find(&pick, &row.ask.base, err), 0);
	row.ask.new_ = row.ask.base;
	row.ask.margin = 1;
	row.ns[0] = ns;
	row.ns[1] = NAN;
	row.rounds = ROUNDS;
	row.raw = calloc(3 * ROUNDS, sizeof(*row.raw));
	row.order = calloc(ROUNDS, 1);
	row.drop = calloc(ROUNDS, 1);
	row.probe = calloc(ROUNDS, sizeof(*row.probe));
	assert_non_null(row.raw);
	assert_non_null(row.order);
	assert_non_null(row.drop);
	assert_non_null(row.probe);
	for (i = 0; i < 3 * ROUNDS; i++)
		row.raw[i] = ns + i / 100.0;
	return row;
}

static int add_row(enum lab_section section, double ns)
{
	struct lab_row row = make_row(ns);
	int err = lab_store_row(&store, section, &row);

	lab_row_free(&row);
	return err;
}

static json_t *load(void)
{
	json_error_t error;
	char path[4200];
	json_t *all;

	snprintf(path, sizeof(path), "%s/samples.json", store.path);
	all = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	if (!all)
		print_message("%s:%d: %s\n", path, error.line, error.text);
	assert_non_null(all);
	return all;
}

/* What is on the disk: so many controls and rows, partial or not. */
static void assert_holds(size_t controls, size_t rows, bool partial)
{
	json_t *all = load();

	assert_string_equal(json_string_value(json_object_get(all, "schema")),
			    "locklab-samples/2");
	assert_int_equal(strlen(json_string_value(json_object_get(all, "build_id"))), 40);
	assert_int_equal(json_array_size(json_object_get(all, "controls")),
			 controls);
	assert_int_equal(json_array_size(json_object_get(all, "rows")), rows);
	assert_int_equal(json_is_true(json_object_get(all, "partial")),
			 partial);
	json_decref(all);
}

static int open_store(void **state)
{
	(void)state;
	return lab_store_open(&store, folder, "own", 7, "say \"hello\" \xc3\xa4");
}

static void test_rows(void **state)
{
	(void)state;
	assert_holds(0, 0, true);
	assert_int_equal(add_row(LAB_CONTROLS, 1), 0);
	assert_holds(1, 0, true);
	assert_int_equal(add_row(LAB_CONTROLS, 2), 0);
	assert_int_equal(add_row(LAB_ROWS, 3), 0);
	assert_holds(2, 1, true);
	assert_int_equal(add_row(LAB_ROWS, 4), 0);
	assert_holds(2, 2, true);
	assert_int_equal(lab_store_seal(&store), 0);
	assert_holds(2, 2, false);
	assert_int_equal(lab_store_close(&store), 0);
	assert_string_equal(store.path, store.final);
	assert_holds(2, 2, false);
}

/* Values, unknown ones and the command come back as they went in. */
static void test_content(void **state)
{
	const json_t *row, *sample;
	json_t *all;

	(void)state;
	assert_int_equal(add_row(LAB_ROWS, 12.5), 0);
	all = load();
	assert_string_equal(json_string_value(json_object_get(all, "command")),
			    "say \"hello\" \xc3\xa4");
	assert_int_equal(json_integer_value(json_object_get(all, "seed")), 7);
	row = json_array_get(json_object_get(all, "rows"), 0);
	assert_true(json_real_value(json_object_get(row, "base_ns")) == 12.5);
	assert_true(json_is_null(json_object_get(row, "new_ns")));
	assert_int_equal(json_array_size(json_object_get(row, "samples")),
			 ROUNDS);
	sample = json_array_get(json_object_get(row, "samples"), 1);
	assert_int_equal(json_array_size(sample), 6);
	assert_true(fabs(json_real_value(json_array_get(sample, 2)) - 12.53) <
		    1e-4);
	json_decref(all);
	lab_store_close(&store);
}

/* Lines stay short enough for any editor: at most one round in each. */
static void test_lines(void **state)
{
	size_t lines = 0, room = 0;
	char path[4200], *line = NULL;
	FILE *f;

	(void)state;
	assert_int_equal(add_row(LAB_ROWS, 1), 0);
	snprintf(path, sizeof(path), "%s/samples.json", store.path);
	f = fopen(path, "r");
	assert_non_null(f);
	for (; getline(&line, &room, f) > 0; lines++)
		if (line[0] == '[')
			assert_null(strchr(line + 1, '['));
	assert_true(lines > ROUNDS);
	free(line);
	fclose(f);
	lab_store_close(&store);
}

static void test_partial(void **state)
{
	char hidden[4096];

	(void)state;
	assert_non_null(strstr(store.path, "/."));
	snprintf(hidden, sizeof(hidden), "%s", store.path);
	assert_int_equal(add_row(LAB_ROWS, 1), 0);
	assert_int_equal(lab_store_close(&store), 0);
	assert_non_null(strstr(store.path, "-partial"));
	assert_int_equal(access(hidden, F_OK), -1);
	assert_holds(0, 1, true);
}

/* A file that may not grow stands for a disk that is full. */
static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static int unlimit_files(void **state)
{
	(void)state;
	limit_files(RLIM_INFINITY);
	return 0;
}

/* Whatever the byte at which it is full, what was whole stays whole. */
static void test_full(void **state)
{
	long one, head;
	int err;

	(void)state;
	head = store.whole;
	assert_int_equal(add_row(LAB_CONTROLS, 1), 0);
	one = store.whole - head;
	for (long left = 1; left < one + 40; left += one / 7) {
		limit_files(store.whole + left);
		err = add_row(LAB_ROWS, 2);
		assert_true(err == -EFBIG || (!err && left >= one));
		assert_int_equal(store.error, err);
		assert_holds(1, err ? 0 : 1, true);
		assert_int_equal(add_row(LAB_ROWS, 3), -EFBIG);
		assert_holds(1, err ? 0 : 1, true);
		store.error = 0;
	}
	assert_int_equal(lab_store_text(&store, "big.txt", folder, 1), 0);
	limit_files(4);
	assert_int_equal(lab_store_text(&store, "big.txt", folder, 8), -EFBIG);
	limit_files(RLIM_INFINITY);
	assert_int_equal(lab_store_seal(&store), -EFBIG);
	assert_int_equal(lab_store_close(&store), -EFBIG);
	assert_non_null(strstr(store.path, "-partial"));
}

/* All rows again, with more rounds: the old file stays until the new one is whole. */
static void test_again(void **state)
{
	char path[4200];

	(void)state;
	assert_int_equal(add_row(LAB_CONTROLS, 1), 0);
	assert_int_equal(add_row(LAB_ROWS, 2), 0);
	assert_int_equal(lab_store_again(&store), 0);
	assert_int_equal(add_row(LAB_CONTROLS, 3), 0);
	assert_holds(1, 1, true);
	assert_int_equal(lab_store_keep(&store), 0);
	assert_holds(1, 0, true);
	assert_int_equal(add_row(LAB_ROWS, 4), 0);
	assert_holds(1, 1, true);

	assert_int_equal(lab_store_again(&store), 0);
	limit_files(store.whole + 100);
	assert_int_equal(add_row(LAB_ROWS, 5), -EFBIG);
	limit_files(RLIM_INFINITY);
	assert_int_equal(lab_store_keep(&store), -EFBIG);
	assert_holds(1, 1, true);
	assert_int_equal(lab_store_close(&store), -EFBIG);
	assert_holds(1, 1, true);
	snprintf(path, sizeof(path), "%s/.samples.json.new", store.path);
	assert_int_equal(access(path, F_OK), -1);
}

static void test_names(void **state)
{
	struct lab_store first = store;

	(void)state;
	assert_int_equal(lab_store_open(&store, folder, "own", 1, ""), 0);
	assert_string_not_equal(store.path, first.path);
	assert_int_equal(lab_store_close(&first), 0);
	assert_int_equal(lab_store_close(&store), 0);
	assert_string_not_equal(store.path, first.path);
}

static void test_unwritable(void **state)
{
	char path[64];
	FILE *f;

	(void)state;
	snprintf(path, sizeof(path), "%s/file", folder);
	f = fopen(path, "w");
	assert_non_null(f);
	fclose(f);
	assert_int_equal(lab_store_open(&store, path, "own", 1, ""), -ENOTDIR);
	assert_non_null(strstr(store.final, path));
	assert_int_not_equal(lab_store_open(&store, "/proc/no", "own", 1, ""),
			     0);
}

static int set_up(void **state)
{
	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	snprintf(folder, sizeof(folder), "/tmp/test_store.XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_rows, open_store),
		cmocka_unit_test_setup(test_content, open_store),
		cmocka_unit_test_setup(test_lines, open_store),
		cmocka_unit_test_setup(test_partial, open_store),
		cmocka_unit_test_setup_teardown(test_full, open_store,
						unlimit_files),
		cmocka_unit_test_setup_teardown(test_again, open_store,
						unlimit_files),
		cmocka_unit_test_setup(test_names, open_store),
		cmocka_unit_test(test_unwritable),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
