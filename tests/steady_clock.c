// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * A machine that nobody else wants, for the processes that measure; preloaded. Their
 * clock is their CPU time, which stands still while another has the CPU, and no
 * thread is told that it was kept waiting. Each measures what its parent asks for, so
 * that every row comes out however busy the machine is. The parent, who only waits
 * and divides the time, keeps the machine's clock: its own CPU time would not pass.
 * Not for what else the program starts. The core's clock stays the machine's: it asks
 * the kernel itself.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SELF	"/proc/self/exe"
#define CHILD	"measure-for-parent"
#define MAX_ENV	1024

static bool measures;
static char preload[4096];

__attribute__((constructor)) static void begin(int argc, char **argv)
{
	const char *value = getenv("LD_PRELOAD");

	measures = argc > 1 && !strcmp(argv[1], CHILD);
	if (value)
		snprintf(preload, sizeof(preload), "LD_PRELOAD=%s", value);
	unsetenv("LD_PRELOAD");
}

/* The program once more has this, too. */
int execv(const char *path, char *const argv[])
{
	char *env[MAX_ENV];
	int n = 0;

	while (environ[n] && n < MAX_ENV - 2) {
		env[n] = environ[n];
		n++;
	}
	if (!strcmp(path, SELF))
		env[n++] = preload;
	env[n] = NULL;
	return execve(path, argv, env);
}

int clock_gettime(clockid_t id, struct timespec *ts)
{
	if (id == CLOCK_MONOTONIC && measures)
		id = CLOCK_PROCESS_CPUTIME_ID;
	return syscall(SYS_clock_gettime, id, ts);
}

int getrusage(__rusage_who_t who, struct rusage *ru)
{
	int ret = syscall(SYS_getrusage, who, ru);

	if (measures)
		ru->ru_nivcsw = 0;
	return ret;
}

/* The books of who waited, and of what a hypervisor took, are not there. */
static bool is_book(const char *path)
{
	return measures && (!strcmp(path, "/proc/thread-self/schedstat") ||
			    !strcmp(path, "/proc/stat"));
}

int open(const char *path, int flags, ...)
{
	int (*real)(const char *path, int flags, ...) = dlsym(RTLD_NEXT, "open");
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	if (!is_book(path))
		return real(path, flags, mode);
	errno = ENOENT;
	return -1;
}

FILE *fopen(const char *path, const char *mode)
{
	FILE *(*real)(const char *path, const char *mode) =
		dlsym(RTLD_NEXT, "fopen");

	if (!is_book(path))
		return real(path, mode);
	errno = ENOENT;
	return NULL;
}
