// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Counters of threads and of rows, with the kernel's own events, which every
 * machine has; what only hardware can show is in tests/arm64.
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "fake_ask.h"
#include "timing/compare.h"
#include "timing/counting.h"
#include "base/cpus.h"
#include "timing/workers.h"
#include "timing/engine.h"
#include "report/counters.h"
#include "record/rowjson.h"

#define PAGES	50

static struct lab_events set;
static struct lab_counting counting;
static struct lab_row row;
static char text[LAB_EVENT_NAME];

static void choose(const char *spec)
{
	assert_int_equal(lab_events_choose(spec, &set, text), 0);
	lab_events_probe(&set);
}

static void need(const struct lab_event *e)
{
	if (e->status == LAB_COUNTED)
		return;
	print_message("%s: %s: %s\n", e->asked, lab_status_name(e->status),
		      e->why);
	skip();
}

static int end(void **state)
{
	(void)state;
	lab_row_free(&row);
	lab_engine_end();
	return 0;
}

static struct lab_reading before[2], after[2];

/* Thread t touches (t + 1) * PAGES pages that nobody has touched yet. */
static void touch(void *arg, unsigned int thread)
{
	size_t page = sysconf(_SC_PAGESIZE), n = (thread + 1) * PAGES;
	volatile char *mem = mmap(NULL, n * page, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)arg;
	if (mem == MAP_FAILED)
		return;
	madvise((void *)mem, n * page, MADV_NOHUGEPAGE);
	mem[0] = 1;
	before[thread].value[0] = after[thread].value[0] = 0;
	lab_group_read(&counting.group[thread], &before[thread]);
	for (size_t i = 1; i < n; i++)
		mem[i * page] = 1;
	lab_group_read(&counting.group[thread], &after[thread]);
	munmap((void *)mem, n * page);
}

/* Each thread's group counts that thread, to the page. */
static void test_threads_apart(void **state)
{
	(void)state;
	choose("page-faults");
	need(&set.event[0]);
	if (lab_cpus_allowed() < 2)
		skip();
	assert_int_equal(lab_workers_need(2), 0);
	lab_counting_open(&counting, &set, 0, 2);
	assert_int_equal(counting.status, LAB_COUNTED);
	lab_workers_do(touch, NULL);
	lab_counting_close(&counting);
	assert_int_equal(counting.status, LAB_COUNTED);
	for (unsigned int t = 0; t < 2; t++)
		assert_int_equal(after[t].value[0] - before[t].value[0],
				 (t + 1) * PAGES - 1);
}

static struct lab_ask ask_for(const char *spec, const char *new_)
{
	struct lab_ask ask = fake_ask("fake/spin", "resv", new_);

	choose(spec);
	ask.events = &set;
	return ask;
}

/* Rounds under counters stand beside the others, which alone are judged. */
static void test_row(void **state)
{
	struct lab_ask ask = ask_for("task-clock,page-faults,r1", "slow");
	const struct lab_counted *c = &row.counted;
	json_t *json, *events;

	(void)state;
	need(&set.event[0]);
	assert_int_equal(lab_compare(&ask, &row, NULL, NULL), 0);
	assert_true(c->nr > 0 && c->nr % 6 == 0);
	assert_true(c->blocks >= 1 && c->first[0] == 0);
	assert_int_equal(c->count[0].status, LAB_COUNTED);
	assert_true(c->count[0].arm[0] > 0 && c->count[0].arm[1] > 0);
	assert_true(c->count[1].arm[0] == 0);
	assert_int_equal(c->count[2].status, set.event[2].status);
	assert_true(row.rounds > 0);
	json = lab_row_json(&row, true);
	events = json_object_get(json_object_get(json, "counters"), "events");
	assert_int_equal(json_array_size(events), 3);
	assert_non_null(strstr(json_string_value(json_object_get(
			json_array_get(events, 0), "name")), "TASK_CLOCK"));
	assert_int_equal(json_array_size(json_object_get(json_object_get(
			 json, "counters"), "samples")), c->nr);
	json_decref(json);
}

/* An event that goes bad has its word; the row keeps its times. */
static void test_bad_pass(void **state)
{
	struct lab_ask ask = ask_for("task-clock", "slow");
	char *out = NULL;
	size_t size;
	FILE *f;

	(void)state;
	need(&set.event[0]);
	set.event[0].attr.config = 12345;
	assert_int_equal(lab_compare(&ask, &row, NULL, NULL), 0);
	assert_int_equal(row.counted.count[0].status, LAB_UNKNOWN_EVENT);
	assert_int_equal(row.counted.verdict, LAB_NO_RESULT);
	assert_true(row.rounds > 0);
	f = open_memstream(&out, &size);
	lab_say_counters(f, &row, "", true);
	fclose(f);
	assert_non_null(strstr(out, "unknown event"));
	assert_null(strstr(out, "0.000"));
	free(out);
}

static void test_none(void **state)
{
	struct lab_ask ask = ask_for("none", "slow");

	(void)state;
	assert_int_equal(lab_compare(&ask, &row, NULL, NULL), 0);
	assert_int_equal(row.counted.nr, 0);
	assert_true(row.rounds > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_threads_apart, end),
		cmocka_unit_test_teardown(test_row, end),
		cmocka_unit_test_teardown(test_bad_pass, end),
		cmocka_unit_test_teardown(test_none, end),
	};

	lab_cpus_allowed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
