// SPDX-License-Identifier: GPL-2.0 OR MIT
/* What is made of rounds whose truth is known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "timing/analysis.h"
#include "base/rng.h"
#include "stats/rounds.h"
#include "stats/stats.h"

#define TRIALS	1000
#define FAMILY	4	/* placements of a process */

/*
 * struct truth - a machine to be simulated
 * @places: placements; @rounds: in each
 * @effect: of new, as a log-ratio
 * @processes: that the placements are spread over; 0: one
 * @process: half-range of what a process does to an arm
 * @outlier: what it does to new in one process of ten, beside that
 * @drift: by how much all arms become slower in the course of the run
 * @placed: half-range of what a placement does to an arm
 * @noise: half-range of what a round does to an arm
 * @second: what running in a later place of the round adds
 */
struct truth {
	unsigned int places, rounds;
	double effect, placed, noise, second;
	unsigned int processes;
	double process, outlier, drift;
};

static struct lab_rng rng;

static double spread(double half)
{
	return half * (2 * lab_rng_unit(&rng) - 1);
}

/* What a process does to each arm. */
static void draw_process(const struct truth *t, double at[3])
{
	for (unsigned int arm = 0; arm < 3; arm++)
		at[arm] = spread(t->process);
	if (t->outlier != 0 && lab_rng_below(&rng, 10) == 0)
		at[1] += lab_rng_below(&rng, 2) ? t->outlier : -t->outlier;
}

static void draw_place(const struct truth *t, const double process[3],
		       double at[3])
{
	for (unsigned int arm = 0; arm < 3; arm++)
		at[arm] = process[arm] + spread(t->placed);
	at[1] += t->effect;
}

static void make_rounds(struct lab_row *row, const struct truth *t,
			struct lab_rounds *order, const double place[3],
			unsigned long all)
{
	unsigned long r = row->nr_raw;

	for (unsigned int i = 0; i < t->rounds; i++, r++) {
		const unsigned char *arm;
		double drift = t->drift * r / all;

		row->order[r] = lab_rounds_next(order);
		arm = lab_order(row->nr_arms, row->order[r]);
		for (unsigned int k = 0; k < row->nr_arms; k++)
			row->raw[r * row->nr_arms + arm[k]] = 50 *
				exp(place[arm[k]] + spread(t->noise) + drift +
				    k * t->second);
	}
	row->nr_raw = r;
}

static void make_row(struct lab_row *row, const struct truth *t,
		     unsigned int nr_arms)
{
	unsigned long n = (unsigned long)t->places * t->rounds;
	unsigned int each = t->processes ? t->places / t->processes : t->places;
	double process[3], place[3];
	struct lab_rounds order;

	memset(row, 0, sizeof(*row));
	row->ask.base.set = &lab_sets[0];
	row->ask.new_.set = &lab_sets[nr_arms == 2 ? 0 : 1];
	row->ask.base.cfg.threads = 1;
	row->ask.margin = 1;
	row->digest_ok = true;
	row->nr_arms = nr_arms;
	row->ops_per_epoch = 1000;
	row->raw = calloc(n * nr_arms, sizeof(*row->raw));
	row->order = calloc(n, 1);
	row->drop = calloc(n, 1);
	row->probe = calloc(n, sizeof(*row->probe));
	row->place = calloc(t->places, sizeof(*row->place));
	lab_rounds_init(&order, nr_arms, lab_rng_next(&rng));
	for (unsigned int p = 0; p < t->places; p++) {
		if (p % each == 0)
			draw_process(t, process);
		draw_place(t, process, place);
		row->place[p] = (struct lab_place) {
			.first = row->nr_raw, .process = p / each,
			.cycle_ns = { NAN, NAN }, .handover_ns = NAN,
		};
		make_rounds(row, t, &order, place, n);
	}
	row->placements = t->places;
}

static void analyse(struct lab_row *row)
{
	assert_int_equal(lab_analyse(row), 0);
}

