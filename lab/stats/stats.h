/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Medians, sign-test intervals and verdicts. Knows nothing of clocks. */
#ifndef _LAB_STATS_H
#define _LAB_STATS_H

#include <stddef.h>

#include "bench.h"
#include "stats/interval.h"

/*
 * What one interval may miss, and what that of few values may: those of the next hour
 * spread somewhat more than those of one run. Of sixteen values either end lies between
 * the third and the fourth from outside: one process in ten is an outlier, and two on each
 * side hardly move it.
 */
#define LAB_ALPHA	0.01
#define LAB_FEW_ALPHA	0.02

/*
 * What the interval of a word may miss. In a run of a hundred rows some lie about the
 * margin, and of two runs none may say SAME and the other SLOWER.
 */
#define LAB_WORD_ALPHA	0.005

#define LAB_POWER	0.8	/* of "detects" */

/* How far a difference stands clear of an A/A arm whose equal code reads apart. */
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
 * lab_centre() - the middle of values that are known in steps
 * @x: values; left sorted
 * @n: how many
 * @step: the largest difference between neighbours that nothing can lie between; 0: none
 *
 * The median of values that differ by less than a step is one of two multiples, whatever
 * lies between them. Their mean tells it, where each was cut off at a random place. So it is
 * the mean of what lies within 2.5 steps of the median; where values differ by far
 * more, that is hardly another.
 *
 * Return: the middle, NAN of none.
 */
double lab_centre(double *x, size_t n, double step);

/**
 * lab_alpha() - what the interval of a row may miss
 * @n: its values
 *
 * Return: LAB_ALPHA; of fewer than eight values, whose widest interval misses more, what that
 * misses, if it is at most LAB_FEW_ALPHA.
 */
double lab_alpha(size_t n);

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
 * lab_sign_interval() - median and its interval
 * @x: independent values; left sorted
 * @n: how many
 * @alpha: as in lab_sign_rank()
 *
 * An end lies between the k-th value and the next one, where the level is 1 - @alpha:
 * interpolated as Hettmansperger and Sheather do (Confidence Intervals Based on
 * Interpolated Order Statistics, Statistics & Probability Letters 4, 1986), which for
 * symmetrical distributions, normal to Cauchy, is right to some tenths of a percent.
 * What is sure for any continuous distribution is the level of the next value inside:
 * 97.9 % of sixteen, 96.1 % of twelve.
 *
 * Return: the interval; from -INFINITY to INFINITY when there are too few.
 */
struct lab_interval lab_sign_interval(double *x, size_t n, double alpha);

/**
 * lab_sign_level() - what such an interval holds
 * @n: values
 * @alpha: as in lab_sign_rank()
 *
 * Return: the probability that the interval contains the median; NAN where there is
 * no interval.
 */
double lab_sign_level(size_t n, double alpha);

/**
 * lab_detects() - the effect that an interval would have told from none
 * @half: of a sign-test interval, its half-width
 * @n: values
 * @alpha: as in lab_sign_rank()
 *
 * For normal values the interval's expected half-width and the effect by which all
 * of it lies beyond zero with probability LAB_POWER are both multiples of their
 * standard deviation. The first is by Blom's approximation of order statistics
 * (Statistical Estimates and Transformed Beta-Variables, 1958).
 *
 * Return: the effect, in the unit of @half; NAN where there is no interval.
 */
double lab_detects(double half, size_t n, double alpha);

/**
 * lab_spread() - standard deviation of the bulk of some values
 * @x: values; overwritten
 * @n: how many
 *
 * Return: 1.4826 times their median distance from their median, which is the
 * standard deviation of normal ones whatever a few outliers do; NAN of less than 2.
 */
double lab_spread(double *x, size_t n);

/**
 * lab_verdict() - what an interval says
 * @ratio: of new over base
 * @margin: percent
 *
 * SAME when all of the interval lies within the margin; SLOWER or FASTER when all
 * of it lies beyond the margin; else INCONCLUSIVE, also where it does not hold 1. So
 * more data makes INCONCLUSIVE into one of the others, and none of these into
 * another.
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
