// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Runs a suite of kernel-named tests under cmocka.
 *
 * usage: test_x [name]	all tests, or one of them
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "host.h"
#include "ktest.h"

/* What is kept of a child's output; one that writes more dies of it. */
#define CHILD_TEXT	8192

static int failures;

void ktest_fail(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: %s\n", file, line, what);
	__atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED);
}

/* The kernel does not know how to run what an emulator runs: that does it. */
static void run_again(const char *name)
{
	const char *emulator = getenv("KTEST_EMULATOR");
	char self[4096];
	ssize_t n;

	if (!emulator) {
		execl("/proc/self/exe", ktest_suite, name, (char *)NULL);
		return;
	}
	n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n < 0)
		return;
	self[n] = '\0';
	execlp(emulator, emulator, self, name, (char *)NULL);
}

/* Output goes to @err; standard output is dropped. Returns the process, or -1. */
static pid_t child_start(const char *name, int err)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	run_again(name);
	_exit(126);
}

static int child_end(pid_t pid)
{
	int status;

	if (pid == -1 || waitpid(pid, &status, 0) == -1)
		return -1;
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

int ktest_child(const char *name)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int status = child_end(child_start(name, null));

	close(null);
	return status;
}

int ktest_child_says(const char *name, int status, const char *text)
{
	char said[CHILD_TEXT + 1];
	size_t len = 0;
	int pipes[2];
	ssize_t n;
	pid_t pid;
	int got;

	if (pipe2(pipes, O_CLOEXEC))
		return 0;
	pid = child_start(name, pipes[1]);
	close(pipes[1]);
	while ((n = read(pipes[0], said + len, CHILD_TEXT - len)) > 0)
		len += n;
	close(pipes[0]);
	said[len] = 0;
	got = child_end(pid);
	if (got == status && strstr(said, text))
		return 1;
	fprintf(stderr, "%s: status %d, \"%s\" wanted; status %d:\n%s", name,
		status, text, got, said);
	return 0;
}

/* A warning that the test did not account for fails it. */
static int run_one(const struct ktest *test)
{
	unsigned long warnings;
	int err;

	__atomic_store_n(&failures, 0, __ATOMIC_RELAXED);
	host_warn_reset();
	err = test->fn();
	warnings = host_warn_count();
	if (warnings)
		fprintf(stderr, "%s: %lu warnings\n", test->name, warnings);
	return err || warnings || __atomic_load_n(&failures, __ATOMIC_RELAXED);
}

static void run_in_cmocka(void **state)
{
	const struct ktest *test = *state;

	if (run_one(test))
		fail_msg("%s failed", test->name);
}

static int run_named(const char *name)
{
	const struct ktest *test;

	for (test = ktests; test->name; test++) {
		if (!strcmp(test->name, name))
			return !!run_one(test);
	}
	fprintf(stderr, "%s: no test named %s\n", ktest_suite, name);
	return 2;
}

int main(int argc, char **argv)
{
	struct CMUnitTest *tests;
	size_t nr = 0, i;
	int failed;

	if (argc > 1)
		return run_named(argv[1]);

	while (ktests[nr].name)
		nr++;
	tests = calloc(nr, sizeof(*tests));
	if (!tests)
		return 1;
	for (i = 0, nr = 0; ktests[i].name; i++) {
		if (ktests[i].child)
			continue;
		tests[nr].name = ktests[i].name;
		tests[nr].test_func = run_in_cmocka;
		tests[nr++].initial_state = (void *)&ktests[i];
	}
	failed = _cmocka_run_group_tests(ktest_suite, tests, nr, NULL, NULL);
	free(tests);
	return failed ? 1 : 0;
}
