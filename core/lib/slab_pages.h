/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Where slabs lie. Memory comes from the host in chunks that are aligned to their
 * size; a chunk begins with a struct slab for each of its pages, so that any
 * address leads to its slab, as it does through the kernel's memory map.
 */
#ifndef _SLAB_PAGES_H
#define _SLAB_PAGES_H

#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/types.h>

#define SLAB_PAGE	4096UL
#define SLAB_CHUNK	(2UL << 20)
#define SLAB_PAGES	(SLAB_CHUNK / SLAB_PAGE)

struct kmem_cache;

enum page_type {
	PAGES_FREE,
	PAGES_SLAB,
	PAGES_LARGE,
};

/**
 * struct slab - one run of pages; each of its pages has one
 * @compound_head: of another page than the first: the first's, and 1
 * @type: the first's: what they are
 * @pages: the first's: how many
 * @cache: whose objects a slab holds
 * @obj_exts: to whom they are charged: nobody
 * @state: first free object + 1, objects in use, frozen; see slab_slow.c
 * @next: on the list of partial slabs, or NULL
 * @prev: on the list of partial slabs, or NULL
 *
 * It has a line of its own, as the kernel's struct page.
 */
struct slab {
	unsigned long compound_head;
	enum page_type type;
	u32 pages;
	struct kmem_cache *cache;
	void *obj_exts;
	u64 state;
	struct slab *next, *prev;
} ____cacheline_aligned;

struct slab *slab_pages_get(unsigned int pages, enum page_type type);
void slab_pages_put(struct slab *slab);
void slab_pages_reset(void);
void *slab_mapping_get(size_t size);
void slab_mapping_put(void *p);
size_t slab_mapping_size(const void *p);

static inline unsigned long slab_chunk(const void *p)
{
	return (unsigned long)p & ~(SLAB_CHUNK - 1);
}

/*
 * What begins where a chunk does has a mapping of its own: a chunk begins with its
 * table.
 */
static inline bool slab_is_mapping(const void *p)
{
	return !((unsigned long)p & (SLAB_CHUNK - 1));
}

/* From the address to its page, from a page of many to the first of them. */
static inline struct slab *virt_to_slab(const void *p)
{
	struct slab *page = (struct slab *)slab_chunk(p) +
		((unsigned long)p & (SLAB_CHUNK - 1)) / SLAB_PAGE;
	unsigned long first = READ_ONCE(page->compound_head);

	return first & 1 ? (struct slab *)(first - 1) : page;
}

static inline void *slab_address(const struct slab *slab)
{
	unsigned long chunk = slab_chunk(slab);

	return (void *)(chunk + (slab - (struct slab *)chunk) * SLAB_PAGE);
}

#endif /* _SLAB_PAGES_H */
