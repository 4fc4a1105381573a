// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * From bytes to calls. A program is a header and records of one size, so a
 * record can be left out and the rest still means something. What a record
 * does is drawn from what is there: the size of a hole, the edge of a node.
 * So even random bytes hit exact fits, and no bytes do what the API forbids.
 */
#include <string.h>

#include "mm_run.h"

/* The bytes before the records. */
struct header {
	unsigned char space, size, start, colour, unit, profile, cap, drain;
};

/* What each byte of a record is taken for; kinds choose, the others fill in. */
struct record {
	unsigned char what, slot, mode, size_kind, size, align, color;
	unsigned char range_kind, low, high, x, y;
};

_Static_assert(sizeof(struct header) == MM_HEADER, "header");
_Static_assert(sizeof(struct record) == MM_RECORD, "record");

struct program {
	struct mm_run *run;
	const struct mm_state *st;	/* of the first allocator */
	unsigned int cap;		/* nodes at a time */
	const unsigned char *profile;
	unsigned char used[MM_SLOTS];	/* slots with a node */
	unsigned long long last_size;
};

enum what {
	W_RANGE, W_GENERIC, W_PLAIN, W_RESERVE, W_REMOVE, W_FILL, W_PUNCH,
	W_SCAN, W_FIRST, W_WALK, W_WALK_SAFE, W_PRINT, W_NR
};

/* How often of 256 a program of each profile does what; the rest is W_RANGE. */
static const unsigned char profiles[][W_NR] = {
	{ 0, 36, 14, 38, 66, 6, 5, 4, 7, 7, 2, 1 },	/* a bit of all */
	{ 0, 44, 20, 20, 36, 14, 2, 2, 6, 6, 1, 0 },	/* fills up */
	{ 0, 30, 10, 10, 100, 4, 10, 2, 6, 6, 2, 1 },	/* comes and goes */
	{ 0, 10, 6, 110, 70, 2, 6, 2, 8, 8, 2, 1 },	/* given addresses */
	{ 0, 40, 8, 20, 20, 20, 5, 30, 4, 4, 1, 0 },	/* evicts */
};

static const unsigned int modes[16] = {
	MM_BEST, MM_LOW, MM_HIGH, MM_EVICT, MM_BEST, MM_LOW, MM_HIGH, MM_EVICT,
	MM_BEST | MM_ONCE, MM_LOW | MM_ONCE, MM_HIGH | MM_ONCE,
	MM_EVICT | MM_ONCE, 4, 0x40 | MM_ONCE, 0x7fffffff, MM_BEST,
};

static unsigned long long mix(unsigned long long *state)
{
	*state = mm_digest(*state, 0x632be59bd9b4e019ull);
	return *state >> 16;
}

/* --- what to draw from ---------------------------------------------------------- */

static unsigned long long space_end(const struct program *p)
{
	return p->run->space.start + p->run->space.size;
}

static const struct mm_hole *hole_at(const struct program *p, unsigned int n)
{
	static const struct mm_hole none;

	return p->st->nr_holes ? &p->st->holes[n % p->st->nr_holes] : &none;
}

static const struct mm_span *node_at(const struct program *p, unsigned int n)
{
	static const struct mm_span none;

	return p->st->nr_nodes ? &p->st->nodes[n % p->st->nr_nodes] : &none;
}

/* An address @n 256ths into the space. */
static unsigned long long fraction(const struct program *p, unsigned int n)
{
	unsigned long long size = p->run->space.size;

	return p->run->space.start + (size >> 8) * n + ((size & 255) * n >> 8);
}

static unsigned long long odd_size(const struct program *p, unsigned int n)
{
	unsigned long long size = p->run->space.size;
	const unsigned long long sizes[] = {
		0, 1, size, size - 1, size + 1, ~0ull, 1ull << 63, ~0ull >> 1,
	};

	return sizes[n % 8];
}

