// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <gsl/gsl_sort.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/rng.h"
#include "pace/step.h"

#define READS	4000
#define DELAY	128	/* cycles at most between two reads */
#define APART	1.5	/* ns between multiples, at least */
#define WIDE	2.5	/* ns of one multiple, at most, as it is rounded */
#define RARE	100	/* fewer than one in so many differences may be anything */

double lab_step_of(double *ns, size_t nr)
{
	double gap[RARE], last = 0;
	size_t from, to, gaps = 0;
	bool any = false;

	gsl_sort(ns, 1, nr);
	for (from = 0; from < nr; from = to) {
		double middle;

		for (to = from + 1; to < nr && ns[to] - ns[to - 1] < APART; to++)
			;
		if (to - from < nr / RARE + 1)
			continue;
		if (ns[to - 1] - ns[from] > WIDE)
			return 0;
		middle = ns[from + (to - from) / 2];
		if (any)
			gap[gaps++] = middle - last;
		any = true;
		last = middle;
	}
	if (!gaps)
		return 0;
	gsl_sort(gap, 1, gaps);
	return gap[gaps / 2];
}

/* Reads are apart by any number of cycles, or a fine clock would show a few times only. */
double lab_clock_step(void)
{
	static double step = -1, ns[READS];
	struct lab_rng rng = { 1 };

	if (step >= 0)
		return step;
	for (unsigned int i = 0; i < READS; i++) {
		unsigned int n = lab_rng_below(&rng, DELAY);
		uint64_t last = lab_now();

		while (n--)
			__asm__ __volatile__("");
		ns[i] = lab_now() - last;
	}
	step = lab_step_of(ns, READS);
	return step;
}
