// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/cpus.h"
#include "base/delay.h"
#include "base/hash.h"
#include "base/quota.h"
#include "base/stop.h"
#include "host.h"
#include "stats/rounds.h"
#include "pace/pace.h"
#include "stats/stats.h"
#include "timing/analysis.h"
#include "timing/command.h"
#include "timing/compare.h"
#include "timing/counting.h"
#include "timing/gate.h"
#include "timing/handover.h"
#include "timing/length.h"
#include "timing/placement.h"
#include "timing/roam.h"
#include "timing/samples.h"

#define WARM_ROUNDS	2
#define PLACE_ROUNDS	12	/* a placement's rounds, where set-up is cheap */
#define PATIENCE	40	/* times a placement's rounds, to find a core alone */
#define PATIENCE_LESS	4	/* where the next placement may find other cores, or a later one */
#define PROBES		16	/* to see what one takes */
#define PROBES_FIRST	64	/* the first time */
#define PROBE_NS	(100 * LAB_MSEC)	/* over so long */
#define ROUNDS_TRIED	3	/* to see what one takes */
#define CALIBRATE_NS	(50 * LAB_MSEC)	/* for a length, on a core that is shared */
#define COUNT_PART	0.25	/* of measuring, for rounds under counters */

/* A row's rounds in one process; times are ns. */
struct session {
	struct lab_row *row;
	struct lab_rounds rounds;
	struct lab_rng rng;
	struct lab_placement place;
	unsigned int process;
	uint64_t until;		/* no core is waited for */
	double spent;		/* of measuring */
	unsigned int pass;	/* of counters, for the next placement */
	double counted;		/* of counting; part of what is made */
	struct lab_counting counting;
};

/* What becomes of a round. */
enum use {
	WARMING,
	TIMED,
	COUNTED,	/* timed, too, but under counters */
};

/*
 * One epoch of an arm. What was done while the core was shared is done again, as
 * long as there is time to wait for it.
 */
static int do_epoch(struct session *s, struct lab_arm *arm, enum use how,
		    struct lab_quiet *quiet, struct lab_epoch *e)
{
	struct lab_counting *counting = how == COUNTED ? &s->counting : NULL;
	uint64_t start, waited;
	int ret;

	for (;;) {
		start = lab_now();
		waited = quiet ? quiet->waited : 0;
		ret = lab_arm_epoch_counted(arm, s->row->ops_per_epoch, counting,
					    quiet, e);
		if (ret || !quiet || e->probe <= quiet->ns ||
		    lab_now() >= quiet->until || lab_stop_asked())
			return ret;
		quiet->waited = waited + lab_now() - start;
	}
}

/* One epoch of each arm. */
static int do_round(struct session *s, enum use how, struct lab_quiet *quiet)
{
	static struct lab_epoch slot[LAB_MAX_ARMS];
	const struct lab_epoch *by_role[LAB_MAX_ARMS];
	struct lab_row *row = s->row;
	const unsigned char *role;
	unsigned int order;
	int ret = 0;

	if (how == TIMED)
		ret = lab_samples_room(row);
	if (ret)
		return ret;
	order = lab_rounds_next(&s->rounds);
	role = lab_order(row->nr_arms, order);
	for (unsigned int i = 0; i < row->nr_arms && !ret; i++) {
		struct lab_arm *arm = s->place.arm[role[i]];
		struct lab_epoch *e = &slot[arm - s->place.slot];

		ret = do_epoch(s, arm, how, quiet, e);
		by_role[role[i]] = e;
	}
	if (how == TIMED && !ret)
		lab_samples_round(row, order, &s->place, by_role);
	if (how == COUNTED && !ret)
		ret = lab_counted_round(&row->counted, s->pass, order, by_role);
	return ret;
}

static int warm_up(struct session *s)
{
	int ret = lab_arms_warm(s->place.slot, s->row->nr_arms);

	for (unsigned int i = 0; i < WARM_ROUNDS && !ret; i++)
		ret = do_round(s, WARMING, NULL);
	lab_rounds_restart(&s->rounds);
	return ret;
}

