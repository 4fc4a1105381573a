// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Slabs that change hands.
 *
 * A slab is frozen while it is some thread's. Its free objects are on that thread's
 * list; what others free to it goes on the slab's own list by one cmpxchg. Slabs
 * that are nobody's and have free objects are on their cache's list of partial
 * slabs. A slab gets on and off that list, and its pages are given back, under one
 * lock only, and its state is changed so that this is due only under it, too.
 */
#include <linux/bits.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <host/host.h>

#include "slab.h"

#define SLAB_OBJECTS	16
#define SLAB_MAX_BYTES	32768UL

/* A slab's state in one word. */
#define STATE_FIRST	0xffffULL
#define STATE_USED	0x10000ULL
#define STATE_USED_MASK	0xffff0000ULL
#define STATE_FROZEN	BIT_ULL(32)

static unsigned long seed_state = 1;
static int lock_word;

/**
 * slab_lock() - hold what all threads share
 */
void slab_lock(void)
{
	while (__atomic_exchange_n(&lock_word, 1, __ATOMIC_ACQUIRE))
		host_sched_yield();
}

/**
 * slab_unlock() - let go of slab_lock()
 */
void slab_unlock(void)
{
	__atomic_store_n(&lock_word, 0, __ATOMIC_RELEASE);
}

/* Xorshift by Marsaglia. Under the lock. */
static unsigned long slab_random(void)
{
	seed_state ^= seed_state << 13;
	seed_state ^= seed_state >> 7;
	seed_state ^= seed_state << 17;
	return seed_state;
}

/**
 * slab_seed() - decide what is random from now on
 * @seed: any number
 *
 * Under slab_lock().
 */
void slab_seed(unsigned long seed)
{
	unsigned int i;

	seed_state = seed * 2 + 1;
	for (i = 0; i < 8; i++)
		slab_random();
}

static u64 slab_state(const struct slab *slab)
{
	return __atomic_load_n(&slab->state, __ATOMIC_ACQUIRE);
}

static bool slab_change(struct slab *slab, u64 *from, u64 to)
{
	return __atomic_compare_exchange_n(&slab->state, from, to, false,
					   __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

static unsigned int slab_objects(const struct slab *slab)
{
	return slab->pages * SLAB_PAGE / slab->cache->object_size;
}

static void *first_object(const struct slab *slab, u64 state)
{
	unsigned long n = state & STATE_FIRST;

	return n ? slab_address(slab) + (n - 1) * slab->cache->object_size : NULL;
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

/**
 * slab_free_slow() - free to a slab that is not this thread's
 * @s: its cache
 * @slab: of the object
 * @object: goes on the slab's own list
 */
void slab_free_slow(struct kmem_cache *s, struct slab *slab, void *object)
{
	u64 first = (object - slab_address(slab)) / s->object_size + 1;
	u64 old = slab_state(slab), new;
	bool locked = false, due;

	do {
		set_freepointer(s, object, first_object(slab, old));
		new = ((old & ~STATE_FIRST) - STATE_USED) | first;
		due = !(old & STATE_FROZEN) &&
		      (!(old & STATE_FIRST) || !(new & STATE_USED_MASK));
		if (due && !locked) {
			slab_lock();
			locked = true;
		}
	} while (!slab_change(slab, &old, new));
	if (due)
		slab_moved(slab, old, new);
	if (locked)
		slab_unlock();
}

/**
 * slab_deactivate() - a thread gives its slab up
 * @s: the cache
 * @c: what the thread has of it, with a slab; its free objects go back to that
 *
 * Under slab_lock().
 */
void slab_deactivate(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	struct slab *slab = c->slab;
	void *object;
	u64 old, new;

	while ((object = freelist_object(c->freelist))) {
		freelist_set(c, get_freepointer(s, object));
		/* Frozen, so it takes no lock. */
		slab_free_slow(s, slab, object);
	}
	c->slab = NULL;
	old = slab_state(slab);
	do {
		new = old & ~STATE_FROZEN;
	} while (!slab_change(slab, &old, new));
	slab_moved(slab, old, new);
}

/* A new slab's objects, in an order of its own. Under the lock. */
static void *deal(struct kmem_cache *s, struct slab *slab)
{
	static u16 order[SLAB_PAGE / 8];
	unsigned int i, j, nr = slab_objects(slab);
	void *at = slab_address(slab), *next = NULL;

	for (i = 0; i < nr; i++) {
		j = slab_random() % (i + 1);
		order[i] = order[j];
		order[j] = i;
	}
	for (i = 0; i < nr; i++) {
		set_freepointer(s, at + order[i] * s->object_size, next);
		next = at + order[i] * s->object_size;
	}
	return next;
}

static void *new_slab(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	unsigned long bytes = s->object_size * SLAB_OBJECTS;
	struct slab *slab;

	bytes = clamp(roundup_pow_of_two(bytes), SLAB_PAGE, SLAB_MAX_BYTES);
	slab = slab_pages_get(bytes / SLAB_PAGE, PAGES_SLAB);
	if (!slab)
		return NULL;
	if (!s->random)
		s->random = slab_random();
	slab->cache = s;
	__atomic_store_n(&slab->state,
			 slab_objects(slab) * STATE_USED | STATE_FROZEN,
			 __ATOMIC_RELEASE);
	c->slab = slab;
	return deal(s, slab);
}

/* All free objects of a slab become the thread's; it is frozen if there are any. */
static void *take_all(struct slab *slab)
{
	u64 old = slab_state(slab), new;

	do {
		new = old & STATE_FIRST ?
			slab_objects(slab) * STATE_USED | STATE_FROZEN :
			old & ~STATE_FROZEN;
	} while (!slab_change(slab, &old, new));
	return first_object(slab, old);
}

static void *take_another(struct kmem_cache *s, struct kmem_cache_cpu *c)
{
	void *object;

	slab_lock();
	c->slab = s->partial;
	if (c->slab) {
		partial_del(s, c->slab);
		object = take_all(c->slab);
	} else {
		object = new_slab(s, c);
	}
	slab_unlock();
	return object;
}

/**
 * slab_alloc_slow() - allocate where the thread's list is empty
 * @s: the cache
 *
 * Return: what __kmalloc() is to zero, or NULL.
 */
void *slab_alloc_slow(struct kmem_cache *s)
{
	struct slab_cpu *cpu = slab_cpu();
	struct kmem_cache_cpu *c;
	void *object;

	if (!cpu)
		cpu = slab_cpu_begin();
	c = cpu_part(s, cpu);
	/* A slot that was another thread's before may have some. */
	object = freelist_object(c->freelist);
	if (!object && c->slab) {
		object = take_all(c->slab);
		if (!object)
			c->slab = NULL;
	}
	if (!object)
		object = take_another(s, c);
	if (object)
		freelist_set(c, get_freepointer(s, object));
	return object;
}
