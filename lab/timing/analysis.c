// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stats/rounds.h"
#include "stats/stats.h"
#include "timing/analysis.h"

/*
 * Scratch: @order is the two strata of a unit's rounds, @unit the units'
 * values; each as difference and as log-ratio.
 */
struct scratch {
	double *order[2], *diff, *ratio;
	size_t nr;
};

/* Rounds [from, to) of a row. */
struct span {
	unsigned long from, to;
};

unsigned int lab_min_units(double alpha)
{
	unsigned int n = 1;

	while (!lab_sign_rank(n, alpha))
		n++;
	return n;
}

static double paired(const struct lab_row *row, unsigned long round,
		     unsigned int arm, bool log_ratio)
{
	const float *ns = &row->raw[round * row->nr_arms];

	if (log_ratio)
		return log((double)ns[arm] / ns[0]);
	return (double)ns[arm] - ns[0];
}

/* NAN when the span has too few kept rounds. */
static double unit_value(const struct lab_row *row, struct span s,
			 unsigned int arm, bool log_ratio, double *order[2])
{
	size_t nr[2] = { 0, 0 };

	for (unsigned long i = s.from; i < s.to; i++) {
		bool after;

		if (row->drop[i] != LAB_KEPT)
			continue;
		after = lab_order_before(row->nr_arms, row->order[i], arm, 0);
		order[after][nr[after]++] = paired(row, i, arm, log_ratio);
	}
	if (2 * (nr[0] + nr[1]) < s.to - s.from)
		return NAN;
	return (lab_median(order[0], nr[0]) + lab_median(order[1], nr[1])) / 2;
}

/* The first round that is not a placement's any more. */
static unsigned long end_of(const struct lab_row *row, unsigned long place)
{
	return place + 1 < row->placements ? row->first[place + 1] :
					     row->nr_raw;
}

/* Whether the next unit exists, and which rounds it holds. */
static bool next_span(const struct lab_row *row, unsigned long *place,
		      struct span *s)
{
	unsigned long end;

	for (; *place < row->placements; ++*place) {
		end = end_of(row, *place);
		s->from = s->to > row->first[*place] ? s->to :
						       row->first[*place];
		if (s->from == end)
			continue;
		s->to = end;
		if (!row->by_placement && end - s->from >= 2 * LAB_SPAN)
			s->to = s->from + LAB_SPAN;
		return true;
	}
	return false;
}

static void collect(const struct lab_row *row, unsigned int arm,
		    struct scratch *x)
{
	struct span s = { 0, 0 };
	unsigned long place = 0;

	x->nr = 0;
	while (next_span(row, &place, &s)) {
		double r = unit_value(row, s, arm, true, x->order);

		if (isnan(r))
			continue;
		x->ratio[x->nr] = r;
		x->diff[x->nr++] = unit_value(row, s, arm, false, x->order);
	}
}

static struct lab_interval exp_interval(struct lab_interval i)
{
	return (struct lab_interval){ exp(i.est), exp(i.lo), exp(i.hi) };
}

static const struct lab_interval unknown = { NAN, NAN, NAN };

/* What a claim of a difference may spend. */
static double differ_alpha(double alpha)
{
	return fmin(alpha, LAB_ALPHA_DIFFER);
}

/* The verdict of sorted log-ratios of which @shown is the interval. */
static enum lab_verdict verdict_of(const struct lab_interval *shown,
				   struct scratch *x, double alpha,
				   double margin)
{
	enum lab_verdict verdict = lab_verdict(shown, margin);
	struct lab_interval sure;

	if (verdict != LAB_SLOWER && verdict != LAB_FASTER)
		return verdict;
	sure = lab_sign_interval(x->ratio, x->nr, differ_alpha(alpha));
	return sure.lo > 0 || sure.hi < 0 ? verdict : LAB_INCONCLUSIVE;
}

/*
 * An A/A arm that is not SAME shows that more moves this row than the margin,
 * and in another process it may move it otherwise. A difference is believed
 * then when it is several times what the A/A arm could not exclude.
 */
static bool stands_clear(const struct lab_row *row)
{
	double near = fmin(fabs(row->ratio.lo - 1), fabs(row->ratio.hi - 1));
	double far = fmax(fabs(row->aa.lo - 1), fabs(row->aa.hi - 1));

	return row->aa_verdict == LAB_SAME || near >= LAB_CLEAR * far;
}