static void test_known(void **state)
{
	const struct truth t = { 20, 12, log(1.25), 0, 0, 0, 0, 0, 0, 0 };
	struct lab_row row;

	(void)state;
	make_row(&row, &t, 3);
	analyse(&row);
	assert_true(fabs(row.ns[0] - 50) < 1e-4);
	assert_true(fabs(row.ns[1] - 62.5) < 1e-4);
	assert_true(fabs(row.delta.est - 12.5) < 1e-4);
	assert_true(fabs(row.ratio.est - 1.25) < 1e-5);
	assert_true(fabs(row.aa.est - 1) < 1e-5);
	assert_int_equal(row.verdict, LAB_SLOWER);
	assert_int_equal(row.aa_verdict, LAB_SAME);
	assert_int_equal(row.unit, LAB_BY_PLACEMENT);
	assert_int_equal(row.units, 20);
	assert_int_equal(row.rounds, 240);
	assert_true(isnan(row.cycle_ns));
	assert_int_equal(row.ties, 0);
	assert_true(isnan(row.skew) && isnan(row.overlap));
	lab_row_free(&row);
}

/*
 * Placements in which the hypervisor took time go, where enough have none. Where
 * nothing could go the interval has all that was found.
 */
static void test_stolen(void **state)
{
	const struct truth t = { 20, 12, log(1.25), 0, 0, 0, 0, 0, 0, 0 };
	struct lab_row row;

	(void)state;
	make_row(&row, &t, 3);
	row.place[3].stolen = 2;
	row.place[7].stolen = 1;
	row.drop[40] = LAB_PREEMPTED;
	for (unsigned long r = 5 * 12; r < 6 * 12; r++)
		row.raw[3 * r + 1] *= 2;
	analyse(&row);
	assert_true(fabs(row.ratio.hi - 1.25) < 1e-5);
	assert_int_equal(row.dropped[LAB_STOLEN], 23);
	assert_int_equal(row.dropped[LAB_PREEMPTED], 1);
	assert_int_equal(row.units, 18);
	assert_int_equal(row.verdict, LAB_SLOWER);
	assert_false(row.disturbed);
	for (unsigned int p = 0; p < t.places; p++)
		row.place[p].stolen = 1;
	analyse(&row);
	assert_int_equal(row.dropped[LAB_STOLEN], 0);
	assert_int_equal(row.dropped[LAB_PREEMPTED], 1);
	assert_int_equal(row.units, 20);
	assert_true(row.disturbed);
	assert_true(fabs(row.ratio.hi - 2.5) < 1e-5);
	assert_true(fabs(row.level - (1 - ldexp(1, -19))) < 1e-12);
	lab_row_free(&row);
}

/* A cgroup that its quota kept from its CPUs, the same. */
static void test_throttled(void **state)
{
	const struct truth t = { 48, 12, log(1.25), 0, 0, 0, 12, 0, 0, 0 };
	struct lab_row row;

	(void)state;
	make_row(&row, &t, 3);
	for (unsigned int p = 0; p < t.places; p += 4)
		row.place[p].throttled = 50000;
	for (unsigned long r = 0; r < row.nr_raw; r++)
		row.raw[3 * r + 1] *= r / 12 % 4 ? 1 : 3;
	row.drop[0] = LAB_PREEMPTED;
	analyse(&row);
	assert_int_equal(row.dropped[LAB_THROTTLED], 12 * 12 - 1);
	assert_int_equal(row.dropped[LAB_PREEMPTED], 1);
	assert_true(fabs(row.ratio.est - 1.25) < 1e-5);
	assert_true(fabs(row.ratio.hi - 1.25) < 1e-5);
	assert_true(fabs(lab_row_throttled(&row) - 0.6) < 1e-9);
	assert_false(row.disturbed);
	for (unsigned int p = 0; p < t.places; p++)
		row.place[p].throttled = 1;
	analyse(&row);
	assert_int_equal(row.dropped[LAB_THROTTLED], 0);
	assert_true(row.disturbed);
	lab_row_free(&row);
}