/* Was the last round kept, and on a core of its own? What was not is made up for. */
static bool is_good(const struct lab_row *row, double cycle_ns)
{
	return row->drop[row->nr_raw - 1] == LAB_KEPT &&
	       !lab_gate_shared(row, row->nr_raw - 1, cycle_ns);
}

/* Of a core that was shared all the time, more is not expected. */
static bool tries_again(const struct lab_quiet *quiet, unsigned long made,
			unsigned long n, unsigned long good)
{
	return good && made < LAB_RETRIES * n && lab_now() < quiet->until;
}

static unsigned int patience(const struct lab_row *row)
{
	unsigned int threads = row->ask.base.cfg.threads;

	if (lab_case_oversubscribed(&row->ask.base))
		return PATIENCE;
	return lab_roams(threads) || threads > 1 ? PATIENCE_LESS : PATIENCE;
}

/*
 * @n rounds that are good, or as many as may be tried. The core is waited for as long
 * as the placement has some time left; which rounds are made does not depend on what
 * they find.
 */
static int do_rounds(struct session *s, unsigned long n)
{
	struct lab_row *row = s->row;
	const struct lab_place *place = &row->place[row->placements - 1];
	uint64_t start = lab_now();
	struct lab_quiet quiet = {
		.ns = lab_pace_limit(row->alone, place->cycle_ns[0]),
		.until = start + patience(row) * n * row->cost.round,
	};
	/* what is not known is not waited for */
	struct lab_quiet *wait = quiet.ns > 0 ? &quiet : NULL;
	unsigned long i, good = 0;
	int ret = 0;

	if (quiet.until > s->until)
		quiet.until = s->until;
	for (i = 0; good < n && !ret && (i < n || tries_again(&quiet, i, n, good)); i++) {
		if (lab_stop_asked()) {
			row->partial = true;
			break;
		}
		ret = do_round(s, TIMED, wait);
		if (!ret)
			good += is_good(row, place->cycle_ns[0]);
	}
	s->spent += lab_now() - start;
	if (i)
		row->cost.round = (lab_now() - start - quiet.waited) / (double)i;
	return ret;
}

/* do_rounds(), with what the machine did meanwhile. */
static int do_timed(struct session *s, unsigned long n)
{
	struct lab_row *row = s->row;
	unsigned int threads = row->ask.base.cfg.threads;
	struct lab_place *place = &row->place[row->placements - 1];
	struct lab_steal before, after;
	bool known = lab_steal_now(threads, &before);
	uint64_t throttled = lab_throttled();
	int ret;

	place->cpu = lab_cpu_nth(0);
	place->handover_ns = lab_handover_ns(threads);
	place->cycle_ns[0] = lab_pace_cycle_ns();
	ret = do_rounds(s, n);
	place->cycle_ns[1] = lab_pace_cycle_ns();
	place->throttled = lab_throttled() - throttled;
	known = lab_steal_now(threads, &after) && known &&
		after.stolen >= before.stolen;
	if (known) {
		place->stolen = after.stolen - before.stolen;
		row->ticks.stolen += after.stolen - before.stolen;
		row->ticks.all += after.all - before.all;
	}
	return ret;
}

/* May this placement have rounds under counters? */
static bool may_count(const struct session *s)
{
	const struct lab_events *set = s->row->ask.events;

	return set && set->nr_passes && !s->row->partial &&
	       s->counted <= COUNT_PART * s->spent;
}

/* Every order of the arms once, under the counters of one pass. */
static int do_counted(struct session *s)
{
	struct lab_row *row = s->row;
	struct lab_counting *c = &s->counting;
	unsigned int n = lab_rounds_block(row->nr_arms);
	uint64_t start = lab_now();
	int ret = lab_counted_block(&row->counted);

	if (ret)
		return ret;
	lab_counting_open(c, row->ask.events, s->pass,
			  row->ask.base.cfg.threads);
	lab_rounds_restart(&s->rounds);
	while (n-- && !ret && c->status == LAB_COUNTED)
		ret = do_round(s, COUNTED, NULL);
	lab_counting_close(c);
	lab_rounds_restart(&s->rounds);
	if (c->status != LAB_COUNTED)
		lab_counted_fail(&row->counted, s->pass, c->status, c->why);
	s->counted += lab_now() - start;
	return ret;
}

