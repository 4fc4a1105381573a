/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The seam of the drm_mm fuzzer. On one side an allocator: mm_target.c over a
 * host's drm_mm, or the model. On the other the driver, which knows only this
 * page. Read by kernel-named code and by libc code, so it includes nothing.
 */
#ifndef _MM_TARGET_H
#define _MM_TARGET_H

#define MM_SLOTS	256		/* nodes that an allocator can hold */
#define MM_HEAD		(-2)		/* an answer: no node, but the list's head */
#define MM_NONE		(-1)		/* an answer: no node */

/* Modes as the API numbers them; what is not named is taken for BEST. */
#define MM_BEST		0u
#define MM_LOW		1u
#define MM_HIGH		2u
#define MM_EVICT	3u
#define MM_ONCE		0x80000000u

enum mm_code {
	MM_INSERT_RANGE,
	MM_INSERT_GENERIC,
	MM_INSERT,
	MM_RESERVE,
	MM_REMOVE,
	MM_SCAN_INIT_RANGE,
	MM_SCAN_INIT,
	MM_SCAN_ADD,
	MM_SCAN_REMOVE,
	MM_COLOR_EVICT,
	MM_FIRST,		/* of the nodes in [start, end], end included */
	MM_WALK_RANGE,		/* the nodes in [start, end) */
	MM_WALK_SAFE,		/* all nodes, removing every fourth or so */
	MM_PRINT,
	MM_CODES
};

enum mm_colour_kind {
	MM_COLOUR_NONE,
	MM_COLOUR_GUARD,	/* a unit between unlike neighbours */
	MM_COLOUR_SHRINK,	/* by the colour, at both sides */
	MM_COLOUR_INVERT,	/* nothing of a hole, or less than nothing */
	MM_COLOURS
};

/**
 * struct mm_space - what an allocator is opened for
 * @start: first address
 * @size: start + size is above start
 * @unit: what a page is here; also the width of a guard
 * @colour: enum mm_colour_kind
 */
struct mm_space {
	unsigned long long start, size, unit;
	unsigned int colour;
};

/**
 * struct mm_op - one call
 * @code: enum mm_code
 * @slot: whose node
 * @mode: of an insertion or a scan
 * @keep: remove: the node's memory stays as it is for the slot's next node
 * @size: of an insertion, reservation or scan
 * @alignment: of an insertion or scan
 * @color: of an insertion, reservation or scan
 * @start: of the range or the reservation; walk_safe: which nodes go
 * @end: of the range
 */
struct mm_op {
	unsigned int code, slot, mode, keep;
	unsigned long long size, alignment, color, start, end;
};

/**
 * struct mm_result - what a call said and what it did to its node
 * @ret: what it returned
 * @slot: the node that it returned, MM_HEAD or MM_NONE
 * @start: of the node, also when it was not inserted
 * @size: of the node
 * @color: of the node
 * @allocated: drm_mm_node_allocated()
 * @digest: of all that a walk met, or of the text
 */
struct mm_result {
	long long ret, slot;
	unsigned long long start, size, color, allocated, digest;
};

struct mm_span {
	unsigned long long start, size, color, slot;
};

struct mm_hole {
	unsigned long long start, end;
};

/**
 * struct mm_state - all that can be seen of an allocator
 * @nr_nodes: how many are on the list
 * @nr_holes: how many are on the stack
 * @clean: drm_mm_clean()
 * @scan_active: nodes that a scan has taken off the list
 * @hit_start: of the last scan
 * @hit_end: of the last scan
 * @nodes: in the order of the list
 * @holes: newest first
 */
struct mm_state {
	unsigned long long nr_nodes, nr_holes, clean, scan_active;
	unsigned long long hit_start, hit_end;
	struct mm_span nodes[MM_SLOTS + 1];
	struct mm_hole holes[MM_SLOTS + 2];
};

/**
 * struct mm_target - an allocator; there is one of each kind at a time
 * @name: as reports call it
 * @open: start anew; whatever was there is dropped
 * @apply: do one call; @res holds what the first target answered, for the model
 * @state: what can be seen; a list longer than the arrays ends there
 * @check: what is wrong inside, or NULL; not while a scan is active
 * @text: what MM_PRINT printed last
 * @close: takedown; every node has been removed
 */
struct mm_target {
	const char *name;
	void (*open)(const struct mm_space *space);
	void (*apply)(const struct mm_op *op, struct mm_result *res);
	void (*state)(struct mm_state *st);
	const char *(*check)(void);
	const char *(*text)(void);
	void (*close)(void);
};

static inline unsigned long long mm_digest(unsigned long long d,
					   unsigned long long v)
{
	d = (d ^ v) * 0x9e3779b97f4a7c15ull;
	return d ^ d >> 29;
}

/* Does MM_WALK_SAFE with @seed remove the node of @slot? */
static inline int mm_walk_removes(unsigned long long seed,
				  unsigned long long slot)
{
	return !(mm_digest(seed, slot) >> 7 & 3);
}

/**
 * struct mm_side - the neighbour of a hole
 * @there: a node, not the end of the space
 * @color: of the node; 0 at the end of the space
 */
struct mm_side {
	int there;
	unsigned long long color;
};

/*
 * The colour callbacks, on plain values so that the model can have them too.
 * They only ever shrink: the start goes up and the end goes down, if need be
 * past each other, but neither wraps.
 */
static inline void mm_colour(const struct mm_space *space,
			     const struct mm_side *before,
			     const struct mm_side *after,
			     unsigned long long color,
			     unsigned long long *start, unsigned long long *end)
{
	unsigned long long unit = space->unit, up = 0, down = 0, old = *start;

	switch (space->colour) {
	case MM_COLOUR_GUARD:
		up = before->there && before->color != color ? unit : 0;
		down = after->color != color ? unit : 0;
		break;
	case MM_COLOUR_SHRINK:
		up = (color & 3) * unit;
		down = (color >> 2 & 1) * unit + (color >> 1 & 1);
		break;
	case MM_COLOUR_INVERT:
		if (color & 1)
			up = *end - *start;
		if (color & 2)
			down = *end - *start;
		if (before->there && (color & 4))
			up = down = 0;
		break;
	}
	*start = up > ~0ull - old ? ~0ull : old + up;
	*end = down > *end ? 0 : *end - down;
}

#endif /* _MM_TARGET_H */
