// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * From bytes to calls. A program is a header and records of one size, so a
 * record can be left out and the rest still means something. Address spaces are
 * small, so that requests collide; which VA or vm_bo a number means, each side
 * finds out from what there is. No bytes do what the API forbids.
 */
#include <string.h>

#include "gpuvm_run.h"

/* The bytes before the records. */
struct header {
	unsigned char cells, unit, start, kernel, kernel_cells, profile, vms, bos;
};

struct record {
	unsigned char what, vm, bo, slot, how, how_high;
	unsigned char addr, range, place, offset, step, memory;
	unsigned char script[GV_SCRIPT];
};

_Static_assert(sizeof(struct header) == GV_HEADER, "header");
_Static_assert(sizeof(struct record) == GV_RECORD, "record");

/* How often of 256 a program of each profile makes which call. */
static const unsigned char profiles[][GV_CODES] = {
	{			/* a bit of all */
		[GV_VM_CREATE] = 5, [GV_VM_CLOSE] = 2, [GV_VM_REFS] = 1,
		[GV_BO_CREATE] = 8, [GV_BO_CLOSE] = 3, [GV_INSERT] = 14,
		[GV_REMOVE] = 8, [GV_LINK] = 8, [GV_UNLINK] = 5, [GV_FIND] = 10,
		[GV_WALK] = 4, [GV_INVALIDATE] = 2, [GV_VM_BO_CREATE] = 6,
		[GV_VM_BO_OBTAIN] = 7, [GV_VM_BO_PREALLOC] = 5,
		[GV_VM_BO_FIND] = 5, [GV_VM_BO_GET] = 4, [GV_VM_BO_PUT] = 13,
		[GV_EXTOBJ_ADD] = 7, [GV_VM_BO_EVICT] = 8, [GV_GEM_EVICT] = 6,
		[GV_MAP] = 36, [GV_UNMAP] = 15, [GV_MAP_OPS] = 14,
		[GV_UNMAP_OPS] = 9, [GV_PREFETCH_OPS] = 4,
		[GV_BO_UNMAP_OPS] = 6, [GV_EXEC] = 20, [GV_VM_EXEC] = 18,
		[GV_SIGNAL] = 3,
	},
	{			/* binds */
		[GV_VM_CREATE] = 2, [GV_BO_CREATE] = 6, [GV_BO_CLOSE] = 2,
		[GV_INSERT] = 20, [GV_REMOVE] = 10, [GV_LINK] = 5,
		[GV_UNLINK] = 3, [GV_FIND] = 14, [GV_WALK] = 4,
		[GV_VM_BO_PUT] = 4, [GV_MAP] = 90, [GV_UNMAP] = 30,
		[GV_MAP_OPS] = 36, [GV_UNMAP_OPS] = 20, [GV_PREFETCH_OPS] = 6,
		[GV_BO_UNMAP_OPS] = 4,
	},
	{			/* submits */
		[GV_VM_CREATE] = 6, [GV_VM_CLOSE] = 1, [GV_BO_CREATE] = 14,
		[GV_BO_CLOSE] = 4, [GV_INSERT] = 10, [GV_LINK] = 4,
		[GV_VM_BO_CREATE] = 4, [GV_VM_BO_OBTAIN] = 14,
		[GV_VM_BO_PUT] = 12, [GV_EXTOBJ_ADD] = 16,
		[GV_VM_BO_EVICT] = 18, [GV_GEM_EVICT] = 10, [GV_MAP] = 34,
		[GV_UNMAP] = 8, [GV_EXEC] = 50, [GV_VM_EXEC] = 46,
		[GV_SIGNAL] = 5,
	},
};

/* --- what to draw ---------------------------------------------------------------- */

static unsigned long long cell_addr(const struct gv_space *sp, unsigned int cell)
{
	return sp->start + cell * sp->unit;
}

/* The VA at place @n of all that were told last. */
static const struct gv_event *va_at(const struct gv_log *log, unsigned int n)
{
	unsigned int i, nr = 0;

	for (i = 0; i < log->nr; i++)
		nr += log->ev[i].kind == GV_E_VA;
	if (!nr)
		return NULL;
	n %= nr;
	for (i = 0; i < log->nr; i++) {
		if (log->ev[i].kind == GV_E_VA && !n--)
			return &log->ev[i];
	}
	return NULL;
}

/* What no request should be; most are refused. */
static void draw_odd_place(const struct gv_space *sp, const struct record *r,
			   struct gv_op *op)
{
	unsigned long long end = cell_addr(sp, sp->cells);

	switch (r->range & 7) {
	case 0:			/* makes a VM odd to the model, so be it rare */
		op->range = r->range >> 3 & 3 ? op->range + end : 0;
		break;
	case 1 ... 2:
		op->range = ~0ull;
		break;
	case 3:
		op->range = ~0ull - op->addr + (r->range >> 3 & 1);
		break;
	case 4:
		op->addr = sp->start - sp->unit * (r->addr & 1);
		op->range = end - op->addr + sp->unit * (r->range >> 3 & 1);
		break;
	case 5:
		op->addr = 0;
		break;
	case 6:
		op->addr = end - sp->unit * (r->addr & 3);
		break;
	default:
		op->addr = ~0ull - (r->addr & 3);
	}
}

