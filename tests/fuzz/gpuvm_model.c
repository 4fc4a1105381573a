// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The model of GPUVM: what each cell of each VM maps. It knows no trees and no
 * lists. From what a side tells after a call it draws the cells, and compares
 * them with those from before: a call may change what it was asked to, in the way
 * that it was asked to, and nothing else.
 */
#include <string.h>

#include "gpuvm_run.h"

/* What may have become of a cell. */
#define STAY	1
#define GO	2
#define NEW	4

struct cell {
	unsigned long long mapped, obj, offset;
};

/*
 * @odd: a VA has no length. It is in the way of others, so that drm_gpuva_map(),
 * which does not say so, may map nothing; then anything goes.
 */
struct cells {
	unsigned long long id;
	unsigned int vas, odd;
	struct cell cell[GV_CELLS];
};

/* A call as the model sees it. @fresh: only where nothing was. */
struct request {
	unsigned long long vm, obj, addr, end, offset;
	unsigned int inside, outside;
	int fresh;
};

static struct gv_space space;
static struct cells known[GV_VMS], seen[GV_VMS];

void gv_model_begin(const struct gv_space *s)
{
	space = *s;
	memset(known, 0, sizeof(known));
}

static void draw_va(struct cells *vm, const struct gv_event *va)
{
	unsigned long long first = va->v[1], end = first + va->v[2], at;
	unsigned int i;

	vm->vas++;
	vm->odd |= !va->v[2];
	if (va->v[0] == GV_KERNEL)
		return;
	for (i = 0; i < space.cells; i++) {
		at = space.start + i * space.unit;
		if (at < first || at >= end)
			continue;
		vm->cell[i].mapped++;
		vm->cell[i].obj = va->v[3];
		vm->cell[i].offset = va->v[4] + (at - first);
	}
}

static void draw(const struct gv_log *log)
{
	struct cells *vm = NULL;
	unsigned int i, nr = 0;

	memset(seen, 0, sizeof(seen));
	for (i = 0; i < log->nr; i++) {
		if (log->ev[i].kind == GV_E_VM) {
			vm = &seen[nr++];
			vm->id = log->ev[i].v[0];
		} else if (log->ev[i].kind == GV_E_VA) {
			draw_va(vm, &log->ev[i]);
		}
	}
}

static const struct cells *before(unsigned long long id)
{
	static const struct cells none;
	unsigned int i;

	for (i = 0; i < GV_VMS; i++) {
		if (known[i].id == id)
			return &known[i];
	}
	return &none;
}

static const struct gv_event *on(const struct gv_log *log)
{
	static const struct gv_event none = { .v = { GV_NONE, GV_NONE } };
	unsigned int i;

	for (i = 0; i < log->nr; i++) {
		if (log->ev[i].kind == GV_E_ON)
			return &log->ev[i];
		if (log->ev[i].kind >= GV_E_VM)
			break;
	}
	return &none;
}

/* What a call was to do, by what it returned. */
static struct request request_of(const struct gv_op *op,
				 const struct gv_log *log)
{
	const struct gv_event *where = on(log);
	struct request req = {
		.vm = where->v[0], .obj = where->v[1], .addr = op->addr,
		.end = op->addr + op->range, .offset = op->offset,
		.inside = STAY, .outside = STAY,
	};
	int done = !gv_ret(log), lists = op->code != GV_MAP && op->code != GV_UNMAP;

	if (gv_idle(log))
		return req;
	switch (op->code) {
	case GV_INSERT:
		req.inside = done ? NEW : STAY;
		req.fresh = done;
		break;
	case GV_REMOVE:
		req.addr = where->v[2];
		req.end = where->v[2] + where->v[3];
		req.inside = GO;
		break;
	case GV_MAP:
	case GV_MAP_OPS:
		if (!lists || (op->how & GV_H_YES))
			req.inside = done ? NEW : STAY | GO | NEW;
		break;
	case GV_UNMAP:
	case GV_UNMAP_OPS:
		if (!lists || (op->how & GV_H_YES))
			req.inside = done ? GO : STAY | GO;
		break;
	case GV_WALK:
	case GV_BO_UNMAP_OPS:
		if (op->how & GV_H_YES)
			req.inside = req.outside = STAY | GO;
		break;
	case GV_VM_CLOSE:
		req.inside = req.outside = GO;
		break;
	}
	return req;
}

static int same(const struct cell *a, const struct cell *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static const char *check_cell(const struct request *req, unsigned int may,
			      unsigned long long at, const struct cell *was,
			      const struct cell *is)
{
	const struct cell wanted = {
		.mapped = 1, .obj = req->obj,
		.offset = req->offset + (at - req->addr),
	};

	if (is->mapped > 1)
		return "an address is mapped twice";
	if ((may & STAY) && same(was, is))
		return NULL;
	if ((may & GO) && !is->mapped)
		return NULL;
	if ((may & NEW) && same(is, &wanted))
		return req->fresh && was->mapped ?
			"inserted where something was mapped" : NULL;
	if (may == NEW)
		return "the request is not mapped where it should be";
	if (may == GO)
		return "something is mapped where nothing should be";
	return "a mapping changed that should not";
}

static const char *check_vm(const struct request *req, const struct cells *vm)
{
	const struct cells *was = before(vm->id);
	unsigned long long at;
	const char *fault;
	unsigned int i, may;

	if (was->odd || vm->odd)
		return NULL;
	for (i = 0; i < space.cells; i++) {
		at = space.start + i * space.unit;
		may = STAY;
		if (vm->id == req->vm)
			may = at >= req->addr && at < req->end ? req->inside :
								 req->outside;
		fault = check_cell(req, may, at, &was->cell[i], &vm->cell[i]);
		if (fault)
			return fault;
	}
	return NULL;
}

/* At most two remaps, no more unmaps than VAs, and one map at the end. */
static const char *check_steps(const struct gv_op *op, const struct gv_log *log,
			       unsigned long long vm)
{
	unsigned int n[GV_KINDS] = { 0 }, i, last = GV_E_ON;
	unsigned int maps = op->code == GV_MAP || op->code == GV_MAP_OPS;

	if (!maps && op->code != GV_UNMAP && op->code != GV_UNMAP_OPS)
		return NULL;
	for (i = 0; i < log->nr && log->ev[i].kind < GV_E_VM; i++) {
		n[log->ev[i].kind]++;
		if (log->ev[i].kind >= GV_E_MAP && log->ev[i].kind <= GV_E_UNMAP)
			last = log->ev[i].kind;
	}
	if (before(vm)->odd)
		return NULL;
	if (n[GV_E_REMAP] > 2)
		return "more than two remaps";
	if (n[GV_E_REMAP] + n[GV_E_UNMAP] > before(vm)->vas)
		return "more steps than there were VAs";
	if (!gv_ret(log) && !gv_idle(log) && n[GV_E_MAP] != maps)
		return "not one map";
	if (n[GV_E_MAP] && last != GV_E_MAP)
		return "the map is not the last step";
	return NULL;
}

const char *gv_model_step(const struct gv_op *op, const struct gv_log *log)
{
	struct request req = request_of(op, log);
	const char *fault = check_steps(op, log, req.vm);
	unsigned int i;

	draw(log);
	for (i = 0; i < GV_VMS && !fault; i++) {
		if (seen[i].id)
			fault = check_vm(&req, &seen[i]);
	}
	memcpy(known, seen, sizeof(known));
	return fault;
}
