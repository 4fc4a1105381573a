// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * AddressSanitizer is to see every byte, and what is read unset: each object is
 * libc's, and as long as asked for.
 */
#include <linux/cache.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <host/host.h>

#include "slab.h"

#ifdef __SANITIZE_ADDRESS__

void *__kmalloc(size_t size, gfp_t flags)
{
	void *p;

	if (kmalloc_should_fail())
		return NULL;
	if (!size)
		return ZERO_SIZE_PTR;
	p = size <= 96 ? host_alloc(size) :
		host_alloc_aligned(L1_CACHE_BYTES, size);
	if (p && (flags & __GFP_ZERO))
		memset(p, 0, size);
	return p;
}

void kfree(const void *p)
{
	if (!zero_or_null(p))
		host_free(p);
}

size_t slab_size(const void *p)
{
	return zero_or_null(p) ? 0 : host_alloc_size(p);
}

#endif /* __SANITIZE_ADDRESS__ */