static void draw_place(const struct gv_space *sp, const struct gv_log *log,
		       const struct record *r, struct gv_op *op)
{
	const struct gv_event *va = va_at(log, r->addr);
	unsigned int cell = r->addr % sp->cells, left = sp->cells - cell;

	op->addr = cell_addr(sp, cell);
	op->range = sp->unit * (r->range % (left < 8 ? left : 8) + 1);
	switch (r->place & 31) {
	case 0 ... 7:		/* a VA, or what begins or ends where it does */
		if (!va || op->code == GV_INSERT)
			break;
		if (r->place & 1)
			op->addr = va->v[1];
		else
			op->addr = va->v[1] + va->v[2] - op->range;
		if (r->place & 2)
			op->range = va->v[2];
		break;
	case 8:
		op->range = sp->unit * left;
		break;
	case 9 ... 10:
		draw_odd_place(sp, r, op);
		break;
	case 11:		/* what touches a VA */
		if (va)
			op->addr = va->v[1] + va->v[2];
		break;
	}
	/* Mostly such that neighbours are of one piece. */
	op->offset = op->addr - sp->start;
	if (!(r->offset & 3))
		op->offset += sp->unit * (r->offset >> 2 & 7);
}

static unsigned int what_of(const unsigned char *profile, unsigned int byte)
{
	unsigned int i;

	for (i = 0; i < GV_CODES; i++) {
		if (byte < profile[i])
			return i;
		byte -= profile[i];
	}
	return GV_MAP;
}

/* The rare bits of @how are rare. */
static unsigned int draw_how(const struct gv_op *op, const struct record *r)
{
	unsigned int how = r->how | (r->how_high & 15) << 8;

	switch (op->code) {
	case GV_VM_CREATE:
		how &= GV_H_PROTECTED | GV_H_ALLOCS;
		if (r->how_high < 12)
			how |= r->how_high & 4 ? GV_H_NO_MAP : GV_H_NO_STEPS;
		if (r->how_high == 255)
			how |= GV_H_OVERFLOW;
		return how;
	case GV_EXEC:
	case GV_VM_EXEC:
	case GV_BO_CREATE:
		return how;
	}
	how &= ~(GV_H_NO_BO | GV_H_ODD);
	if (r->how_high < 24)
		how |= GV_H_NO_BO;
	if (r->how_high > 252)
		how |= GV_H_ODD;
	return how;
}

static int do_record(struct gv_run *run, const unsigned char *profile,
		     const struct record *r)
{
	struct gv_op op = {
		.code = what_of(profile, r->what), .vm = r->vm % GV_VMS,
		.bo = r->bo, .slot = r->slot,
	};

	draw_place(&run->space, &run->log[0], r, &op);
	op.how = draw_how(&op, r);
	if (r->step < 24)
		op.step = r->step % 8 + 1;
	if (r->memory < 24)
		op.memory = r->memory % 8 + 1;
	memcpy(op.script, r->script, sizeof(op.script));
	return gv_step(run, &op);
}

/* --- a program ------------------------------------------------------------------------ */

static void draw_space(const struct header *h, struct gv_space *sp)
{
	static const unsigned int sizes[] = { 8, 16, 24, 32, 40, 64, 12, 64 };

	sp->cells = sizes[h->cells & 7];
	sp->unit = h->unit & 1 ? 4096 : 1 + (h->unit >> 1 & 3);
	sp->start = (1 + h->start) * sp->unit;
	if (h->start > 240)
		sp->start = ~0ull - sp->cells * sp->unit - (h->start & 1);
	sp->kernel = h->kernel % sp->cells;
	sp->kernel_cells = h->kernel_cells % 4 % (sp->cells - sp->kernel);
}

/* What most calls need: a VM or two, and BOs of all kinds. */
static int populate(struct gv_run *run, const struct header *h)
{
	struct gv_op op = { .code = GV_VM_CREATE };

	for (op.vm = 0; op.vm <= (h->vms >> 6 & 1); op.vm++) {
		op.how = h->vms >> 2 * op.vm & 3;
		if (gv_step(run, &op))
			return -1;
	}
	op.code = GV_BO_CREATE;
	for (op.bo = 0; op.bo < 3; op.bo++) {
		op.vm = h->bos >> 6;
		op.how = h->bos >> 2 * op.bo & 3;
		op.slot = op.bo;
		if (gv_step(run, &op))
			return -1;
	}
	return 0;
}

int gv_program(struct gv_run *run, const unsigned char *bytes, size_t size)
{
	const unsigned char *profile;
	struct header h = { 0 };
	struct gv_space space;
	struct record r;
	size_t at;

	memcpy(&h, bytes, size < sizeof(h) ? size : sizeof(h));
	draw_space(&h, &space);
	profile = profiles[h.profile % (sizeof(profiles) / sizeof(*profiles))];
	if (gv_begin(run, &space) || populate(run, &h))
		return -1;
	for (at = sizeof(h); at + sizeof(r) <= size; at += sizeof(r)) {
		memcpy(&r, bytes + at, sizeof(r));
		if (do_record(run, profile, &r))
			return -1;
		if (at / sizeof(r) % 16 == 0 && gv_check(run))
			return -1;
	}
	if (gv_check(run))
		return -1;
	return gv_end(run);
}