static unsigned long long draw_size(struct program *p, const struct record *r)
{
	unsigned long long unit = p->run->space.unit;
	const struct mm_hole *hole = hole_at(p, r->size);
	unsigned long long len = hole->end - hole->start;

	switch (r->size_kind & 15) {
	case 0 ... 4:
		return (r->size % 8 + 1) * unit;
	case 5:
		return (r->size + 1) * unit;
	case 6 ... 7:
		return len;
	case 8:
		return len + (r->y % 5 - 2) * unit;
	case 9:
		return len + r->y % 3 - 1;
	case 10:
		return len / 2;
	case 11:
		return node_at(p, r->size)->size;
	case 12:
		return p->last_size;
	case 13:
		return p->run->space.size >> (r->size % 12 + 1);
	case 14:
		return r->size + 1;
	}
	return odd_size(p, r->size);
}

static unsigned long long draw_alignment(const struct program *p,
					 const struct record *r)
{
	unsigned long long unit = p->run->space.unit;
	const unsigned long long odd[] = {
		3, 5, 6, 7, 12, 24, 100, 3 * unit, 5 * unit, unit + 1, ~0ull,
		(1ull << 63) + 1,
	};

	switch (r->align >> 4) {
	case 0 ... 6:
		return r->align & 1;
	case 7 ... 9:
		return unit << (r->align & 7);
	case 10:
		return 1ull << (r->align & 15);
	case 11:
		return 1ull << (r->align & 15) * 4;
	case 12 ... 13:
		return odd[r->align % 12];
	case 14:
		return hole_at(p, r->align)->start;
	}
	return 1ull << (63 - (r->align & 3));
}

/* A range whose end is not below its start. */
static void draw_range(struct program *p, const struct record *r,
		       struct mm_op *op)
{
	const struct mm_hole *hole = hole_at(p, r->low), *other;
	unsigned long long unit = p->run->space.unit, start, end;

	op->start = 0;
	op->end = ~0ull;
	switch (r->range_kind & 15) {
	case 0 ... 4:
		return;
	case 5:
		start = p->run->space.start;
		end = space_end(p);
		break;
	case 6 ... 7:
		start = hole->start + r->x % 4 * unit;
		end = hole->end - r->y % 4 * unit;
		break;
	case 8:
		start = node_at(p, r->low)->start + r->x % 3 - 1;
		end = start + op->size;
		break;
	case 9:
		start = node_at(p, r->low)->start;
		end = node_at(p, r->high)->start + node_at(p, r->high)->size;
		break;
	case 10 ... 11:
		start = fraction(p, r->low);
		end = fraction(p, r->high);
		break;
	case 12:
		start = fraction(p, r->low);
		end = r->x & 1 ? start + op->size : start;
		break;
	case 13:
		start = r->x & 1 ? fraction(p, r->low) : 0;
		end = r->x & 1 ? ~0ull : fraction(p, r->low);
		break;
	case 14:
		start = r->x & 1 ? space_end(p) : 0;
		end = r->x & 1 ? ~0ull : p->run->space.start;
		break;
	default:
		other = hole_at(p, r->high);
		start = hole->start + (hole->end - hole->start) / 2;
		end = other->start + (other->end - other->start) / 2;
	}
	op->start = start < end ? start : end;
	op->end = start < end ? end : start;
}

static void draw_place(struct program *p, const struct record *r, struct mm_op *op)
{
	op->mode = modes[r->mode & 15];
	op->size = draw_size(p, r);
	op->alignment = draw_alignment(p, r);
	op->color = r->color & (r->color & 8 ? 255 : 3);
	if (op->color >= 0xf8)
		op->color |= 1ull << 40;
	draw_range(p, r, op);
}

/* --- one call ---------------------------------------------------------------------- */

/* A slot without a node, @from or the next one; -1 when the cap is reached. */
static int free_slot(const struct program *p, unsigned int from)
{
	unsigned int i;

	for (i = 0; i < p->cap; i++) {
		if (!p->used[(from + i) % p->cap])
			return (from + i) % p->cap;
	}
	return -1;
}

static int insert_step(struct program *p, struct mm_op *op, unsigned int from)
{
	int slot = free_slot(p, from);

	if (slot < 0)
		return 0;
	op->slot = slot;
	if (mm_step(p->run, op))
		return -1;
	p->used[slot] = !p->run->res[0].ret;
	p->last_size = op->size;
	return 0;
}

