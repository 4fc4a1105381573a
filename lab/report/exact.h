/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Exact counts in lines for people. */
#ifndef _LAB_REPORT_EXACT_H
#define _LAB_REPORT_EXACT_H

#include <stdio.h>

#include "exact/exact.h"

#define LAB_BLAME	256

/**
 * lab_count_text() - a count per operation, without needless zeroes
 * @buf: gets the text
 * @size: of @buf
 * @x: the count
 * @sign: put a + before what is not negative
 *
 * Return: @buf.
 */
char *lab_count_text(char *buf, size_t size, double x, int sign);

/**
 * lab_exact_blame() - which functions a difference is owed to
 * @base: counted
 * @new_: counted
 * @buf: gets the text, LAB_BLAME bytes: "+27 mutex_lock/unlock, +4 va_link"
 *
 * By instructions, the largest first; what is small is summed up. Code that
 * was inlined is its caller's.
 *
 * Return: @buf.
 */
char *lab_exact_blame(const struct lab_exact *base,
		      const struct lab_exact *new_, char *buf);

/**
 * lab_say_exact() - a row's exact counts, or why there are none
 * @f: stream
 * @base: of the base, or NULL
 * @new_: of the new one, or NULL
 * @indent: put before each line
 */
void lab_say_exact(FILE *f, const struct lab_exact *base,
		   const struct lab_exact *new_, const char *indent);

/**
 * lab_say_exact_table() - the same in columns, as the counters are
 * @f: stream
 * @base: of the base
 * @new_: of the new one
 */
void lab_say_exact_table(FILE *f, const struct lab_exact *base,
			 const struct lab_exact *new_);

#endif /* _LAB_REPORT_EXACT_H */
