// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Time for tests that time: it passes by what the fake sets say that they did,
 * and by a little with each look at it, so that who waits for it is let go. No
 * thread is ever seen to have been kept from its CPU. What is measured is then the
 * same on any machine, however busy. Linked with --wrap of what it stands for.
 */
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/delay.h"
#include "fake_clock.h"

#define LOOK_NS		20
#define BOOT_NS		LAB_SEC		/* no clock begins at 0 */

static _Atomic uint64_t now = BOOT_NS;

int __wrap_clock_gettime(clockid_t id, struct timespec *ts);
int __wrap_getrusage(int who, struct rusage *ru);
uint64_t __wrap_lab_run_delay(void);
bool __wrap_lab_steal_now(unsigned int threads, struct lab_steal *s);

void fake_clock_pass(unsigned long ns)
{
	now += ns;
}

int __wrap_clock_gettime(clockid_t id, struct timespec *ts)
{
	uint64_t at;

	if (id != CLOCK_MONOTONIC)
		return syscall(SYS_clock_gettime, id, ts);
	at = now += LOOK_NS;
	ts->tv_sec = at / LAB_SEC;
	ts->tv_nsec = at % LAB_SEC;
	return 0;
}

int __wrap_getrusage(int who, struct rusage *ru)
{
	(void)who;
	memset(ru, 0, sizeof(*ru));
	return 0;
}

uint64_t __wrap_lab_run_delay(void)
{
	return 0;
}

bool __wrap_lab_steal_now(unsigned int threads, struct lab_steal *s)
{
	(void)threads;
	(void)s;
	return false;
}
