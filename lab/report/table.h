/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The house table: ASCII, at most 72 columns, survives quoting. */
#ifndef _LAB_TABLE_H
#define _LAB_TABLE_H

#include <stdio.h>

#include "exact/map.h"
#include "timing/row.h"

/**
 * lab_table_print() - a row for people
 * @f: where to
 * @row: the row
 * @counts: the counts of its two cases; NULL where they are not wanted
 *
 * Return: 0, or -EIO when @f has an error.
 */
int lab_table_print(FILE *f, const struct lab_row *row,
		    const struct lab_exact_map *counts);

#endif /* _LAB_TABLE_H */
