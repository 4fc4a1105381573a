// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/delay.h"
#include "base/stop.h"
#include "host.h"
#include "stats/rounds.h"
#include "stats/stats.h"
#include "timing/analysis.h"
#include "timing/command.h"
#include "timing/compare.h"
#include "timing/counting.h"
#include "timing/placement.h"
#include "timing/samples.h"

#define WARM_ROUNDS	2
#define PLACE_ROUNDS	12	/* a placement's rounds, where set-up is cheap */
#define PLACES_WANTED	24
#define COUNT_PART	0.25	/* of measuring, for rounds under counters */
#define SLACK_NS	(LAB_SEC / 2)	/* of the whole, beyond twice the budget */

/* One look; times are ns. */
struct session {
	struct lab_row *row;
	struct lab_assignment assignment;
	struct lab_rounds rounds;
	struct lab_rng rng;
	struct lab_placement place;
	bool open;		/* a placement, for the next rounds */
	double budget, spent;	/* of measuring */
	uint64_t began;
	unsigned int pass;	/* of counters, for the next placement */
	double counted;		/* of counting; part of what is made */
	struct lab_counting counting;
	struct lab_steal ticks;	/* while rounds were timed */
	unsigned long made;	/* placements, in this look, that are closed */
	double making;		/* all that was not measuring */
	double round;
	lab_tick_fn *tick;
	void *arg;
};

/* What becomes of a round. */
enum use {
	WARMING,
	TIMED,
	COUNTED,	/* timed, too, but under counters */
};

/* One epoch of each arm. */
static int do_round(struct session *s, enum use use)
{
	static struct lab_epoch slot[LAB_MAX_ARMS];
	const struct lab_epoch *by_role[LAB_MAX_ARMS];
	struct lab_row *row = s->row;
	const unsigned char *role;
	unsigned int order;
	int ret = 0;

	if (use == TIMED)
		ret = lab_samples_room(row);
	if (ret)
		return ret;
	order = lab_rounds_next(&s->rounds);
	role = lab_order(row->nr_arms, order);
	for (unsigned int i = 0; i < row->nr_arms && !ret; i++) {
		struct lab_arm *arm = s->place.arm[role[i]];
		struct lab_epoch *e = &slot[arm - s->place.slot];

		ret = lab_arm_epoch_counted(arm, row->ops_per_epoch,
					    use == COUNTED ? &s->counting :
					    NULL, e);
		by_role[role[i]] = e;
	}
	if (use == TIMED && !ret)
		lab_samples_round(row, order, &s->place, by_role);
	if (use == COUNTED && !ret)
		ret = lab_counted_round(&row->counted, s->pass, order, by_role);
	return ret;
}

static unsigned long blocks(const struct session *s, double rounds)
{
	unsigned int block = lab_rounds_block(s->row->nr_arms);
	double n = fmin(ceil(rounds / block), LAB_MAX_ROUNDS);

	return (n < 1 ? 1 : (unsigned long)n) * block;
}

/*
 * How many rounds the next placement gets. Many placements of few rounds
 * serve the interval best, but their making may take a third of the time; with
 * dearer ones PLACES_WANTED come first, and last that the whole may take
 * twice the budget and a little. One is made whatever it costs, and measured
 * for the whole budget.
 */
static unsigned long plan(const struct session *s)
{
	double make = s->making / (s->made ? s->made : 1);
	double left = s->budget - s->spent, n = PLACE_ROUNDS;

	n = fmax(n, 2 * make / s->round);
	n = fmin(n, s->budget / s->round / PLACES_WANTED);
	n = fmax(n, s->budget / s->round * make / (s->budget + SLACK_NS));
	return blocks(s, fmin(n, left / s->round));
}

static bool finished(const struct session *s)
{
	const struct lab_row *row = s->row;

	return s->spent >= s->budget || row->partial || row->leaks ||
	       !row->digest_ok || row->nr_raw >= LAB_MAX_ROUNDS ||
	       (s->spent > 0 &&
		lab_now() - s->began > 2 * s->budget + SLACK_NS);
}

static int warm_up(struct session *s)
{
	int ret = 0;

	for (unsigned int i = 0; i < WARM_ROUNDS && !ret; i++)
		ret = do_round(s, WARMING);
	lab_rounds_restart(&s->rounds);
	return ret;
}

static int do_rounds(struct session *s, unsigned long n)
{
	uint64_t start = lab_now();
	unsigned long i;
	int ret = 0;

	for (i = 0; i < n && !ret; i++) {
		if (lab_stop_asked()) {
			s->row->partial = true;
			break;
		}
		ret = do_round(s, TIMED);
	}
	s->spent += lab_now() - start;
	if (i)
		s->round = (lab_now() - start) / (double)i;
	return ret;
}

/* do_rounds(), with what the hypervisor took meanwhile. */
static int do_timed(struct session *s, unsigned long n)
{
	struct lab_row *row = s->row;
	unsigned int threads = row->ask.base.cfg.threads;
	struct lab_steal before, after;
	bool known = lab_steal_now(threads, &before);
	int ret = do_rounds(s, n);

	known = lab_steal_now(threads, &after) && known &&
		after.stolen >= before.stolen;
	if (known) {
		row->steals[row->placements - 1] = after.stolen - before.stolen;
		s->ticks.stolen += after.stolen - before.stolen;
		s->ticks.all += after.all - before.all;
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
		ret = do_round(s, COUNTED);
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
				   row->first[row->placements - 1],
				   row->nr_raw);
}