/*
 * Threads whose CPUs are others for a while: what most placements had is the row's
 * state. Where two states are about even, one is left, and it is no third between them.
 */
static void test_moved(void **state)
{
	const struct truth t = { 48, 12, log(1.25), 0, 0, 0, 16, 0, 0, 0 };
	struct lab_row row;

	(void)state;
	make_row(&row, &t, 3);
	for (unsigned int p = 0; p < t.places; p++)
		row.place[p].handover_ns = p % 3 ? 100 + p % 7 : p % 2 ? 300 : 50;
	row.place[4].handover_ns = NAN;
	for (unsigned long r = 0; r < row.nr_raw; r++)
		row.raw[3 * r + 1] *= r / 12 % 3 ? 1 : 3;
	analyse(&row);
	assert_true(row.handover_ns >= 100 && row.handover_ns <= 106);
	assert_int_equal(row.dropped[LAB_MOVED], 17 * 12);
	assert_true(fabs(row.ratio.hi - 1.25) < 1e-5);
	assert_false(row.disturbed);
	for (unsigned int p = 0; p < t.places; p++)
		row.place[p].handover_ns = p % 2 ? 200 : 100;
	analyse(&row);
	assert_int_equal(row.dropped[LAB_MOVED], 24 * 12);
	assert_false(row.disturbed);
	for (unsigned int p = 0; p < t.places; p++)
		row.place[p].handover_ns = 100 << p % 5;
	analyse(&row);
	assert_int_equal(row.dropped[LAB_MOVED], 38 * 12);
	for (unsigned int p = 0; p < t.places; p++)
		row.place[p].handover_ns = 100 << p % 24;
	analyse(&row);
	assert_int_equal(row.dropped[LAB_MOVED], 0);
	assert_true(row.disturbed);
	for (unsigned int p = 0; p < t.places; p++)
		row.place[p].handover_ns = NAN;
	analyse(&row);
	assert_true(isnan(row.handover_ns));
	assert_int_equal(row.dropped[LAB_MOVED], 0);
	assert_false(row.disturbed);
	lab_row_free(&row);
}

/*
 * While the core is shared everything is slower, and new more than base: the rounds
 * whose probes show it go, and the answer is that of a core alone. Shared all the
 * time, they stay, and the row says so.
 */
static void test_sibling(void **state)
{
	const struct truth t = { 48, 12, log(1.25), 0, 0, 0, 12, 0, 0, 0 };
	struct lab_row row;

	(void)state;
	make_row(&row, &t, 3);
	row.alone = 1000;
	for (unsigned int p = 0; p < t.places; p++)
		row.place[p].cycle_ns[0] = row.place[p].cycle_ns[1] = 0.25;
	for (unsigned long r = 0; r < row.nr_raw; r++) {
		row.probe[r] = r % 12 < 6 ? 500 : 255;
		row.raw[3 * r] *= r % 12 < 6 ? 1.2 : 1;
		row.raw[3 * r + 1] *= r % 12 < 6 ? 1.4 : 1;
	}
	analyse(&row);
	assert_int_equal(row.dropped[LAB_SIBLING], row.nr_raw / 2);
	assert_true(fabs(row.ratio.est - 1.25) < 1e-5);
	assert_int_equal(row.verdict, LAB_SLOWER);
	assert_false(row.disturbed);
	for (unsigned long r = 0; r < row.nr_raw; r++)
		row.probe[r] = 500;
	analyse(&row);
	assert_int_equal(row.dropped[LAB_SIBLING], 0);
	assert_true(row.disturbed);
	lab_row_free(&row);
}

