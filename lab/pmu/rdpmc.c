// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "pmu/rdpmc.h"

#define ARM_USER_READ	2	/* config1: the kernel lets user space read it */
#define ARM_CYCLES	31	/* register index of the cycle counter */

#if defined(__x86_64__)

void lab_rdpmc_ask(struct perf_event_attr *attr)
{
	(void)attr;
}

static bool read_register(unsigned int i, uint64_t *value)
{
	unsigned int lo, hi;

	__asm__ __volatile__("rdpmc" : "=a"(lo), "=d"(hi) : "c"(i));
	*value = (uint64_t)hi << 32 | lo;
	return true;
}

#elif defined(__aarch64__)

void lab_rdpmc_ask(struct perf_event_attr *attr)
{
	if (attr->type == PERF_TYPE_HARDWARE || attr->type == PERF_TYPE_RAW)
		attr->config1 |= ARM_USER_READ;
}

/* The register's number is part of the instruction. */
#define READ(n)								\
	case n:								\
		__asm__ __volatile__("mrs %0, pmevcntr" #n "_el0"	\
				     : "=r"(*value));			\
		return true

static bool read_register(unsigned int i, uint64_t *value)
{
	/* what was counted before this must have retired */
	__asm__ __volatile__("isb" : : : "memory");
	switch (i) {
	READ(0);
	READ(1);
	READ(2);
	READ(3);
	READ(4);
	READ(5);
	READ(6);
	READ(7);
	case ARM_CYCLES:
		__asm__ __volatile__("mrs %0, pmccntr_el0" : "=r"(*value));
		return true;
	}
	return false;
}

#else
#error "no registers to read on this architecture"
#endif

/*
 * The kernel changes @lock before and after the rest; it does so on this thread's
 * own CPU, so the compiler alone has to keep the order.
 */
bool lab_rdpmc(const volatile struct perf_event_mmap_page *page,
	       uint64_t *value)
{
	unsigned int seq, index, width;
	uint64_t count = 0;
	int64_t offset;

	do {
		seq = page->lock;
		__asm__ __volatile__("" : : : "memory");
		index = page->index;
		width = page->pmc_width;
		offset = page->offset;
		if (!page->cap_user_rdpmc || !index || !width || width > 64 ||
		    !read_register(index - 1, &count))
			return false;
		__asm__ __volatile__("" : : : "memory");
	} while (page->lock != seq);
	*value = offset + ((int64_t)(count << (64 - width)) >> (64 - width));
	return true;
}