static int remove_step(struct program *p, unsigned int slot, int keep)
{
	struct mm_op op = { .code = MM_REMOVE, .slot = slot, .keep = keep };

	p->used[slot] = 0;
	return mm_step(p->run, &op);
}

static int do_insert(struct program *p, const struct record *r,
		     unsigned int code)
{
	struct mm_op op = { .code = code };

	draw_place(p, r, &op);
	if (code == MM_INSERT)
		op.mode = MM_BEST;
	return insert_step(p, &op, r->slot);
}

static int do_reserve(struct program *p, const struct record *r)
{
	const struct mm_hole *hole = hole_at(p, r->low);
	unsigned long long size = draw_size(p, r), unit = p->run->space.unit;
	struct mm_op op = { .code = MM_RESERVE };

	op.start = hole->start;
	op.size = size;
	op.color = r->color & 3;
	switch (r->range_kind & 15) {
	case 0 ... 2:
		break;
	case 3:
		op.size = hole->end - hole->start;
		break;
	case 4 ... 5:
		op.start += r->x % 8 * unit;
		break;
	case 6 ... 7:
		op.start = hole->end - size;
		break;
	case 8:
		op.start = hole->start + r->x % 3 - 1;
		op.size = hole->end - op.start + r->y % 3 - 1;
		break;
	case 9:
		op.start = hole->end;
		break;
	case 10:
		op.start = node_at(p, r->high)->start + r->x % 4 * unit;
		break;
	case 11 ... 13:
		op.start = fraction(p, r->high);
		break;
	case 14:
		op.start = ~0ull - r->x % 4;
		break;
	default:
		op.start = space_end(p) - r->x % 4;
	}
	return insert_step(p, &op, r->slot);
}

static int do_remove(struct program *p, const struct record *r)
{
	if (!p->st->nr_nodes)
		return 0;
	return remove_step(p, node_at(p, r->low)->slot, !(r->x & 7));
}

/* Equal nodes side by side: the sizes and the order of holes tie later. */
static int do_fill(struct program *p, const struct record *r)
{
	struct mm_op op = { .code = MM_INSERT_GENERIC };
	int i, n = r->x % 24 + 1;

	draw_place(p, r, &op);
	for (i = 0; i < n; i++) {
		if (insert_step(p, &op, r->slot))
			return -1;
		if (p->run->res[0].ret)
			break;
	}
	return 0;
}

/* Every second node of some goes: many holes that do not touch. */
static int do_punch(struct program *p, const struct record *r)
{
	unsigned int at, i, n = r->x % 16 + 1;

	if (!p->st->nr_nodes)
		return 0;
	at = r->low % p->st->nr_nodes;
	for (i = 0; i < n && at < p->st->nr_nodes; i++, at++) {
		if (remove_step(p, p->st->nodes[at].slot, 0))
			return -1;
	}
	return 0;
}

/* --- scans ------------------------------------------------------------------------- */

/* The nodes' slots, shuffled; sometimes in order of address, up or down. */
static unsigned int shuffle(const struct program *p, const struct record *r,
			    unsigned int *slots)
{
	unsigned long long seed = r->low << 8 | r->high;
	unsigned int i, j, tmp, nr = p->st->nr_nodes;

	for (i = 0; i < nr; i++)
		slots[i] = p->st->nodes[r->x & 1 ? i : nr - 1 - i].slot;
	for (i = nr; r->x & 6 && i > 1; i--) {
		j = mix(&seed) % i;
		tmp = slots[i - 1];
		slots[i - 1] = slots[j];
		slots[j] = tmp;
	}
	return nr;
}

/*
 * Give up nodes until a hole is found, @more beyond that, or @most; put them
 * back. Of @slots, those to evict are left; returns how many, or -1.
 */
