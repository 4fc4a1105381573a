/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Where slabs lie. Memory comes from the host in chunks that are aligned to their
 * size; a chunk begins with a struct slab for each of its pages, so that any
 * address leads to its slab, as it does through the kernel's memory map.
 */
#ifndef _SLAB_PAGES_H
#define _SLAB_PAGES_H

#include <linux/types.h>

#define SLAB_PAGE	4096UL
#define SLAB_CHUNK	(2UL << 20)
#define SLAB_PAGES	(SLAB_CHUNK / SLAB_PAGE)

struct kmem_cache;

/**
 * struct slab - one run of pages
 * @state: of a slab: first free object + 1, objects in use, frozen; see slab.c
 * @cache: whose objects it holds; NULL: one allocation of whole pages
 * @head: the first page's struct
 * @next: on the list of partial slabs, or NULL
 * @prev: on the list of partial slabs, or NULL
 * @pages: how many, in the first page's; 0: free
 */
struct slab {
	u64 state;
	struct kmem_cache *cache;
	struct slab *head;
	struct slab *next, *prev;
	u32 pages;
};

struct slab *slab_pages_get(unsigned int pages);
void slab_pages_put(struct slab *slab);
void slab_pages_reset(void);
void *slab_large_get(size_t size);

static inline unsigned long slab_chunk(const void *p)
{
	return (unsigned long)p & ~(SLAB_CHUNK - 1);
}

/* No object of a slab begins where a chunk does; each large one does. */
static inline bool slab_is_large(const void *p)
{
	return !((unsigned long)p & (SLAB_CHUNK - 1));
}

void slab_large_put(void *p);
size_t slab_large_size(const void *p);

static inline struct slab *virt_to_slab(const void *p)
{
	struct slab *first = (struct slab *)slab_chunk(p);

	return first[((unsigned long)p & (SLAB_CHUNK - 1)) / SLAB_PAGE].head;
}

static inline void *slab_address(const struct slab *slab)
{
	unsigned long chunk = slab_chunk(slab);

	return (void *)(chunk + (slab - (struct slab *)chunk) * SLAB_PAGE);
}

#endif /* _SLAB_PAGES_H */