/* Where nothing is dropped, a placement that does not know its cycle has the row's. */
static void test_cycle_not_known(void **state)
{
	const struct truth t = { 12, 12, 0.2, 0.001, 1e-4, 0, 12, 0, 0, 0 };
	struct lab_row row;

	(void)state;
	make_row(&row, &t, 3);
	for (unsigned int p = 0; p < t.places; p++)
		row.place[p].cycle_ns[0] = row.place[p].cycle_ns[1] =
			p < 5 ? NAN : 0.25;
	row.place[11].cycle_ns[1] = 0.3;
	for (unsigned int p = 6; p < 11; p++)
		row.place[p].cycle_ns[1] = 0.26;
	analyse(&row);
	assert_true(row.disturbed && row.paced);
	assert_int_equal(row.units, 12);
	assert_true(row.time[0].lo <= row.time[0].est);
	assert_true(row.time[0].est <= row.time[0].hi);
	assert_true(row.time[0].hi < 60);
	lab_row_free(&row);
}

/* A frequency that steps while a placement is timed makes its cycles a guess. */
static void test_frequency(void **state)
{
	const struct truth t = { 48, 12, log(1.25), 0, 0, 0, 12, 0, 0, 0 };
	struct lab_row row;

	(void)state;
	make_row(&row, &t, 3);
	for (unsigned int p = 0; p < t.places; p++) {
		double cycle = p / 4 % 2 ? 0.25 : 0.5;

		row.place[p].cycle_ns[0] = row.place[p].cycle_ns[1] = cycle;
		for (unsigned int i = 0; i < 3 * 12; i++)
			row.raw[36 * p + i] *= cycle;
	}
	row.place[5].cycle_ns[1] *= 1.1;
	analyse(&row);
	assert_int_equal(row.dropped[LAB_FREQUENCY], 12);
	assert_true(row.cycle_ns >= 0.25 && row.cycle_ns <= 0.5);
	/* the same cycles at each frequency */
	assert_true(fabs(row.time[0].lo / row.cycle_ns - 50) < 1e-3);
	assert_true(fabs(row.time[0].hi / row.cycle_ns - 50) < 1e-3);
	assert_true(fabs(row.delta.est / row.cycle_ns - 12.5) < 1e-3);
	lab_row_free(&row);
}

static void test_ties(void **state)
{
	const struct truth t = { 20, 12, 0, 0, 0, 0, 0, 0, 0, 0 };
	struct lab_row row;

	(void)state;
	make_row(&row, &t, 2);
	analyse(&row);
	assert_int_equal(row.ties, 240);
	assert_true(row.ratio.lo == 1 && row.ratio.hi == 1);
	assert_int_equal(row.verdict, LAB_SAME);
	/* one variant: the row is the A/A */
	assert_true(row.aa.est == row.ratio.est);
	lab_row_free(&row);
}

/* An effect of order is no effect of the variant. */
static void test_order_cancels(void **state)
{
	const struct truth t = { 20, 12, 0, 0, 1e-4, 0.02, 0, 0, 0, 0 };
	struct lab_row row;

	(void)state;
	for (unsigned int nr_arms = 2; nr_arms <= 3; nr_arms++) {
		make_row(&row, &t, nr_arms);
		/* a lost round must not tip the balance */
		for (unsigned long i = 0; i < row.nr_raw; i += 12)
			row.drop[i] = LAB_PREEMPTED;
		analyse(&row);
		assert_true(fabs(row.ratio.est - 1) < 2e-3);
		assert_int_equal(row.dropped[LAB_PREEMPTED], 20);
		assert_int_equal(row.rounds, 220);
		lab_row_free(&row);
	}
}

/* Rounds that the gates dropped have no say, however far off they are. */
static void test_dropped(void **state)
{
	const struct truth t = { 20, 12, 0, 0, 1e-3, 0, 0, 0, 0, 0 };
	struct lab_row row;

	(void)state;
	make_row(&row, &t, 2);
	for (unsigned long i = 0; i < row.nr_raw; i += 3) {
		row.drop[i] = LAB_FAULTED;
		row.raw[2 * i + 1] *= 100;
	}
	/* one placement has lost too much to count */
	memset(row.drop + 24, LAB_OVERLAP, 7);
	for (unsigned long i = 24; i < 36; i++)
		row.raw[2 * i + 1] *= 3;
	analyse(&row);
	assert_int_equal(row.units, 19);
	assert_int_equal(row.verdict, LAB_SAME);
	assert_true(row.ratio.hi < 1.002);
	lab_row_free(&row);
}

