// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "base/cpus.h"

#define MASK_MIN	1024
#define ALIKE_MOST	8	/* among so many a core will be found */
#define MASK_MAX	(1 << 20)	/* far more than any kernel's NR_CPUS */

/* @cpu: @nr CPUs in the order in which threads take them, @alike ones first; @mask: all. */
static struct {
	struct lab_cpu *cpu;
	unsigned int nr, alike;
	cpu_set_t *mask;
	size_t size;
} allowed;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static unsigned int taken;

/* A mask that is too small for the kernel is EINVAL. */
static int read_mask(void)
{
	int ret = -EINVAL;

	for (int max = MASK_MIN; ret == -EINVAL && max <= MASK_MAX; max *= 2) {
		CPU_FREE(allowed.mask);
		allowed.size = CPU_ALLOC_SIZE(max);
		allowed.mask = CPU_ALLOC(max);
		if (!allowed.mask)
			abort();
		CPU_ZERO_S(allowed.size, allowed.mask);
		ret = sched_getaffinity(0, allowed.size, allowed.mask) ? -errno : 0;
	}
	return ret;
}

/* Where the mask cannot be had, where the process runs it surely may. */
static void only_here(void)
{
	int cpu = sched_getcpu();

	CPU_ZERO_S(allowed.size, allowed.mask);
	CPU_SET_S(cpu < 0 ? 0 : cpu, allowed.size, allowed.mask);
}

/* Before anything is pinned: a child of a pinned thread would be misled. */
static void look(void)
{
	unsigned int i = 0;

	if (read_mask() || !CPU_COUNT_S(allowed.size, allowed.mask))
		only_here();
	allowed.nr = CPU_COUNT_S(allowed.size, allowed.mask);
	allowed.cpu = calloc(allowed.nr, sizeof(*allowed.cpu));
	if (!allowed.cpu)
		abort();
	for (int id = 0; i < allowed.nr; id++)
		if (CPU_ISSET_S(id, allowed.size, allowed.mask))
			lab_topology_read("", id, &allowed.cpu[i++]);
	lab_topology_sort(allowed.cpu, allowed.nr);
	allowed.alike = lab_topology_alike(allowed.cpu, allowed.nr < ALIKE_MOST ?
					   allowed.nr : ALIKE_MOST);
}

unsigned int lab_cpus_allowed(void)
{
	pthread_once(&once, look);
	return allowed.nr;
}

unsigned int lab_cpus_of(unsigned int threads)
{
	unsigned int cpus = lab_cpus_allowed();

	return threads < cpus ? threads : cpus;
}

const struct lab_cpu *lab_cpus(void)
{
	pthread_once(&once, look);
	return allowed.cpu;
}

unsigned int lab_cpus_alike(void)
{
	pthread_once(&once, look);
	return allowed.alike;
}

void lab_cpu_take(unsigned int n)
{
	taken = n;
}

unsigned int lab_cpu_taken(void)
{
	return taken;
}

int lab_cpu_nth(unsigned int n)
{
	pthread_once(&once, look);
	return allowed.cpu[n ? n % allowed.nr : taken].id;
}

int lab_cpu_pin(unsigned int n)
{
	int cpu = lab_cpu_nth(n), ret;
	cpu_set_t *one = CPU_ALLOC(cpu + 1);
	size_t size = CPU_ALLOC_SIZE(cpu + 1);

	if (!one)
		return -ENOMEM;
	CPU_ZERO_S(size, one);
	CPU_SET_S(cpu, size, one);
	ret = -pthread_setaffinity_np(pthread_self(), size, one);
	CPU_FREE(one);
	return ret;
}

void lab_cpu_unpin(void)
{
	pthread_once(&once, look);
	pthread_setaffinity_np(pthread_self(), allowed.size, allowed.mask);
}
