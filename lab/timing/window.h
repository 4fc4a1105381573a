/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The time in which all threads of an epoch were at work. */
#ifndef _LAB_WINDOW_H
#define _LAB_WINDOW_H

#include "timing/engine.h"

/**
 * struct lab_window - the common part of what threads did
 * @from: its begin, ns
 * @to: its end, ns; not before @from
 */
struct lab_window {
	uint64_t from, to;
};

/**
 * lab_window_of() - the window of an epoch of threads that are alike
 * @e: the epoch
 * @threads: how many; at least 2
 * @oversubscribed: they share CPUs
 *
 * From the latest start to the earliest end of a load. Where threads share CPUs
 * it is from the first start: who waits for its CPU leaves it to another.
 *
 * Return: the window; empty when none is common.
 */
struct lab_window lab_window_of(const struct lab_epoch *e, unsigned int threads,
				bool oversubscribed);

/**
 * lab_window_ops() - what a thread did in a window
 * @p: the thread
 * @w: from lab_window_of()
 *
 * Known exactly from @p's start on and at the end of its load. What lies between
 * is taken to have gone at an even pace: at the begin for as long as the starts
 * are apart, at the end within one call of run() of 1/512 of the epoch's
 * operations, or of one granule. What is left has that bound. It has a sign as far as
 * a thread alone is faster than among others: with a start 20 ns late, in epochs of
 * 240 us of a lock that is three times faster alone, -0.05 %.
 *
 * Return: operations, not negative.
 */
double lab_window_ops(const struct lab_thread_epoch *p, struct lab_window w);

#endif /* _LAB_WINDOW_H */