/* The share of identical pairs whose interval leaves zero outside. */
static double false_alarms(const struct truth *t, bool by_round)
{
	unsigned int alarms = 0;
	struct lab_row row;

	for (unsigned int i = 0; i < TRIALS; i++) {
		double x[512];

		make_row(&row, t, 2);
		analyse(&row);
		if (by_round) {
			for (unsigned long r = 0; r < row.nr_raw; r++)
				x[r] = log(row.raw[2 * r + 1] / row.raw[2 * r]);
			row.ratio = lab_sign_interval(x, row.nr_raw, 0.05);
			row.ratio.lo += 1;
			row.ratio.hi += 1;
		}
		alarms += row.ratio.lo > 1 || row.ratio.hi < 1;
		lab_row_free(&row);
	}
	return (double)alarms / TRIALS;
}

/*
 * The reason for placements: where a placement moves an arm by as much as a
 * round does, an interval over rounds is wrong about half of the time and the
 * interval over placements keeps its level.
 */
static void test_false_alarms(void **state)
{
	const struct truth t = { 25, 12, 0, 0.01, 0.01, 0, 0, 0, 0, 0 };

	(void)state;
	rng.state = 1;
	assert_true(false_alarms(&t, false) < 0.065);
	rng.state = 1;
	assert_true(false_alarms(&t, true) > 0.25);
}

/* The share of rows whose interval does not hold the truth. */
static double misses(const struct truth *t, unsigned int trials)
{
	unsigned int n = 0;
	struct lab_row row;

	for (unsigned int i = 0; i < trials; i++) {
		make_row(&row, t, 3);
		analyse(&row);
		assert_int_equal(row.units, t->processes > 1 ? t->processes :
				 t->places);
		n += !(log(row.ratio.lo) <= t->effect &&
		       t->effect <= log(row.ratio.hi));
		lab_row_free(&row);
	}
	return (double)n / trials;
}

/*
 * The reason for processes. Each has its own level for each arm, one of ten is an
 * outlier, and the machine drifts. An interval over processes holds a truth that is
 * not zero in 98 of 100 rows; one over as many placements of one process
 * speaks of that process.
 */
static void test_processes(void **state)
{
	const double effects[] = { log(1.03), -log(1.2), log(2) };

	(void)state;
	rng.state = 2;
	for (unsigned int i = 0; i < 3; i++) {
		struct truth t = { 12 * FAMILY, 12, effects[i], 0.02, 0.01, 0.001,
				   12, 0.01, 0.1, 0.3 };

		assert_true(misses(&t, 700) < 0.035);
		t.processes = 0;
		assert_true(misses(&t, 100) > 0.3);
	}
}

/* Reads both ends of each epoch by a clock that stands still for @step ns. */
static void read_coarsely(struct lab_row *row, double step)
{
	for (unsigned long i = 0; i < row->nr_raw * row->nr_arms; i++) {
		double ns = row->raw[i] * (double)row->ops_per_epoch;

		row->raw[i] = floor(ns / step + lab_rng_unit(&rng)) * step /
			      row->ops_per_epoch;
	}
}

/* Intervals that miss 50 and an effect of less than a step, as a part of both. */
static double coarse_misses(double step, double said, double noise, double about)
{
	struct truth t = { 16 * FAMILY, 18, 0, 1e-6, noise, 0, 16, 1e-6, 0, 0 };
	unsigned int n = 0;
	struct lab_row row;

	for (unsigned int i = 0; i < 400; i++) {
		double base = 50 + step / 1000 * i / 400;

		t.effect = about + spread(step / 50e3);
		make_row(&row, &t, 3);
		for (unsigned long r = 0; r < 3 * row.nr_raw; r++)
			row.raw[r] *= base / 50;
		read_coarsely(&row, step);
		row.step_ns = said;
		analyse(&row);
		n += row.ratio.lo > exp(t.effect) || row.ratio.hi < exp(t.effect);
		n += row.time[0].lo > base || row.time[0].hi < base;
		lab_row_free(&row);
	}
	return n / 800.0;
}

