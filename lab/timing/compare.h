/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Making a comparison. */
#ifndef _LAB_COMPARE_H
#define _LAB_COMPARE_H

#include "timing/row.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Told how much of the budget is used, 0 to 1, at every placement. */
typedef void lab_tick_fn(void *arg, double done);

/**
 * lab_compare() - compare two cases
 * @ask: what is asked
 * @row: what is found; freed with lab_row_free() whatever is returned
 * @tick: progress, or NULL
 * @arg: for @tick
 *
 * The states of all arms are made, warmed, timed in turn for some rounds and
 * torn down, over and over: see docs/method.md. A row without a result (its
 * note says why) is a success here.
 *
 * Return: 0; -EINTR when stopped: the row holds what there is and is partial;
 * -ENOENT when an A/A comparison is asked of a variant without second copy;
 * -ENOMEM when a state or the row could not be made; on all but 0 and -EINTR the row's note says what failed.
 */
int lab_compare(const struct lab_ask *ask, struct lab_row *row,
		lab_tick_fn *tick, void *arg);

/**
 * lab_compare_more() - add rounds to a row: its second look
 * @row: from lab_compare(), asked with two looks, looked at once
 * @seconds: of measuring
 * @tick: progress, or NULL
 * @arg: for @tick
 *
 * Return: as lab_compare(); -EINVAL when the first look has not paid for
 * this one, or when digests, leaks or warnings have settled the row.
 */
int lab_compare_more(struct lab_row *row, double seconds, lab_tick_fn *tick,
		     void *arg);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_COMPARE_H */
