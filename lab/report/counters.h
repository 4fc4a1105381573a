/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What the counters of a row say, in lines for people. */
#ifndef _LAB_REPORT_COUNTERS_H
#define _LAB_REPORT_COUNTERS_H

#include <stdio.h>

#include "timing/row.h"

/**
 * lab_say_counters() - a line for each event that has numbers, and one for each
 *	status that stands for a number
 * @f: stream
 * @row: analysed
 * @indent: put before each line
 * @heads: also the columns' heads, and every event that has none by name
 */
void lab_say_counters(FILE *f, const struct lab_row *row, const char *indent,
		      bool heads);

/**
 * lab_say_event() - whether an event counts, or its status and why; its full name
 * @f: stream
 * @set: probed
 * @e: one of its events
 * @indent: put before each line
 *
 * The reason that the truth loop has is not said again.
 */
void lab_say_event(FILE *f, const struct lab_events *set,
		   const struct lab_event *e, const char *indent);

#endif /* _LAB_REPORT_COUNTERS_H */