/* A clock may be coarser than the spread of its rounds. */
static void test_coarse_clock(void **state)
{
	(void)state;
	rng.state = 5;
	assert_true(coarse_misses(10, 10, 1e-6, 0) < 0.02);
	assert_true(coarse_misses(40, 40, 1e-6, 0) < 0.02);
	assert_true(coarse_misses(10, 0, 1e-6, 0) > 0.1);
	/* noise of a step and two, and an arm that is four times as fast */
	assert_true(coarse_misses(10, 10, 4e-4, 0) < 0.025);
	assert_true(coarse_misses(10, 10, 8e-4, 0) < 0.025);
	assert_true(coarse_misses(10, 10, 1e-6, -log(4)) < 0.025);
}

/*
 * What a row prints adds up, and its difference has its ratio's sign; so have ends, but
 * for those that lie between a value below and one above.
 */
static void test_adds_up(void **state)
{
	struct truth t = { 12 * FAMILY, 12, 0, 0.02, 0.01, 0, 12, 0.02, 0, 0.1 };
	struct lab_row row;

	(void)state;
	rng.state = 3;
	for (unsigned int i = 0; i < 200; i++) {
		t.effect = spread(0.02);
		make_row(&row, &t, 3);
		analyse(&row);
		assert_true(row.ns[0] + row.delta.est == row.ns[1]);
		assert_true(fabs(row.delta.lo) < 0.02 ||
			    (row.delta.lo < 0) == (row.ratio.lo < 1));
		assert_true(fabs(row.delta.hi) < 0.02 ||
			    (row.delta.hi < 0) == (row.ratio.hi < 1));
		assert_true(fabs(row.delta.est) < 0.02 ||
			    (row.delta.est < 0) == (row.ratio.est < 1));
		lab_row_free(&row);
	}
}

/* An effect of the size that a row says it detects is found four times in five. */
static void test_detects(void **state)
{
	struct truth t = { 12, 12, 0, 0, 0, 0, 12, 0.01, 0, 0 };
	struct lab_row row;
	unsigned int found = 0;
	double detects = 0;

	(void)state;
	rng.state = 4;
	for (unsigned int i = 0; i < TRIALS; i++) {
		make_row(&row, &t, 3);
		analyse(&row);
		detects += row.detects / 100 / TRIALS;
		lab_row_free(&row);
	}
	t.effect = log1p(detects);
	for (unsigned int i = 0; i < TRIALS; i++) {
		make_row(&row, &t, 3);
		analyse(&row);
		found += row.ratio.lo > 1;
		lab_row_free(&row);
	}
	assert_in_range(found, TRIALS * 0.74, TRIALS * 0.86);
}

static void test_few_placements(void **state)
{
	const struct truth t = { 2, 120, 0, 0, 1e-3, 0, 0, 0, 0, 0 };
	struct lab_row row;

	(void)state;
	make_row(&row, &t, 2);
	analyse(&row);
	assert_int_equal(row.unit, LAB_BY_SPAN);
	assert_int_equal(row.units, 20);
	/* they say nothing of other placements */
	assert_int_equal(row.verdict, LAB_INCONCLUSIVE);
	lab_row_free(&row);
}

static void test_too_few(void **state)
{
	const struct truth t = { 2, 12, 0, 0, 1e-3, 0, 0, 0, 0, 0 };
	struct lab_row row;

	(void)state;
	make_row(&row, &t, 3);
	analyse(&row);
	assert_int_equal(row.verdict, LAB_NO_RESULT);
	assert_non_null(strstr(row.note, "only 2 of 7 spans, 24 of 24 rounds"));
	assert_true(isnan(row.ratio.lo) && isnan(row.detects));
	assert_true(isfinite(row.ratio.est));
	lab_row_free(&row);
}

