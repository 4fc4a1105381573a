// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * A machine that nobody else wants, for the whole program; preloaded. Its clock is
 * the CPU time of the process, which stands still while another has the CPU, and
 * no thread is told that it was kept waiting. What a budget buys is then the same
 * however busy the machine is. Not for what the program starts.
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

__attribute__((constructor)) static void for_one_process(void)
{
	unsetenv("LD_PRELOAD");
}

int clock_gettime(clockid_t id, struct timespec *ts)
{
	if (id == CLOCK_MONOTONIC)
		id = CLOCK_PROCESS_CPUTIME_ID;
	return syscall(SYS_clock_gettime, id, ts);
}

int getrusage(__rusage_who_t who, struct rusage *ru)
{
	int ret = syscall(SYS_getrusage, who, ru);

	ru->ru_nivcsw = 0;
	return ret;
}

/* The books of who waited, and of what a hypervisor took, are not there. */
static bool is_book(const char *path)
{
	return !strcmp(path, "/proc/thread-self/schedstat") ||
	       !strcmp(path, "/proc/stat");
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
