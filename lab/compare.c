// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis.h"
#include "clock.h"
#include "compare.h"
#include "counting.h"
#include "delay.h"
#include "host.h"
#include "placement.h"
#include "rounds.h"
#include "stats.h"
#include "stop.h"

#define WARM_ROUNDS	2
#define PLACE_ROUNDS	12	/* a placement's rounds, where set-up is cheap */
#define PLACES_WANTED	24
#define COUNT_PART	0.25	/* of measuring, for rounds under counters */
#define SLACK_NS	(LAB_SEC / 2)	/* of the whole, beyond twice the budget */

/* One look; times are ns. */
struct session {
	struct lab_row *row;
	struct lab_deal deal;
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

static int grow_rounds(struct lab_row *row)
{
	unsigned long max = row->max_raw ? 2 * row->max_raw : 1024;
	bool failed = false;

	row->raw = lab_grow(row->raw, max * row->nr_arms * sizeof(*row->raw),
			&failed);
	row->order = lab_grow(row->order, max * sizeof(*row->order), &failed);
	row->drop = lab_grow(row->drop, max * sizeof(*row->drop), &failed);
	if (row->ask.base.cfg.threads > 1) {
		row->skews = lab_grow(row->skews, max * sizeof(*row->skews),
				  &failed);
		row->overlaps = lab_grow(row->overlaps,
				     max * sizeof(*row->overlaps), &failed);
		row->fairs = lab_grow(row->fairs, max * row->nr_arms *
				  sizeof(*row->fairs), &failed);
	}
	if (failed)
		return -ENOMEM;
	row->max_raw = max;
	return 0;
}

static int add_placement(struct lab_row *row)
{
	bool failed = false;

	if (row->placements == row->max_first) {
		unsigned long max = row->max_first ? 2 * row->max_first : 64;

		row->first = lab_grow(row->first, max * sizeof(*row->first),
				  &failed);
		row->steals = lab_grow(row->steals, max * sizeof(*row->steals),
				   &failed);
		if (failed)
			return -ENOMEM;
		row->max_first = max;
	}
	row->steals[row->placements] = 0;
	row->first[row->placements++] = row->nr_raw;
	return 0;
}

/* Threads' rates and latencies of a round that counts. */
static void add_threads(struct lab_row *row, const struct lab_placement *p,
			const struct lab_epoch *const *e)
{
	unsigned int threads = row->ask.base.cfg.threads;

	for (unsigned int a = 0; a < row->nr_arms; a++) {
		for (unsigned int t = 0; t < threads; t++) {
			struct lab_thread_row *tr = &row->threads[a][t];
			const struct lab_part *part = &e[a]->part[t];

			tr->ops += part->ops;
			tr->seconds += (part->end - part->start) * 1e-9;
			row->delay += part->delay * 1e-9;
			row->slept += part->slept;
			if (row->hist)
				lab_hist_add(&row->hist[a * threads + t],
					     &p->arm[a]->hist[t]);
		}
	}
}

/* All threads have as much to do: the slowest one's rate over the fastest's. */
static double fairness(const struct lab_row *row, const struct lab_epoch *e)
{
	double least = INFINITY, most = 0;
	unsigned int t;

	if (row->ask.base.path->flags & BENCH_ROLES)
		return NAN;
	for (t = 0; t < row->ask.base.cfg.threads; t++) {
		double ns = e->part[t].end - e->part[t].start;

		least = fmin(least, ns);
		most = fmax(most, ns);
	}
	return least / most;
}

static void keep_round(struct lab_row *row, unsigned int order,
		       const struct lab_placement *p,
		       const struct lab_epoch *const *e)
{
	unsigned long r = row->nr_raw++;
	double skew = 0, overlap = 1;

	row->order[r] = order;
	row->drop[r] = LAB_KEPT;
	for (unsigned int a = 0; a < row->nr_arms; a++) {
		row->raw[r * row->nr_arms + a] = e[a]->ns;
		if (row->drop[r] == LAB_KEPT)
			row->drop[r] = e[a]->drop;
		if (row->fairs)
			row->fairs[r * row->nr_arms + a] = fairness(row, e[a]);
		skew = fmax(skew, e[a]->skew);
		overlap = fmin(overlap, e[a]->overlap);
	}
	if (row->skews) {
		row->skews[r] = skew;
		row->overlaps[r] = overlap;
	}
	if (row->drop[r] == LAB_KEPT)
		add_threads(row, p, e);
}

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