static void compare_arms(struct lab_row *row, struct scratch *x)
{
	double alpha = 1 - row->level, margin = row->ask.margin;

	collect(row, 1, x);
	row->units = x->nr;
	row->delta = lab_sign_interval(x->diff, x->nr, alpha);
	row->ratio = exp_interval(lab_sign_interval(x->ratio, x->nr, alpha));
	row->verdict = verdict_of(&row->ratio, x, alpha, margin);
	row->detects = 50 * (row->ratio.hi - row->ratio.lo);
	row->aa = unknown;
	row->aa_verdict = LAB_NO_RESULT;
	if (row->nr_arms == 3) {
		collect(row, 2, x);
		row->aa = exp_interval(lab_sign_interval(x->ratio, x->nr,
							 alpha));
		row->aa_verdict = verdict_of(&row->aa, x, alpha, margin);
		if ((row->verdict == LAB_SLOWER || row->verdict == LAB_FASTER) &&
		    !stands_clear(row))
			row->verdict = LAB_INCONCLUSIVE;
	} else if (lab_same_variant(row->ask.base.set, row->ask.new_.set)) {
		row->aa = row->ratio;
		row->aa_verdict = row->verdict;
	}
	if (!isfinite(row->aa.hi))
		row->aa_verdict = LAB_NO_RESULT;
	if (isinf(row->detects)) {
		row->delta.lo = row->delta.hi = NAN;
		row->ratio.lo = row->ratio.hi = NAN;
		row->aa.lo = row->aa.hi = NAN;
		row->detects = NAN;
	}
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
	size_t n;

	for (unsigned int arm = 0; arm < row->nr_arms; arm++) {
		n = 0;
		for (unsigned long i = 0; i < row->nr_raw; i++)
			if (row->drop[i] == LAB_KEPT)
				x[n++] = row->raw[i * row->nr_arms + arm];
		row->ns[arm] = lab_median(x, n);
	}
	row->epoch_ns = row->ns[0] * row->ops_per_epoch;
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

static void judge(struct lab_row *row)
{
	unsigned int least = lab_min_units(1 - row->level);

	if (!row->note[0] && row->leaks)
		snprintf(row->note, LAB_NOTE, "%lu objects leaked", row->leaks);
	else if (!row->note[0] && row->warnings)
		snprintf(row->note, LAB_NOTE, "the core warned %lu times",
			 row->warnings);
	else if (!row->note[0] && row->units < least)
		snprintf(row->note, LAB_NOTE,
			 "too few rounds: %lu kept of %lu, %lu of %u units",
			 row->rounds, row->nr_raw, row->units, least);
	if (!row->digest_ok || row->note[0])
		row->verdict = LAB_NO_RESULT;
}

/*
 * A tick that the hypervisor took is 10 ms somewhere in or before its placement.
 * Such placements are left out where most others have none; on a machine that
 * is robbed all the time nothing would be left, and the row's share tells.
 */
static void gate_stolen(struct lab_row *row)
{
	unsigned long p, clean = 0;
	bool drops;

	for (p = 0; p < row->placements; p++)
		clean += !row->steals[p];
	drops = 2 * clean >= row->placements &&
		clean >= lab_min_units(LAB_ALPHA_DIFFER);
	for (p = 0; p < row->placements; p++)
		for (unsigned long r = row->first[p]; r < end_of(row, p); r++) {
			if (row->drop[r] == LAB_STOLEN)
				row->drop[r] = LAB_KEPT;
			if (drops && row->steals[p] && row->drop[r] == LAB_KEPT)
				row->drop[r] = LAB_STOLEN;
		}
}

int lab_analyse(struct lab_row *row)
{
	unsigned long n = row->nr_raw + 1;
	double *x = malloc(5 * n * sizeof(*x));
	struct scratch s;

	if (!x)
		return -ENOMEM;
	s.order[0] = x + n;
	s.order[1] = x + 2 * n;
	s.diff = x + 3 * n;
	s.ratio = x + 4 * n;
	row->level = 1 - lab_alpha(row->ask.looks, row->look, row->ask.family);
	row->by_placement = row->placements >=
			    lab_min_units(differ_alpha(1 - row->level));
	if (row->steals)
		gate_stolen(row);
	count(row);
	describe(row, x);
	compare_arms(row, &s);
	judge(row);
	free(x);
	return 0;
}