/*
 * The rounds of a placement. Those under counters come first in every other
 * one, so that a drift does not look like the counters' doing.
 */
static int do_both(struct session *s, unsigned long n)
{
	struct lab_row *row = s->row;
	bool counts = may_count(s), first = row->counted.blocks % 2;
	int ret = 0;

	if (counts && first)
		ret = do_counted(s);
	if (!ret)
		ret = do_timed(s, n);
	if (!ret && counts && !first)
		ret = do_counted(s);
	if (ret || !counts)
		return ret;
	s->pass = (s->pass + 1) % row->ask.events->nr_passes;
	return lab_counted_disturb(&row->counted, row->raw, row->drop,
				   row->place[row->placements - 1].first,
				   row->nr_raw);
}

/*
 * Who keeps up the load does as much as the arm's time allows, and to bring the
 * others to the same number of operations may take longer than to measure: such a
 * row's digests are compared when it is calibrated.
 */
static bool alike(const struct lab_row *row)
{
	return row->ask.base.cfg.threads == 1 ||
	       !(row->ask.base.path->flags & BENCH_ROLES);
}

static int do_placement(struct session *s, unsigned long rounds)
{
	struct lab_row *row = s->row;
	double spent = s->spent;
	uint64_t start = lab_now();
	int ret = lab_placement_open(&s->place, &s->rng, row);

	if (ret)
		return ret;
	ret = warm_up(s);
	if (!ret)
		ret = lab_samples_placement(row, s->process);
	if (!ret)
		ret = do_both(s, rounds);
	lab_placement_close(&s->place, row, alike(row));
	row->cost.make = lab_now() - start - (s->spent - spent);
	return ret;
}

/*
 * Rows, and processes, are dealt different placements: the state is drawn from all
 * that names them.
 */
static void session_begin(struct session *s, struct lab_row *row,
			  unsigned int process, unsigned int visit)
{
	char name[LAB_CASE_NAME];
	uint64_t hash = LAB_HASH_BEGIN;
	const struct lab_case *c[] = { &row->ask.base, &row->ask.new_ };

	for (unsigned int i = 0; i < 2; i++)
		hash = lab_hash_text(hash, lab_case_format(c[i], name));
	s->row = row;
	s->process = process;
	s->rng.state = hash ^ row->ask.seed;
	s->rng.state = lab_rng_next(&s->rng) + process;
	s->rng.state = lab_rng_next(&s->rng) + visit;
	lab_rounds_init(&s->rounds, row->nr_arms, lab_rng_next(&s->rng));
}

/*
 * What a probe takes alone, as far as some tell, cycles; NAN where cycles are not known.
 * The frequency may still rise: each has its own.
 */
static double probe_cycles(bool first)
{
	double cycles[PROBES_FIRST];
	uint64_t began = lab_now();
	size_t nr = 0;

	for (unsigned int i = 0; i < (first ? PROBES_FIRST : PROBES); i++) {
		uint64_t until = began + PROBE_NS / PROBES_FIRST * (i + 1);

		while (first && lab_now() < until)
			lab_pace_probe_ns();
		cycles[nr] = lab_pace_check(NULL) / lab_pace_cycle_ns();
		/* on a CPU whose chains are not believed, or for a while not */
		if (!i && isnan(cycles[nr]))
			return NAN;
		nr += cycles[nr] > 0;
	}
	return lab_pace_alone(cycles, nr);
}

/* How calibration waits for a core; @alone: what a probe takes, cycles. */
static struct lab_quiet quiet_of(const struct lab_row *row, double alone,
				 uint64_t now)
{
	double ns = lab_pace_limit(alone, lab_pace_cycle_ns());
	bool waits = !lab_case_oversubscribed(&row->ask.base) && ns > 0;

	return (struct lab_quiet){
		.ns = waits ? ns : 0, .until = now + CALIBRATE_NS,
	};
}

