/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Allocations counted, and made to fail, in every flavour and on every host. A
 * test that includes this is linked with COUNTS_ALLOCS, see rules.mk.
 */
#ifndef _ALLOC_COUNT_H
#define _ALLOC_COUNT_H

#include <linux/atomic.h>
#include <linux/slab.h>

void *__wrap___kmalloc(size_t size, gfp_t flags);
void __wrap_kfree(const void *p);
void *__real___kmalloc(size_t size, gfp_t flags);
void __real_kfree(const void *p);

/* Allocations that are not freed yet. */
static atomic_t allocs_live;
/* The calling thread's n-th from now fails, once; 0: none does. */
static __thread unsigned int alloc_fails;

static bool alloc_should_fail(void)
{
	return alloc_fails && !--alloc_fails;
}

void *__wrap___kmalloc(size_t size, gfp_t flags)
{
	void *p = alloc_should_fail() ? NULL : __real___kmalloc(size, flags);

	if (p)
		atomic_inc(&allocs_live);
	return p;
}

void __wrap_kfree(const void *p)
{
	if (p)
		atomic_dec(&allocs_live);
	__real_kfree(p);
}

#endif /* _ALLOC_COUNT_H */
