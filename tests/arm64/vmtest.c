// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmtest.h"

#define NOBODY	65534

_Atomic int vmtest_failed;

void vmtest_probe(struct lab_events *set, const char *spec)
{
	char err[LAB_EVENT_NAME] = "";

	CHECK(!lab_events_choose(spec, set, err), "%s: %s", spec, err);
	lab_events_probe(set);
}

void vmtest_sysctl(const char *name, int value)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	f = fopen(path, "we");
	CHECK(f && fprintf(f, "%d", value) > 0, "%s: %m", path);
	CHECK(f && !fclose(f), "%s: %m", path);
}

void vmtest_as_nobody(void (*fn)(void))
{
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		CHECK(!setresgid(NOBODY, NOBODY, NOBODY) &&
		      !setresuid(NOBODY, NOBODY, NOBODY), "%m");
		fn();
		fflush(stdout);
		_exit(vmtest_failed);
	}
	CHECK(pid > 0 && waitpid(pid, &status, 0) == pid && !status,
	      "without privileges: status %d", status);
}

int vmtest_run(const struct vmtest *tests, const char *machine)
{
	unsigned int run = 0, failed = 0;

	for (; tests->name; tests++) {
		if (strcmp(tests->machine, machine))
			continue;
		vmtest_failed = 0;
		tests->fn();
		printf("%-4s %s\n", vmtest_failed ? "FAIL" : "ok", tests->name);
		fflush(stdout);
		failed += vmtest_failed;
		run++;
	}
	printf("%s: %u tests, %u failed\n", machine, run, failed);
	return run ? !!failed : 2;
}
