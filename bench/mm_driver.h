/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The least of a driver that a scenario of the range allocator needs: an
 * allocator that is full of nodes, a resv, and what is going to be asked of it.
 * All of it is drawn from the case's seed, so every variant gets the same.
 */
#ifndef _BENCH_MM_DRIVER_H
#define _BENCH_MM_DRIVER_H

#include <linux/dma-resv.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/types.h>
#include <variants/mm/contract.h>

#include "bench.h"
#include "draw.h"

#define POOL_PAGE	4096ull
#define POOL_MAX_PAGES	512ull		/* of a node or a request: 2 MiB */
#define POOL_SLACK	(64ull << 20)	/* free behind the last node */
#define POOL_ASKS	1024		/* requests, drawn anew each time */

enum pool_fill {
	POOL_PACKED,	/* node by node from the bottom, the rest one hole */
	POOL_FRAG,	/* twice as many, then every second one freed */
	POOL_FULL,	/* packed, and no room left */
};

/* What is asked for: a size, and for a reserve where. */
struct pool_ask {
	u64 start, size;
};

/**
 * struct pool - an allocator with nodes
 * @resv: the resv of its user
 * @ticket: with which the resv is held
 * @a: the allocator
 * @node: what is allocated, in order of address but not of memory
 * @block: the memory of all of them
 * @nr: how many
 * @span: size of the allocator's range, which starts at 0
 * @random: state of the generator
 * @ask: what is asked for, POOL_ASKS of them
 * @draw: decides which of @ask is next
 * @spare: the node that comes and goes
 * @redealt: the node that moves next
 * @ops: operations done
 * @sum: of the places that were found
 * @failed: operations that found none
 */
struct pool {
	struct dma_resv resv;
	struct ww_acquire_ctx ticket;
	struct mm_alloc *a;
	struct mm_node **node;
	struct mm_node *block;
	unsigned long nr;
	u64 span;
	u64 random;
	struct pool_ask *ask;
	u64 draw;
	struct mm_node spare;
	unsigned long redealt;
	unsigned long ops;
	u64 sum;
	unsigned long failed;
};

/* xorshift64; below @n. */
static inline u64 pool_random(struct pool *p, u64 n)
{
	p->random ^= p->random << 13;
	p->random ^= p->random >> 7;
	p->random ^= p->random << 17;
	return p->random % n;
}

static inline void pool_shuffle(struct pool *p, struct mm_node **v,
				unsigned long nr)
{
	while (nr > 1) {
		unsigned long i = pool_random(p, nr--);

		swap(v[i], v[nr]);
	}
}

/* The caller's transaction, as an ioctl has one. Nobody else wants the lock. */
static inline void pool_hold(struct pool *p)
{
	ww_acquire_init(&p->ticket, &reservation_ww_class);
	dma_resv_lock(&p->resv, &p->ticket);
	ww_acquire_done(&p->ticket);
}

static inline void pool_release(struct pool *p)
{
	dma_resv_unlock(&p->resv);
	ww_acquire_fini(&p->ticket);
}

/**
 * pool_free() - undo pool_alloc() and pool_populate()
 * @p: the pool, or NULL
 *
 * Return: how many nodes or references were left in the allocator, and how many
 * operations had failed: each shall find a place.
 */
static inline int pool_free(struct pool *p)
{
	unsigned long i;
	int left = 0;

	if (!p)
		return 0;
	if (p->a) {
		pool_hold(p);
		for (i = 0; i < p->nr; i++)
			if (drm_mm_node_allocated(&p->node[i]->base))
				node_remove(p->a, p->node[i]);
		left = p->failed + !drm_mm_clean(&p->a->base) + mm_refs(p->a);
		pool_release(p);
		mm_put(p->a);
	}
	dma_resv_fini(&p->resv);
	kvfree(p->node);
	kvfree(p->block);
	kfree(p->ask);
	kfree(p);
	return left;
}

/* An allocator of [0, @span) that is empty, as a driver makes one. */
static inline struct mm_alloc *pool_mm(struct dma_resv *resv, u64 span)
{
	struct mm_alloc *a = kzalloc(sizeof(*a), GFP_KERNEL);

	if (a) {
		drm_mm_init(&a->base, 0, span);
		a->resv = resv;
		mm_setup(a);
	}
	return a;
}

/**
 * pool_alloc() - memory for a pool
 * @seed: of all that is random
 * @nr: nodes
 *
 * Return: a pool without an allocator, or NULL.
 */