/* What a round takes, all that belongs to it included. */
static double round_ns(struct session *s)
{
	double ns[ROUNDS_TRIED];
	uint64_t start;

	for (unsigned int i = 0; i < ROUNDS_TRIED; i++) {
		start = lab_now();
		if (do_round(s, WARMING, NULL))
			return NAN;
		ns[i] = lab_now() - start;
	}
	return lab_median(ns, ROUNDS_TRIED);
}

/* In a placement of its own, so that those that are timed are all alike. */
int lab_row_calibrate(struct lab_row *row, double seconds, double alone)
{
	struct session s = { 0 };
	uint64_t began = lab_now(), start, timed;
	struct lab_quiet quiet;
	int ret;

	session_begin(&s, row, ~0U, 0);
	lab_roam(row->ask.base.cfg.threads, alone, lab_now() + CALIBRATE_NS);
	row->alone = probe_cycles(!alone);
	start = lab_now();
	row->cost.epoch = lab_epoch_target(seconds, row->nr_arms,
					   row->ask.base.cfg.threads);
	ret = lab_placement_open(&s.place, &s.rng, row);
	if (!ret)
		ret = lab_arms_warm(s.place.slot, row->nr_arms);
	if (ret)
		return ret;
	timed = lab_now();
	quiet = quiet_of(row, alone > 0 ? alone : row->alone, timed);
	row->ops_per_epoch = lab_arms_calibrate(s.place.slot, row->nr_arms,
						row->cost.epoch,
						quiet.ns > 0 ? &quiet : NULL);
	row->cost.round = row->ops_per_epoch ? round_ns(&s) : 0;
	if (!(row->cost.round > 0))
		row->ops_per_epoch = 0;
	timed = lab_now() - timed;
	lab_placement_close(&s.place, row, true);
	lab_placement_free(&s.place);
	row->cost.make = lab_now() - start - timed +
			 WARM_ROUNDS * row->cost.round;
	row->wall += (lab_now() - began) * 1e-9;
	if (row->ops_per_epoch)
		return 0;
	return lab_stop_asked() ? -EINTR : -EAGAIN;
}

/* Of a placement that has time for all that it should have. */
static double place_rounds(const struct lab_row *row)
{
	return fmax(PLACE_ROUNDS, row->cost.make / row->cost.round / 2);
}

double lab_row_quota(const struct lab_row *row, double seconds,
		     struct lab_quota *q)
{
	unsigned int block = lab_rounds_block(row->nr_arms);
	double ns = seconds * LAB_SEC, round = row->cost.round;
	double make = row->cost.make, rounds, most;

	rounds = fmin(place_rounds(row), fmax(ns - make, ns / 2) / round);
	q->rounds = fmax(1, fmin(rounds / block, LAB_MAX_ROUNDS));
	q->rounds *= block;
	most = (double)LAB_MAX_ROUNDS / q->rounds;
	/* what three placements take is time for three, whatever its last digit */
	q->placements = fmax(1, fmin(ns / (make + q->rounds * round) + 1e-9, most));
	q->seconds = q->placements * (make + q->rounds * round) / LAB_SEC;
	return q->seconds;
}

double lab_row_place_seconds(const struct lab_row *row)
{
	return (row->cost.make + place_rounds(row) * row->cost.round) / LAB_SEC;
}

/*
 * Is there a core, or are there as many as there are threads? Several would wait for
 * each other's more than they measure. So where not all are quiet they measure once in
 * each process, waiting for nothing, and are else left for a later visit.
 */
static bool finds_cores(struct session *s, const struct lab_quota *q,
			unsigned long nth)
{
	unsigned int threads = s->row->ask.base.cfg.threads;
	bool quiet = lab_roam(threads, s->row->alone, s->until);

	if (quiet || threads == 1)
		return true;
	s->until = 0;
	return !q->visit && !nth;
}

/* No more is to be had now from a row whose last placement found no core. */
static bool is_hopeless(const struct session *s)
{
	const struct lab_row *row = s->row;

	return !lab_gate_good(row, row->placements - 1) &&
	       (!lab_roams(row->ask.base.cfg.threads) || lab_now() >= s->until);
}

