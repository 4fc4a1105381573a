/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Which cases of a path are measured when nobody says which. */
#ifndef _LAB_RULES_H
#define _LAB_RULES_H

#include "cases/case.h"

/* How many of a path's cases a variant is compared on. */
enum lab_width {
	LAB_NOT,		/* none */
	LAB_DEFAULTS,		/* every parameter at its default */
	LAB_THREADS,		/* the same, for every number of threads */
	LAB_NUMBERS,		/* one number other than its default */
	LAB_ONE_AT_A_TIME,	/* the same, and words crossed with it */
	LAB_GRID,		/* all crossed, where scenarios are named */
};

/**
 * struct lab_rules - the rules, over the cases that there are
 * @cases: from lab_case_all()
 * @nr: how many
 * @named: scenarios were asked for by name, so that more of them is wanted;
 *	else a grid is its default case
 */
struct lab_rules {
	const struct lab_case *cases;
	size_t nr;
	bool named;
};

/**
 * lab_rules_wide() - does a width take a case in?
 * @r: the rules
 * @c: one of its cases
 * @width: the width
 *
 * Parameters are varied one at a time around their defaults. One whose values
 * are words is crossed with the others, but not "temp" and not with it. LAB_GRID
 * takes in every case with the fewest threads.
 */
bool lab_rules_wide(const struct lab_rules *r, const struct lab_case *c,
		    enum lab_width width);

/**
 * lab_rules_want() - is a case compared with a variant, by the table?
 * @r: the rules
 * @c: the base's case
 * @variant: the new one
 *
 * A scenario that is not in the table is wanted at the defaults.
 */
bool lab_rules_want(const struct lab_rules *r, const struct lab_case *c,
		    const char *variant);

/**
 * lab_rules_hosts() - is a case compared between two hosts?
 * @r: the rules
 * @c: its case on one of them
 * @width: of what is wanted
 */
bool lab_rules_hosts(const struct lab_rules *r, const struct lab_case *c,
		     enum lab_width width);

#endif /* _LAB_RULES_H */
