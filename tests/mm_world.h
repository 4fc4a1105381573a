/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A small range allocator, drawn as text: for each unit of its range the letter
 * of the node that has it, or a dot.
 */
#ifndef _MM_WORLD_H
#define _MM_WORLD_H

#include <linux/kernel.h>
#include <linux/string.h>
#include <drm/drm_mm.h>
#include <host/host.h>

#include "check.h"

#ifdef LAB_HOST_KSRC
/* A kernel tree's allocator does not look at itself. */
static inline const char *drm_mm_verify(const struct drm_mm *mm)
{
	return NULL;
}
#else
#include "drm/drm_mm_internal.h"
#endif

#define NR_NODES	26
#define MAX_UNITS	64

struct mm_parts {
	struct drm_mm mm;
	struct drm_mm_node node[NR_NODES];
};

/*
 * @now: the allocator, and its nodes 'a' to 'z'
 * @before: what it was before the last call
 * @units: how many there are from @base on
 */
static struct {
	struct mm_parts now, before;
	u64 base, units;
	char picture[MAX_UNITS + 1];
} world;

static inline struct drm_mm_node *node_of(char letter)
{
	return &world.now.node[letter - 'a'];
}

static inline char letter_of(const struct drm_mm_node *node)
{
	return 'a' + (node - world.now.node);
}

/* What can be seen from outside: nodes in order, with the right hole behind. */
static inline const char *mm_broken(const struct drm_mm *mm)
{
	const struct drm_mm_node *node = &mm->head_node, *next;
	unsigned long holes = 0, stacked = 0;
	u64 start, end;

	do {
		next = list_next_entry(node, node_list);
		start = node->start + node->size;
		if (next->start < start)
			return "nodes out of order";
		if (drm_mm_hole_follows(node) != (next->start > start))
			return "drm_mm_hole_follows()";
		holes += drm_mm_hole_follows(node);
		if (next != &mm->head_node && !drm_mm_node_allocated(next))
			return "a node on the list is not allocated";
		node = next;
	} while (node != &mm->head_node);

	drm_mm_for_each_hole(node, mm, start, end) {
		if (start != node->start + node->size ||
		    end != list_next_entry(node, node_list)->start)
			return "drm_mm_for_each_hole()";
		stacked++;
	}
	return holes == stacked ? drm_mm_verify(mm) : "number of holes";
}

static inline void take_picture(void)
{
	const struct drm_mm_node *node;
	u64 at;

	memset(world.picture, '.', world.units);
	world.picture[world.units] = 0;
	drm_mm_for_each_node(node, &world.now.mm) {
		for (at = 0; at < node->size; at++)
			world.picture[node->start - world.base + at] =
				letter_of(node);
	}
}

/* Whether all is well, and as drawn; says what is not. */
static inline bool looks(const char *picture)
{
	const char *broken = mm_broken(&world.now.mm);

	if (broken) {
		pr_err("%s\n", broken);
		return false;
	}
	take_picture();
	if (!strcmp(world.picture, picture))
		return true;
	pr_err("\"%s\" is \"%s\"\n", picture, world.picture);
	return false;
}

#define LOOKS(picture)		KT_CHECK(looks(picture))

/* A failed call must have changed nothing, its own node included. */
static inline int unchanged_if(int err)
{
	if (err) {
		KT_EQ(err, -ENOSPC);
		KT_CHECK(!memcmp(&world.now, &world.before, sizeof(world.now)));
	}
	return err;
}

static inline int reserve(char letter, u64 start, u64 size)
{
	struct drm_mm_node *node = node_of(letter);

	node->start = start;
	node->size = size;
	world.before = world.now;
	return unchanged_if(drm_mm_reserve_node(&world.now.mm, node));
}

static inline int put_at(char letter, u64 size, u64 align, unsigned long color,
			 u64 start, u64 end, enum drm_mm_insert_mode mode)
{
	world.before = world.now;
	return unchanged_if(drm_mm_insert_node_in_range(&world.now.mm,
							node_of(letter), size,
							align, color, start,
							end, mode));
}

static inline int put(char letter, u64 size, enum drm_mm_insert_mode mode)
{
	return put_at(letter, size, 0, 0, 0, U64_MAX, mode);
}

static inline int put_aligned(char letter, u64 size, u64 align,
			      enum drm_mm_insert_mode mode)
{
	return put_at(letter, size, align, 0, 0, U64_MAX, mode);
}

static inline int put_within(char letter, u64 size, u64 start, u64 end,
			     enum drm_mm_insert_mode mode)
{
	return put_at(letter, size, 0, 0, start, end, mode);
}

static inline void drop(char letter)
{
	drm_mm_remove_node(node_of(letter));
	KT_CHECK(!drm_mm_node_allocated(node_of(letter)));
}

static inline void drop_each(const char *letters)
{
	while (*letters)
		drop(*letters++);
}

/*
 * Begin with an allocator at @base that looks like @picture, its nodes reserved
 * in the order of their letters. Node x gets color 'x' - 'a'.
 */
static inline void draw_at(u64 base, const char *picture)
{
	u64 units = strlen(picture), at, size;
	char letter;

	KT_CHECK(units <= MAX_UNITS);
	memset(&world, 0, sizeof(world));
	world.base = base;
	world.units = units;
	drm_mm_init(&world.now.mm, base, units);
	for (letter = 'a'; letter <= 'z'; letter++) {
		for (at = 0; at < units && picture[at] != letter; at++)
			;
		for (size = 0; at + size < units; size++)
			if (picture[at + size] != letter)
				break;
		if (!size)
			continue;
		node_of(letter)->color = letter - 'a';
		KT_EQ(reserve(letter, base + at, size), 0);
	}
	LOOKS(picture);
}

static inline void draw(const char *picture)
{
	draw_at(0, picture);
}

/* Remove what is left; the whole range is one hole then. */
static inline void wipe(void)
{
	struct drm_mm *mm = &world.now.mm;
	struct drm_mm_node *node, *next;

	drm_mm_for_each_node_safe(node, next, mm)
		drm_mm_remove_node(node);
	KT_CHECK(drm_mm_clean(mm));
	KT_EQ(mm->head_node.hole_size, world.units);
	KT_CHECK(list_is_singular(&mm->hole_stack));
	KT_EQ(mm_broken(mm), NULL);
	drm_mm_takedown(mm);
}

#endif /* _MM_WORLD_H */
