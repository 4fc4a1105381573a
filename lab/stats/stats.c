// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "stats/stats.h"

#define ROUNDING	1e-9	/* of a binomial's tail, relative */

double lab_median(double *x, size_t n)
{
	if (!n)
		return NAN;
	gsl_sort(x, 1, n);
	return gsl_stats_median_from_sorted_data(x, 1, n);
}

/* Not a whole number: rounding would decide of a multiple that lies just there. */
#define NEAR	2.5

double lab_centre(double *x, size_t n, double step)
{
	double median = lab_median(x, n), sum = 0;
	size_t near = 0;

	if (!(step > 0))
		return median;
	for (size_t i = 0; i < n; i++)
		if (fabs(x[i] - median) <= NEAR * step) {
			sum += x[i];
			near++;
		}
	return near ? sum / near : median;
}

/* What the interval from the @k-th value from each end misses. */
static double misses(size_t n, unsigned int k)
{
	return 2 * gsl_cdf_binomial_P(k - 1, 0.5, n);
}

double lab_alpha(size_t n)
{
	return fmin(LAB_FEW_ALPHA, fmax(LAB_ALPHA, ldexp(2, -(int)n)));
}

unsigned int lab_sign_rank(size_t n, double alpha)
{
	unsigned int lo = 0, hi = (n + 1) / 2;

	alpha *= 1 + ROUNDING;
	/* the largest k in [lo, hi] that misses no more than alpha */
	while (lo < hi) {
		unsigned int k = (lo + hi + 1) / 2;

		if (misses(n, k) <= alpha)
			lo = k;
		else
			hi = k - 1;
	}
	return lo;
}

/* How far from the @k-th value to the next one an end lies, 0 to 1. */
static double part_of(size_t n, unsigned int k, double alpha)
{
	double part;

	if (2 * k >= n)
		return 0;
	part = (alpha - misses(n, k)) / (misses(n, k + 1) - misses(n, k));
	return (n - k) * part / (k + (n - 2 * k) * part);
}

struct lab_interval lab_sign_interval(double *x, size_t n, double alpha)
{
	struct lab_interval i = { lab_median(x, n), -INFINITY, INFINITY };
	unsigned int k = lab_sign_rank(n, alpha);
	double part;

	if (!k)
		return i;
	part = part_of(n, k, alpha);
	i.lo = x[k - 1];
	i.hi = x[n - k];
	if (part > 0) {
		i.lo += part * (x[k] - x[k - 1]);
		i.hi -= part * (x[n - k] - x[n - k - 1]);
	}
	return i;
}

double lab_sign_level(size_t n, double alpha)
{
	return lab_sign_rank(n, alpha) ? 1 - alpha : NAN;
}

/* The chance of a value below 0 at which less than @k of @n are, in LAB_POWER. */
static double chance_below(size_t n, unsigned int k)
{
	double lo = 0, hi = 1;

	for (int i = 0; i < 60; i++) {
		double p = (lo + hi) / 2;

		if (gsl_cdf_binomial_P(k - 1, p, n) > LAB_POWER)
			lo = p;
		else
			hi = p;
	}
	return lo;
}

/* Of the @k-th value: the effect that it detects, in its expected distances. */
static double expected_of(size_t n, unsigned int k)
{
	return gsl_cdf_ugaussian_Qinv((k - 0.375) / (n + 0.25));
}

static double effect_of(size_t n, unsigned int k)
{
	return gsl_cdf_ugaussian_Qinv(chance_below(n, k));
}

double lab_detects(double half, size_t n, double alpha)
{
	unsigned int k = lab_sign_rank(n, alpha);
	double part, effect, expected;

	if (!k)
		return NAN;
	part = part_of(n, k, alpha);
	effect = effect_of(n, k);
	expected = expected_of(n, k);
	if (part > 0) {
		effect += part * (effect_of(n, k + 1) - effect);
		expected += part * (expected_of(n, k + 1) - expected);
	}
	return half * effect / expected;
}

double lab_spread(double *x, size_t n)
{
	double middle = lab_median(x, n);

	if (n < 2)
		return NAN;
	for (size_t i = 0; i < n; i++)
		x[i] = fabs(x[i] - middle);
	return 1.4826 * lab_median(x, n);
}

enum lab_verdict lab_verdict(const struct lab_interval *ratio, double margin)
{
	double d = margin / 100;

	if (isnan(ratio->lo) || isnan(ratio->hi))
		return LAB_NO_RESULT;
	if (ratio->lo >= 1 - d && ratio->hi <= 1 + d)
		return LAB_SAME;
	if (ratio->lo > 1 + d)
		return LAB_SLOWER;
	if (ratio->hi < 1 - d)
		return LAB_FASTER;
	return LAB_INCONCLUSIVE;
}

/* Lower end and width of a bucket; the inverse of bench_hist_add(). */
static void bucket(unsigned int i, double *low, double *width)
{
	unsigned int shift;

	if (i < BENCH_HIST_SUB) {
		*low = i;
		*width = 0;
		return;
	}
	shift = i / BENCH_HIST_SUB - 1;
	*low = ldexp(BENCH_HIST_SUB + i % BENCH_HIST_SUB, shift);
	*width = ldexp(1, shift) - 1;
}

double lab_hist_quantile(const struct bench_hist *h, double q)
{
	double total = 0, seen = 0, low, width;
	unsigned int i, last = 0;

	for (i = 0; i < BENCH_HIST_BUCKETS; i++)
		total += h->count[i];
	if (total == 0)
		return NAN;
	for (i = 0; i < BENCH_HIST_BUCKETS; i++) {
		if (!h->count[i])
			continue;
		last = i;
		seen += h->count[i];
		if (q < 1 && seen >= q * total)
			break;
	}
	bucket(last, &low, &width);
	return q < 1 ? low + width / 2 : low + width;
}

void lab_hist_add(struct bench_hist *to, const struct bench_hist *from)
{
	for (unsigned int i = 0; i < BENCH_HIST_BUCKETS; i++)
		to->count[i] += from->count[i];
}
