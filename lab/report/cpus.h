/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Which CPUs the threads of rows had, and how much of them. */
#ifndef _LAB_REPORT_CPUS_H
#define _LAB_REPORT_CPUS_H

#include <stdio.h>

#include "timing/row.h"

/**
 * lab_say_siblings() - what a row's CPUs are that those of threads should not be
 * @f: stream
 * @row: the row; of one thread nothing is said
 * @indent: put before the line
 */
void lab_say_siblings(FILE *f, const struct lab_row *row, const char *indent);

/**
 * lab_say_quota() - that a cgroup may have fewer CPUs than rows run threads
 * @f: stream
 * @threads: of each row
 * @nr: how many rows
 */
void lab_say_quota(FILE *f, const unsigned int *threads, size_t nr);

#endif /* _LAB_REPORT_CPUS_H */
