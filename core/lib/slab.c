// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Memory, from the host's allocator. */
#include <linux/cache.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <host/host.h>

/* The kernel's buckets above this size are multiples of a cache line. */
#define KMALLOC_UNALIGNED	96
/* Above this one there are pages, no buckets. */
#define KMALLOC_BUCKETS		8192

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

static bool kmalloc_should_fail(void)
{
	return fail_in && !--fail_in;
}

#else

static inline bool kmalloc_should_fail(void)
{
	return false;
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
		return 8;
	if (size > SIZE_MAX / 2)
		return size;
	bucket = roundup_pow_of_two(size);
	/* There are buckets of 96 and 192 bytes too. */
	if ((bucket == 128 || bucket == 256) && size <= bucket / 4 * 3)
		return bucket / 4 * 3;
	return bucket;
}

/*
 * A design that makes a BO larger must not pay for how glibc packs that size: as
 * in the kernel, what counts is the bucket. AddressSanitizer is to see every byte.
 */
static inline size_t bucket_of(size_t size)
{
#ifdef __SANITIZE_ADDRESS__
	return size;
#else
	return size > KMALLOC_BUCKETS ? size : kmalloc_size_roundup(size);
#endif
}

/**
 * __kmalloc() - allocate memory
 * @size: bytes
 * @flags: GFP_*
 *
 * Return: the memory, or NULL.
 */
void *__kmalloc(size_t size, gfp_t flags)
{
	void *p;

	if (kmalloc_should_fail())
		return NULL;
	if (size <= KMALLOC_UNALIGNED)
		p = host_alloc(bucket_of(size));
	else
		p = host_alloc_aligned(L1_CACHE_BYTES, bucket_of(size));
	if (p && (flags & __GFP_ZERO))
		memset(p, 0, size);
	return p;
}

/**
 * kfree() - free memory
 * @p: from the functions here, or NULL
 */
void kfree(const void *p)
{
	host_free(p);
}

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
	size_t have = p ? host_alloc_size(p) : 0;
	void *grown;

	if (p && size <= have)
		return (void *)p;
	grown = __kmalloc(size, flags);
	if (!grown || !p)
		return grown;
	memcpy(grown, p, have);
	kfree(p);
	return grown;
}
