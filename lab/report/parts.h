/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The parts of a report, in its order; each prints nothing where it has nothing. */
#ifndef _LAB_REPORT_PARTS_H
#define _LAB_REPORT_PARTS_H

#include <stdio.h>

#include "run/run.h"

/**
 * lab_report_env() - machine, kernel and build
 * @f: stream
 * @env: from lab_env_json()
 */
void lab_report_env(FILE *f, const json_t *env);

/**
 * lab_report_controls() - what primitives cost alone
 * @f: stream
 * @run: the run
 */
void lab_report_controls(FILE *f, const struct lab_run *run);

/**
 * lab_report_rows() - a table for each path: its designs against its base
 * @f: stream
 * @run: the run
 */
void lab_report_rows(FILE *f, const struct lab_run *run);

/**
 * lab_report_threads() - what each thread did, where there were several
 * @f: stream
 * @run: the run
 */
void lab_report_threads(FILE *f, const struct lab_run *run);

/**
 * lab_report_hosts() - one design on two hosts
 * @f: stream
 * @run: the run
 */
void lab_report_hosts(FILE *f, const struct lab_run *run);

/**
 * lab_report_trust() - how far the numbers can be trusted
 * @f: stream
 * @run: the run
 */
void lab_report_trust(FILE *f, const struct lab_run *run);

#define LAB_LEVEL_TEXT	64

/**
 * lab_level_percent() - a level in percent, at most 99.9
 * @level: part of intervals that hold what they are of
 *
 * No interval of some processes is sure, so none is said to hold in 100.0 %. NAN stays.
 */
double lab_level_percent(double level);

/**
 * lab_level_text() - what a row's intervals hold, over what
 * @row: the row
 * @buf: gets it, as "98.0 % over 16 processes"
 * @size: of @buf
 *
 * Return: @buf.
 */
char *lab_level_text(const struct lab_row *row, char *buf, size_t size);

/**
 * lab_oversubscribed_text() - what stands behind a row's name
 * @row: the row
 *
 * Return: " oversubscribed", or "".
 */
static inline const char *lab_oversubscribed_text(const struct lab_row *row)
{
	return lab_case_oversubscribed(&row->ask.base) ? " oversubscribed" : "";
}

#endif /* _LAB_REPORT_PARTS_H */
