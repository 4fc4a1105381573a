/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The house table: ASCII, at most 72 columns, survives quoting. */
#ifndef _LAB_TABLE_H
#define _LAB_TABLE_H

#include <stdio.h>

#include "exacts.h"
#include "row.h"

#define LAB_COLUMNS	72

/**
 * lab_table_print() - a row for people
 * @f: where to
 * @row: the row
 * @exacts: the counts of its two cases; NULL where they are not wanted
 *
 * Return: 0, or -EIO when @f has an error.
 */
int lab_table_print(FILE *f, const struct lab_row *row,
		    const struct lab_exacts *exacts);

/**
 * lab_table_wrap() - a command line, cut with backslashes
 * @f: where to
 * @lead: what stands before it
 * @text: the command line; cut before an option or a variable of make only,
 *	and not within quotes
 */
void lab_table_wrap(FILE *f, const char *lead, const char *text);

#endif /* _LAB_TABLE_H */
