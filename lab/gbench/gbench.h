/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Google Benchmark, as C: its command line for our cases, and its JSON. */
#ifndef _LAB_GBENCH_H
#define _LAB_GBENCH_H

#include <stddef.h>

#include "cases/case.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GBENCH_NAME	320

/**
 * struct gbench_run - one repetition of a benchmark, measured before
 * @name: of the benchmark; repetitions have the same one
 * @threads: that ran it
 * @ns: per operation
 * @ops: operations it stands for
 */
struct gbench_run {
	char name[GBENCH_NAME];
	unsigned int threads;
	double ns;
	double ops;
};

/**
 * gbench_name() - a case's name in Google Benchmark's manner
 * @c: the case
 * @buf: GBENCH_NAME bytes
 *
 * host/scenario/path/variant/param:value/threads:N
 */
void gbench_name(const struct lab_case *c, char *buf);

/**
 * gbench_write_json() - write measured runs as Google Benchmark does
 * @path: the file
 * @command: becomes part of the context
 * @runs: the runs, those of one benchmark after each other
 * @nr: how many
 *
 * Return: 0, or -errno with no file left behind.
 */
int gbench_write_json(const char *path, const char *command,
		      const struct gbench_run *runs, size_t nr);

/**
 * gbench_main() - run cases under Google Benchmark's command line
 * @argc: of the command
 * @argv: of the command
 *
 * Return: exit status.
 */
int gbench_main(int argc, char **argv);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_GBENCH_H */