static void test_nothing(void **state)
{
	const struct truth t = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
	struct lab_row row;

	(void)state;
	make_row(&row, &t, 3);
	analyse(&row);
	assert_int_equal(row.verdict, LAB_NO_RESULT);
	assert_true(isnan(row.ns[0]) && isnan(row.ratio.est));
	lab_row_free(&row);
}

static void test_no_result(void **state)
{
	const struct truth t = { 20, 12, 0, 0, 1e-3, 0, 0, 0, 0, 0 };
	struct lab_row row;

	(void)state;
	make_row(&row, &t, 2);
	row.warnings = 1;
	analyse(&row);
	assert_int_equal(row.verdict, LAB_NO_RESULT);
	row.warnings = 0;
	row.leaks = 1;
	analyse(&row);
	assert_int_equal(row.verdict, LAB_NO_RESULT);
	row.leaks = 0;
	row.digest_ok = false;
	analyse(&row);
	assert_int_equal(row.verdict, LAB_NO_RESULT);
	lab_row_free(&row);
}

/* The level is the same whatever is left, down to too few. */
static void test_level(void **state)
{
	const struct truth t = { 16 * FAMILY, 12, 0, 0, 0.01, 0, 16, 0.01, 0, 0 };
	struct lab_row row;

	(void)state;
	make_row(&row, &t, 3);
	analyse(&row);
	assert_int_equal(row.unit, LAB_BY_PROCESS);
	assert_int_equal(row.processes, 16);
	assert_true(row.level == 1 - LAB_ALPHA);
	memset(row.drop, LAB_PREEMPTED, FAMILY * 12);
	analyse(&row);
	assert_int_equal(row.units, 15);
	assert_true(row.level == 1 - LAB_ALPHA);
	memset(row.drop, LAB_PREEMPTED, 10 * FAMILY * 12);
	analyse(&row);
	assert_int_equal(row.units, 6);
	assert_int_equal(row.verdict, LAB_NO_RESULT);
	assert_non_null(strstr(row.note, "6 of 7 processes"));
	lab_row_free(&row);
}

/* @over of 12 processes are a tenth slower, the others a two-hundredth. */
static enum lab_verdict verdict_with(unsigned int over)
{
	const struct truth t = { 12, 12, 0, 0, 1e-4, 0, 12, 0, 0, 0 };
	enum lab_verdict verdict;
	struct lab_row row;

	make_row(&row, &t, 3);
	for (unsigned long r = 0; r < row.nr_raw; r++)
		row.raw[3 * r + 1] *= r / 12 < over ? 1.1 : 1.005;
	analyse(&row);
	assert_true(row.ratio.lo > 1);
	verdict = row.verdict;
	lab_row_free(&row);
	return verdict;
}

/* All of the interval has to be beyond the margin, or within it. */
static void test_sure(void **state)
{
	(void)state;
	assert_int_equal(verdict_with(12), LAB_SLOWER);
	assert_int_equal(verdict_with(11), LAB_SLOWER);
	assert_int_equal(verdict_with(10), LAB_INCONCLUSIVE);
	assert_int_equal(verdict_with(9), LAB_INCONCLUSIVE);
	assert_int_equal(verdict_with(2), LAB_INCONCLUSIVE);
	assert_int_equal(verdict_with(1), LAB_SAME);
	assert_int_equal(verdict_with(0), LAB_SAME);
}

/*
 * Of 300 rows just at the margin, each in ten runs, the words that are said; @both gets the
 * rows that are SAME in one run and SLOWER in another.
 */
