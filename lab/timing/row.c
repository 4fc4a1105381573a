// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <math.h>
#include <stdlib.h>

#include "timing/row.h"

void lab_row_free(struct lab_row *row)
{
	free(row->raw);
	free(row->order);
	free(row->drop);
	free(row->probe);
	free(row->place);
	free(row->each);
	free(row->skews);
	free(row->overlaps);
	free(row->fairs);
	free(row->hist);
	row->raw = NULL;
	row->order = NULL;
	row->drop = NULL;
	row->probe = NULL;
	row->place = NULL;
	row->each = NULL;
	row->nr_each = 0;
	row->skews = NULL;
	row->overlaps = NULL;
	row->fairs = NULL;
	row->hist = NULL;
	lab_counted_free(&row->counted);
	row->nr_raw = 0;
	row->max_raw = 0;
	row->max_places = 0;
	row->placements = 0;
}

unsigned long lab_row_place_end(const struct lab_row *row, unsigned long place)
{
	return place + 1 < row->placements ? row->place[place + 1].first :
					     row->nr_raw;
}

unsigned long lab_row_process_end(const struct lab_row *row, unsigned long place)
{
	unsigned int process = row->place[place].process;

	while (place < row->placements && row->place[place].process == process)
		place++;
	return place;
}

double lab_row_throttled(const struct lab_row *row)
{
	double us = 0;

	for (unsigned long p = 0; p < row->placements; p++)
		us += row->place[p].throttled;
	return us * 1e-6;
}

unsigned long lab_row_dropped(const struct lab_row *row)
{
	unsigned long n = 0;
	int d;

	for (d = LAB_KEPT + 1; d < LAB_NR_DROPS; d++)
		n += row->dropped[d];
	return n;
}

double lab_row_tally(const struct lab_row *row, unsigned int arm)
{
	if (!row->ask.base.path->tally || !row->tally_ops[arm])
		return NAN;
	return (double)row->tallied[arm] / row->tally_ops[arm];
}

const char *lab_verdict_name(enum lab_verdict verdict)
{
	static const char *const names[] = {
		[LAB_INCONCLUSIVE]	= "INCONCLUSIVE",
		[LAB_SAME]		= "SAME",
		[LAB_SLOWER]		= "SLOWER",
		[LAB_FASTER]		= "FASTER",
		[LAB_NO_RESULT]		= "NO RESULT",
	};

	return names[verdict];
}

const char *lab_unit_name(enum lab_unit unit)
{
	static const char *const names[] = {
		[LAB_BY_PROCESS]	= "process",
		[LAB_BY_PLACEMENT]	= "placement",
		[LAB_BY_SPAN]		= "span",
	};

	return names[unit];
}
