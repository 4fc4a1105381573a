/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Comparisons of fake sets. Included behind cmocka.h. */
#ifndef _FAKE_ASK_H
#define _FAKE_ASK_H

#include "timing/row.h"

/**
 * fake_ask() - ask for a comparison, with a margin that a loaded machine keeps
 * @path: "scenario/path"
 * @base: a variant of own
 * @new_: another, or the same
 */
static inline struct lab_ask fake_ask(const char *path, const char *base,
				      const char *new_)
{
	struct lab_pick pick = { .scenario = path, .variant = base };
	struct lab_ask ask = { .budget = 0.3, .margin = 20, .seed = 5 };
	char err[LAB_CASE_ERROR];

	assert_int_equal(lab_case_find(&pick, &ask.base, err), 0);
	pick.variant = new_;
	assert_int_equal(lab_case_find(&pick, &ask.new_, err), 0);
	return ask;
}

#endif /* _FAKE_ASK_H */
