/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Exact counts of many cases, each once, to be looked up by case. */
#ifndef _LAB_EXACT_MAP_H
#define _LAB_EXACT_MAP_H

#include <jansson.h>

#include "exact/exact.h"

/**
 * struct lab_exact_map - cases and their counts
 * @nr: how many
 * @max: room for
 * @seconds: that counting them may take
 * @cases: each once
 * @e: their counts, after lab_exact_map_count(); else NULL
 */
struct lab_exact_map {
	size_t nr, max;
	double seconds;
	struct lab_case *cases;
	struct lab_exact *e;
};

/**
 * lab_exact_map_add() - have a case counted, too
 * @x: the cases
 * @c: the case; its seed does not matter
 * @ns: that an operation takes when it is not counted; 0: not known
 *
 * Return: 0 or -ENOMEM.
 */
int lab_exact_map_add(struct lab_exact_map *x, const struct lab_case *c, double ns);

/**
 * lab_exact_map_count() - count all, with progress on standard error
 * @x: the cases
 *
 * Return: 0; -EINTR when stopped; -ENOMEM.
 */
int lab_exact_map_count(struct lab_exact_map *x);

/**
 * lab_exact_map_find() - the counts of a case
 * @x: counted
 * @c: the case
 *
 * Return: the counts; NULL when it is not among them.
 */
const struct lab_exact *lab_exact_map_find(const struct lab_exact_map *x,
					   const struct lab_case *c);

/**
 * lab_exact_json() - the counts of a case
 * @e: the counts, or NULL
 *
 * Return: an object, null for NULL.
 */
json_t *lab_exact_json(const struct lab_exact *e);

/**
 * lab_exact_map_json() - all of them, by the cases' names
 * @x: counted
 *
 * Return: an object, schema locklab-counts/1.
 */
json_t *lab_exact_map_json(const struct lab_exact_map *x);

/**
 * lab_exact_map_free() - free what it points to
 * @x: the cases
 */
void lab_exact_map_free(struct lab_exact_map *x);

#endif /* _LAB_EXACT_MAP_H */