	if (use == TIMED && row->nr_raw == row->max_raw)
		ret = grow_rounds(row);
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
		keep_round(row, order, &s->place, by_role);
	if (use == COUNTED && !ret)
		ret = lab_counted_round(row, s->pass, order, by_role);
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
	int ret = lab_counted_block(row);

	if (ret)
		return ret;
	lab_counting_open(c, row->ask.events, s->pass,
			  row->ask.base.cfg.threads);
	lab_rounds_restart(&s->rounds);
	while (n-- && !ret && c->word == LAB_COUNTED)
		ret = do_round(s, COUNTED);
	lab_counting_close(c);
	lab_rounds_restart(&s->rounds);
	if (c->word != LAB_COUNTED)
		lab_counted_fail(row, s->pass, c->word, c->why);
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
	return lab_counted_disturb(row, row->first[row->placements - 1]);
}

static int do_placement(struct session *s)
{
	double spent = s->spent;
	uint64_t start = lab_now();
	int ret;

	if (!s->open) {
		ret = lab_placement_open(&s->place, &s->deal, &s->rng, s->row);
		if (ret)
			return ret;
	}
	s->open = false;
	ret = warm_up(s);
	if (!ret)
		ret = add_placement(s->row);
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
				  lab_case_crowded(&row->ask.base));
	ret = lab_placement_open(&s->place, &s->deal, &s->rng, row);
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
		bad = lab_counted_analyse(row);
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
	lab_rounds_init(&s->rounds, s->deal.nr_arms, lab_rng_next(&s->rng));
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
	lab_counted_begin(row);
	row->verdict = LAB_NO_RESULT;
	lab_command(ask, row->command);
	ret = lab_deal_init(&s.deal, ask);
	if (ret) {
		snprintf(row->note, LAB_NOTE, "no second copy of %s/%s",
			 ask->base.set->host, ask->base.set->variant);
		return ret;
	}
	row->nr_arms = s.deal.nr_arms;
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
	ret = lab_deal_init(&s.deal, &row->ask);
	if (ret)
		return ret;
	row->look = 2;
	row->note[0] = '\0';
	session_init(&s, row, seconds);
	s.round = row->epoch_ns * row->nr_arms;
	return measure(&s);
}

/* Appends to a buffer of LAB_COMMAND bytes. */
static void __attribute__((format(printf, 2, 3)))
append(char *buf, const char *fmt, ...)
{
	size_t len = strlen(buf);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf + len, LAB_COMMAND - len, fmt, ap);
	va_end(ap);
}

char *lab_command(const struct lab_ask *ask, char *buf)
{
	const struct lab_set *base = ask->base.set, *new_ = ask->new_.set;
	const struct bench_path *path = ask->base.path;
	char word[64];

	*buf = '\0';
	append(buf, "build/locklab compare --scenario %s/%s",
	       ask->base.scenario->name, path->name);
	if (strcmp(base->host, new_->host))
		append(buf, " --base %s:%s --new %s:%s", base->host,
		       base->variant, new_->host, new_->variant);
	else
		append(buf, " --host %s --base %s --new %s", base->host,
		       base->variant, new_->variant);
	for (unsigned int i = 0; i < lab_path_params(path); i++)
		append(buf, " --param %s=%s", path->params[i].name,
		       lab_param_word(&path->params[i], ask->base.cfg.value[i],
				      word, sizeof(word)));
	if (ask->events && strcmp(ask->events->spec, LAB_EVENT_SET))
		append(buf, " --counters %s", ask->events->spec);
	append(buf, " --threads %u --budget %gs --margin %g --seed %lu",
	       ask->base.cfg.threads, ask->budget, ask->margin, ask->seed);
	return buf;
}
