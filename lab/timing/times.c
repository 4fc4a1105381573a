// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <stdlib.h>

#include "stats/stats.h"
#include "timing/times.h"

/* Adds the kept rounds of a placement to @x. */
static size_t add_place(const struct lab_row *row, unsigned long place,
			unsigned int arm, double *x)
{
	size_t n = 0;

	for (unsigned long r = row->place[place].first;
	     r < lab_row_place_end(row, place); r++)
		if (row->drop[r] == LAB_KEPT)
			x[n++] = row->raw[r * row->nr_arms + arm];
	return n;
}

size_t lab_row_times(const struct lab_row *row, unsigned int arm, double *ns,
		     size_t max)
{
	double *x = malloc((row->nr_raw + 1) * sizeof(*x));
	unsigned long p = 0, end;
	size_t n, nr = 0;

	while (x && p < row->placements && nr < max) {
		end = lab_row_process_end(row, p);
		for (n = 0; p < end; p++)
			n += add_place(row, p, arm, x + n);
		if (n)
			ns[nr++] = lab_median(x, n);
	}
	free(x);
	return nr;
}
