// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The fast path, in the steps of SLUB's. What the kernel patches in or out while it
 * runs (tracing, KFENCE, SLUB's debugging, init_on_free) is out, and takes nothing.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/slab.h>

#include "slab.h"

#ifndef __SANITIZE_ADDRESS__

/* Of the sizes up to SMALL, in steps of 8: the number of their cache. */
#define SMALL	192
static const u8 small_caches[SMALL / 8] = {
	0, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4,
	5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6,
};

/* Flags that the memory may be had by: all, once the system is up. */
gfp_t gfp_allowed_mask = (gfp_t)~0u;

/* The number of the cache of what has @last + 1 bytes. */
static __always_inline unsigned int cache_of(size_t last)
{
	return last < SMALL ? small_caches[last / 8] : fls64(last) - 1;
}

/*
 * Memory that is charged has caches of its own in the kernel, as that has which
 * can be reclaimed, or reached by DMA. We have the normal ones.
 */
#define KMALLOC_NOT_NORMAL_BITS	__GFP_ACCOUNT

static __always_inline struct kmem_cache *kmalloc_cache(size_t size, gfp_t flags)
{
	if (unlikely(flags & KMALLOC_NOT_NORMAL_BITS))
		host_bug(__FILE__, __LINE__, "no caches but the normal ones");
	return &kmalloc_caches[cache_of(size - 1)];
}

static __always_inline void *get_object(struct kmem_cache *s)
{
	struct kmem_cache_cpu *c;
	unsigned long freelist;
	void *object, *next;
	struct slab_cpu *cpu;

	do {
		cpu = slab_cpu();
		if (unlikely(!cpu))
			return slab_alloc_slow(s);
		c = cpu_part(s, cpu);
		freelist = READ_ONCE(c->freelist);
		object = freelist_object(freelist);
		if (unlikely(!object || !c->slab))
			return slab_alloc_slow(s);
		next = get_freepointer(s, object);
	} while (unlikely(!try_cmpxchg_local(&c->freelist, &freelist,
					     freelist_next(freelist, next))));
	/* The next allocation reads its link. */
	__builtin_prefetch(next + s->offset, 1);
	return object;
}

/* Who is charged is told by flags of the call or of the cache. */
static __always_inline void memcg_slab_post_alloc(const struct kmem_cache *s,
						  gfp_t flags)
{
	if (unlikely((flags & __GFP_ACCOUNT) || (s->flags & SLAB_ACCOUNT)))
		host_bug(__FILE__, __LINE__, "there are no memory cgroups");
}

/*
 * Objects are zeroed whatever the flags say, as with init_on_alloc, which is
 * Debian's default; but those that keep something while they are free.
 */
static __always_inline bool is_zeroed(const struct kmem_cache *s, gfp_t flags)
{
	return likely(!s->ctor) &&
	       (likely(!(s->flags & (SLAB_TYPESAFE_BY_RCU | SLAB_POISON))) ||
		(flags & __GFP_ZERO));
}

static __always_inline void *alloc_object(struct kmem_cache *s, gfp_t flags)
{
	void *object;

	flags &= READ_ONCE(gfp_allowed_mask);
	object = get_object(s);
	/* All of the object: krealloc() may hand out the rest later. */
	if (is_zeroed(s, flags) && likely(object))
		slab_memset(object, 0, s->object_size);
	memcg_slab_post_alloc(s, flags);
	return object;
}

/**
 * __kmalloc() - allocate memory
 * @size: bytes
 * @flags: GFP_*
 *
 * Return: zeroed memory; what is not to be followed, for no bytes; or NULL.
 */
void *__kmalloc(size_t size, gfp_t flags)
{
	if (kmalloc_should_fail())
		return NULL;
	if (unlikely(size > KMALLOC_MAX_CACHE_SIZE))
		return kmalloc_large(size);
	if (unlikely(!size))
		return ZERO_SIZE_PTR;
	return alloc_object(kmalloc_cache(size, flags), flags);
}

static __always_inline void put_object(struct kmem_cache *s, struct slab *slab,
				       void *object)
{
	struct kmem_cache_cpu *c;
	unsigned long freelist;
	struct slab_cpu *cpu;

	do {
		cpu = slab_cpu();
		if (unlikely(!cpu)) {
			slab_free_slow(s, slab, object);
			return;
		}
		c = cpu_part(s, cpu);
		freelist = READ_ONCE(c->freelist);
		if (unlikely(c->slab != slab)) {
			slab_free_slow(s, slab, object);
			return;
		}
		set_freepointer(s, object, freelist_object(freelist));
	} while (unlikely(!try_cmpxchg_local(&c->freelist, &freelist,
					     freelist_next(freelist, object))));
}

/* Objects that are charged to somebody have a vector of whom beside their slab. */
static __always_inline void memcg_slab_free(const struct slab *slab)
{
	if (unlikely(slab->obj_exts))
		host_bug(__FILE__, __LINE__, "there are no memory cgroups");
}

static __always_inline void slab_free(struct kmem_cache *s, struct slab *slab,
				      void *object)
{
	memcg_slab_free(slab);
	put_object(s, slab, object);
}

/**
 * kfree() - free memory
 * @p: from the functions here, or NULL
 */
void kfree(const void *p)
{
	struct slab *slab;

	if (unlikely(zero_or_null(p)))
		return;
	if (unlikely(slab_is_mapping(p))) {
		slab_mapping_put((void *)p);
		return;
	}
	slab = virt_to_slab(p);
	if (unlikely(slab->type != PAGES_SLAB)) {
		kfree_large(slab, (void *)p);
		return;
	}
	slab_free(slab->cache, slab, (void *)p);
}

#endif /* __SANITIZE_ADDRESS__ */