static int scan_nodes(struct program *p, unsigned int *slots, int most, int more)
{
	struct mm_op op = { .code = MM_SCAN_ADD };
	int i, nr = 0, stop = most, evict = 0;

	for (i = 0; i < most && i < stop; i++, nr++) {
		op.slot = slots[i];
		if (mm_step(p->run, &op))
			return -1;
		if (p->run->res[0].ret && stop == most)
			stop = i + 1 + more;
	}
	op.code = MM_SCAN_REMOVE;
	for (i = nr; i--; ) {
		op.slot = slots[i];
		if (mm_step(p->run, &op))
			return -1;
		if (p->run->res[0].ret)
			slots[most - ++evict] = op.slot;
	}
	memmove(slots, &slots[most - evict], evict * sizeof(*slots));
	return evict;
}

/* Evict what the colours ask for; 1 when they ask for nothing more. */
static int evict_colours(struct program *p)
{
	struct mm_op op = { .code = MM_COLOR_EVICT };
	long long slot;

	for (;;) {
		if (mm_step(p->run, &op))
			return -1;
		slot = p->run->res[0].slot;
		if (slot < 0)
			return slot == MM_NONE;
		if (remove_step(p, slot, 0))
			return -1;
	}
}

/* What was found must be there for the one that looked for it. */
static int insert_found(struct program *p, const struct record *r,
			struct mm_op *op, int must)
{
	op->code = op->code == MM_SCAN_INIT ? MM_INSERT_GENERIC : MM_INSERT_RANGE;
	if (r->y & 2)
		op->mode = MM_EVICT;
	if (insert_step(p, op, r->slot))
		return -1;
	if (must && p->run->res[0].ret && !(op->mode & MM_ONCE))
		return mm_fail(p->run, "no place for what a scan has evicted for\n");
	return 0;
}

static int evict(struct program *p, const struct record *r, struct mm_op *op,
		 const unsigned int *slots, int nr)
{
	int i, done;

	for (i = 0; i < nr; i++) {
		if (remove_step(p, slots[i], r->y & 4))
			return -1;
	}
	done = evict_colours(p);
	if (done < 0)
		return -1;
	return insert_found(p, r, op, done);
}

static int do_scan(struct program *p, const struct record *r)
{
	struct mm_op op = { .code = MM_SCAN_INIT_RANGE };
	unsigned int slots[MM_SLOTS];
	int nr, more = r->y >> 4 & 3, most;

	draw_place(p, r, &op);
	if ((r->range_kind & 15) < 3)
		op.code = MM_SCAN_INIT;
	if (op.start >= op.end || !op.size || op.size > op.end - op.start)
		return 0;
	if (mm_step(p->run, &op))
		return -1;
	most = shuffle(p, r, slots);
	if (r->y >> 6 == 3)
		most = most * r->x >> 8;
	nr = scan_nodes(p, slots, most, more == 3 ? 5 : 0);
	if (nr < 0)
		return -1;
	/* Without a hit there is nothing to do; with one it can be let go. */
	if (!p->st->hit_end || !(r->y & 9))
		return 0;
	return evict(p, r, &op, slots, nr);
}

/* --- looking ------------------------------------------------------------------------ */

static int do_look(struct program *p, const struct record *r, unsigned int code)
{
	struct mm_op op = { .code = code };

	op.size = p->run->space.unit;
	switch (code) {
	case MM_WALK_SAFE:
		op.start = r->low << 8 | r->high;
		break;
	case MM_FIRST:
		draw_range(p, r, &op);
		break;
	case MM_WALK_RANGE:
		/* Above the end of the space the walk need not stop. */
		draw_range(p, r, &op);
		if (op.end > space_end(p))
			op.end = space_end(p);
		if (op.start > op.end)
			op.start = op.end;
		break;
	}
	if (mm_step(p->run, &op))
		return -1;
	if (code == MM_WALK_SAFE) {
		unsigned int i;

		for (i = 0; i < MM_SLOTS; i++)
			p->used[i] = p->used[i] && !mm_walk_removes(op.start, i);
	}
	return 0;
}

/* --- a program ------------------------------------------------------------------------ */

static enum what what_of(const struct program *p, unsigned int byte)
{
	unsigned int i;

	for (i = W_GENERIC; i < W_NR; i++) {
		if (byte < p->profile[i])
			return i;
		byte -= p->profile[i];
	}
	return W_RANGE;
}

