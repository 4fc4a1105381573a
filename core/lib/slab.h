/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Memory, in the kernel's size classes and with the kernel's fast path, after SLUB
 * (Christoph Lameter, 2007): a list of free objects for each CPU that only that CPU
 * touches, so that neither it nor a free to it takes a locked instruction. Threads
 * are pinned; each stands for a CPU.
 *
 *   kmalloc.c	  sizes and their caches; what is above them
 *   slab.c	  the fast path: __kmalloc(), kfree()
 *   slab_slow.c  slabs that run empty or are another thread's
 *   slab_cpu.c	  which thread has which lists
 *   slab_pages.c where slabs lie
 *   slab_memset.c how objects are filled
 *   slab_asan.c  libc's memory instead, for AddressSanitizer
 */
#ifndef _LIB_SLAB_H
#define _LIB_SLAB_H

#include <linux/bug.h>
#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/gfp.h>
#include <linux/types.h>

#include "slab_pages.h"

/* Above this one there are pages, no buckets. */
#define KMALLOC_MAX_CACHE_SIZE	8192
#define NR_KMALLOC_CACHES	13

/*
 * Objects are charged to the memory cgroup of who allocates; may be looked at for an
 * RCU period after they were freed; are filled with a pattern. No cache of ours is
 * so, but each path asks, as the kernel's do.
 */
#define SLAB_ACCOUNT		0x1u
#define SLAB_TYPESAFE_BY_RCU	0x2u
#define SLAB_POISON		0x4u

/**
 * struct kmem_cache - objects of one size
 * @cpu_slab: where a thread's part of it stands in a struct slab_cpu
 * @flags: SLAB_*
 * @ctor: what makes an object of a new slab's memory; NULL
 * @object_size: bytes
 * @offset: of the link in a free object, its middle: what is written behind the
 *	end of the object before, or to a freed one's first members, spares it
 * @random: secret of the links, new with each slab_reset()
 * @partial: slabs that are no thread's and have free objects; under slab_lock()
 */
struct kmem_cache {
	unsigned long cpu_slab;
	u32 flags;
	void (*ctor)(void *object);
	u32 object_size;
	u32 offset;
	unsigned long random;
	struct slab *partial;
};

extern struct kmem_cache kmalloc_caches[NR_KMALLOC_CACHES];

/**
 * struct kmem_cache_cpu - what a thread has of a cache
 * @freelist: its first free object, and how often it has changed
 * @slab: of all objects on the list, frozen; or NULL
 */
struct kmem_cache_cpu {
	unsigned long freelist;
	struct slab *slab;
};

/*
 * The number of changes, SLUB's tid, shares a word with the object. So one compare
 * and exchange tells whether somebody came in between, a signal's handler here, as
 * the kernel's cmpxchg16b does for its two words. Addresses of programs have 47
 * bits, on arm64 48.
 */
#define TID_STEP	(1UL << 48)

static __always_inline void *freelist_object(unsigned long freelist)
{
	return (void *)(freelist & (TID_STEP - 1));
}

static __always_inline unsigned long freelist_next(unsigned long freelist,
						   void *object)
{
	return ((freelist & -TID_STEP) + TID_STEP) | (unsigned long)object;
}

/* The list as it is now has another first object. */
static inline void freelist_set(struct kmem_cache_cpu *c, void *object)
{
	c->freelist = freelist_next(c->freelist, object);
}

/**
 * struct slab_cpu - the lists of a thread
 * @cache: of each cache
 * @owner: address that only this thread has; NULL: nobody's
 *
 * They stand outside of thread-local memory, so that slab_reset() may empty those
 * of all threads, also of one that is gone.
 */
struct slab_cpu {
	struct kmem_cache_cpu cache[NR_KMALLOC_CACHES];
	const void *owner;
} ____cacheline_aligned;

extern __thread struct slab_cpu *this_slab_cpu;

struct slab_cpu *slab_cpu_begin(void);

/* The thread's lists, or NULL: it has none yet, or they were reset since. */
static __always_inline struct slab_cpu *slab_cpu(void)
{
	struct slab_cpu *cpu = this_slab_cpu;

	if (unlikely(!cpu || READ_ONCE(cpu->owner) != &this_slab_cpu))
		return NULL;
	return cpu;
}

/* What a thread has of a cache. */
static __always_inline struct kmem_cache_cpu *
cpu_part(const struct kmem_cache *s, struct slab_cpu *cpu)
{
	return (void *)cpu + s->cpu_slab;
}

/*
 * The link in a free object is hardened: xored with the cache's secret and with
 * its own address, bytes swapped.
 */
static __always_inline unsigned long
harden(const struct kmem_cache *s, const unsigned long *place, unsigned long v)
{
	return v ^ s->random ^ __builtin_bswap64((unsigned long)place);
}

static __always_inline void *get_freepointer(const struct kmem_cache *s,
					     void *object)
{
	unsigned long *place = object + s->offset;

	return (void *)harden(s, place, *place);
}

static __always_inline void set_freepointer(const struct kmem_cache *s,
					    void *object, void *next)
{
	unsigned long *place = object + s->offset;

	if (unlikely(object == next))
		host_bug(__FILE__, __LINE__, "an object is freed twice");
	*place = harden(s, place, (unsigned long)next);
}

void slab_memset(void *p, int c, size_t size);
void *slab_alloc_slow(struct kmem_cache *s);
void slab_free_slow(struct kmem_cache *s, struct slab *slab, void *object);
void slab_deactivate(struct kmem_cache *s, struct kmem_cache_cpu *c);
void slab_seed(unsigned long seed);
void slab_lock(void);
void slab_unlock(void);

void *kmalloc_large(size_t size);
void kfree_large(struct slab *slab, void *p);
size_t slab_size(const void *p);

/* What kmalloc(0) gives, as in the kernel: neither an error nor memory. */
#define ZERO_SIZE_PTR	((void *)16)

static __always_inline bool zero_or_null(const void *p)
{
	return (unsigned long)p <= (unsigned long)ZERO_SIZE_PTR;
}

#ifdef CONFIG_LOCKDEP
bool kmalloc_should_fail(void);
#else
static inline bool kmalloc_should_fail(void)
{
	return false;
}
#endif

#endif /* _LIB_SLAB_H */
