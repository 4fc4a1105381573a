// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Memory, in the kernel's size classes and with the kernel's fast path, after SLUB
 * (Christoph Lameter, 2007): a list of free objects for each CPU that only that CPU
 * touches, so that neither it nor a free to it takes a locked instruction. Threads
 * are pinned; each stands for a CPU.
 *
 * A slab is frozen while it is some thread's. Its free objects are on that thread's
 * list; what others free to it goes on the slab's own list by one cmpxchg. Slabs
 * that are nobody's and have free objects are on their cache's list of partial
 * slabs. A slab gets on and off that list, and its pages are given back, under one
 * lock only, and its state is changed so that this is due only under it, too.
 */
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/cache.h>
#include <linux/container_of.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <host/host.h>

#include "slab_pages.h"

/* Above this one there are pages, no buckets. */
#define KMALLOC_BUCKETS		8192

#define SLAB_OBJECTS	16
#define SLAB_MAX_BYTES	32768

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

#ifdef __SANITIZE_ADDRESS__

/* AddressSanitizer is to see every byte: each object is libc's. */
static void *slab_alloc_any(size_t size)
{
	return size <= 96 ?
		host_alloc(size) : host_alloc_aligned(L1_CACHE_BYTES, size);
}

static void slab_free_any(void *p)
{
	host_free(p);
}

static size_t slab_size(const void *p)
{
	return host_alloc_size(p);
}

void slab_reset(unsigned long seed)
{
}

#else

struct kmem_cache {
	u32 size;
	u32 offset;
	unsigned long random;
	struct slab *partial;
};

struct kmem_cache_cpu {
	void *freelist;
	unsigned long tid;
	struct slab *slab;
};

/* By size in steps of 8, up to 192; from there by the power of two. */
#define CACHE(bytes)	{ .size = (bytes), .offset = (bytes) / 2 & ~7U }
static struct kmem_cache caches[] = {
	CACHE(8), CACHE(16), CACHE(32), CACHE(64), CACHE(96), CACHE(128),
	CACHE(192), CACHE(256), CACHE(512), CACHE(1024), CACHE(2048),
	CACHE(4096), CACHE(8192),
};
#define NR_CACHES	ARRAY_SIZE(caches)

static const u8 size_index[24] = {
	0, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4,
	5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6,
};

/*
 * What a CPU has in the kernel: the lists of one thread. They stand outside of it,
 * so that slab_reset() may empty those of a thread that is gone.
 */
struct slab_cpu {
	struct kmem_cache_cpu cache[NR_CACHES];
	bool taken;
} ____cacheline_aligned;

#define NR_SLAB_CPUS	128

static struct slab_cpu cpus[NR_SLAB_CPUS];
static __thread struct slab_cpu *this_cpu;
static __thread struct host_thread_exit at_exit;

static unsigned long seed_state = 1;
static int slab_lock_word;

static void lock_slabs(void)
{
	while (__atomic_exchange_n(&slab_lock_word, 1, __ATOMIC_ACQUIRE))
		host_sched_yield();
}

static void unlock_slabs(void)
{
	__atomic_store_n(&slab_lock_word, 0, __ATOMIC_RELEASE);
}

/* Xorshift by Marsaglia. Under the lock. */
static unsigned long slab_random(void)
{
	seed_state ^= seed_state << 13;
	seed_state ^= seed_state >> 7;
	seed_state ^= seed_state << 17;
	return seed_state;
}

/* A slab's state in one word. */
#define STATE_FIRST	0xffffULL
#define STATE_USED	0x10000ULL
#define STATE_USED_MASK	0xffff0000ULL
#define STATE_FROZEN	BIT_ULL(32)

