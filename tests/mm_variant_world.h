/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* An allocator of the design that a test is built for, and nodes. */
#ifndef _MM_VARIANT_WORLD_H
#define _MM_VARIANT_WORLD_H

#include <linux/kernel.h>
#include <linux/string.h>
#include <variants/mm/contract.h>
#include <host/host.h>

#include "check.h"
#include "thread.h"

#ifdef LAB_HOST_KSRC
/* A kernel tree's allocator does not look at itself. */
static inline const char *drm_mm_verify(const struct drm_mm *mm)
{
	return NULL;
}
#else
#include "drm/drm_mm_internal.h"
#endif

#define BASE		0x1000ull
#define PAGES		256
#define END		(BASE + PAGES)
#define MAX_THREADS	4
#define MINE		16		/* nodes of a thread */
#define BEST		DRM_MM_INSERT_BEST
#define LOW		DRM_MM_INSERT_LOW
#define HIGH		DRM_MM_INSERT_HIGH

/* The designs that promise something besides the contract. */
#define IS(design)	(!__builtin_strcmp(VARIANT_NAME, design))
#define COUNTS		IS("arc_mutex")
#define IN_RESV		(IS("resv") || IS("resv_mutex"))
#define HAS_LOCK	(!IS("none") && !IS("resv"))
#define KNOWS_NODES	(IS("guard") || IS("explicit_free"))
#define SHOWS_TOKEN	IS("guard")

/* A test of the designs that @cond is true for; of others by name only. */
#define KTEST_IF(cond, fn)	{ #fn, fn, !(cond) }

/*
 * @taken: for each page how many threads think that a node of theirs has it;
 *	relaxed, so that it orders nothing
 */
static struct {
	struct dma_resv resv;
	struct mm_alloc *a;
	struct mm_node node[MAX_THREADS][MINE];
	int taken[PAGES];
} world;

static inline struct mm_alloc *alloc_new(void)
{
	struct mm_alloc *a = kzalloc(sizeof(*a), GFP_KERNEL);

	KT_CHECK(a);
	drm_mm_init(&a->base, BASE, PAGES);
	a->resv = &world.resv;
	mm_setup(a);
	return a;
}

static inline void setup(void)
{
	memset(&world, 0, sizeof(world));
	dma_resv_init(&world.resv);
	world.a = alloc_new();
	KT_EQ(mm_refs(world.a), 0);
}

/* Nothing is left, and nobody refers to it. */
static inline void teardown(void)
{
	KT_CHECK(drm_mm_clean(&world.a->base));
	KT_EQ(drm_mm_verify(&world.a->base), NULL);
	KT_EQ(mm_refs(world.a), 0);
	mm_put(world.a);
	dma_resv_fini(&world.resv);
}

static inline struct mm_node *node_of(unsigned int k)
{
	return &world.node[0][k];
}

static inline bool in_use(const struct mm_node *n)
{
	return drm_mm_node_allocated(&n->base);
}

static inline void expect(unsigned int nodes)
{
	struct drm_mm *mm = &world.a->base;
	const struct drm_mm_node *node;
	unsigned int nr = 0;

	drm_mm_for_each_node(node, mm)
		nr++;
	KT_EQ(nr, nodes);
	KT_EQ(mm_refs(world.a), COUNTS ? nodes : 0);
	KT_EQ(drm_mm_verify(mm), NULL);
}

static inline int insert(struct mm_node *n, u64 size, enum drm_mm_insert_mode mode)
{
	return node_insert(world.a, n, size, 0, 0, BASE, END, mode);
}

#endif /* _MM_VARIANT_WORLD_H */