static int do_record(struct program *p, const struct record *r)
{
	switch (what_of(p, r->what)) {
	case W_GENERIC:
		return do_insert(p, r, MM_INSERT_GENERIC);
	case W_PLAIN:
		return do_insert(p, r, MM_INSERT);
	case W_RESERVE:
		return do_reserve(p, r);
	case W_REMOVE:
		return do_remove(p, r);
	case W_FILL:
		return do_fill(p, r);
	case W_PUNCH:
		return do_punch(p, r);
	case W_SCAN:
		return do_scan(p, r);
	case W_FIRST:
		return do_look(p, r, MM_FIRST);
	case W_WALK:
		return do_look(p, r, MM_WALK_RANGE);
	case W_WALK_SAFE:
		return do_look(p, r, MM_WALK_SAFE);
	case W_PRINT:
		return do_look(p, r, MM_PRINT);
	default:
		return do_insert(p, r, MM_INSERT_RANGE);
	}
}

/*
 * The last address of a space is not above 2^64 - 2: its end has to be one.
 * Returns which kind was drawn.
 */
static unsigned int draw_space(const struct header *h, struct mm_space *space)
{
	unsigned long long unit = h->unit & 1 ? 4096 : 1 + (h->unit >> 1) % 3;
	unsigned long long size = 64ull << h->size % 7;

	size += h->size >> 3;
	space->unit = unit;
	space->size = size * unit;
	space->start = h->start * unit;
	space->colour = h->colour % 7;
	if (space->colour >= MM_COLOURS)
		space->colour = MM_COLOUR_NONE;
	switch (h->space & 7) {
	case 0:				/* pages, from an odd address */
		space->unit = 4096;
		space->size = size * 4096;
		space->start = h->start * 4096 + h->unit;
		return 1;
	case 1:				/* up to the last address */
		space->start = ~0ull - space->size - (h->start & 3);
		return 2;
	case 2:				/* all there is */
		space->unit = 1ull << h->unit % 58;
		space->start = h->start & 1;
		space->size = ~0ull - space->start - (h->start >> 1 & 1);
		return 3;
	case 3:				/* across the middle */
		space->start = (1ull << 63) - space->size / 2;
		return 4;
	case 4:				/* a handful */
		space->unit = 1;
		space->size = h->size % 16 + 1;
		return 5;
	}
	return 0;
}

static int drain(struct program *p, unsigned int how)
{
	unsigned long long seed = how;
	unsigned int at;

	while (p->st->nr_nodes) {
		switch (how & 3) {
		case 0:
			at = 0;
			break;
		case 1:
			at = p->st->nr_nodes - 1;
			break;
		default:
			at = mix(&seed) % p->st->nr_nodes;
		}
		if (remove_step(p, p->st->nodes[at].slot, 0))
			return -1;
	}
	return 0;
}

int mm_program(struct mm_run *run, const unsigned char *bytes, size_t size)
{
	static const unsigned int caps[] = { 12, 32, 64, 64, 100, 150, 200, 64 };
	struct program p = { .run = run, .st = &run->st[0] };
	struct header h = { 0 };
	struct record r;
	struct mm_space space;
	unsigned int kind;
	size_t at;

	memcpy(&h, bytes, size < sizeof(h) ? size : sizeof(h));
	kind = draw_space(&h, &space);
	p.cap = caps[h.cap & 7];
	p.profile = profiles[h.profile % (sizeof(profiles) / sizeof(*profiles))];
	if (mm_begin(run, &space, p.cap <= 64) || mm_check(run))
		return -1;
	for (at = sizeof(h); at + sizeof(r) <= size; at += sizeof(r)) {
		memcpy(&r, bytes + at, sizeof(r));
		if (do_record(&p, &r))
			return -1;
		if (at / sizeof(r) % 16 == 0 && mm_check(run))
			return -1;
	}
	if (mm_check(run) || drain(&p, h.drain) || mm_check(run))
		return -1;
	run->stats->spaces[kind]++;
	return mm_end(run);
}
