/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A row as JSON, schema locklab-row/2. */
#ifndef _LAB_ROWJSON_H
#define _LAB_ROWJSON_H

#include <jansson.h>

#include "timing/row.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * lab_row_json() - a row as JSON
 * @row: the row
 * @with_samples: with what its rounds need to be understood: "arms", and "places",
 *	lists of a value for each placement. The rounds are lab_round_text()'s.
 *
 * What could not be measured is null. "path_index" is the path's place in its
 * scenario, "defaults" whether every parameter has its default: rows come in the
 * order in which they were decided.
 *
 * Return: a new reference; NULL without memory.
 */
json_t *lab_row_json(const struct lab_row *row, bool with_samples);

#define LAB_ROUND_TEXT	128

/**
 * lab_round_text() - a round as JSON
 * @row: the row
 * @round: which one
 * @buf: gets "[order, drop, ns of base, ns of new, ..., ns of its
 *	longest probe]"
 * @size: of @buf; LAB_ROUND_TEXT is enough
 *
 * As text, for a tree of all rounds would be many times as large as they are.
 *
 * Return: characters.
 */
int lab_round_text(const struct lab_row *row, unsigned long round, char *buf,
		   size_t size);

/**
 * lab_case_json() - a case as JSON
 * @c: the case
 *
 * Return: a new reference to {name, host, scenario, path, variant, params,
 * threads}; NULL without memory.
 */
json_t *lab_case_json(const struct lab_case *c);

/**
 * lab_counters_json() - what the counters of a row counted, or why not
 * @row: analysed
 * @with_samples: also every round under counters
 *
 * Return: an object, with the full name of each event.
 */
json_t *lab_counters_json(const struct lab_row *row, bool with_samples);

/**
 * lab_json_number() - a number; null for what is none, which JSON has not
 * @x: the number
 */
json_t *lab_json_number(double x);

/**
 * lab_json_interval() - est, lo, hi
 * @i: the interval
 */
json_t *lab_json_interval(const struct lab_interval *i);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_ROWJSON_H */