static unsigned int words_at_margin(bool by_printed, unsigned int *both)
{
	const struct truth t = { 16, 12, log(1.01), 0, 1e-3, 0, 16, 0.01, 0, 0 };
	unsigned int n = 0;

	*both = 0;
	for (unsigned int i = 0; i < 300; i++) {
		bool same = false, slower = false;

		for (unsigned int run = 0; run < 10; run++) {
			enum lab_verdict verdict;
			struct lab_row row;

			make_row(&row, &t, 3);
			analyse(&row);
			verdict = lab_verdict(by_printed ? &row.ratio : &row.sure, 1);
			same |= verdict == LAB_SAME;
			slower |= verdict == LAB_SLOWER;
			n += verdict == LAB_SAME || verdict == LAB_SLOWER;
			lab_row_free(&row);
		}
		*both += same && slower;
	}
	return n;
}

/* The reason why a word needs more than the interval that is printed. */
static void test_words_at_margin(void **state)
{
	unsigned int words, printed, by_words, by_printed;

	(void)state;
	rng.state = 6;
	words = words_at_margin(false, &by_words);
	rng.state = 6;
	printed = words_at_margin(true, &by_printed);
	printf("at the margin: %u words in 3000 runs, by printed intervals %u; rows with two: %u, %u\n",
	       words, printed, by_words, by_printed);
	assert_true(words < 3000 * 1.5 * LAB_WORD_ALPHA);
	assert_true(printed > 1.5 * words);
	assert_true(by_words <= 1 && by_words <= by_printed);
}

/* All placements differ by @effect; the A/A arm by @aa, or by a tenth of it. */
static enum lab_verdict verdict_beside(double effect, double aa)
{
	const struct truth t = { 40, 12, 0, 0, 1e-4, 0, 0, 0, 0, 0 };
	enum lab_verdict verdict;
	struct lab_row row;

	make_row(&row, &t, 3);
	for (unsigned long r = 0; r < row.nr_raw; r++) {
		row.raw[3 * r + 1] *= 1 + effect;
		row.raw[3 * r + 2] *= r / 12 % 2 ? 1 + aa : 1 + aa / 10;
	}
	analyse(&row);
	assert_int_equal(row.aa_verdict, aa > 0 ? LAB_INCONCLUSIVE : LAB_SAME);
	verdict = row.verdict;
	lab_row_free(&row);
	return verdict;
}

/* Beside an A/A arm of +-3 % a difference of 12 % is the least believed. */
static void test_clear(void **state)
{
	(void)state;
	assert_int_equal(verdict_beside(0.05, 0), LAB_SLOWER);
	assert_int_equal(verdict_beside(0.05, 0.03), LAB_INCONCLUSIVE);
	assert_int_equal(verdict_beside(-0.10, 0.03), LAB_INCONCLUSIVE);
	assert_int_equal(verdict_beside(0.14, 0.03), LAB_SLOWER);
	assert_int_equal(verdict_beside(-0.14, 0.03), LAB_FASTER);
	assert_int_equal(verdict_beside(0, 0), LAB_SAME);
	assert_int_equal(verdict_beside(0, 0.03), LAB_INCONCLUSIVE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_stolen),
		cmocka_unit_test(test_throttled),
		cmocka_unit_test(test_moved),
		cmocka_unit_test(test_sibling),
		cmocka_unit_test(test_cycle_not_known),
		cmocka_unit_test(test_frequency),
		cmocka_unit_test(test_ties),
		cmocka_unit_test(test_order_cancels),
		cmocka_unit_test(test_dropped),
		cmocka_unit_test(test_false_alarms),
		cmocka_unit_test(test_processes),
		cmocka_unit_test(test_coarse_clock),
		cmocka_unit_test(test_adds_up),
		cmocka_unit_test(test_detects),
		cmocka_unit_test(test_few_placements),
		cmocka_unit_test(test_too_few),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_no_result),
		cmocka_unit_test(test_level),
		cmocka_unit_test(test_sure),
		cmocka_unit_test(test_words_at_margin),
		cmocka_unit_test(test_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