static int do_placement(struct session *s)
{
	double spent = s->spent;
	uint64_t start = lab_now();
	int ret;

	if (!s->open) {
		ret = lab_placement_open(&s->place, &s->assignment, &s->rng, s->row);
		if (ret)
			return ret;
	}
	s->open = false;
	ret = warm_up(s);
	if (!ret)
		ret = lab_samples_placement(s->row);
	if (!ret)
		ret = do_both(s, plan(s));
	lab_placement_close(&s->place, s->row);
	s->making += lab_now() - start - (s->spent - spent);
	s->made++;
	if (s->tick)
		s->tick(s->arg, fmin(1, s->spent / s->budget));
	return ret;
}

/*
 * In a placement of its own, so that the others are all alike; where making one
 * takes longer than measuring may, it is the first of them.
 */
static int calibrate(struct session *s)
{
	struct lab_row *row = s->row;
	uint64_t start = lab_now(), timed;
	double target, ns = 0;
	int ret;

	target = lab_epoch_target(s->budget / LAB_SEC, row->nr_arms,
				  lab_case_oversubscribed(&row->ask.base));
	ret = lab_placement_open(&s->place, &s->assignment, &s->rng, row);
	if (ret)
		return ret;
	timed = lab_now();
	row->ops_per_epoch = lab_arms_calibrate(s->place.slot, row->nr_arms,
						target, &ns);
	timed = lab_now() - timed;
	s->round = ns * row->nr_arms;
	s->open = row->ops_per_epoch && lab_now() - start - timed > s->budget;
	if (!s->open)
		lab_placement_close(&s->place, row);
	s->making = lab_now() - start - timed + WARM_ROUNDS * s->round;
	s->made = !s->open;
	return row->ops_per_epoch ? 0 : -EAGAIN;
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

static int measure(struct session *s)
{
	struct lab_row *row = s->row;
	unsigned long warned = host_warn_count();
	int ret = 0, bad;

	s->began = lab_now();
	if (!row->ops_per_epoch)
		ret = calibrate(s);
	while (!ret && !finished(s))
		ret = do_placement(s);
	row->wall += (lab_now() - s->began) * 1e-9;
	row->seconds += s->spent * 1e-9;
	row->warnings += host_warn_count() - warned;
	if (s->ticks.all)
		row->stolen = 100.0 * s->ticks.stolen / s->ticks.all;
	bad = lab_analyse(row);
	if (!bad)
		bad = lab_counted_analyse(&row->counted, row->ask.margin);
	quantiles(row);
	harness_share(row);
	if (!ret)
		ret = bad;
	return ret ? ret : row->partial ? -EINTR : 0;
}

static void session_init(struct session *s, struct lab_row *row, double seconds)
{
	s->row = row;
	s->budget = seconds * LAB_SEC;
	s->rng.state = row->ask.seed + row->look;
	lab_rounds_init(&s->rounds, s->assignment.nr_arms, lab_rng_next(&s->rng));
}

int lab_compare(const struct lab_ask *ask, struct lab_row *row,
		lab_tick_fn *tick, void *arg)
{
	struct session s = { .tick = tick, .arg = arg };
	unsigned int threads = ask->base.cfg.threads;
	int ret;

	memset(row, 0, sizeof(*row));
	row->ask = *ask;
	row->look = 1;
	row->digest_ok = true;
	row->stolen = NAN;
	row->verdict = LAB_NO_RESULT;
	lab_command(ask, row->command);
	ret = lab_assignment_init(&s.assignment, ask);
	if (ret) {
		snprintf(row->note, LAB_NOTE, "no second copy of %s/%s",
			 ask->base.set->host, ask->base.set->variant);
		return ret;
	}
	row->nr_arms = s.assignment.nr_arms;
	lab_counted_begin(&row->counted, ask->events, row->nr_arms,
			  ask->base.path->flags & BENCH_ROLES ? 1 : threads);
	if (ask->base.path->flags & BENCH_LATENCY) {
		row->hist = calloc(row->nr_arms * threads, sizeof(*row->hist));
		if (!row->hist)
			return -ENOMEM;
	}
	session_init(&s, row, ask->budget);
	return measure(&s);
}

int lab_compare_more(struct lab_row *row, double seconds, lab_tick_fn *tick,
		     void *arg)
{
	struct session s = { .tick = tick, .arg = arg };
	int ret;

	if (row->ask.looks != 2 || row->look != 1 || !row->ops_per_epoch ||
	    !row->digest_ok || row->leaks || row->warnings)
		return -EINVAL;
	ret = lab_assignment_init(&s.assignment, &row->ask);
	if (ret)
		return ret;
	row->look = 2;
	row->note[0] = '\0';
	session_init(&s, row, seconds);
	s.round = row->epoch_ns * row->nr_arms;
	return measure(&s);
}
