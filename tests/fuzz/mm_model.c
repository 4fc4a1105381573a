// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * What drm_mm says it does, done by brute force: nodes are an array in order
 * of address, holes an array in order of age. No trees, and arithmetic that
 * cannot wrap. One thing it cannot foretell: which single hole ONCE tries
 * depends on the shape of the allocator's tree, see first_only().
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mm_run.h"

struct model_node {
	struct mm_span span;
	int scanned;
};

/* Where something shall go: of an insertion or a scan. */
struct want {
	unsigned long long size, alignment, color, start, end;
	int high;
};

static struct mm_space space;
static struct model_node nodes[MM_SLOTS];
static struct mm_hole holes[MM_SLOTS + 1];	/* newest first */
static int nr_nodes, nr_holes, nr_scanned;

/* What is left in the memory of each slot that has no node. */
static struct mm_span memory[MM_SLOTS];

static struct want scan;
static unsigned long long hit_start, hit_end;

static unsigned long nr_undecided;
static char text[MM_SLOTS * 160];

static unsigned long long end_of(const struct mm_span *span)
{
	return span->start + span->size;
}

static int find(unsigned int slot)
{
	int i = 0;

	while (nodes[i].span.slot != slot)
		i++;
	return i;
}

/* --- holes ------------------------------------------------------------------- */

static void hole_drop(int i)
{
	nr_holes--;
	memmove(&holes[i], &holes[i + 1], (nr_holes - i) * sizeof(*holes));
}

static void hole_push(unsigned long long start, unsigned long long end)
{
	memmove(&holes[1], &holes[0], nr_holes * sizeof(*holes));
	holes[0].start = start;
	holes[0].end = end;
	nr_holes++;
}

/* The neighbours of a gap, among the nodes that no scan has taken away. */
static void sides_of(const struct mm_hole *gap, int *before, int *after)
{
	int i;

	*before = MM_HEAD;
	*after = MM_HEAD;
	for (i = 0; i < nr_nodes; i++) {
		if (nodes[i].scanned)
			continue;
		if (nodes[i].span.start >= gap->end) {
			*after = i;
			break;
		}
		*before = i;
	}
}

static struct mm_side side(int node)
{
	struct mm_side s = { 0, 0 };

	if (node >= 0) {
		s.there = 1;
		s.color = nodes[node].span.color;
	}
	return s;
}

static struct mm_hole coloured(const struct mm_hole *gap,
			       unsigned long long color)
{
	struct mm_hole out = *gap;
	struct mm_side sides[2];
	int before, after;

	if (space.colour == MM_COLOUR_NONE)
		return out;
	sides_of(gap, &before, &after);
	sides[0] = side(before);
	sides[1] = side(after);
	mm_colour(&space, &sides[0], &sides[1], color, &out.start, &out.end);
	return out;
}

/* The place in a gap, at its low or high end; 0 if there is none. */
static int place(const struct mm_hole *gap, const struct want *want,
		 unsigned long long *at)
{
	struct mm_hole out = coloured(gap, want->color);
	unsigned __int128 lo, hi, align, pos;

	lo = out.start > want->start ? out.start : want->start;
	hi = out.end < want->end ? out.end : want->end;
	align = want->alignment ? want->alignment : 1;
	if (hi <= lo || hi - lo < want->size)
		return 0;
	if (want->high)
		pos = (hi - want->size) / align * align;
	else
		pos = (lo + align - 1) / align * align;
	if (pos < lo || pos + want->size > hi)
		return 0;
	*at = pos;
	return 1;
}

/* --- insertion ------------------------------------------------------------------ */

static unsigned long long len(int hole)
{
	return holes[hole].end - holes[hole].start;
}

/* Does hole @a come before hole @b in the search of this mode? */
static int sooner(unsigned int mode, int a, int b)
{
	switch (mode) {
	case MM_LOW:
		return holes[a].start < holes[b].start;
	case MM_HIGH:
		return holes[a].start > holes[b].start;
	case MM_EVICT:
		return a < b;
	default:
		return len(a) != len(b) ? len(a) < len(b) : a < b;
	}
}

