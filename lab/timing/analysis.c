// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stats/rounds.h"
#include "stats/stats.h"
#include "timing/analysis.h"
#include "timing/gate.h"

/*
 * Scratch: @order is the two strata of a placement's rounds, @place what the
 * placements of a process come to, @apart how far each is from its process. Of each
 * unit there are the time of base and of new, the log-ratio, and the difference.
 */
struct scratch {
	double *order[2], *place, *apart, *base, *new_, *ratio, *delta;
	size_t units, places;
};

/* Rounds [from, to) of a row. */
struct span {
	unsigned long from, to;
};

unsigned int lab_min_units(void)
{
	unsigned int n = 1;

	while (!lab_sign_rank(n, lab_alpha(n)))
		n++;
	return n;
}

/*
 * Whether a span's kept rounds stand for it. Those that ran on a shared core were
 * made up for.
 */
static bool stands(const struct lab_row *row, struct span s)
{
	unsigned long kept = 0, lost = 0;

	for (unsigned long i = s.from; i < s.to; i++) {
		kept += row->drop[i] == LAB_KEPT;
		lost += row->drop[i] != LAB_KEPT && row->drop[i] != LAB_SIBLING;
	}
	return kept >= lost && kept >= lab_rounds_block(row->nr_arms);
}

/*
 * Of a step: what a median of placements may be off. Of each the centre is a mean of whole
 * steps, up or down; such a count's median is within ln 2 of its mean (Hamza, Statistics &
 * Probability Letters 23, 1995), and it is one of 12 rounds or more.
 */
#define OPEN	0.06

/* NAN when the span has too few kept rounds. */
static double log_ratio(const struct lab_row *row, struct span s,
			unsigned int arm, double *order[2])
{
	double shortest = INFINITY, step;
	size_t nr[2] = { 0, 0 };

	for (unsigned long i = s.from; i < s.to; i++) {
		const float *ns = &row->raw[i * row->nr_arms];
		bool after;

		if (row->drop[i] != LAB_KEPT)
			continue;
		after = lab_order_before(row->nr_arms, row->order[i], arm, 0);
		order[after][nr[after]++] = log((double)ns[arm] / ns[0]);
		shortest = fmin(shortest, fmin(ns[arm], ns[0]));
	}
	if (!stands(row, s))
		return NAN;
	/* the shorter epoch has the larger steps */
	step = row->step_ns / (shortest * row->ops_per_epoch);
	return (lab_centre(order[0], nr[0], step) +
		lab_centre(order[1], nr[1], step)) / 2;
}

/*
 * ns of a cycle while a placement was timed; 1 where cycles are not known. Where they
 * are but for this placement, and it was not dropped for that, it has the row's.
 */
static double cycle_of(const struct lab_row *row, const struct lab_place *p)
{
	double ns = (p->cycle_ns[0] + p->cycle_ns[1]) / 2;

	if (!row->paced)
		return 1;
	return ns > 0 ? ns : row->cycle_ns;
}

/* The base's cycles, over kept rounds of a span in one placement. */
static double base_time(const struct lab_row *row, struct span s,
			const struct lab_place *p, double *x)
{
	size_t n = 0;

	for (unsigned long i = s.from; i < s.to; i++)
		if (row->drop[i] == LAB_KEPT)
			x[n++] = row->raw[i * row->nr_arms];
	return lab_centre(x, n, row->step_ns / row->ops_per_epoch) /
	       cycle_of(row, p);
}

static struct span rounds_of(const struct lab_row *row, unsigned long place)
{
	return (struct span){ row->place[place].first,
			      lab_row_place_end(row, place) };
}

static void add_unit(struct scratch *x, double base, double ratio)
{
	x->base[x->units] = base;
	x->ratio[x->units] = ratio;
	x->new_[x->units] = base * exp(ratio);
	x->delta[x->units++] = base * expm1(ratio);
}

