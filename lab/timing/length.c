// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <math.h>
#include <stdlib.h>

#include "stats/stats.h"
#include "timing/gate.h"
#include "timing/length.h"

#define MISFIT		0.1	/* of an epoch's length; less is what they vary by */
#define LEAST_ROUNDS	6	/* fewer may all be disturbed */

/* Kept rounds of good placements, of a core alone; returns how many. */
static size_t times_of(const struct lab_row *row, unsigned int arm, double *ns)
{
	size_t nr = 0;

	for (unsigned long p = 0; p < row->placements; p++) {
		const float *cycle_ns = row->place[p].cycle_ns;

		if (!lab_gate_good(row, p))
			continue;
		for (unsigned long r = row->place[p].first;
		     r < lab_row_place_end(row, p); r++)
			if (row->drop[r] == LAB_KEPT &&
			    !lab_gate_shared(row, r, fmax(cycle_ns[0], cycle_ns[1])))
				ns[nr++] = row->raw[r * row->nr_arms + arm];
	}
	return nr;
}

/* The fastest arm's epoch, ns; NAN where too few rounds tell. */
static double length(const struct lab_row *row)
{
	double *ns = malloc((row->nr_raw + 1) * sizeof(*ns)), least = INFINITY;
	size_t nr;

	for (unsigned int a = 0; ns && a < row->nr_arms; a++) {
		nr = times_of(row, a, ns);
		if (nr >= LEAST_ROUNDS)
			least = fmin(least, lab_median(ns, nr));
	}
	free(ns);
	return isfinite(least) ? least * row->ops_per_epoch : NAN;
}

double lab_row_misfit(const struct lab_row *row)
{
	double off;

	if (!(row->alone > 0) || lab_case_oversubscribed(&row->ask.base))
		return 1;
	off = length(row) / row->cost.epoch;
	return fabs(log(off)) > MISFIT ? off : 1;
}

unsigned long lab_row_fit(const struct lab_row *row, const struct lab_arm *arm)
{
	double off = lab_row_misfit(row);

	return off != 1 ? lab_arm_round_ops(arm, row->ops_per_epoch / off) : 0;
}