/* The holes in the order in which they are tried, each large enough. */
static int candidates(unsigned int mode, unsigned long long size, int *order)
{
	int i, j, nr = 0;

	for (i = 0; i < nr_holes; i++) {
		if (mode != MM_EVICT && len(i) < size)
			continue;
		for (j = nr++; j && sooner(mode, i, order[j - 1]); j--)
			order[j] = order[j - 1];
		order[j] = i;
	}
	return nr;
}

/*
 * Which hole LOW and HIGH try first, -1 if only the tree knows. The search
 * goes down the tree towards @addr and turns back where nothing is large
 * enough. So it does end at a hole that is large enough and touches @addr, or,
 * with @addr beyond all holes, at the outermost one if that is large enough.
 */
static int first_only(unsigned int mode, unsigned long long size,
		      unsigned long long addr)
{
	int i, outer = 0, beyond = 1;

	for (i = 0; i < nr_holes; i++) {
		if (addr >= holes[i].start && addr <= holes[i].end)
			return len(i) >= size ? i : -1;
		if (mode == MM_LOW ? addr > holes[i].end : addr < holes[i].start)
			beyond = 0;
		if (sooner(mode, i, outer))
			outer = i;
	}
	return nr_holes && beyond && len(outer) >= size ? outer : -1;
}

/* The hole and the address for an insertion; -1 if there is none. */
static int search(unsigned int mode, const struct want *want,
		  unsigned long long *at)
{
	int order[MM_SLOTS + 1];
	int i, nr = candidates(mode, want->size, order);

	for (i = 0; i < nr; i++) {
		if (place(&holes[order[i]], want, at))
			return order[i];
	}
	return -1;
}

/* With ONCE; @seen is what the first allocator answered. */
static int search_once(unsigned int mode, const struct want *want,
		       const struct mm_result *seen, unsigned long long *at)
{
	int order[MM_SLOTS + 1];
	int hole = search(mode, want, at);

	if (hole < 0)
		return -1;
	if (mode == MM_LOW || mode == MM_HIGH) {
		order[0] = first_only(mode, want->size,
				      mode == MM_LOW ? want->start : want->end);
		if (order[0] < 0) {
			nr_undecided++;
			return seen->ret ? -1 : hole;
		}
	} else {
		candidates(mode, want->size, order);
	}
	return place(&holes[order[0]], want, at) ? order[0] : -1;
}

static void node_add(const struct mm_span *span, int hole)
{
	struct mm_hole old = holes[hole];
	int i;

	for (i = nr_nodes++; i && nodes[i - 1].span.start > span->start; i--)
		nodes[i] = nodes[i - 1];
	nodes[i].span = *span;
	nodes[i].scanned = 0;
	hole_drop(hole);
	if (old.start < span->start)
		hole_push(old.start, span->start);
	if (end_of(span) < old.end)
		hole_push(end_of(span), old.end);
}

static void tell(struct mm_result *res, const struct mm_span *span, int allocated)
{
	res->start = span->start;
	res->size = span->size;
	res->color = span->color;
	res->allocated = allocated;
}

/* A node that was not inserted is as it was, and its memory is given back. */
static void refuse(unsigned int slot, struct mm_result *res)
{
	res->ret = -ENOSPC;
	tell(res, &memory[slot], 0);
	memset(&memory[slot], 0, sizeof(memory[slot]));
}

static void insert(const struct mm_op *op, const struct mm_result *seen,
		   struct mm_result *res)
{
	unsigned int mode = op->mode & ~MM_ONCE;
	struct want want = {
		.size = op->size,
		.alignment = op->alignment,
		.color = op->color,
		.start = op->start,
		.end = op->end,
		.high = mode == MM_HIGH,
	};
	struct mm_span span = { .slot = op->slot, .size = op->size };
	int hole = -1;

	if (op->code != MM_INSERT_RANGE) {
		want.start = 0;
		want.end = ~0ull;
	}
	if (op->code == MM_INSERT) {
		mode = MM_BEST;
		want.high = 0;
		want.alignment = 0;
		want.color = 0;
	}
	if (op->size && op->code != MM_INSERT && (op->mode & MM_ONCE))
		hole = search_once(mode, &want, seen, &span.start);
	else if (op->size)
		hole = search(mode, &want, &span.start);
	if (hole < 0) {
		refuse(op->slot, res);
		return;
	}
	span.color = want.color;
	node_add(&span, hole);
	tell(res, &span, 1);
}