/* What a process's placements come to, [from, to) of the row's. */
static void add_process(const struct lab_row *row, unsigned int arm,
			unsigned long from, unsigned long to, struct scratch *x)
{
	double ratio, base, *at = x->apart + x->places;
	size_t n = 0, m = 0;

	for (unsigned long p = from; p < to; p++) {
		ratio = log_ratio(row, rounds_of(row, p), arm, x->order);
		if (!isnan(ratio))
			at[n++] = ratio;
	}
	if (!n)
		return;
	memcpy(x->place, at, n * sizeof(*at));
	ratio = lab_median(x->place, n);
	for (size_t i = 0; i < n; i++)
		at[i] -= ratio;
	x->places += n;
	for (unsigned long p = from; p < to; p++) {
		base = base_time(row, rounds_of(row, p), &row->place[p],
				 x->order[0]);
		if (isfinite(base))
			x->place[m++] = base;
	}
	add_unit(x, lab_median(x->place, m), ratio);
}

static void by_process(const struct lab_row *row, unsigned int arm,
		       struct scratch *x)
{
	unsigned long from = 0, to;

	for (; from < row->placements; from = to) {
		to = lab_row_process_end(row, from);
		add_process(row, arm, from, to, x);
	}
}

/* Of one process: its placements, or spans of their rounds. */
static void by_part(const struct lab_row *row, unsigned int arm,
		    struct scratch *x)
{
	for (unsigned long p = 0; p < row->placements; p++) {
		struct span all = rounds_of(row, p), s = all;

		for (; s.from < all.to; s.from = s.to) {
			double ratio;

			s.to = all.to;
			if (row->unit == LAB_BY_SPAN &&
			    s.to - s.from >= 2 * LAB_SPAN)
				s.to = s.from + LAB_SPAN;
			ratio = log_ratio(row, s, arm, x->order);
			if (!isnan(ratio))
				add_unit(x, base_time(row, s, &row->place[p],
						      x->order[0]), ratio);
		}
	}
}

static void collect(const struct lab_row *row, unsigned int arm,
		    struct scratch *x)
{
	x->units = x->places = 0;
	if (row->unit == LAB_BY_PROCESS)
		by_process(row, arm, x);
	else
		by_part(row, arm, x);
}

/*
 * What an interval of @n units may spend. Where states of the core are mixed, units
 * follow the state, not the row: it reaches from the least to the greatest of them.
 */
static double alpha_of(const struct lab_row *row, size_t n)
{
	return row->disturbed ? fmin(lab_alpha(n), ldexp(2, -(int)n)) : lab_alpha(n);
}

/* The clock's step, as a part of an epoch of the base. */
static double step_of(const struct lab_row *row)
{
	return row->step_ns > 0 ? row->step_ns / row->epoch_ns : 0;
}

/* The same of the arm whose epochs are shorter: a ratio has the larger steps. */
static double ratio_step(const struct lab_row *row, struct scratch *x)
{
	return step_of(row) * fmax(1, exp(-lab_median(x->ratio, x->units)));
}

/*
 * An interval, or the median alone where there are too few units; and what the clock
 * leaves open, by @step.
 */
static struct lab_interval interval_at(double *x, size_t n, double alpha,
				       double scale, double step)
{
	double open = OPEN * step;
	struct lab_interval i = lab_sign_interval(x, n, alpha);

	i.est *= scale;
	i.lo = isfinite(i.lo) ? i.lo * scale - open : NAN;
	i.hi = isfinite(i.hi) ? i.hi * scale + open : NAN;
	return i;
}

static struct lab_interval interval_of(const struct lab_row *row, double *x,
				       size_t n, double scale, double step)
{
	return interval_at(x, n, alpha_of(row, n), scale, step);
}

static struct lab_interval exp_interval(struct lab_interval i)
{
	return (struct lab_interval){ exp(i.est), exp(i.lo), exp(i.hi) };
}

/*
 * The ratio at the level that a word needs; of few units all that there is, which is hardly
 * less than that.
 */
