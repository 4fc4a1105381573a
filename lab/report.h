/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A run's findings as plain text. */
#ifndef _LAB_REPORT_H
#define _LAB_REPORT_H

#include <stdio.h>

#include "run.h"

/**
 * lab_headline() - what an always-free lock costs, in a few lines
 * @f: stream
 * @run: the run
 *
 * Where the run cannot say it, the reason stands there instead.
 */
void lab_headline(FILE *f, const struct lab_run *run);

/**
 * lab_report() - the whole report
 * @f: stream
 * @run: the run
 *
 * ASCII, at most LAB_COLUMNS columns.
 */
void lab_report(FILE *f, const struct lab_run *run);

/**
 * lab_report_env() - the part about machine, kernel and build
 * @f: stream
 * @env: from lab_env_json()
 */
void lab_report_env(FILE *f, const json_t *env);

/**
 * lab_report_trust() - the last part: how far the numbers can be trusted
 * @f: stream
 * @run: the run
 */
void lab_report_trust(FILE *f, const struct lab_run *run);

#endif /* _LAB_REPORT_H */