static void reserve(const struct mm_op *op, struct mm_result *res)
{
	struct mm_span span = {
		.start = op->start,
		.size = op->size,
		.color = op->color,
		.slot = op->slot,
	};
	struct mm_hole out;
	int i;

	memory[op->slot] = span;
	for (i = 0; i < nr_holes; i++) {
		out = coloured(&holes[i], op->color);
		if (end_of(&span) > op->start && op->start >= holes[i].start &&
		    op->start >= out.start && end_of(&span) <= out.end)
			break;
	}
	if (i == nr_holes) {
		refuse(op->slot, res);
		return;
	}
	node_add(&span, i);
	tell(res, &span, 1);
}

/* What was free on either side and what was the node become one hole. */
static void node_remove(int n)
{
	unsigned long long start = nodes[n].span.start;
	unsigned long long end = end_of(&nodes[n].span);
	int i;

	for (i = nr_holes - 1; i >= 0; i--) {
		if (holes[i].start == end_of(&nodes[n].span))
			end = holes[i].end;
		else if (holes[i].end == nodes[n].span.start)
			start = holes[i].start;
		else
			continue;
		hole_drop(i);
	}
	hole_push(start, end);
	nr_nodes--;
	memmove(&nodes[n], &nodes[n + 1], (nr_nodes - n) * sizeof(*nodes));
}

static void remove_one(const struct mm_op *op, struct mm_result *res)
{
	int n = find(op->slot);
	struct mm_span span = nodes[n].span;

	node_remove(n);
	tell(res, &span, 0);
	if (!op->keep)
		memset(&span, 0, sizeof(span));
	memory[op->slot] = span;
}

/* --- scans ---------------------------------------------------------------------- */

/* All that is free between the nodes left on either side of a scanned one. */
static struct mm_hole gap_around(int n)
{
	struct mm_hole gap = { space.start, space.start + space.size };
	int i;

	for (i = n; i-- && nodes[i].scanned; )
		;
	if (i >= 0)
		gap.start = end_of(&nodes[i].span);
	for (i = n + 1; i < nr_nodes && nodes[i].scanned; i++)
		;
	if (i < nr_nodes)
		gap.end = nodes[i].span.start;
	return gap;
}

static void scan_init(const struct mm_op *op)
{
	int any = op->code == MM_SCAN_INIT;

	scan.size = op->size;
	scan.alignment = op->alignment;
	scan.color = op->color;
	scan.start = any ? 0 : op->start;
	scan.end = any ? ~0ull : op->end;
	scan.high = op->mode == MM_HIGH;
	hit_start = ~0ull;
	hit_end = 0;
}

static int scan_add(unsigned int slot)
{
	int n = find(slot);
	struct mm_hole gap;

	nodes[n].scanned = 1;
	nr_scanned++;
	gap = gap_around(n);
	if (!place(&gap, &scan, &hit_start))
		return 0;
	hit_end = hit_start + scan.size;
	return 1;
}

static int scan_remove(unsigned int slot)
{
	int n = find(slot);

	nodes[n].scanned = 0;
	nr_scanned--;
	return end_of(&nodes[n].span) > hit_start &&
	       nodes[n].span.start < hit_end;
}

static long long slot_at(int n)
{
	return n < 0 ? MM_HEAD : (long long)nodes[n].span.slot;
}

static long long color_evict(void)
{
	int i, before, after;
	struct mm_hole out;

	if (space.colour == MM_COLOUR_NONE)
		return MM_NONE;
	for (i = 0; i < nr_holes; i++) {
		if (holes[i].start <= hit_start && holes[i].end >= hit_end)
			break;
	}
	if (i == nr_holes)
		return MM_NONE;
	sides_of(&holes[i], &before, &after);
	out = coloured(&holes[i], scan.color);
	if (out.start > hit_start)
		return slot_at(before);
	return out.end < hit_end ? slot_at(after) : MM_NONE;
}

/* --- walks ---------------------------------------------------------------------- */

static int first_in(unsigned long long start, unsigned long long last)
{
	int i;

	for (i = 0; i < nr_nodes; i++) {
		if (end_of(&nodes[i].span) - 1 >= start)
			return nodes[i].span.start <= last ? i : MM_HEAD;
	}
	return MM_HEAD;
}

