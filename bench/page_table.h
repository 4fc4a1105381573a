/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A GPU's page table as drivers keep it: four levels of 512 entries, leaves of
 * 4 KiB pages, 48 bits of address. Tables are made before a range is used, as
 * drivers do, so that writing entries neither allocates nor fails.
 *
 * The caller serialises it. No device reads it: entries are plain cached memory.
 */
#ifndef _BENCH_PAGE_TABLE_H
#define _BENCH_PAGE_TABLE_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/types.h>

#define PT_SHIFT	12
#define PT_BITS		9
#define PT_ENTRIES	(1u << PT_BITS)
#define PT_LEVELS	4
#define PT_VALID	1ull

struct pt_table {
	u64 entry[PT_ENTRIES];
};

static inline struct pt_table *pt_alloc(void)
{
	return kzalloc(sizeof(struct pt_table), GFP_KERNEL);
}

/* Level 0 holds the leaves. */
static inline unsigned int pt_index(u64 addr, unsigned int level)
{
	return addr >> (PT_SHIFT + PT_BITS * level) & (PT_ENTRIES - 1);
}

static inline struct pt_table *pt_below(const struct pt_table *t,
					unsigned int index)
{
	return (struct pt_table *)(unsigned long)(t->entry[index] & ~PT_VALID);
}

static inline void pt_free_level(struct pt_table *t, unsigned int level)
{
	unsigned int i;

	for (i = 0; t && level && i < PT_ENTRIES; i++)
		pt_free_level(pt_below(t, i), level - 1);
	kfree(t);
}

/**
 * pt_free() - free a page table
 * @root: of pt_alloc(), or NULL
 */
static inline void pt_free(struct pt_table *root)
{
	pt_free_level(root, PT_LEVELS - 1);
}

/**
 * pt_prepare() - make the tables of a range
 * @root: the page table
 * @addr: address, in bytes
 * @range: length in bytes, not 0
 *
 * Return: 0 or -ENOMEM.
 */
static inline int pt_prepare(struct pt_table *root, u64 addr, u64 range)
{
	const u64 step = 1ull << (PT_SHIFT + PT_BITS);
	u64 at;

	for (at = addr & ~(step - 1); at < addr + range; at += step) {
		struct pt_table *t = root, *below;
		unsigned int level, i;

		for (level = PT_LEVELS - 1; level; level--, t = below) {
			i = pt_index(at, level);
			below = pt_below(t, i);
			if (below)
				continue;
			below = pt_alloc();
			if (!below)
				return -ENOMEM;
			t->entry[i] = (unsigned long)below | PT_VALID;
		}
	}
	return 0;
}

static inline struct pt_table *pt_leaf(struct pt_table *root, u64 addr)
{
	struct pt_table *t = root;
	unsigned int level;

	for (level = PT_LEVELS - 1; level; level--)
		t = pt_below(t, pt_index(addr, level));
	return t;
}

/**
 * pt_write() - write every entry of a range
 * @root: the page table; pt_prepare() made its tables
 * @addr: address, in bytes, of a page
 * @range: length in bytes, of whole pages
 * @value: of the first entry
 * @step: from an entry to the next one; 0 with @value 0 to clear
 *
 * Not inlined: the loop then lies at the same place of its cache lines for every
 * design and host, or its front end, not a lock, would be compared.
 */
static noinline void pt_write(struct pt_table *root, u64 addr, u64 range,
			      u64 value, u64 step)
{
	u64 end = addr + range;

	while (addr < end) {
		u64 *entry = &pt_leaf(root, addr)->entry[pt_index(addr, 0)];
		u64 n = min_t(u64, PT_ENTRIES - pt_index(addr, 0),
			      (end - addr) >> PT_SHIFT);
		u64 *stop = entry + n;

		for (; entry < stop; entry++, value += step)
			WRITE_ONCE(*entry, value);
		addr += n << PT_SHIFT;
	}
}

/**
 * pt_count() - how many entries of a range are valid
 * @root: the page table; pt_prepare() made its tables
 * @addr: address, in bytes
 * @range: length in bytes
 */
static inline unsigned long pt_count(struct pt_table *root, u64 addr, u64 range)
{
	unsigned long n = 0;
	u64 at;

	for (at = addr; at < addr + range; at += 1ull << PT_SHIFT)
		n += pt_leaf(root, at)->entry[pt_index(at, 0)] & PT_VALID;
	return n;
}

#endif /* _BENCH_PAGE_TABLE_H */
