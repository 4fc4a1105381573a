// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

#include "pace/pace.h"
#include "stats/rounds.h"
#include "stats/stats.h"
#include "timing/analysis.h"
#include "timing/gate.h"

typedef bool gate_fn(const struct lab_row *row, unsigned long place,
		     unsigned long round);

bool lab_gate_shared(const struct lab_row *row, unsigned long round,
		     double cycle_ns)
{
	return row->probe && row->alone > 0 &&
	       row->probe[round] > lab_pace_limit(row->alone, cycle_ns);
}

static bool is_shared(const struct lab_row *row, unsigned long place,
		      unsigned long round)
{
	const struct lab_place *p = &row->place[place];

	return lab_gate_shared(row, round, fmax(p->cycle_ns[0], p->cycle_ns[1]));
}

static bool is_step(const struct lab_row *row, unsigned long place,
		    unsigned long round)
{
	const struct lab_place *p = &row->place[place];

	(void)round;
	return row->paced &&
	       !(fabs(p->cycle_ns[1] / p->cycle_ns[0] - 1) <= LAB_STEP);
}

static bool is_stolen(const struct lab_row *row, unsigned long place,
		      unsigned long round)
{
	(void)round;
	return row->place[place].stolen;
}

static bool is_throttled(const struct lab_row *row, unsigned long place,
			 unsigned long round)
{
	(void)round;
	return row->place[place].throttled;
}

static bool is_moved(const struct lab_row *row, unsigned long place,
		     unsigned long round)
{
	double ns = row->place[place].handover_ns;

	(void)round;
	return row->handover_ns > 0 && !(fmax(ns / row->handover_ns,
					      row->handover_ns / ns) <= LAB_FARTHER);
}

static bool by_gate(unsigned char drop)
{
	return drop == LAB_SIBLING || drop == LAB_FREQUENCY || drop == LAB_STOLEN ||
	       drop == LAB_THROTTLED || drop == LAB_MOVED;
}

/*
 * Rounds of a placement that a gate would leave; @anew: of all that were kept when
 * they ran, whatever gates have said of them since.
 */
static bool leaves(const struct lab_row *row, gate_fn *hit, unsigned long place,
		   bool anew)
{
	unsigned long n = 0;

	for (unsigned long r = row->place[place].first;
	     r < lab_row_place_end(row, place); r++)
		n += (row->drop[r] == LAB_KEPT || (anew && by_gate(row->drop[r]))) &&
		     !hit(row, place, r);
	return n >= lab_rounds_block(row->nr_arms);
}

/* Processes, or placements, with a round in each order of the arms that is left. */
static unsigned int units_left(const struct lab_row *row, gate_fn *hit,
			       bool by_process, bool anew)
{
	unsigned int n = 0;
	int last = -1;

	for (unsigned long p = 0; p < row->placements; p++) {
		if ((by_process && row->place[p].process == last) ||
		    !leaves(row, hit, p, anew))
			continue;
		last = row->place[p].process;
		n++;
	}
	return n;
}

bool lab_gate_good(const struct lab_row *row, unsigned long place)
{
	return leaves(row, is_shared, place, true);
}

unsigned int lab_gate_processes(const struct lab_row *row)
{
	return units_left(row, is_shared, true, true);
}

static void gate(struct lab_row *row, gate_fn *hit, enum lab_drop cause)
{
	bool drops = units_left(row, hit, row->processes > 1, false) >=
		     lab_min_units();

	for (unsigned long p = 0; p < row->placements; p++)
		for (unsigned long r = row->place[p].first;
		     r < lab_row_place_end(row, p); r++) {
			if (row->drop[r] != LAB_KEPT || !hit(row, p, r))
				continue;
			if (drops)
				row->drop[r] = cause;
			else
				row->disturbed = true;
		}
}

/*
 * What most placements know. Of two states the middle one is either, and never between
 * them.
 */
static int know(struct lab_row *row)
{
	double *x = malloc((row->placements + 1) * sizeof(*x));
	size_t n = 0, paced = 0;

	if (!x)
		return -ENOMEM;
	for (unsigned long p = 0; p < row->placements; p++) {
		const struct lab_place *at = &row->place[p];

		paced += at->cycle_ns[0] > 0 && at->cycle_ns[1] > 0;
		if (at->handover_ns > 0)
			x[n++] = at->handover_ns;
	}
	row->paced = 2 * paced > row->placements;
	gsl_sort(x, 1, n);
	row->handover_ns = 2 * n > row->placements ? x[(n - 1) / 2] : NAN;
	free(x);
	return 0;
}

int lab_gate(struct lab_row *row)
{
	int ret = know(row);

	if (ret)
		return ret;
	row->disturbed = false;
	for (unsigned long r = 0; r < row->nr_raw; r++)
		if (by_gate(row->drop[r]))
			row->drop[r] = LAB_KEPT;
	gate(row, is_shared, LAB_SIBLING);
	gate(row, is_step, LAB_FREQUENCY);
	gate(row, is_stolen, LAB_STOLEN);
	gate(row, is_throttled, LAB_THROTTLED);
	gate(row, is_moved, LAB_MOVED);
	return 0;
}
