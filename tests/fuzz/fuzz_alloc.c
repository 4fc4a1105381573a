// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * What a side allocates goes through here: it is linked with --wrap for kmalloc's
 * functions before its symbols get their tag. What krealloc() needs, it asks of them.
 */
#include <linux/slab.h>

#include "fuzz/fuzz_memory.h"

void *__wrap___kmalloc(size_t size, gfp_t flags);
void __wrap_kfree(const void *p);
void *__real___kmalloc(size_t size, gfp_t flags);
void __real_kfree(const void *p);

void *__wrap___kmalloc(size_t size, gfp_t flags)
{
	void *p;

	if (fuzz_memory_refused())
		return NULL;
	p = __real___kmalloc(size, flags);
	fuzz_memory_allocated(p, size);
	return p;
}

void __wrap_kfree(const void *p)
{
	fuzz_memory_freed(p);
	__real_kfree(p);
}