int lab_row_measure(struct lab_row *row, const struct lab_quota *q,
		    lab_tick_fn *tick, void *arg)
{
	struct session s = { 0 };
	unsigned long warned = host_warn_count(), i;
	uint64_t began = lab_now();
	int ret = 0;

	session_begin(&s, row, q->process, q->visit);
	s.until = began + LAB_WAITS * q->seconds * LAB_SEC;
	row->alone = q->alone;
	for (i = 0; i < q->placements && !ret; i++) {
		if (row->partial || row->leaks || !row->digest_ok ||
		    !finds_cores(&s, q, i))
			break;
		ret = do_placement(&s, q->rounds);
		if (!ret && is_hopeless(&s))
			break;
		if (tick)
			tick(arg, (i + 1.0) / q->placements);
	}
	row->fits = ret ? 0 : lab_row_fit(row, s.place.slot);
	lab_placement_free(&s.place);
	row->wall += (lab_now() - began) * 1e-9;
	row->seconds += s.spent * 1e-9;
	row->warnings += host_warn_count() - warned;
	if (!ret)
		ret = lab_samples_process(row);
	return ret ? ret : row->partial ? -EINTR : 0;
}

static void quantiles(struct lab_row *row)
{
	unsigned int threads = row->ask.base.cfg.threads;
	double tick = lab_tick_ns();

	for (unsigned int a = 0; a < row->nr_arms; a++) {
		for (unsigned int t = 0; t < threads; t++) {
			struct lab_thread_row *tr = &row->threads[a][t];
			struct bench_hist *h;

			tr->p50 = tr->p99 = tr->p999 = tr->max = NAN;
			if (!row->hist)
				continue;
			h = &row->hist[a * threads + t];
			tr->p50 = lab_hist_quantile(h, 0.5) * tick;
			tr->p99 = lab_hist_quantile(h, 0.99) * tick;
			tr->p999 = lab_hist_quantile(h, 0.999) * tick;
			tr->max = lab_hist_quantile(h, 1) * tick;
		}
	}
}

static void harness_share(struct lab_row *row)
{
	double least = INFINITY;

	for (unsigned int a = 0; a < row->nr_arms; a++)
		least = fmin(least, row->ns[a] * row->ops_per_epoch);
	row->harness = isfinite(least) ? lab_harness_ns() / least : NAN;
}

int lab_row_conclude(struct lab_row *row)
{
	int ret = lab_analyse(row);

	if (!ret)
		ret = lab_counted_analyse(&row->counted, row->ask.margin);
	row->stolen = row->ticks.all ?
		      100.0 * row->ticks.stolen / row->ticks.all : NAN;
	quantiles(row);
	harness_share(row);
	return ret;
}

int lab_row_begin(struct lab_row *row, const struct lab_ask *ask)
{
	unsigned int threads = ask->base.cfg.threads;

	memset(row, 0, sizeof(*row));
	row->ask = *ask;
	row->digest_ok = true;
	row->stolen = NAN;
	row->handover_ns = NAN;
	row->verdict = LAB_NO_RESULT;
	row->nr_arms = lab_same_variant(ask->base.set, ask->new_.set) ? 2 : 3;
	lab_command(ask, row->command);
	lab_counted_begin(&row->counted, ask->events, row->nr_arms,
			  ask->base.path->flags & BENCH_ROLES ? 1 : threads);
	if (ask->base.path->flags & BENCH_LATENCY) {
		row->hist = calloc(row->nr_arms * threads, sizeof(*row->hist));
		if (!row->hist)
			return -ENOMEM;
	}
	return 0;
}

int lab_compare(const struct lab_ask *ask, struct lab_row *row,
		lab_tick_fn *tick, void *arg)
{
	struct lab_quota q = { 0 };
	int ret = lab_row_begin(row, ask), bad;

	if (!ret)
		ret = lab_row_calibrate(row, ask->budget, 0);
	if (!ret) {
		lab_row_quota(row, ask->budget, &q);
		q.alone = row->alone;
		ret = lab_row_measure(row, &q, tick, arg);
	}
	bad = lab_row_conclude(row);
	return ret ? ret : bad;
}
