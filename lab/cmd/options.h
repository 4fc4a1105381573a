/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What the commands' options have in common, and their error lines. */
#ifndef _LAB_OPTIONS_H
#define _LAB_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>

#include "cases/case.h"
#include "pmu/events.h"

#define LAB_MAX_BUDGET	86400.0		/* a day */

/**
 * struct lab_options - the options of a command
 * @command: its name
 * @help: the command that lists its options
 * @list: the options, each with a value, ended by an empty one
 * @set: takes an option's value; returns 0 or an exit status
 */
struct lab_options {
	const char *command;
	const char *help;
	const struct option *list;
	int (*set)(void *arg, int opt, char *value);
};

/**
 * lab_fail() - say on standard error why a command fails
 * @status: exit status
 * @command: its name
 * @fmt: as for printf(); without a newline
 *
 * Return: @status.
 */
int lab_fail(int status, const char *command, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * lab_parse_options() - read a command line
 * @options: what there is
 * @argc: of the command
 * @argv: of the command
 * @arg: for @options->set
 *
 * Return: 0, or the exit status after one line on standard error.
 */
int lab_parse_options(const struct lab_options *options, int argc, char **argv,
		      void *arg);

/**
 * lab_parse_number() - a number above 0
 * @text: the number, with or without @suffix
 * @suffix: its unit
 * @x: gets it
 *
 * Return: whether it is one.
 */
bool lab_parse_number(const char *text, const char *suffix, double *x);

/**
 * lab_parse_unsigned() - a whole number
 * @text: decimal digits
 * @x: gets it
 *
 * Return: whether it is one, and at most LONG_MAX.
 */
bool lab_parse_unsigned(const char *text, unsigned long *x);

/**
 * lab_parse_counters() - the value of --counters
 * @command: for the error line
 * @text: the value
 * @set: gets the events; nothing is opened
 *
 * Return: 0, or EXIT_USAGE after one line on standard error.
 */
int lab_parse_counters(const char *command, const char *text,
		       struct lab_events *set);

/**
 * lab_parse_exact() - the value of --exact
 * @command: for the error line
 * @text: "yes" or "no"
 * @no: gets whether it is the latter
 *
 * Return: 0, or EXIT_USAGE after one line on standard error.
 */
int lab_parse_exact(const char *command, const char *text, bool *no);

/**
 * lab_parse_threads() - the value of --threads
 * @command: for the error line
 * @text: the value
 * @threads: gets it, 1 to BENCH_MAX_THREADS
 *
 * Return: 0, or EXIT_USAGE after one line on standard error.
 */
int lab_parse_threads(const char *command, const char *text,
		      unsigned int *threads);

/**
 * lab_parse_processes() - the value of --processes
 * @command: for the error line
 * @text: the value
 * @processes: gets it, 1 to LAB_MAX_PROCESSES
 *
 * Return: 0, or EXIT_USAGE after one line on standard error.
 */
int lab_parse_processes(const char *command, const char *text,
			unsigned int *processes);

/**
 * lab_add_param() - the value of --param
 * @command: for the error line
 * @text: the value
 * @params: BENCH_MAX_PARAMS + 1 of them
 * @nr: how many are there
 *
 * Return: 0, or EXIT_USAGE after one line on standard error.
 */
int lab_add_param(const char *command, const char *text, const char **params,
		  unsigned int *nr);

/**
 * lab_warn_quota() - say before measuring that a cgroup may have too few CPUs
 * @command: name of the command
 * @threads: of each row
 * @nr: how many rows
 */
void lab_warn_quota(const char *command, const unsigned int *threads, size_t nr);

/**
 * lab_need_cpus() - refuse a case with more threads than there are CPUs
 * @command: for the error line
 * @c: the case
 * @asked: that number was asked for, so that they may share
 *
 * Return: 0, or EXIT_CANNOT after one line on standard error.
 */
int lab_need_cpus(const char *command, const struct lab_case *c, bool asked);

/**
 * lab_parse_seed() - the value of --seed
 * @command: for the error line
 * @text: the value
 * @seed: gets it
 *
 * Return: 0, or EXIT_USAGE after one line on standard error.
 */
int lab_parse_seed(const char *command, const char *text, unsigned long *seed);

#endif /* _LAB_OPTIONS_H */
