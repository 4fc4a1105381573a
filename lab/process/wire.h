/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What a run and the processes that measure for it say to each other. Both ends are
 * the same program, so that structures go as they are.
 */
#ifndef _LAB_WIRE_H
#define _LAB_WIRE_H

#include "timing/compare.h"

/**
 * struct lab_work - what a process is asked to do
 * @base: name of the base's case
 * @new_: name of the new one's
 * @margin: of struct lab_ask
 * @seed: of struct lab_ask
 * @seconds: that a process has for the row; decides how long its epochs are
 * @ops: operations of an epoch; 0: to be found first
 * @cost: of struct lab_row, as far as it is known
 * @quota: what is to be measured
 */
struct lab_work {
	char base[LAB_CASE_NAME], new_[LAB_CASE_NAME];
	double margin;
	unsigned long seed;
	double seconds;
	unsigned long ops;
	struct lab_cost cost;
	struct lab_quota quota;
};

/**
 * lab_wire_put_row() - write a row with its rounds
 * @fd: to there
 * @row: not concluded
 *
 * Return: 0 or -errno.
 */
int lab_wire_put_row(int fd, struct lab_row *row);

/**
 * lab_wire_get_row() - read what lab_wire_put_row() wrote
 * @fd: from here
 * @ask: what the row was asked
 * @row: gets it; freed with lab_row_free() whatever is returned
 *
 * Return: 0, or -EPIPE, -ENOMEM or -errno with a row that has no rounds.
 */
int lab_wire_get_row(int fd, const struct lab_ask *ask, struct lab_row *row);

#endif /* _LAB_WIRE_H */
