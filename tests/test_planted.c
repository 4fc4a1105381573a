// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * What disturbs a machine, planted one by one into processes that measure: from the
 * rounds to the words of the report. Each is named there, the verdicts stay right, and
 * where nothing is planted nothing is named. Time is fake_clock.c's; a process that
 * measures is this program again, which has its plant by its environment.
 */
#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/quota.h"
#include "fake_ask.h"
#include "fake_clock.h"
#include "machine/env.h"
#include "pace/pace.h"
#include "process/child.h"
#include "process/measure.h"
#include "report/report.h"
#include "timing/engine.h"

#define PLANT		"TEST_PLANTED"
#define CYCLE_NS	0.4
#define PROBE_CYCLES	1500
#define SPELL		18	/* epochs, six rounds of three arms */
#define ODD_PROCESS	5
#define HANDOVER_NS	120

/* What this process is doing: the placement, and the epochs in it so far. */
static unsigned int process, visit, sought, looks, place, epochs;
static double factor = 1, cycle = CYCLE_NS;
static bool shared, moved;
static uint64_t throttled;

int __real_lab_row_measure(struct lab_row *row, const struct lab_quota *q,
			   lab_tick_fn *tick, void *arg);
int __wrap_lab_row_measure(struct lab_row *row, const struct lab_quota *q,
			   lab_tick_fn *tick, void *arg);
int __real_lab_row_calibrate(struct lab_row *row, double seconds, double alone);
int __wrap_lab_row_calibrate(struct lab_row *row, double seconds, double alone);
int __real_lab_arm_epoch_counted(struct lab_arm *arm, unsigned long n,
				 struct lab_counting *counting,
				 struct lab_quiet *quiet, struct lab_epoch *out);
int __wrap_lab_arm_epoch_counted(struct lab_arm *arm, unsigned long n,
				 struct lab_counting *counting,
				 struct lab_quiet *quiet, struct lab_epoch *out);
void __real_fake_clock_pass(unsigned long ns);
void __wrap_fake_clock_pass(unsigned long ns);
double __wrap_lab_pace_cycle_ns(void);
double __wrap_lab_pace_probe_ns(void);
double __wrap_lab_pace_check(const struct lab_quiet *q);
double __wrap_lab_pace_wait(struct lab_quiet *q);
uint64_t __wrap_lab_throttled(void);
double __wrap_lab_handover_ns(unsigned int threads);
bool __wrap_lab_roams(unsigned int threads);
bool __wrap_lab_roam(unsigned int threads, double alone, uint64_t until);
const struct lab_cpu_quota *__wrap_lab_cpu_quota(void);

static bool planted(const char *what)
{
	const char *is = getenv(PLANT);

	return is && !strcmp(is, what);
}

int __wrap_lab_row_measure(struct lab_row *row, const struct lab_quota *q,
			   lab_tick_fn *tick, void *arg)
{
	process = q->process;
	visit = q->visit;
	sought = 0;
	looks = 0;
	return __real_lab_row_measure(row, q, tick, arg);
}

/*
 * What a probe takes is known: to find out is not what takes the time here. A core that
 * was shared all the while makes epochs seem longer than they are.
 */
int __wrap_lab_row_calibrate(struct lab_row *row, double seconds, double alone)
{
	int ret = __real_lab_row_calibrate(row, seconds, alone > 0 ? alone :
					   PROBE_CYCLES);

	if (planted("length") || planted("wary"))
		row->ops_per_epoch /= 3;
	if (planted("wary"))
		row->alone *= 0.8;
	return ret;
}

/* Before the rounds of a placement, and after them. */
double __wrap_lab_pace_cycle_ns(void)
{
	if (looks++ % 2 == 0) {
		place = looks / 2;
		epochs = 0;
		cycle = CYCLE_NS;
	}
	return cycle;
}

double __wrap_lab_pace_probe_ns(void)
{
	double ns = PROBE_CYCLES * cycle * (shared ? 1.5 : 1);

	/* in the third round of each placement */
	if (planted("luck") && epochs / 3 == 2)
		ns *= 0.92;
	__real_fake_clock_pass(ns);
	return ns;
}

