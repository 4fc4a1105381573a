/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Making a comparison, step by step: lab_row_begin(), lab_row_calibrate(),
 * lab_row_measure() in this process or in many (process/measure.h), and
 * lab_row_conclude().
 */
#ifndef _LAB_COMPARE_H
#define _LAB_COMPARE_H

#include "timing/row.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Told how much of its work is done, 0 to 1, at every placement. */
typedef void lab_tick_fn(void *arg, double done);

/**
 * struct lab_quota - what one process does for a row
 * @process: its number, from 0; decides placements, as the seed does
 * @visit: how often it was asked for the row before; the same
 * @placements: how often the states are made; 0: only to calibrate
 * @rounds: in each, a multiple of lab_rounds_block()
 * @seconds: that it is to take, or less where there is no such time; after LAB_WAITS
 *	times as many the core is not waited for
 * @alone: see struct lab_row. Rounds that were dropped when they ran and, where it is
 *	known, those on a shared core are made up for, up to LAB_RETRIES times as many;
 *	where a placement has none that are good and no other core will do, it is likely
 *	to stay so for a while, and the row is left for a later visit.
 */
struct lab_quota {
	unsigned int process, visit;
	unsigned long placements, rounds;
	double seconds, alone;
};

#define LAB_RETRIES	2
#define LAB_WAITS	2

/**
 * lab_row_begin() - a row without rounds
 * @row: gets it; freed with lab_row_free() whatever is returned
 * @ask: what is asked
 *
 * Return: 0 or -ENOMEM.
 */
int lab_row_begin(struct lab_row *row, const struct lab_ask *ask);

/**
 * lab_row_calibrate() - find how many operations an epoch has, and what rounds cost
 * @row: begun
 * @seconds: that will be measured for it in one process
 * @alone: what is known of struct lab_row's; 0: nothing, so that it is worth a while to
 *	see one
 *
 * In a placement of its own. @row->ops_per_epoch and @row->cost are set, and
 * @row->alone to what some probes tell.
 *
 * Return: 0; -ENOMEM when a state could not be made; -EINTR when stopped; -EAGAIN
 * when no length could be found. @row->fault says what failed.
 */
int lab_row_calibrate(struct lab_row *row, double seconds, double alone);

/**
 * lab_row_place_seconds() - how long one placement takes
 * @row: calibrated
 *
 * Return: seconds, for making and measuring it.
 */
double lab_row_place_seconds(const struct lab_row *row);

/**
 * lab_row_quota() - what a process can do for a row
 * @row: calibrated
 * @seconds: that it has for it
 * @q: gets placements and rounds; at least one placement with each order of the
 *	arms
 *
 * Placements get few rounds, for many placements make a good value of a process;
 * making them may take two thirds of the time.
 *
 * Return: seconds that it will take.
 */
double lab_row_quota(const struct lab_row *row, double seconds,
		     struct lab_quota *q);

/**
 * lab_row_measure() - add a process's rounds to a row
 * @row: calibrated; its cost decides how long a placement waits for its core
 * @q: how many
 * @tick: progress, or NULL
 * @arg: for @tick
 *
 * The states of all arms are made, warmed, timed in turn for some rounds and
 * torn down, over and over: see docs/method.md. A visit of several threads may find no
 * quiet cores and leave no placement; the first one of a process has one.
 *
 * Return: 0; -EINTR when stopped: the row holds what there is and is partial;
 * -ENOMEM. @row->fault says what failed.
 */
int lab_row_measure(struct lab_row *row, const struct lab_quota *q,
		    lab_tick_fn *tick, void *arg);

/**
 * lab_row_conclude() - results and verdict of a row's rounds
 * @row: with rounds. One without a result (its note says why) is a success here.
 *
 * Return: 0 or -ENOMEM.
 */
int lab_row_conclude(struct lab_row *row);

/**
 * lab_compare() - all of these in this process alone
 * @ask: what is asked
 * @row: what is found; freed with lab_row_free() whatever is returned
 * @tick: progress, or NULL
 * @arg: for @tick
 *
 * Return: as lab_row_calibrate() and lab_row_measure().
 */
int lab_compare(const struct lab_ask *ask, struct lab_row *row,
		lab_tick_fn *tick, void *arg);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_COMPARE_H */
