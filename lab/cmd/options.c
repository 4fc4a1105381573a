// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpus.h"
#include "base/quota.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "process/measure.h"

int lab_fail(int status, const char *command, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "locklab: %s: ", command);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return status;
}

int lab_parse_options(const struct lab_options *options, int argc, char **argv,
		      void *arg)
{
	int opt, ret = 0;

	opterr = 0;
	optind = 0;	/* GNU: start over */
	while (!ret && (opt = getopt_long(argc, argv, ":", options->list,
					  NULL)) != -1) {
		if (opt == ':')
			return lab_fail(EXIT_USAGE, options->command,
					"option '%s' wants a value: see %s",
					argv[optind - 1], options->help);
		if (opt == '?')
			return lab_fail(EXIT_USAGE, options->command,
					"unknown option '%s': see %s",
					argv[optind - 1], options->help);
		ret = options->set(arg, opt, optarg);
	}
	if (!ret && optind < argc)
		ret = lab_fail(EXIT_USAGE, options->command,
			       "what is '%s'? see %s", argv[optind],
			       options->help);
	return ret;
}

bool lab_parse_number(const char *text, const char *suffix, double *x)
{
	char *end;

	*x = strtod(text, &end);
	return end != text && isfinite(*x) && *x > 0 &&
	       (!*end || !strcmp(end, suffix));
}

bool lab_parse_unsigned(const char *text, unsigned long *x)
{
	char *end;

	errno = 0;
	*x = strtoul(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && !errno && *x <= LONG_MAX;
}

/* A number of @what, from 1 to @most. */
static int parse_count(const char *command, const char *text, const char *what,
		       unsigned int most, unsigned int *count)
{
	unsigned long n;

	if (!lab_parse_unsigned(text, &n) || !n || n > most)
		return lab_fail(EXIT_USAGE, command, "bad number of %s '%s': say 1 to %u",
				what, text, most);
	*count = n;
	return 0;
}

int lab_parse_threads(const char *command, const char *text,
		      unsigned int *threads)
{
	return parse_count(command, text, "threads", BENCH_MAX_THREADS, threads);
}

int lab_parse_processes(const char *command, const char *text,
			unsigned int *processes)
{
	return parse_count(command, text, "processes", LAB_MAX_PROCESSES,
			   processes);
}

int lab_add_param(const char *command, const char *text, const char **params,
		  unsigned int *nr)
{
	if (*nr > BENCH_MAX_PARAMS)
		return lab_fail(EXIT_USAGE, command, "too many parameters: a path has at most %d",
				BENCH_MAX_PARAMS);
	params[(*nr)++] = text;
	return 0;
}

int lab_need_cpus(const char *command, const struct lab_case *c, bool asked)
{
	unsigned int threads = c->cfg.threads;

	if (asked || !lab_case_oversubscribed(c))
		return 0;
	return lab_fail(EXIT_CANNOT, command, "%u threads want as many CPUs, this process may use %u: widen its affinity, or say --threads %u to have them share",
			threads, lab_cpus_allowed(), threads);
}

int lab_parse_counters(const char *command, const char *text,
		       struct lab_events *set)
{
	char err[LAB_EVENT_NAME];

	if (!lab_events_choose(text, set, err))
		return 0;
	return lab_fail(EXIT_USAGE, command, "bad --counters '%s': %s", text,
			err);
}

int lab_parse_exact(const char *command, const char *text, bool *no)
{
	*no = !strcmp(text, "no");
	if (*no || !strcmp(text, "yes"))
		return 0;
	return lab_fail(EXIT_USAGE, command, "bad --exact '%s': say yes or no",
			text);
}

int lab_parse_seed(const char *command, const char *text, unsigned long *seed)
{
	if (lab_parse_unsigned(text, seed))
		return 0;
	return lab_fail(EXIT_USAGE, command, "bad seed '%s': say a whole number",
			text);
}

void lab_warn_quota(const char *command, const unsigned int *threads, size_t nr)
{
	char text[LAB_QUOTA_TEXT];

	if (lab_quota_text(lab_cpu_quota(), threads, nr, lab_cpus_allowed(), text))
		fprintf(stderr, "locklab: %s: %s\n", command, text);
}