static void set_sure(struct lab_row *row, struct scratch *x)
{
	double all = ldexp(2, -(int)x->units);
	double alpha = fmin(alpha_of(row, x->units), fmax(LAB_WORD_ALPHA, all));

	row->sure_level = lab_sign_level(x->units, alpha);
	row->sure = exp_interval(interval_at(x->ratio, x->units, alpha, 1,
					     ratio_step(row, x)));
}

bool lab_doubtful(const struct lab_row *row)
{
	return row->aa_verdict != LAB_SAME && (row->aa.lo > 1 || row->aa.hi < 1);
}

/*
 * Where equal code reads apart, a difference is believed when it is several times
 * what the A/A arm could not exclude.
 */
static bool stands_clear(const struct lab_row *row)
{
	double near = fmin(fabs(row->ratio.lo - 1), fabs(row->ratio.hi - 1));
	double far = fmax(fabs(row->aa.lo - 1), fabs(row->aa.hi - 1));

	return row->verdict != LAB_SAME && near >= LAB_CLEAR * far;
}

/* By the spread of the bulk, which outliers do not move; @ratio is left as it is. */
static void find_outliers(struct lab_row *row, const double *ratio, size_t n,
			  double *x)
{
	double far = log1p(row->ask.margin / 100);

	memcpy(x, ratio, n * sizeof(*x));
	row->between = lab_spread(x, n);
	row->outliers = 0;
	for (size_t i = 0; i < n && row->unit == LAB_BY_PROCESS; i++)
		row->outliers += fabs(ratio[i] - log(row->ratio.est)) >
				 fmax(far, LAB_OUTLIER * row->between);
}

/* Last first, so that the scratch is left with what stands for the row. */
static void compare_arms(struct lab_row *row, struct scratch *x)
{
	double margin = row->ask.margin, scale = row->cycle_ns, step;

	if (!(scale > 0))
		scale = 1;
	if (row->nr_arms == 3) {
		collect(row, 2, x);
		row->ns[2] = scale * (lab_median(x->base, x->units) +
				      lab_median(x->delta, x->units));
		row->aa = exp_interval(interval_of(row, x->ratio, x->units, 1, ratio_step(row, x)));
	}
	collect(row, 1, x);
	row->units = x->units;
	row->level = lab_sign_level(x->units, alpha_of(row, x->units));
	row->ns[0] = scale * lab_median(x->base, x->units);
	step = step_of(row) * row->ns[0];
	row->time[0] = interval_of(row, x->base, x->units, scale, step);
	row->time[1] = interval_of(row, x->new_, x->units, scale, step);
	row->delta = interval_of(row, x->delta, x->units, scale, step);
	row->ns[1] = row->ns[0] + row->delta.est;
	row->ratio = exp_interval(interval_of(row, x->ratio, x->units, 1, ratio_step(row, x)));
	row->detects = lab_detects(50 * (row->ratio.hi - row->ratio.lo),
				   x->units, alpha_of(row, x->units));
	find_outliers(row, x->ratio, x->units, x->place);
	row->within = lab_spread(x->apart, x->places);
	set_sure(row, x);
	row->verdict = lab_verdict(&row->sure, margin);
	if (row->nr_arms < 3)
		row->aa = row->ratio;
	row->aa_verdict = lab_verdict(&row->aa, margin);
}

/* Over kept rounds: half of them, and 99 in a hundred, are at least so fair. */
static void describe_fairness(struct lab_row *row, double *x)
{
	size_t n;

	for (unsigned int arm = 0; arm < row->nr_arms; arm++) {
		n = 0;
		for (unsigned long i = 0; row->fairs && i < row->nr_raw; i++)
			if (row->drop[i] == LAB_KEPT)
				x[n++] = row->fairs[i * row->nr_arms + arm];
		row->fair[arm] = n ? lab_median(x, n) : NAN;
		row->unfair[arm] = n ? x[n / 100] : NAN;
	}
}

