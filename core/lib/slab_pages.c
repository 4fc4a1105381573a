// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Pages for slabs, and large allocations: see slab_pages.h. */
#include <linux/limits.h>
#include <linux/math.h>
#include <host/host.h>

#include "slab_pages.h"

/* Pages that a chunk's own table of them takes. */
#define TABLE_PAGES \
	((SLAB_PAGES * sizeof(struct slab) + SLAB_PAGE - 1) / SLAB_PAGE)

/*
 * Page 0 belongs to the table: its struct is free for the chunk's own. All below
 * slab_lock().
 */
struct chunk {
	struct chunk *next;
	unsigned long bytes;
};

_Static_assert(sizeof(struct chunk) <= sizeof(struct slab), "page 0");

static struct chunk *chunks;

static bool is_free(const struct slab *page)
{
	return !page->compound_head && page->type == PAGES_FREE;
}

static struct slab *take(struct chunk *chunk, unsigned int pages)
{
	struct slab *table = (struct slab *)chunk;
	unsigned int first, n;

	/* Aligned to their size, as the kernel's pages are. */
	for (first = roundup(TABLE_PAGES, pages); first + pages <= SLAB_PAGES;
	     first += pages) {
		for (n = 0; n < pages && is_free(&table[first + n]); n++)
			;
		if (n == pages)
			return &table[first];
	}
	return NULL;
}

static struct slab *find(unsigned int pages)
{
	struct chunk *chunk;
	struct slab *slab;

	for (chunk = chunks; chunk; chunk = chunk->next) {
		slab = take(chunk, pages);
		if (slab)
			return slab;
	}
	chunk = host_pages(SLAB_CHUNK);
	if (!chunk)
		return NULL;
	host_pages_touch(chunk, SLAB_CHUNK);
	chunk->next = chunks;
	chunks = chunk;
	return take(chunk, pages);
}

/**
 * slab_pages_get() - pages, aligned to their size
 * @pages: how many; a power of two, at most half a chunk
 * @type: what for
 *
 * Under slab_lock(). What is in them is undefined.
 *
 * Return: their struct slab, or NULL.
 */
struct slab *slab_pages_get(unsigned int pages, enum page_type type)
{
	struct slab *slab = find(pages);
	unsigned int n;

	if (!slab)
		return NULL;
	slab->type = type;
	slab->pages = pages;
	for (n = 1; n < pages; n++)
		WRITE_ONCE(slab[n].compound_head, (unsigned long)slab | 1);
	return slab;
}

/**
 * slab_pages_put() - give pages back to their chunk
 * @slab: of slab_pages_get(); under slab_lock()
 */
void slab_pages_put(struct slab *slab)
{
	unsigned int n;

	for (n = 1; n < slab->pages; n++)
		WRITE_ONCE(slab[n].compound_head, 0);
	slab->type = PAGES_FREE;
}

/**
 * slab_pages_reset() - give all chunks back to the host
 *
 * Under slab_lock().
 */
void slab_pages_reset(void)
{
	struct chunk *chunk, *next;

	for (chunk = chunks; chunk; chunk = next) {
		next = chunk->next;
		host_pages_free(chunk, SLAB_CHUNK);
	}
	chunks = NULL;
}

/**
 * slab_mapping_get() - an allocation of a mapping of its own
 * @size: bytes
 *
 * It begins a chunk behind the mapping's start, where its size is noted; what
 * lies between is not touched and takes no memory.
 *
 * Return: zeroed memory, or NULL.
 */
void *slab_mapping_get(size_t size)
{
	struct chunk *chunk;

	if (size > SIZE_MAX / 2)
		return NULL;
	chunk = host_pages(SLAB_CHUNK + size);
	if (!chunk)
		return NULL;
	chunk->bytes = size;
	return (char *)chunk + SLAB_CHUNK;
}

static struct chunk *mapping_chunk(const void *p)
{
	return (struct chunk *)((unsigned long)p - SLAB_CHUNK);
}

/**
 * slab_mapping_put() - free what slab_mapping_get() gave
 * @p: the memory
 */
void slab_mapping_put(void *p)
{
	host_pages_free(mapping_chunk(p), SLAB_CHUNK + slab_mapping_size(p));
}

/**
 * slab_mapping_size() - how much was asked for
 * @p: of slab_mapping_get()
 *
 * Return: bytes.
 */
size_t slab_mapping_size(const void *p)
{
	return mapping_chunk(p)->bytes;
}
