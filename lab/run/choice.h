/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Which cases of a path are measured when nobody says which. */
#ifndef _LAB_CHOICE_H
#define _LAB_CHOICE_H

#include "cases/case.h"

/**
 * struct lab_choice - the cases that there are, and how much was asked for
 * @cases: from lab_case_all()
 * @nr: how many
 * @named: scenarios were asked for by name, so that more of them is wanted
 */
struct lab_choice {
	const struct lab_case *cases;
	size_t nr;
	bool named;
};

/**
 * lab_choice_wide() - does a width take a case in?
 * @ch: the cases
 * @c: one of them
 * @width: the width
 *
 * Parameters are varied one at a time around their defaults. One whose values
 * are words is crossed with the others, but not with one that is varied apart.
 * BENCH_GRID takes in every case with the fewest threads.
 */
bool lab_choice_wide(const struct lab_choice *ch, const struct lab_case *c,
		     enum bench_width width);

/**
 * lab_choice_wants() - is a case compared with a variant, by its scenario?
 * @ch: the cases
 * @c: the base's case
 * @variant: the new one
 */
bool lab_choice_wants(const struct lab_choice *ch, const struct lab_case *c,
		      const char *variant);

/**
 * lab_choice_hosts() - is a case compared between two hosts?
 * @ch: the cases
 * @c: its case on one of them
 * @asked: it was asked for that hosts be compared; else they are in passing
 */
bool lab_choice_hosts(const struct lab_choice *ch, const struct lab_case *c,
		      bool asked);

#endif /* _LAB_CHOICE_H */