static void describe(struct lab_row *row, double *x)
{
	size_t n = 0;

	for (unsigned long i = 0; i < row->nr_raw; i++)
		if (row->drop[i] == LAB_KEPT)
			x[n++] = row->raw[i * row->nr_arms];
	row->epoch_ns = lab_median(x, n) * row->ops_per_epoch;
	n = 0;
	for (unsigned long p = 0; p < row->placements; p++)
		if (row->paced && row->place[p].cycle_ns[0] > 0 &&
		    row->place[p].cycle_ns[1] > 0)
			x[n++] = cycle_of(row, &row->place[p]);
	row->cycle_ns = lab_median(x, n);
	describe_fairness(row, x);
	row->skew = row->overlap = NAN;
	if (!row->skews)
		return;
	for (unsigned long i = 0; i < row->nr_raw; i++)
		x[i] = row->skews[i];
	row->skew = lab_median(x, row->nr_raw);
	for (unsigned long i = 0; i < row->nr_raw; i++)
		x[i] = row->overlaps[i];
	row->overlap = lab_median(x, row->nr_raw);
}

static void count(struct lab_row *row)
{
	memset(row->dropped, 0, sizeof(row->dropped));
	row->rounds = 0;
	row->ties = 0;
	for (unsigned long i = 0; i < row->nr_raw; i++) {
		if (row->drop[i] != LAB_KEPT) {
			row->dropped[row->drop[i]]++;
			continue;
		}
		row->rounds++;
		row->ties += row->raw[i * row->nr_arms] ==
			     row->raw[i * row->nr_arms + 1];
	}
}

static void choose_unit(struct lab_row *row)
{
	row->processes = 0;
	for (unsigned long p = 0; p < row->placements;
	     p = lab_row_process_end(row, p))
		row->processes++;
	if (row->processes > 1)
		row->unit = LAB_BY_PROCESS;
	else
		row->unit = row->placements >= lab_min_units() ?
			    LAB_BY_PLACEMENT : LAB_BY_SPAN;
}

static void judge(struct lab_row *row)
{
	unsigned int least = lab_min_units();

	memcpy(row->note, row->fault, sizeof(row->note));
	if (!row->note[0] && row->leaks)
		snprintf(row->note, LAB_NOTE, "%lu objects leaked", row->leaks);
	else if (!row->note[0] && row->warnings)
		snprintf(row->note, LAB_NOTE, "the core warned %lu times",
			 row->warnings);
	else if (!row->note[0] && row->units < least)
		snprintf(row->note, LAB_NOTE,
			 "only %lu of %u %ss, %lu of %lu rounds", row->units, least,
			 row->unit == LAB_BY_PROCESS ? "processe" :
			 lab_unit_name(row->unit), row->rounds, row->nr_raw);
	else if (row->unit == LAB_BY_SPAN ||
		 (lab_doubtful(row) && !stands_clear(row)))
		row->verdict = LAB_INCONCLUSIVE;
	if (!row->digest_ok || row->note[0])
		row->verdict = LAB_NO_RESULT;
}

/* What scratch points to is in one piece, which is returned. */
static double *make_scratch(struct scratch *s, unsigned long n)
{
	double *x = malloc(9 * n * sizeof(*x));

	s->order[0] = x + n;
	s->order[1] = x + 2 * n;
	s->place = x + 3 * n;
	s->apart = x + 4 * n;
	s->base = x + 5 * n;
	s->ratio = x + 6 * n;
	s->delta = x + 7 * n;
	s->new_ = x + 8 * n;
	return x;
}

int lab_analyse(struct lab_row *row)
{
	struct scratch s;
	double *x = make_scratch(&s, row->nr_raw + row->placements + 1);
	int ret = -ENOMEM;

	if (!x)
		return ret;
	choose_unit(row);
	ret = lab_gate(row);
	if (!ret) {
		count(row);
		describe(row, x);
		compare_arms(row, &s);
		judge(row);
	}
	free(x);
	return ret;
}