double __wrap_lab_pace_check(const struct lab_quiet *q)
{
	(void)q;
	return __wrap_lab_pace_probe_ns();
}

/* The neighbour goes when epochs have been made, not when it is waited for. */
double __wrap_lab_pace_wait(struct lab_quiet *q)
{
	uint64_t start = lab_now();
	double ns;

	do {
		ns = __wrap_lab_pace_probe_ns();
	} while (ns >= q->ns && lab_now() < q->until);
	q->waited += lab_now() - start;
	return ns;
}

/*
 * There is one core for a thread that is alone. Where all is crowded, threads find
 * theirs at the second visit of each process, once.
 */
bool __wrap_lab_roams(unsigned int threads)
{
	(void)threads;
	return false;
}

bool __wrap_lab_roam(unsigned int threads, double alone, uint64_t until)
{
	(void)threads;
	(void)alone;
	(void)until;
	if (!planted("crowded") || (visit == 1 && !sought++))
		return true;
	__real_fake_clock_pass(5 * LAB_MSEC);
	return false;
}

/* Before all else of a placement: one in three has its CPUs in two caches. */
double __wrap_lab_handover_ns(unsigned int threads)
{
	(void)threads;
	moved = looks / 2 % 3 == 1;
	return planted("moved") && moved ? 3 * HANDOVER_NS : HANDOVER_NS;
}

uint64_t __wrap_lab_throttled(void)
{
	return throttled;
}

const struct lab_cpu_quota *__wrap_lab_cpu_quota(void)
{
	static struct lab_cpu_quota q = { .where = "/cg/planted/cpu.max" };

	q.cpus = planted("throttled") ? 0.5 : INFINITY;
	return &q;
}

void __wrap_fake_clock_pass(unsigned long ns)
{
	__real_fake_clock_pass(lround(ns * factor));
}

/* Half of the time the sibling is in use, which slows new more than base. */
static void plant_neighbour(bool new_)
{
	shared = epochs / SPELL % 2 == 0;
	if (shared)
		factor = new_ ? 1.6 : 1.2;
}

/* One placement in three is as it was. */
static bool spared(void)
{
	return place % 3 == 2;
}

static void plant_step(void)
{
	if (!spared() && epochs >= SPELL / 2)
		cycle = 1.2 * CYCLE_NS;
	factor = cycle / CYCLE_NS;
}

/* A thread is kept waiting in new's time. */
static void plant_throttled(bool new_)
{
	if (spared())
		return;
	if (epochs == 3)
		throttled += 50000;
	if (new_)
		factor = 1.5;
}

int __wrap_lab_arm_epoch_counted(struct lab_arm *arm, unsigned long n,
				 struct lab_counting *counting,
				 struct lab_quiet *quiet, struct lab_epoch *out)
{
	bool new_ = strcmp(arm->c.set->variant, "resv") != 0;
	int ret;

	/* The first placement of a visit, too, has time to wait for its core. */
	if (quiet && !epochs && !place && quiet->until <= lab_now() &&
	    !planted("crowded"))
		abort();
	if (planted("neighbour"))
		plant_neighbour(new_);
	else if (planted("step"))
		plant_step();
	else if (planted("throttled"))
		plant_throttled(new_);
	else if (planted("moved") && moved && new_)
		factor = 1.5;
	else if (planted("layout") && process == ODD_PROCESS && new_)
		factor = 1.03;
	else if (planted("slow start") && !process && !visit)
		factor = 1.4;
	ret = __real_lab_arm_epoch_counted(arm, n, counting, quiet, out);
	epochs++;
	factor = 1;
	return ret;
}

#define ROWS	2

static struct lab_record rec[ROWS];
static struct lab_run run = {
	.request = { .host = "own", .margin = 1 }, .rec = rec, .nr = ROWS,
	.command = "test", .processes = LAB_PROCESSES,
};
static char *report;