static bool slab_change(struct slab *slab, u64 *from, u64 to)
{
	return __atomic_compare_exchange_n(&slab->state, from, to, false,
					   __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

/*
 * The link in a free object, in its middle and hardened: xored with the cache's
 * secret and the place's address, bytes swapped.
 */
static inline unsigned long *link_of(const struct kmem_cache *s, void *object)
{
	return (unsigned long *)((char *)object + s->offset);
}

static inline unsigned long harden(const struct kmem_cache *s,
				   const unsigned long *place, unsigned long v)
{
	return v ^ s->random ^ __builtin_bswap64((unsigned long)place);
}

static inline void *get_free(const struct kmem_cache *s, void *object)
{
	unsigned long *place = link_of(s, object);

	return (void *)harden(s, place, *place);
}

static inline void set_free(const struct kmem_cache *s, void *object,
			    void *next)
{
	unsigned long *place = link_of(s, object);

	if (unlikely(object == next))
		host_bug(__FILE__, __LINE__, "an object is freed twice");
	*place = harden(s, place, (unsigned long)next);
}

static void *object_at(const struct slab *slab, u64 state)
{
	unsigned long n = state & STATE_FIRST;

	return n ? (char *)slab_address(slab) + (n - 1) * slab->cache->size :
		NULL;
}

static void partial_add(struct kmem_cache *s, struct slab *slab)
{
	slab->prev = NULL;
	slab->next = s->partial;
	if (s->partial)
		s->partial->prev = slab;
	s->partial = slab;
}

static void partial_del(struct kmem_cache *s, struct slab *slab)
{
	if (slab->prev)
		slab->prev->next = slab->next;
	else
		s->partial = slab->next;
	if (slab->next)
		slab->next->prev = slab->prev;
}

/* What is due when a slab's state went from @old to @new: under the lock. */
static void slab_moved(struct slab *slab, u64 old, u64 new)
{
	struct kmem_cache *s = slab->cache;
	bool was = !(old & STATE_FROZEN) && (old & STATE_FIRST);
	bool used = new & STATE_USED_MASK;

	if (new & STATE_FROZEN)
		return;
	if (was && !used)
		partial_del(s, slab);
	else if (!was && used && (new & STATE_FIRST))
		partial_add(s, slab);
	if (!used)
		slab_pages_put(slab);
}

/* Free to a slab that is not this thread's, or was not when it was looked at. */
static noinline void __slab_free(struct kmem_cache *s, struct slab *slab,
				 void *object)
{
	u64 first = ((char *)object - (char *)slab_address(slab)) / s->size + 1;
	u64 old = __atomic_load_n(&slab->state, __ATOMIC_ACQUIRE), new;
	bool locked = false, due;

	do {
		set_free(s, object, object_at(slab, old));
		new = ((old & ~STATE_FIRST) - STATE_USED) | first;
		due = !(old & STATE_FROZEN) &&
		      (!(old & STATE_FIRST) || !(new & STATE_USED_MASK));
		if (due && !locked) {
			lock_slabs();
			locked = true;
		}
	} while (!slab_change(slab, &old, new));
	if (due)
		slab_moved(slab, old, new);
	if (locked)
		unlock_slabs();
}

/* The thread gives a slab up, under the lock: its list goes back to the slab. */
static void deactivate(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	struct slab *slab = c->slab;
	void *object;
	u64 old, new;

	while ((object = c->freelist)) {
		c->freelist = get_free(s, object);
		__slab_free(s, slab, object);
	}
	c->slab = NULL;
	c->tid++;
	old = __atomic_load_n(&slab->state, __ATOMIC_ACQUIRE);
	do {
		new = old & ~STATE_FROZEN;
	} while (!slab_change(slab, &old, new));
	slab_moved(slab, old, new);
}

static void cpu_ends(struct host_thread_exit *exit)
{
	unsigned int i;

	if (!this_cpu)
		return;
	lock_slabs();
	for (i = 0; i < NR_CACHES; i++)
		if (this_cpu->cache[i].slab)
			deactivate(&caches[i], &this_cpu->cache[i]);
	this_cpu->taken = false;
	this_cpu = NULL;
	unlock_slabs();
}

/* The thread's first allocation. */
static noinline struct slab_cpu *cpu_begins(void)
{
	unsigned int i;

	lock_slabs();
	for (i = 0; i < NR_SLAB_CPUS && cpus[i].taken; i++)
		;
	if (i == NR_SLAB_CPUS)
		host_bug(__FILE__, __LINE__, "more threads than slabs know");
	cpus[i].taken = true;
	unlock_slabs();
	at_exit.fn = cpu_ends;
	host_at_thread_exit(&at_exit);
	return &cpus[i];
}

/* A new slab's objects, in an order of its own. Under the lock. */
static void *deal(struct kmem_cache *s, struct slab *slab, unsigned int nr)
{
	static u16 order[SLAB_PAGE / 8];
	char *at = slab_address(slab);
	void *next = NULL;
	unsigned int i, j;

	for (i = 0; i < nr; i++) {
		j = slab_random() % (i + 1);
		order[i] = order[j];
		order[j] = i;
	}
	for (i = 0; i < nr; i++) {
		set_free(s, at + order[i] * s->size, next);
		next = at + order[i] * s->size;
	}
	return next;
}

static void *new_slab(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	unsigned long bytes = s->size * SLAB_OBJECTS;
	struct slab *slab;
	unsigned int nr;

	bytes = clamp(roundup_pow_of_two(bytes), SLAB_PAGE,
		      (unsigned long)SLAB_MAX_BYTES);
	slab = slab_pages_get(bytes / SLAB_PAGE);
	if (!slab)
		return NULL;
	if (!s->random)
		s->random = slab_random();
	nr = bytes / s->size;
	slab->cache = s;
	__atomic_store_n(&slab->state, nr * STATE_USED | STATE_FROZEN,
			 __ATOMIC_RELEASE);
	c->slab = slab;
	return deal(s, slab, nr);
}

/* All free objects of a slab become the thread's; it is frozen if there are any. */
static void *take_all(struct slab *slab)
{
	unsigned int nr, bytes = slab->pages * SLAB_PAGE;
	u64 old = __atomic_load_n(&slab->state, __ATOMIC_ACQUIRE), new;

	nr = bytes / slab->cache->size;
	do {
		new = old & STATE_FIRST ? nr * STATE_USED | STATE_FROZEN :
			old & ~STATE_FROZEN;
	} while (!slab_change(slab, &old, new));
	return object_at(slab, old);
}

static noinline void *slab_alloc_slow(struct kmem_cache *s,
				      struct kmem_cache_cpu *c)
{
	void *object = NULL;

	if (c->slab) {
		object = take_all(c->slab);
		if (!object)
			c->slab = NULL;
	}
	if (!object) {
		lock_slabs();
		c->slab = s->partial;
		if (c->slab) {
			partial_del(s, c->slab);
			object = take_all(c->slab);
		} else {
			object = new_slab(s, c);
		}
		unlock_slabs();
	}
	if (!object)
		return NULL;
	c->freelist = get_free(s, object);
	c->tid++;
	return object;
}

static inline void *slab_alloc(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	void *object = c->freelist;

	if (unlikely(!object || !c->slab))
		return slab_alloc_slow(s, c);
	c->freelist = get_free(s, object);
	c->tid++;
	return object;
}

static void *alloc_pages(size_t size)
{
	struct slab *slab = NULL;
	void *p = NULL;

	if (size > SLAB_CHUNK / 2)
		return slab_large_get(size);
	lock_slabs();
	slab = slab_pages_get(roundup_pow_of_two(size) / SLAB_PAGE);
	if (slab)
		p = slab_address(slab);
	unlock_slabs();
	return p;
}

static inline void *slab_alloc_any(size_t size)
{
	unsigned int i;

	if (unlikely(size > KMALLOC_BUCKETS))
		return alloc_pages(size);
	if (unlikely(!this_cpu))
		this_cpu = cpu_begins();
	i = size > 192 ? fls64(size - 1) - 1 : size_index[(size - !!size) / 8];
	return slab_alloc(&caches[i], &this_cpu->cache[i]);
}

static void free_pages(struct slab *slab)
{
	lock_slabs();
	slab_pages_put(slab);
	unlock_slabs();
}

static inline void slab_free_any(void *p)
{
	struct kmem_cache_cpu *c;
	struct kmem_cache *s;
	struct slab *slab;

	if (unlikely(slab_is_large(p))) {
		if (p)
			slab_large_put(p);
		return;
	}
	slab = virt_to_slab(p);
	s = slab->cache;
	if (unlikely(!s)) {
		free_pages(slab);
		return;
	}
	c = this_cpu ? &this_cpu->cache[s - caches] : NULL;
	if (unlikely(!c || slab != c->slab)) {
		__slab_free(s, slab, p);
		return;
	}
	set_free(s, p, c->freelist);
	c->freelist = p;
	c->tid++;
}

static size_t slab_size(const void *p)
{
	struct slab *slab;

	if (slab_is_large(p))
		return slab_large_size(p);
	slab = virt_to_slab(p);
	return slab->cache ? slab->cache->size : slab->pages * SLAB_PAGE;
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

	lock_slabs();
	for (i = 0; i < NR_SLAB_CPUS; i++)
		memset(cpus[i].cache, 0, sizeof(cpus[i].cache));
	for (i = 0; i < NR_CACHES; i++) {
		caches[i].partial = NULL;
		caches[i].random = 0;
	}
	slab_pages_reset();
	seed_state = seed * 2 + 1;
	for (i = 0; i < 8; i++)
		slab_random();
	unlock_slabs();
}

#endif

/*
 * Zeroes whole words; each class is a multiple of one. The empty asm keeps the
 * compiler from making it a call of libc's memset().
 */
static inline void clear_words(void *p, size_t size)
{
#ifdef __SANITIZE_ADDRESS__
	memset(p, 0, size);
#else
	u64 *q = p, *end = q + DIV_ROUND_UP(size, 8);

	for (; q < end; q++) {
		*q = 0;
		__asm__("" : "+r"(q));
	}
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
	p = slab_alloc_any(size);
	if (p && (flags & __GFP_ZERO))
		clear_words(p, size);
	return p;
}

/**
 * kfree() - free memory
 * @p: from the functions here, or NULL
 */
void kfree(const void *p)
{
	slab_free_any((void *)p);
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
	size_t have = p ? slab_size(p) : 0;
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
