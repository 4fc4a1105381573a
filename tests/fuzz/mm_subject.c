// SPDX-License-Identifier: GPL-2.0 OR MIT
/* drm_mm as the drivers of a fuzzer see it. */
#include "fuzz.h"
#include "mm_run.h"

static struct mm_stats stats;
static struct mm_run run = { .stats = &stats };

static int subject_run(const unsigned char *bytes, size_t size)
{
	return mm_program(&run, bytes, size);
}

static int subject_fault(const char *what)
{
	return mm_fail(&run, "%13s: %s; it printed last: %s\n", run.who->name,
		       what, fuzz_last_words());
}

/* The model is no code that could be another's. */
static const char *subject_same(void)
{
	return NULL;
}

static unsigned long long subject_ops(void)
{
	return stats.ops;
}

static unsigned long long subject_programs(void)
{
	return stats.programs;
}

static void subject_trace(FILE *out)
{
	run.trace = out;
}

static void subject_print_stats(FILE *out)
{
	mm_print_stats(out, &stats);
}

const struct fuzz_subject fuzz_subject = {
	.name = "mm_fuzz",
	.header = MM_HEADER,
	.record = MM_RECORD,
	.report = run.report,
	.run = subject_run,
	.fault = subject_fault,
	.contest = mm_contest,
	.same = subject_same,
	.ops = subject_ops,
	.programs = subject_programs,
	.trace = subject_trace,
	.print_stats = subject_print_stats,
};