static inline struct pool *pool_alloc(unsigned long seed, unsigned long nr)
{
	struct pool *p = kzalloc(sizeof(*p), GFP_KERNEL);
	unsigned long i;

	if (!p)
		return NULL;
	dma_resv_init(&p->resv);
	p->random = seed * 2 + 1;
	p->draw = seed;
	p->redealt = 1;
	p->block = kvcalloc(nr, sizeof(*p->block), GFP_KERNEL);
	p->node = kvcalloc(nr, sizeof(*p->node), GFP_KERNEL);
	p->ask = kcalloc(POOL_ASKS, sizeof(*p->ask), GFP_KERNEL);
	if (!p->block || !p->node || !p->ask) {
		pool_free(p);
		return NULL;
	}
	for (i = 0; i < nr; i++)
		p->node[i] = &p->block[i];
	pool_shuffle(p, p->node, nr);
	p->nr = nr;
	return p;
}

/* Nodes side by side from 0. Returns where they end. */
static inline u64 pool_lay_out(struct pool *p)
{
	u64 at = 0;
	unsigned long i;

	for (i = 0; i < p->nr; i++) {
		struct drm_mm_node *n = &p->node[i]->base;

		n->start = at;
		n->size = POOL_PAGE * (1 + pool_random(p, POOL_MAX_PAGES));
		at += n->size;
	}
	return at;
}

/*
 * Every second node is freed, in random order, so that the ages of the holes say
 * nothing of where they are; the others move up in @node.
 */
static inline void pool_thin_out(struct pool *p)
{
	unsigned long i, half = p->nr / 2;

	for (i = 0; i < half; i++)
		swap(p->node[i], p->node[2 * i + 1]);
	pool_shuffle(p, p->node + half, p->nr - half);
	for (i = half; i < p->nr; i++)
		node_remove(p->a, p->node[i]);
	p->nr = half;
}

/**
 * pool_redeal() - let holes change places
 * @p: a pool of three nodes or more, POOL_FRAG, whose resv is held
 * @nr: how many nodes move
 * @lo: no hole moves across this,
 * @hi: nor across this
 *
 * A node moves so that the hole before it is as large as the one behind it was, where
 * there may be none. The sizes that are free stay, so that what had a place has one, but
 * trees and ages are others: nothing may learn the way that a size takes.
 */
static inline void pool_redeal(struct pool *p, unsigned long nr, u64 lo, u64 hi)
{
	for (; nr && p->nr > 2; nr--) {
		unsigned long i = p->redealt;
		struct drm_mm_node *n = &p->node[i]->base;
		struct drm_mm_node *before = &p->node[i - 1]->base;
		u64 from = before->start + before->size, to;

		to = i + 1 < p->nr ? p->node[i + 1]->base.start : p->span;
		p->redealt += 2;
		if (p->redealt >= p->nr)
			p->redealt = i % 2 ? 2 : 1;
		if ((from < lo && to > lo) || (from < hi && to > hi))
			continue;
		node_remove(p->a, p->node[i]);
		n->start = from + to - n->start - n->size;
		p->failed += !!node_reserve(p->a, p->node[i]);
	}
}

/**
 * pool_new() - an allocator with nodes of 4 KiB to 2 MiB
 * @seed: of all that is random
 * @nr: nodes
 * @fill: how they lie
 *
 * Return: a pool, or NULL.
 */
static inline struct pool *pool_new(unsigned long seed, unsigned long nr,
				    enum pool_fill fill)
{
	struct pool *p = pool_alloc(seed, fill == POOL_FRAG ? 2 * nr : nr);
	unsigned long i;
	int err = 0;

	if (!p)
		return NULL;
	p->span = pool_lay_out(p);
	if (fill == POOL_PACKED)
		p->span += POOL_SLACK;
	p->a = pool_mm(&p->resv, p->span);
	if (!p->a)
		goto err;
	pool_hold(p);
	for (i = 0; i < p->nr && !err; i++)
		err = node_reserve(p->a, p->node[i]);
	if (!err && fill == POOL_FRAG)
		pool_thin_out(p);
	pool_release(p);
	if (!err)
		return p;
err:
	pool_free(p);
	return NULL;
}

/**
 * pool_ask_sizes() - draw sizes that will find a place
 * @p: the pool
 * @lo: lowest start
 * @hi: highest end
 * @align: of the start
 *
 * From a page to what every alignment leaves of the largest hole, at most 2 MiB.
 */
