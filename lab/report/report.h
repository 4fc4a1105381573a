/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A run's findings as plain text. */
#ifndef _LAB_REPORT_H
#define _LAB_REPORT_H

#include <stdio.h>

#include "run/run.h"

/**
 * lab_report_headline() - what was asked first of all, in a few lines
 * @f: stream
 * @run: the run
 *
 * Where the run cannot say it, the reason stands there instead.
 */
void lab_report_headline(FILE *f, const struct lab_run *run);

/**
 * lab_report() - the whole report
 * @f: stream
 * @run: the run
 *
 * ASCII, at most LAB_COLUMNS columns.
 */
void lab_report(FILE *f, const struct lab_run *run);

#endif /* _LAB_REPORT_H */
