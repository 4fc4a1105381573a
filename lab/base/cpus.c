// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <pthread.h>
#include <sched.h>

#include "base/cpus.h"

static cpu_set_t allowed;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Before anything is pinned: a child of a pinned thread would be misled. */
static void look(void)
{
	if (sched_getaffinity(0, sizeof(allowed), &allowed) ||
	    !CPU_COUNT(&allowed)) {
		CPU_ZERO(&allowed);
		CPU_SET(0, &allowed);
	}
}

unsigned int lab_cpus_allowed(void)
{
	pthread_once(&once, look);
	return CPU_COUNT(&allowed);
}

int lab_cpu_nth(unsigned int n)
{
	int cpu;

	n %= lab_cpus_allowed();
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &allowed) && !n--)
			return cpu;
	return -1;
}

int lab_cpu_pin(unsigned int n)
{
	int cpu = lab_cpu_nth(n);
	cpu_set_t one;

	if (cpu < 0)
		return -ERANGE;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	return -pthread_setaffinity_np(pthread_self(), sizeof(one), &one);
}

void lab_cpu_unpin(void)
{
	pthread_once(&once, look);
	pthread_setaffinity_np(pthread_self(), sizeof(allowed), &allowed);
}
