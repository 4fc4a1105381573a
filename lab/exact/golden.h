/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The golden table: exact counts as a text that a reviewer reads. */
#ifndef _LAB_GOLDEN_H
#define _LAB_GOLDEN_H

#include "exact/map.h"

/**
 * lab_golden_name() - the file that this build's counts belong in
 * @buf: gets "<architecture>-<compiler>-<hash of flags>.txt"
 * @size: of @buf
 *
 * Return: @buf.
 */
char *lab_golden_name(char *buf, size_t size);

/**
 * lab_golden_write() - write the table
 * @path: of the file
 * @x: counted, every case
 *
 * A line for each function of a case's own set: "scenario/path variant function
 * instructions atomics", per operation; libc's, which differ by CPU and
 * version, and the harness's are left out. Cases are of one host, and have the
 * default parameters.
 *
 * Return: 0; -ENODATA when a case was not counted; another -errno.
 */
int lab_golden_write(const char *path, const struct lab_exact_map *x);

/**
 * lab_golden_check() - hold counts against a table
 * @path: of the file
 * @x: counted; lines of other cases are passed over, and a case of which there is
 *	no line is said to be new
 * @out: gets a line for each difference
 *
 * Return: how many differ, cases that were not counted among them; -errno when
 * the table cannot be read.
 */
int lab_golden_check(const char *path, const struct lab_exact_map *x, FILE *out);

#endif /* _LAB_GOLDEN_H */
