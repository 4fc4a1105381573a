// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Sizes, their caches, and what is larger; see slab.h. */
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "slab.h"

/* By size, up to 192 in steps of 8, then by the power of two: slab.c. */
#define CACHE(n, bytes)							\
	[n] = {								\
		.cpu_slab = offsetof(struct slab_cpu, cache[n]),	\
		.object_size = (bytes),					\
		.offset = (bytes) / 2 & ~7U,				\
	}
struct kmem_cache kmalloc_caches[NR_KMALLOC_CACHES] = {
	CACHE(0, 8), CACHE(1, 16), CACHE(2, 32), CACHE(3, 64), CACHE(4, 96),
	CACHE(5, 128), CACHE(6, 192), CACHE(7, 256), CACHE(8, 512),
	CACHE(9, 1024), CACHE(10, 2048), CACHE(11, 4096), CACHE(12, 8192),
};

#ifdef CONFIG_LOCKDEP

/* Allocations until the one that fails, counted from 1; 0: none fails. */
static __thread long fail_in;

/**
 * kmalloc_fail_after() - make an allocation of the calling thread fail
 * @after: how many succeed before; -1: none fails
 */
void kmalloc_fail_after(long after)
{
	fail_in = after + 1;
}

/**
 * kmalloc_should_fail() - is this allocation the one?
 */
bool kmalloc_should_fail(void)
{
	return fail_in && !--fail_in;
}

#endif

/**
 * kmalloc_size_roundup() - size of the bucket that an allocation comes from
 * @size: bytes
 */
size_t kmalloc_size_roundup(size_t size)
{
	size_t bucket;

	if (size <= 8)
		return size ? 8 : 0;
	if (size > SIZE_MAX / 2)
		return size;
	bucket = roundup_pow_of_two(size);
	/* There are buckets of 96 and 192 bytes too. */
	if ((bucket == 128 || bucket == 256) && size <= bucket / 4 * 3)
		return bucket / 4 * 3;
	return bucket;
}

/**
 * kmalloc_large() - whole pages
 * @size: bytes, above KMALLOC_MAX_CACHE_SIZE
 *
 * Return: zeroed memory, or NULL.
 */
void *kmalloc_large(size_t size)
{
	unsigned int pages;
	struct slab *slab;

	/* A mapping of its own is zeroed by Linux. */
	if (size > SLAB_CHUNK / 2)
		return slab_mapping_get(size);
	pages = roundup_pow_of_two(size) / SLAB_PAGE;
	slab_lock();
	slab = slab_pages_get(pages, PAGES_LARGE);
	slab_unlock();
	if (!slab)
		return NULL;
	slab_memset(slab_address(slab), 0, pages * SLAB_PAGE);
	return slab_address(slab);
}

/**
 * kfree_large() - free whole pages
 * @slab: theirs
 * @p: the memory
 */
void kfree_large(struct slab *slab, void *p)
{
	if (slab->type != PAGES_LARGE || p != slab_address(slab))
		host_bug(__FILE__, __LINE__, "what is freed is not allocated");
	slab_lock();
	slab_pages_put(slab);
	slab_unlock();
}

#ifndef __SANITIZE_ADDRESS__

/**
 * slab_size() - how much of an allocation may be used
 * @p: the memory; or NULL, which has none
 */
size_t slab_size(const void *p)
{
	struct slab *slab;

	if (zero_or_null(p))
		return 0;
	if (slab_is_mapping(p))
		return slab_mapping_size(p);
	slab = virt_to_slab(p);
	return slab->type == PAGES_SLAB ? slab->cache->object_size :
		slab->pages * SLAB_PAGE;
}

#endif

/**
 * krealloc() - make an allocation larger
 * @p: the memory, or NULL; stays as it is on failure
 * @size: bytes wanted
 * @flags: GFP_*
 *
 * Return: memory with the same content, or NULL.
 */
void *krealloc(const void *p, size_t size, gfp_t flags)
{
	size_t have = slab_size(p);
	void *grown;

	if (!zero_or_null(p) && size <= have)
		return (void *)p;
	grown = __kmalloc(size, flags);
	if (!grown || !have)
		return grown;
	memcpy(grown, p, have);
	kfree(p);
	return grown;
}
