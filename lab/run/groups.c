// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "run/groups.h"
#include "stats/stats.h"

void lab_make_groups(struct lab_record *r)
{
	const struct lab_row *row = &r->row;
	unsigned long i, n, kept = 0;
	unsigned int g, arm;
	double *values;

	values = malloc((row->rounds / LAB_GROUPS + 2) * sizeof(*values));
	if (!values || row->rounds < LAB_GROUPS)
		goto out;
	for (arm = 0; arm < row->nr_arms; arm++) {
		for (i = 0, kept = 0, g = 0, n = 0; i < row->nr_raw; i++) {
			if (row->drop[i] != LAB_KEPT)
				continue;
			values[n++] = row->raw[i * row->nr_arms + arm];
			kept++;
			if (kept < (g + 1) * row->rounds / LAB_GROUPS)
				continue;
			r->group[arm][g++] = lab_median(values, n);
			n = 0;
		}
	}
	r->nr_groups = LAB_GROUPS;
out:
	free(values);
}

/* Stretches of rounds are nearly independent where rounds are not. */
bool lab_group_interval(const struct lab_record *r, unsigned int arm,
			struct lab_interval *span)
{
	double v[LAB_GROUPS];

	memcpy(v, r->group[arm], sizeof(v));
	*span = lab_sign_interval(v, r->nr_groups, LAB_ALPHA);
	return isfinite(span->lo);
}
