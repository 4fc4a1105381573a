/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Medians, sign-test intervals and verdicts. Knows nothing of clocks. */
#ifndef _LAB_STATS_H
#define _LAB_STATS_H

#include <stddef.h>

#include "bench.h"
#include "stats/interval.h"

#define LAB_ALPHA	0.05	/* of a table, all looks together */
#define LAB_ALPHA_FIRST	0.01	/* of it, for the first of two looks */
#define LAB_ALPHA_DIFFER 0.001	/* most, for calling two designs different */

/* How far a difference stands clear of an A/A arm that is not SAME. */
#define LAB_CLEAR	4

/**
 * lab_median() - median
 * @x: values; left sorted
 * @n: how many
 *
 * Return: the median, NAN of none.
 */
double lab_median(double *x, size_t n);

/**
 * lab_sign_rank() - rank of the lower end of a sign-test interval
 * @n: values
 * @alpha: probability that the interval may miss the median
 *
 * The interval from the k-th smallest to the k-th largest of n independent
 * values misses their median with probability 2 P(Binomial(n, 1/2) < k) if the
 * distribution is continuous, and with less if values can be tied
 * (Conover, Practical Nonparametric Statistics, section 3.2).
 *
 * Return: the largest such k whose probability is at most @alpha; 0 if there
 * is none.
 */
unsigned int lab_sign_rank(size_t n, double alpha);

/**
 * lab_sign_interval() - median and its exact interval
 * @x: independent values; left sorted
 * @n: how many
 * @alpha: as in lab_sign_rank()
 *
 * Return: the interval; from -INFINITY to INFINITY when there are too few.
 */
struct lab_interval lab_sign_interval(double *x, size_t n, double alpha);

/**
 * lab_alpha() - what one interval may spend
 * @looks: planned, 1 or 2
 * @look: the present one, from 1
 * @family: comparisons in the table (Bonferroni)
 */
double lab_alpha(unsigned int looks, unsigned int look, unsigned int family);

/**
 * lab_verdict() - what an interval says
 * @ratio: of new over base
 * @margin: percent
 *
 * SAME when the interval lies within the margin, whether or not it holds
 * 1; else SLOWER or FASTER when it lies beyond 1; else INCONCLUSIVE.
 */
enum lab_verdict lab_verdict(const struct lab_interval *ratio, double margin);

/**
 * lab_hist_quantile() - read a quantile off a histogram
 * @h: the histogram
 * @q: 0 to 1; 1 reads the maximum
 *
 * Return: the middle of the bucket (its upper end for the maximum) in clock
 * ticks; NAN of an empty histogram.
 */
double lab_hist_quantile(const struct bench_hist *h, double q);

/**
 * lab_hist_add() - add a histogram to another
 * @to: gets the sums
 * @from: what is added
 */
void lab_hist_add(struct bench_hist *to, const struct bench_hist *from);

#endif /* _LAB_STATS_H */