/* The report with single blanks. */
static void print(void)
{
	char *from, *to;
	size_t size;
	FILE *f = open_memstream(&report, &size);

	assert_non_null(f);
	run.env = lab_env_json("", 1, 1, "test");
	lab_report(f, &run);
	json_decref(run.env);
	fclose(f);
	for (from = to = report; *from; from++)
		if (!isspace(*from) || (to > report && to[-1] != ' '))
			*to++ = isspace(*from) ? ' ' : *from;
	*to = '\0';
}

/* slow is 30 % slower than resv, none the same; and what the report says of it. */
static void measure(const char *plant, const char *path)
{
	const char *const variant[ROWS] = { "slow", "none" };
	struct lab_task task[ROWS] = { 0 };
	struct lab_measure m = {
		.task = task, .nr = run.nr, .seconds = 1, .seed = 3,
		.processes = LAB_PROCESSES,
	};

	setenv(PLANT, plant, 1);
	memset(rec, 0, sizeof(rec));
	for (size_t i = 0; i < run.nr; i++) {
		struct lab_ask ask = fake_ask(path, "resv", variant[i]);

		ask.margin = 1;
		rec[i].kind = LAB_COMPARISON;
		rec[i].variant = variant[i];
		rec[i].measured = true;
		assert_int_equal(lab_row_begin(&rec[i].row, &ask), 0);
		task[i] = (struct lab_task){ .row = &rec[i].row, .weight = 1 };
	}
	assert_int_equal(lab_measure(&m), 0);
	for (size_t i = 0; i < run.nr; i++)
		assert_int_equal(lab_row_conclude(&rec[i].row), 0);
	print();
}

static int tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++)
		lab_row_free(&rec[i].row);
	free(report);
	report = NULL;
	run.nr = ROWS;
	return 0;
}

static void says(const char *what, bool there)
{
	if (!strstr(report, what) == there)
		fail_msg("'%s' %s in: %s", what, there ? "is not" : "is", report);
}

/* Rounds that the report says were dropped for a cause. */
static unsigned long dropped(const char *cause)
{
	const char *at = strstr(report, "Rounds: ");
	unsigned long n = 0;

	at = at ? strstr(at, cause) : NULL;
	if (!at || sscanf(at + strlen(cause), " %lu", &n) != 1)
		fail_msg("no rounds '%s' in: %s", cause, report);
	return n;
}

/* Only what is planted is named, and it makes no other truth. */
static void only(const char *cause)
{
	const char *const causes[] = { "sibling", "frequency", "throttled", "stolen",
				       "moved" };

	says("2 comparisons at +-1 %: 1 SLOWER, 0 FASTER, 1 SAME, 0 INCONCLUSIVE, 0 NO RESULT",
	     true);
	assert_true(fabs(rec[0].row.ratio.est - 1.3) < 0.003);
	assert_true(fabs(rec[1].row.ratio.est - 1) < 0.001);
	for (size_t i = 0; i < ROWS; i++)
		assert_true(fabs(rec[i].row.time[0].est / rec[i].row.cycle_ns -
				 20 / CYCLE_NS) < 0.2);
	for (size_t i = 0; i < sizeof(causes) / sizeof(*causes); i++) {
		unsigned long n = dropped(causes[i]);

		if ((n > 0) != !strcmp(causes[i], cause))
			fail_msg("%lu rounds %s", n, causes[i]);
	}
	says("DISTURBED", false);
	says("cgroup quota of", !strcmp(cause, "throttled"));
	says("Throttled: for", !strcmp(cause, "throttled"));
	says("utliers", !strcmp(cause, "layout"));
}

static void test_nothing(void **state)
{
	(void)state;
	measure("nothing", "fake/spin");
	only("nothing");
	says("2.50 to 2.50 GHz", true);
	says("Begun anew", false);
}

static void test_neighbour(void **state)
{
	(void)state;
	measure("neighbour", "fake/spin");
	only("sibling");
}

static void test_step(void **state)
{
	(void)state;
	measure("step", "fake/spin");
	only("frequency");
}

