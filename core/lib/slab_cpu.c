// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Which thread has which lists. A thread takes some with its first allocation and
 * gives all slabs up when it ends. Who gets lists knows them by the address of a
 * variable of its own; that address is another thread's only when this one is gone.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include <host/host.h>

#include "slab.h"

#define NR_SLAB_CPUS	128

static struct slab_cpu cpus[NR_SLAB_CPUS];

__thread struct slab_cpu *this_slab_cpu;
static __thread struct host_thread_exit at_exit;

static void thread_ends(struct host_thread_exit *exit)
{
	struct slab_cpu *cpu;
	unsigned int i;

	slab_lock();
	cpu = slab_cpu();
	this_slab_cpu = NULL;
	if (cpu) {
		for (i = 0; i < NR_KMALLOC_CACHES; i++)
			if (cpu->cache[i].slab)
				slab_deactivate(&kmalloc_caches[i],
						&cpu->cache[i]);
		WRITE_ONCE(cpu->owner, NULL);
	}
	slab_unlock();
	exit->fn = NULL;
}

static struct slab_cpu *slot_of(const void *owner)
{
	unsigned int i;

	for (i = 0; i < NR_SLAB_CPUS; i++)
		if (READ_ONCE(cpus[i].owner) == owner)
			return &cpus[i];
	return NULL;
}

/**
 * slab_cpu_begin() - give the calling thread lists
 *
 * A loaded set is not told when a thread ends. The next one at its address goes on
 * with the lists that were left.
 */
struct slab_cpu *slab_cpu_begin(void)
{
	struct slab_cpu *cpu;

	slab_lock();
	cpu = slot_of(&this_slab_cpu);
	if (!cpu)
		cpu = slot_of(NULL);
	if (!cpu)
		host_bug(__FILE__, __LINE__, "more threads than slabs know");
	WRITE_ONCE(cpu->owner, &this_slab_cpu);
	slab_unlock();
	this_slab_cpu = cpu;
	/* Linked once for a thread, also when slab_reset() came in between. */
	if (!at_exit.fn) {
		at_exit.fn = thread_ends;
		host_at_thread_exit(&at_exit);
	}
	return cpu;
}

/**
 * slab_reset() - give all slabs back to the host and deal anew
 * @seed: of the order in which slabs hand their objects out
 *
 * No other thread may allocate or free meanwhile. What is still allocated is
 * gone, but for what has a mapping of its own, above 1 MiB.
 */
void slab_reset(unsigned long seed)
{
	unsigned int i;

	slab_lock();
	for (i = 0; i < NR_SLAB_CPUS; i++) {
		memset(cpus[i].cache, 0, sizeof(cpus[i].cache));
		WRITE_ONCE(cpus[i].owner, NULL);
	}
	for (i = 0; i < NR_KMALLOC_CACHES; i++) {
		kmalloc_caches[i].partial = NULL;
		kmalloc_caches[i].random = 0;
	}
	slab_pages_reset();
	slab_seed(seed);
	slab_unlock();
}
