// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The instructions of each control by two that know nothing of one another: by
 * the CPU's counter, and by callgrind of the same program.
 *
 * usage: pairs perf N		for each control the user instructions that N,
 *				and then 2 N operations took
 *	  pairs callgrind N	the same, and the atomics, by callgrind
 *	  pairs run N		what callgrind is given to run
 *
 * A line is "HOW CONTROL N: COUNT". Each count has a constant in it that cancels
 * in a difference.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "pmu/group.h"

#define TOOLS		"/usr/libexec/valgrind"
#define OUT		"/tmp/callgrind"

extern const struct bench_scenario bench_controls;

/* What callgrind collects, and writes a file about: nothing outside of it. */
static __attribute__((noipa)) void counted(const struct bench_path *path,
					   void *state, unsigned long n)
{
	path->run(state, 0, n, NULL);
}

static int only_run(const struct bench_path *path, void *state, unsigned long n)
{
	counted(path, state, n);
	return 0;
}

static int by_counter(const struct bench_path *path, void *state,
		      unsigned long n)
{
	const struct perf_event_attr insns = {
		.type = PERF_TYPE_HARDWARE,
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.exclude_kernel = 1, .exclude_hv = 1,
	};
	const struct perf_event_attr *attr[] = { &insns };
	struct lab_reading before, after;
	enum lab_status status;
	struct lab_group g;
	int err;

	err = lab_group_open(&g, attr, 1);
	if (err) {
		printf("pairs: instructions: %s\n", strerror(-err));
		return 1;
	}
	status = lab_group_read(&g, &before);
	counted(path, state, n);
	if (status == LAB_COUNTED)
		status = lab_group_read(&g, &after);
	if (status == LAB_COUNTED)
		status = lab_group_check(&g);
	lab_group_close(&g);
	if (status != LAB_COUNTED) {
		printf("pairs: instructions: %s\n", lab_status_name(status));
		return 1;
	}
	printf("perf %s %lu: %lu\n", path->name, n,
	       after.value[0] - before.value[0]);
	return 0;
}

static int one(const struct bench_path *path, unsigned long n,
	       int (*how)(const struct bench_path *, void *, unsigned long))
{
	const struct bench_cfg cfg = { .threads = 1 };
	struct bench_info info = { };
	void *state = path->setup(&cfg, &info);
	int ret;

	if (!state) {
		printf("pairs: %s: no memory\n", path->name);
		return 1;
	}
	/* its first pages, and its first slow path */
	path->run(state, 0, 2, NULL);
	ret = how(path, state, n);
	return path->teardown(state) || ret;
}

static int all(unsigned long n,
	       int (*how)(const struct bench_path *, void *, unsigned long))
{
	const struct bench_path *p;
	int ret = 0;

	for (p = bench_controls.paths; p->name && !ret; p++)
		ret = one(p, n, how) || one(p, 2 * n, how);
	return ret;
}

/* valgrind's own launcher is a script: the tool is started as it would. */
static int run_callgrind(char *self, char *n)
{
	char *argv[] = {
		"callgrind", "--tool=callgrind", "--quiet",
		"--toggle-collect=counted", "--dump-after=counted",
		"--collect-bus=yes", "--callgrind-out-file=" OUT,
		"--default-suppressions=no", self, "run", n, NULL
	};
	pid_t pid = fork();
	int status = -1;

	if (!pid) {
		setenv("VALGRIND_LIB", TOOLS, 1);
		setenv("VALGRIND_LAUNCHER", TOOLS "/callgrind", 1);
		execv(TOOLS "/callgrind-arm64-linux", argv);
		fprintf(stderr, "pairs: " TOOLS ": %s\n", strerror(errno));
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return status;
}

/* The sums of callgrind's file number @nr: instructions, and atomics if any. */
static int read_totals(unsigned int nr, unsigned long *insns, unsigned long *atomics)
{
	char path[64], line[256];
	int found = 0;
	FILE *f;

	snprintf(path, sizeof(path), OUT ".%u", nr);
	f = fopen(path, "re");
	if (!f) {
		printf("pairs: %s: %s\n", path, strerror(errno));
		return 1;
	}
	*atomics = 0;
	while (found < 1 && fgets(line, sizeof(line), f))
		found = sscanf(line, "totals: %lu %lu", insns, atomics);
	fclose(f);
	if (found < 1)
		printf("pairs: %s: no totals\n", path);
	return found < 1;
}

static int by_callgrind(char *self, char *arg, unsigned long n)
{
	unsigned long insns, atomics;
	const struct bench_path *p;
	unsigned int nr = 0;

	if (run_callgrind(self, arg))
		return 1;
	for (p = bench_controls.paths; p->name; p++) {
		for (unsigned int twice = 1; twice <= 2; twice++) {
			if (read_totals(++nr, &insns, &atomics))
				return 1;
			printf("callgrind %s %lu: %lu\n", p->name, twice * n,
			       insns);
			printf("atomics %s %lu: %lu\n", p->name, twice * n,
			       atomics);
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long n = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;

	if (n && !strcmp(argv[1], "perf"))
		return all(n, by_counter);
	if (n && !strcmp(argv[1], "run"))
		return all(n, only_run);
	if (n && !strcmp(argv[1], "callgrind"))
		return by_callgrind(argv[0], argv[2], n);
	fprintf(stderr, "usage: pairs perf|run|callgrind N\n");
	return 2;
}