static void test_throttled(void **state)
{
	(void)state;
	measure("throttled", "fake/spin");
	only("throttled");
	says("cgroup quota of 0.5 CPUs in /cg/planted/cpu.max: rows of 1 thread are throttled",
	     true);
}

/* What came of the threads depends on the machine; that it is noted does not. */
static void test_throttled_threads(void **state)
{
	(void)state;
	run.nr = 1;
	measure("throttled", "fake/pair");
	assert_true(lab_row_throttled(&rec[0].row) > 0);
	says("Throttled: for", true);
	says("rows of 2 threads are throttled", true);
}

static void test_moved(void **state)
{
	(void)state;
	measure("moved", "fake/spin");
	only("moved");
	says("Handover: a line takes 120 to 360 ns", true);
}

/*
 * Threads that seldom find their cores are measured once in each process all the same,
 * and then where they find them; a visit that leaves nothing takes nothing away.
 */
static void test_crowded(void **state)
{
	const struct lab_row *row = &rec[0].row;
	unsigned int places[2 * LAB_PROCESSES] = { 0 };

	(void)state;
	run.nr = 1;
	measure("crowded", "fake/pair");
	for (unsigned long p = 0; p < row->placements; p++)
		places[row->place[p].process]++;
	for (unsigned int p = 0; p < LAB_PROCESSES; p++)
		assert_in_range(places[p], 1, 2);
	assert_int_equal(places[0], 2);
	assert_true(row->bytes > 0);
}

static void test_layout(void **state)
{
	(void)state;
	measure("layout", "fake/spin");
	only("layout");
	says("CI: 99.0 % over 16 processes, outliers 1", true);
	says("Outliers: in 2 rows, at most 1 of 16 processes", true);
}

/* By a coarse clock a few probes are short; the others are of no shared core. */
static void test_luck(void **state)
{
	(void)state;
	measure("luck", "fake/spin");
	only("nothing");
}

/* Epochs come to be as long as where nothing is wrong, for all that @processes see. */
static void put_right(const char *what, unsigned int processes)
{
	double ops;

	measure("nothing", "fake/spin");
	ops = rec[0].row.ops_per_epoch;
	tear_down(NULL);
	measure(what, "fake/spin");
	for (size_t i = 0; i < ROWS; i++) {
		assert_true(fabs(rec[i].row.ops_per_epoch / ops - 1) < 0.1);
		assert_int_equal(rec[i].row.processes, processes);
	}
}

/* What calibration got wrong the first process that measures puts right. */
static void test_length(void **state)
{
	(void)state;
	put_right("length", LAB_PROCESSES);
	only("nothing");
	says("Begun anew, since epochs were longer or shorter than they should be: 2 rows, at most 1 times each", true);
}

/* Nor does it stay as a first placement has it that was slow itself. */
static void test_slow_start(void **state)
{
	(void)state;
	put_right("slow start", LAB_PROCESSES);
	says("2 rows, at most 2 times each", true);
}

/* Nor where all cores seem shared in the process that would tell. */
static void test_wary(void **state)
{
	(void)state;
	put_right("wary", LAB_PROCESSES - 1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_nothing, tear_down),
		cmocka_unit_test_teardown(test_neighbour, tear_down),
		cmocka_unit_test_teardown(test_step, tear_down),
		cmocka_unit_test_teardown(test_throttled, tear_down),
		cmocka_unit_test_teardown(test_throttled_threads, tear_down),
		cmocka_unit_test_teardown(test_moved, tear_down),
		cmocka_unit_test_teardown(test_crowded, tear_down),
		cmocka_unit_test_teardown(test_layout, tear_down),
		cmocka_unit_test_teardown(test_luck, tear_down),
		cmocka_unit_test_teardown(test_length, tear_down),
		cmocka_unit_test_teardown(test_slow_start, tear_down),
		cmocka_unit_test_teardown(test_wary, tear_down),
	};

	if (argc > 1 && !strcmp(argv[1], LAB_CHILD))
		return lab_child_main(NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