static inline void pool_ask_sizes(struct pool *p, u64 lo, u64 hi, u64 align)
{
	u64 start, end, most = 0, pages;
	struct drm_mm_node *hole;
	unsigned int i;

	drm_mm_for_each_hole(hole, &p->a->base, start, end) {
		start = max(start, lo);
		end = min(end, hi);
		if (start < end)
			most = max(most, end - start);
	}
	most = most > align + POOL_PAGE ? most - align : POOL_PAGE;
	pages = min(most / POOL_PAGE, POOL_MAX_PAGES);
	for (i = 0; i < POOL_ASKS; i++)
		p->ask[i].size = POOL_PAGE * (1 + pool_random(p, pages));
}

/**
 * pool_ask_places() - draw ranges inside of holes
 * @p: the pool
 *
 * Return: 0, or -ENOSPC when there is no hole.
 */
static inline int pool_ask_places(struct pool *p)
{
	unsigned long seen = 0;
	struct drm_mm_node *hole;
	unsigned int i;
	u64 start, end;

	/* A sample of all holes, each as likely as any other. */
	drm_mm_for_each_hole(hole, &p->a->base, start, end) {
		struct pool_ask ask = { start, end - start };

		if (seen < POOL_ASKS)
			p->ask[seen] = ask;
		else if (pool_random(p, seen + 1) < POOL_ASKS)
			p->ask[pool_random(p, POOL_ASKS)] = ask;
		seen++;
	}
	for (i = seen; seen && i < POOL_ASKS; i++)
		p->ask[i] = p->ask[i % seen];
	for (i = 0; seen && i < POOL_ASKS; i++) {
		struct pool_ask *ask = &p->ask[i];
		u64 from = pool_random(p, ask->size / POOL_PAGE);

		ask->start += from * POOL_PAGE;
		ask->size -= from * POOL_PAGE;
		ask->size = POOL_PAGE *
			    (1 + pool_random(p, ask->size / POOL_PAGE));
	}
	return seen ? 0 : -ENOSPC;
}

static inline const struct pool_ask *pool_next(struct pool *p)
{
	return &p->ask[draw_below(&p->draw, POOL_ASKS)];
}

/* FNV-1a over words. */
#define POOL_DIGEST	0xcbf29ce484222325ul

static inline unsigned long pool_mix(unsigned long d, u64 word)
{
	return (d ^ word) * 0x100000001b3ul;
}

/*
 * One insert and remove, looked at half-way: balanced calls that do nothing
 * leave the same behind.
 */
static inline unsigned long pool_probe(unsigned long d, struct pool *p)
{
	struct drm_mm_node *n = &p->spare.base;
	int err;

	pool_hold(p);
	err = node_insert(p->a, &p->spare, POOL_PAGE, 0, 0, 0, U64_MAX,
			  DRM_MM_INSERT_LOW);
	d = pool_mix(d, err ? 1 : n->start);
	d = pool_mix(d, drm_mm_node_allocated(n));
	if (drm_mm_node_allocated(n))
		node_remove(p->a, &p->spare);
	d = pool_mix(d, drm_mm_node_allocated(n));
	pool_release(p);
	return d;
}

/**
 * pool_digest() - all nodes and all that is free
 * @d: digest so far
 * @p: the pool, which nobody works on
 * @alone: one thread worked on it, so that ages of holes and what was done
 *	are the same for all variants
 */
static inline unsigned long pool_digest(unsigned long d, struct pool *p,
					bool alone)
{
	struct drm_mm *mm = &p->a->base;
	unsigned int refs = mm_refs(p->a), nodes = 0;
	struct drm_mm_node *n;
	u64 start, end, free = 0;

	drm_mm_for_each_node(n, mm) {
		d = pool_mix(d, n->start);
		d = pool_mix(d, n->size);
		nodes++;
	}
	drm_mm_for_each_hole(n, mm, start, end) {
		free += end - start;
		if (alone)
			d = pool_mix(d, start);
	}
	d = pool_probe(pool_mix(d, free), p);
	/* Where nodes count, each does once. */
	d = pool_mix(d, !refs || refs == nodes);
	if (!alone)
		return d;
	d = pool_mix(d, p->sum);
	d = pool_mix(d, p->failed);
	return pool_mix(d, p->ops);
}

/* Bytes of a pool of @nr nodes. */
static inline unsigned long pool_bytes(unsigned long nr)
{
	return sizeof(struct pool) + sizeof(struct mm_alloc) +
	       POOL_ASKS * sizeof(struct pool_ask) +
	       nr * (sizeof(struct mm_node) + sizeof(struct mm_node *));
}

#endif /* _BENCH_MM_DRIVER_H */
