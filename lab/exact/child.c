// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/exit.h"
#include "exact/exact.h"
#include "timing/engine.h"

/*
 * Valgrind collects while this runs, and dumps when it ends. Kept out of line
 * and not cloned: it is found by its name.
 */
__attribute__((noinline, noclone)) void lab_exact_region(struct lab_arm *arm,
							 unsigned long n)
{
	arm->c.path->run(arm->state, 0, n, NULL);
}

static void prepare(struct lab_arm *arm)
{
	if (arm->c.path->prepare)
		arm->c.path->prepare(arm->state, 0);
}

static void region(struct lab_arm *arm, unsigned long n)
{
	prepare(arm);
	lab_exact_region(arm, n);
}

/* As many operations as can be done twice over in one call. */
static unsigned long half_of(const struct lab_arm *arm)
{
	unsigned long n = lab_arm_round_ops(arm, arm->info.counted ?: LAB_EXACT_OPS);
	unsigned long twice = lab_arm_round_ops(arm, 2.0 * n);

	return twice == 2 * n ? n : lab_arm_round_ops(arm, twice / 2);
}

/* One call that is not counted, two alike, and one of twice as many. */
static int count_case(const struct lab_case *c, unsigned long *n)
{
	static struct lab_arm arm;
	int err = lab_arm_setup(&arm, c);

	if (err)
		return err;
	*n = half_of(&arm);
	prepare(&arm);
	arm.c.path->run(arm.state, 0, *n, NULL);
	region(&arm, *n);
	region(&arm, *n);
	if (lab_arm_round_ops(&arm, 2.0 * *n) == 2 * *n)
		region(&arm, 2 * *n);
	else
		region(&arm, *n);
	return lab_arm_close(&arm) ? -1 : 0;
}

/*
 * A process for each case, all children of one that has run none: the heap that
 * a case finds does not depend on the cases before it. @n is shared with it.
 */
static void count_apart(const char *name, unsigned long *n)
{
	char err[LAB_CASE_ERROR];
	struct lab_case c;
	int status = 0;
	pid_t pid;

	if (lab_case_parse(name, &c, err)) {
		printf("no %s\n", err);
		return;
	}
	c.cfg.seed = 1;
	pid = fork();
	if (!pid) {
		alarm(LAB_EXACT_PATIENCE);
		_exit(count_case(&c, n) != 0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		puts("no process for it");
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		printf("no end after %d s\n", LAB_EXACT_PATIENCE);
	else if (WIFSIGNALED(status))
		printf("no it was ended by signal %d\n", WTERMSIG(status));
	else if (status)
		puts("no it could not be set up or torn down");
	else
		printf("ok %lu %d\n", *n, (int)pid);
}

int lab_exact_child(void)
{
	char line[LAB_CASE_NAME + 1];
	unsigned long *n;

	n = mmap(NULL, sizeof(*n), PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (n == MAP_FAILED)
		return EXIT_WRONG;
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		count_apart(line, n);
		fflush(stdout);
	}
	return EXIT_RIGHT;
}
