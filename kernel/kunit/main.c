// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The process that KUnit's runner runs in.
 *
 * usage: x_test [--seed N] [--param NAME=N] [--skip CASE=WHY] [CASE...]
 *	--seed	of the random numbers [1]
 *	--param	set a module parameter, if the test has it
 *	--skip	leave a case out; it is shown as skipped, and why
 *	CASE	only these; * stands for anything
 * Exit status: 0 passed, 1 failed, 2 bad usage, 77 no case was run
 */
#include <errno.h>
#include <fnmatch.h>
#include <getopt.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "process.h"

static char **only, **skips;
static int nr_only, nr_skips;
static jmp_buf thrown;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

void *kunit_shared(unsigned long size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("mmap");
	return p;
}

int kunit_child(void (*fn)(void *arg), void *arg, unsigned int seconds,
		char *how, unsigned long size)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == -1)
		die("fork");
	if (!pid) {
		alarm(seconds);
		fn(arg);
		exit(0);
	}
	while (waitpid(pid, &status, 0) == -1) {
		if (errno != EINTR)
			die("waitpid");
	}
	if (!status)
		return 0;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		snprintf(how, size, "no end after %u s", seconds);
	else if (WIFSIGNALED(status))
		snprintf(how, size, "ended by signal %d: %s", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else
		snprintf(how, size, "ended with exit status %d",
			 WEXITSTATUS(status));
	return -1;
}

void kunit_try(void (*fn)(void *arg), void *arg)
{
	if (!setjmp(thrown))
		fn(arg);
}

void kunit_throw(void)
{
	longjmp(thrown, 1);
}

const char *kunit_why_not(const char *name)
{
	char *why;
	int i;

	for (i = 0; i < nr_skips; i++) {
		why = strchr(skips[i], '=') + 1;
		if (!strncmp(skips[i], name, why - 1 - skips[i]) &&
		    !name[why - 1 - skips[i]])
			return why;
	}
	for (i = 0; i < nr_only; i++) {
		if (!fnmatch(only[i], name, 0))
			return NULL;
	}
	return nr_only ? "not asked for" : NULL;
}

void kunit_text(const char *text)
{
	fputs(text, stdout);
}

unsigned long long kunit_cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static void misuse(const char *what, const char *arg)
{
	fprintf(stderr, "kunit: %s%s: usage: [--seed N] [--param NAME=N] "
		"[--skip CASE=WHY] [CASE...]\n", arg, what);
	exit(2);
}

static long long to_number(const char *text)
{
	char *end;
	long long n;

	errno = 0;
	n = strtoll(text, &end, 0);
	if (errno || end == text || *end)
		misuse(": not a number", text);
	return n;
}

static void set_param(char *arg)
{
	char *value = strchr(arg, '=');

	if (!value)
		misuse(": not NAME=N", arg);
	*value++ = '\0';
	/* As the kernel does, what the test does not have is said and ignored. */
	printf("# %s: %s\n", arg,
	       kunit_set_param(arg, to_number(value)) ? "no such parameter" : value);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "param", required_argument, NULL, 'p' },
		{ "seed", required_argument, NULL, 'r' },
		{ "skip", required_argument, NULL, 's' },
		{ }
	};
	unsigned long long seed = 1;
	int option, status;

	skips = calloc(argc, sizeof(*skips));
	if (!skips)
		die("calloc");
	setvbuf(stdout, NULL, _IOLBF, 0);
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'p')
			set_param(optarg);
		else if (option == 'r')
			seed = to_number(optarg);
		else if (option == 's' && strchr(optarg, '='))
			skips[nr_skips++] = optarg;
		else
			misuse(": bad option", argv[optind - 1]);
	}
	only = argv + optind;
	nr_only = argc - optind;
	status = kunit_run(seed);
	if (status == 77 && nr_only)
		fprintf(stderr, "kunit: %s: no case of that name was run\n", only[0]);
	return status;
}