static void walk_range(const struct mm_op *op, struct mm_result *res)
{
	int i = first_in(op->start, op->end - 1);

	if (i < 0)
		return;
	for (; i < nr_nodes && nodes[i].span.start < op->end; i++) {
		res->digest = mm_digest(res->digest, nodes[i].span.slot);
		res->ret++;
	}
}

static void walk_safe(const struct mm_op *op, struct mm_result *res)
{
	unsigned long long slot;
	int i = 0;

	while (i < nr_nodes) {
		slot = nodes[i].span.slot;
		if (!mm_walk_removes(op->start, slot)) {
			i++;
			continue;
		}
		res->digest = mm_digest(res->digest, slot);
		res->ret++;
		node_remove(i);
		memset(&memory[slot], 0, sizeof(memory[slot]));
	}
}

static int line(char *to, unsigned long long start, unsigned long long end,
		const char *what)
{
	if (start == end)
		return 0;
	return sprintf(to, "0x%016llx-0x%016llx: %llu: %s\n", start, end,
		       end - start, what);
}

static void print(struct mm_result *res)
{
	unsigned long long at = space.start, used = 0;
	char *to = text;
	int i;

	for (i = 0; i < nr_nodes; i++) {
		const struct mm_span *span = &nodes[i].span;

		to += line(to, at, span->start, "free");
		at = end_of(span);
		to += line(to, span->start, at, "used");
		used += span->size;
	}
	to += line(to, at, space.start + space.size, "free");
	sprintf(to, "total: %llu, used %llu free %llu\n", space.size, used,
		space.size - used);
	for (to = text; *to; to++)
		res->digest = mm_digest(res->digest, *to);
}

/* --- the seam ---------------------------------------------------------------------- */

static void model_open(const struct mm_space *s)
{
	space = *s;
	nr_nodes = 0;
	nr_holes = 0;
	nr_scanned = 0;
	nr_undecided = 0;
	hit_start = 0;
	hit_end = 0;
	memset(memory, 0, sizeof(memory));
	hole_push(s->start, s->start + s->size);
}

static void model_apply(const struct mm_op *op, struct mm_result *res)
{
	struct mm_result seen = *res;

	memset(res, 0, sizeof(*res));
	res->slot = MM_NONE;
	switch (op->code) {
	case MM_INSERT_RANGE:
	case MM_INSERT_GENERIC:
	case MM_INSERT:
		insert(op, &seen, res);
		break;
	case MM_RESERVE:
		reserve(op, res);
		break;
	case MM_REMOVE:
		remove_one(op, res);
		break;
	case MM_SCAN_INIT_RANGE:
	case MM_SCAN_INIT:
		scan_init(op);
		break;
	case MM_SCAN_ADD:
		res->ret = scan_add(op->slot);
		break;
	case MM_SCAN_REMOVE:
		res->ret = scan_remove(op->slot);
		break;
	case MM_COLOR_EVICT:
		res->slot = color_evict();
		break;
	case MM_FIRST:
		res->slot = slot_at(first_in(op->start, op->end));
		break;
	case MM_WALK_RANGE:
		walk_range(op, res);
		break;
	case MM_WALK_SAFE:
		walk_safe(op, res);
		break;
	case MM_PRINT:
		print(res);
		break;
	}
}

static void model_state(struct mm_state *st)
{
	int i;

	st->nr_nodes = 0;
	for (i = 0; i < nr_nodes; i++) {
		if (!nodes[i].scanned)
			st->nodes[st->nr_nodes++] = nodes[i].span;
	}
	memcpy(st->holes, holes, nr_holes * sizeof(*holes));
	st->nr_holes = nr_holes;
	st->clean = !st->nr_nodes;
	st->scan_active = nr_scanned;
	st->hit_start = hit_start;
	st->hit_end = hit_end;
}

static const char *model_check(void)
{
	return NULL;
}

static const char *model_text(void)
{
	return text;
}

static void model_close(void)
{
}

unsigned long mm_model_undecided(void)
{
	return nr_undecided;
}

const struct mm_target mm_model = {
	.name = "model",
	.open = model_open,
	.apply = model_apply,
	.state = model_state,
	.check = model_check,
	.text = model_text,
	.close = model_close,
};
