/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A row as JSON, schema locklab-row/1. */
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
 * @with_samples: with every round: "arms", "first_rounds" (of each placement)
 *	and "samples": [order, drop, ns of base, ns of new, ...]
 *
 * What could not be measured is null. "path_index" is the path's place in its
 * scenario, "defaults" whether every parameter has its default: rows come in the
 * order in which they were decided.
 *
 * Return: a new reference; NULL without memory.
 */
json_t *lab_row_json(const struct lab_row *row, bool with_samples);

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
