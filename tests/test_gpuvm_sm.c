// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Split and merge: the pictures of the kernel's documentation as a table, every
 * way in which a VA and a range can overlap, random requests against a model of
 * pages, callbacks that fail. Whatever callbacks were told, lists say, too.
 */
#include "sm_world.h"

/* What is mapped where the tests map, page by page. */
#define MODEL_START	20
#define MODEL_PAGES	40

struct model {
	struct piece page[MODEL_PAGES];
};

static void model_map(struct model *m, struct piece p)
{
	u64 i;

	for (i = 0; i < p.pages; i++)
		m->page[p.addr - MODEL_START + i] = (struct piece) {
			p.addr + i, 1, p.obj, p.offset + i,
		};
}

static void model_unmap(struct model *m, u64 addr, u64 pages)
{
	while (pages--)
		m->page[addr++ - MODEL_START].pages = 0;
}

/* A mapping without a BO has an offset, too; it follows the address alike. */
static void model_check(const struct model *m, struct drm_gpuvm *vm)
{
	struct piece at;
	struct drm_gpuva *va;
	unsigned int i;

	for (i = 0; i < MODEL_PAGES; i++) {
		va = drm_gpuva_find_first(vm, (MODEL_START + i) * PAGE, PAGE);
		at = (struct piece) { };
		if (va) {
			at = piece_of_va(va);
			at.offset += MODEL_START + i - at.addr;
			at.addr = MODEL_START + i;
			at.pages = 1;
		}
		KT_CHECK(piece_eq(&at, &m->page[i]));
	}
}

/* The references of the VM: one for each VA, one for each vm_bo, the test's. */
static void refs_check(struct sm_world *w)
{
	unsigned int vas = 0, linked = 0, in_bos = 0;
	struct drm_gem_object *bos[] = { w->a, w->b };
	struct drm_gpuvm_bo *vm_bo;
	struct drm_gpuva *va;
	unsigned int i;

	drm_gpuvm_for_each_va(va, w->vm) {
		vas += va != &w->vm->kernel_alloc_node;
		linked += !!va->gem.obj;
	}
	for (i = 0; i < ARRAY_SIZE(bos); i++) {
		drm_gem_for_each_gpuvm_bo(vm_bo, bos[i])
			in_bos += kref_read(&vm_bo->kref);
	}
	KT_EQ(in_bos, linked);
	KT_EQ(kref_read(&w->vm->kref), 1 + vas + world.vm_bos);
}

/* ---- the pictures ------------------------------------------------------- */

/* A mapping of a picture: page, pages, the BO's letter, its offset. */
struct drawn {
	u64 addr, pages;
	char bo;
	u64 offset;
};

/* What becomes of the old mapping: pages left before and behind, keep. */
static const struct picture {
	struct drawn old, req;
	u64 prev, next;
	bool keep;
} pictures[] = {
	/* 1: the same */
	{ { 0, 1, 'a', 5 }, { 0, 1, 'a', 5 }, 0, 0, true },
	/* 2, 3: another offset, another BO */
	{ { 0, 1, 'a', 5 }, { 0, 1, 'a', 9 }, 0, 0, false },
	{ { 0, 1, 'a', 5 }, { 0, 1, 'b', 5 }, 0, 0, false },
	/* 4: left part of the request */
	{ { 0, 1, 'a', 5 }, { 0, 2, 'a', 5 }, 0, 0, true },
	{ { 0, 1, 'a', 5 }, { 0, 2, 'b', 5 }, 0, 0, false },
	{ { 0, 1, 'a', 5 }, { 0, 2, 'a', 9 }, 0, 0, false },
	/* 5, 6: the request is its left part */
	{ { 0, 2, 'a', 5 }, { 0, 1, 'b', 5 }, 0, 1, false },
	{ { 0, 2, 'a', 5 }, { 0, 1, 'a', 9 }, 0, 1, false },
	{ { 0, 2, 'a', 5 }, { 0, 1, 'a', 5 }, 0, 1, true },
	/* 7, 8: the request is its right part */
	{ { 0, 2, 'a', 5 }, { 1, 1, 'b', 9 }, 1, 0, false },
	{ { 0, 2, 'a', 5 }, { 1, 1, 'a', 6 }, 1, 0, true },
	/* 9, 10: the request begins in it */
	{ { 0, 2, 'a', 5 }, { 1, 2, 'b', 9 }, 1, 0, false },
	{ { 0, 2, 'a', 5 }, { 1, 2, 'a', 6 }, 1, 0, true },
	/* 11, 12: the request is inside */
	{ { 0, 3, 'a', 5 }, { 1, 1, 'b', 9 }, 1, 1, false },
	{ { 0, 3, 'a', 5 }, { 1, 1, 'a', 6 }, 1, 1, true },
	/* 13: right part of the request */
	{ { 1, 1, 'a', 6 }, { 0, 2, 'a', 5 }, 0, 0, true },
	{ { 1, 1, 'a', 6 }, { 0, 2, 'b', 5 }, 0, 0, false },
	{ { 1, 1, 'a', 6 }, { 0, 2, 'a', 9 }, 0, 0, false },
	/* 14: inside the request */
	{ { 1, 1, 'a', 6 }, { 0, 3, 'a', 5 }, 0, 0, true },
	{ { 1, 1, 'a', 6 }, { 0, 3, 'b', 5 }, 0, 0, false },
	{ { 1, 1, 'a', 6 }, { 0, 3, 'a', 9 }, 0, 0, false },
	/* 15: the request ends in it */
	{ { 1, 2, 'a', 5 }, { 0, 2, 'b', 9 }, 0, 1, false },
	{ { 1, 2, 'a', 5 }, { 0, 2, 'a', 4 }, 0, 1, true },
};

static struct piece drawn(const struct sm_world *w, struct drawn d)
{
	return (struct piece) {
		MODEL_START + d.addr, d.pages, d.bo == 'a' ? w->a : w->b,
		d.offset,
	};
}

/* What a range leaves of a mapping keeps its place in the BO. */
static struct step cut(struct piece old, u64 prev, u64 next, bool keep)
{
	struct step step = {
		.op = prev || next ? DRM_GPUVA_OP_REMAP : DRM_GPUVA_OP_UNMAP,
		.old = old,
		.keep = keep,
	};
	u64 first = old.pages - next;

	if (prev)
		step.prev = (struct piece) {
			old.addr, prev, old.obj, old.offset,
		};
	if (next)
		step.next = (struct piece) {
			old.addr + first, next, old.obj, old.offset + first,
		};
	return step;
}

static void walk_says(const struct sm_walk *walk, const struct step *expect,
		      unsigned int nr)
{
	unsigned int i;

	KT_EQ(walk->nr, nr);
	for (i = 0; i < nr && i < walk->nr; i++)
		KT_CHECK(step_eq(&walk->steps[i], &expect[i]));
}

static void picture_test(struct sm_world *w, const struct picture *p)
{
	struct piece old = drawn(w, p->old), req = drawn(w, p->req);
	struct step expect[] = {
		cut(old, p->prev, p->next, p->keep),
		{ .op = DRM_GPUVA_OP_MAP, .map = req },
	};
	struct sm_walk look = { .vm = w->vm };
	struct sm_walk take = { .vm = w->vm, .take = true };
	struct model model = { };
	struct drm_gpuva_ops *ops;

	sm_old(w, old);
	KT_EQ(sm_map(&look, req), 0);
	walk_says(&look, expect, 2);

	ops = drm_gpuvm_sm_map_ops_create(w->vm, req.addr * PAGE,
					  req.pages * PAGE, req.obj,
					  req.offset * PAGE);
	sm_list_says(ops, expect, 2);
	drm_gpuva_ops_free(w->vm, ops);

	KT_EQ(sm_map(&take, req), 0);
	walk_says(&take, expect, 2);
	model_map(&model, old);
	model_map(&model, req);
	model_check(&model, w->vm);
	refs_check(w);
	sm_clear(w);
}

static int test_pictures(void)
{
	struct sm_world w;
	unsigned int i;

	sm_begin(&w);
	for (i = 0; i < ARRAY_SIZE(pictures); i++)
		picture_test(&w, &pictures[i]);
	sm_end(&w);
	return 0;
}

/* Nothing is in the way: one map, and no unmap at all. */
static int test_hole(void)
{
	struct sm_world w;
	struct step expect = { .op = DRM_GPUVA_OP_MAP };
	struct sm_walk walk;

	sm_begin(&w);
	expect.map = (struct piece) { 30, 4, w.a, 2 };
	sm_old(&w, (struct piece) { 28, 2, w.a, 0 });
	sm_old(&w, (struct piece) { 34, 2, w.a, 6 });
	walk = (struct sm_walk) { .vm = w.vm };
	KT_EQ(sm_map(&walk, expect.map), 0);
	walk_says(&walk, &expect, 1);
	walk = (struct sm_walk) { .vm = w.vm };
	KT_EQ(sm_unmap(&walk, 30, 4), 0);
	KT_EQ(walk.nr, 0);
	sm_end(&w);
	return 0;
}

/* ---- every way to overlap ------------------------------------------------- */

/*
 * The range is pages 30 to 34. Where the old mapping ends before the range does,
 * a second one follows it, which is unmapped, too; where it does not, the second
 * begins behind the range and is left alone.
 */
#define RANGE_START	30
#define RANGE_PAGES	4
#define RANGE_END	(RANGE_START + RANGE_PAGES)

static const struct overlap {
	u64 start, end;
	u64 prev, next;
	bool goes_on;
} overlaps[] = {
	{ 30, 34, 0, 0, false },
	{ 30, 32, 0, 0, true },
	{ 30, 37, 0, 3, false },
	{ 27, 34, 3, 0, false },
	{ 27, 32, 3, 0, true },
	{ 27, 37, 3, 3, false },
	{ 31, 34, 0, 0, false },
	{ 31, 32, 0, 0, true },
	{ 31, 37, 0, 3, false },
};

/* Does the request map the same memory? In the last of these it does. */
static struct piece request(const struct sm_world *w, unsigned int kind)
{
	static const u64 offsets[] = { 50, 51, 50, 50 };
	struct drm_gem_object *objs[] = { w->b, w->a, NULL, w->a };

	return (struct piece) {
		RANGE_START, RANGE_PAGES, objs[kind], offsets[kind],
	};
}

#define KINDS	4

static void overlap_test(struct sm_world *w, const struct overlap *o,
			 unsigned int kind, bool has_obj)
{
	struct piece req = request(w, kind);
	struct piece old = {
		o->start, o->end - o->start, has_obj ? w->a : NULL,
		50 + o->start - RANGE_START,
	};
	struct piece other = { o->goes_on ? o->end : o->end + 1, 1, w->b, 7 };
	struct sm_walk map = { .vm = w->vm }, unmap = { .vm = w->vm };
	struct step expect[3];
	struct drm_gpuva_ops *ops;
	unsigned int nr = 0;

	sm_old(w, old);
	sm_old(w, other);
	expect[nr++] = cut(old, o->prev, o->next, kind == 3 && has_obj);
	if (o->goes_on)
		expect[nr++] = cut(other, 0, 0, false);
	expect[nr++] = (struct step) { .op = DRM_GPUVA_OP_MAP, .map = req };
	KT_EQ(sm_map(&map, req), 0);
	walk_says(&map, expect, nr);

	expect[0].keep = false;
	KT_EQ(sm_unmap(&unmap, RANGE_START, RANGE_PAGES), 0);
	walk_says(&unmap, expect, nr - 1);
	ops = drm_gpuvm_sm_unmap_ops_create(w->vm, RANGE_START * PAGE,
					    RANGE_PAGES * PAGE);
	sm_list_says(ops, expect, nr - 1);
	drm_gpuva_ops_free(w->vm, ops);
	sm_clear(w);
}

static int test_overlaps(void)
{
	struct sm_world w;
	unsigned int i, kind;

	sm_begin(&w);
	for (i = 0; i < ARRAY_SIZE(overlaps); i++) {
		for (kind = 0; kind < KINDS; kind++) {
			overlap_test(&w, &overlaps[i], kind, true);
			overlap_test(&w, &overlaps[i], kind, false);
		}
	}
	sm_end(&w);
	return 0;
}

/* Many at once: two at most are cut, the others unmapped, in order. */
static int test_many(void)
{
	struct step expect[STEPS_MAX];
	struct sm_walk walk;
	struct sm_world w;
	struct piece p;
	unsigned int i;

	sm_begin(&w);
	for (i = 0; i < 10; i++) {
		p = (struct piece) { 22 + 3 * i, 3, i % 2 ? w.a : w.b, i };
		sm_old(&w, p);
		expect[i] = cut(p, i ? 0 : 1, i == 9 ? 2 : 0, false);
	}
	walk = (struct sm_walk) { .vm = w.vm };
	KT_EQ(sm_unmap(&walk, 23, 27), 0);
	walk_says(&walk, expect, 10);

	walk = (struct sm_walk) { .vm = w.vm, .take = true };
	KT_EQ(sm_unmap(&walk, 23, 27), 0);
	walk_says(&walk, expect, 10);
	refs_check(&w);
	KT_CHECK(drm_gpuvm_interval_empty(w.vm, 23 * PAGE, 27 * PAGE));
	KT_CHECK(drm_gpuva_find(w.vm, 22 * PAGE, PAGE));
	KT_CHECK(drm_gpuva_find(w.vm, 50 * PAGE, 2 * PAGE));
	sm_end(&w);
	return 0;
}

/* Random requests, taken, against the model. */
static int test_random(void)
{
	unsigned long state = 0x5eed;
	struct drm_gem_object *objs[3];
	struct model model = { };
	struct sm_walk walk;
	struct sm_world w;
	struct piece p;
	unsigned int i;

	sm_begin(&w);
	objs[0] = w.a;
	objs[1] = w.b;
	objs[2] = NULL;
	for (i = 0; i < 2000; i++) {
		p.pages = 1 + kt_random(&state) % 10;
		p.addr = MODEL_START +
			 kt_random(&state) % (MODEL_PAGES - p.pages + 1);
		p.obj = objs[kt_random(&state) % 3];
		p.offset = kt_random(&state) % 64;
		walk = (struct sm_walk) { .vm = w.vm, .take = true };
		if (kt_random(&state) % 4) {
			KT_EQ(sm_map(&walk, p), 0);
			KT_EQ(walk.steps[walk.nr - 1].op, DRM_GPUVA_OP_MAP);
			model_map(&model, p);
		} else {
			KT_EQ(sm_unmap(&walk, p.addr, p.pages), 0);
			model_unmap(&model, p.addr, p.pages);
		}
		model_check(&model, w.vm);
		refs_check(&w);
	}
	sm_end(&w);
	return 0;
}

/* ---- errors ------------------------------------------------------------- */

/* The walk ends at once with what the callback said; what was done stays. */
static int test_callback_fails(void)
{
	static const int errors[] = { -ENOMEM, -EINTR, 1 };
	struct sm_walk walk;
	struct sm_world w;
	unsigned int at, i;

	sm_begin(&w);
	for (at = 1; at <= 4; at++) {
		for (i = 0; i < ARRAY_SIZE(errors); i++) {
			sm_old(&w, (struct piece) { 28, 4, w.a, 0 });
			sm_old(&w, (struct piece) { 32, 1, w.b, 0 });
			sm_old(&w, (struct piece) { 33, 4, w.a, 9 });
			walk = (struct sm_walk) {
				.vm = w.vm, .take = true, .fail_at = at,
				.error = errors[i],
			};
			KT_EQ(sm_map(&walk, (struct piece) { 30, 4, w.b, 0 }),
			      errors[i]);
			KT_EQ(walk.nr, at);
			KT_EQ(!!drm_gpuva_find(w.vm, 28 * PAGE, 4 * PAGE),
			      at == 1);
			KT_EQ(!!drm_gpuva_find(w.vm, 32 * PAGE, PAGE), at <= 2);
			KT_EQ(!!drm_gpuva_find(w.vm, 33 * PAGE, 4 * PAGE),
			      at <= 3);
			sm_clear(&w);

			sm_old(&w, (struct piece) { 30, 1, w.a, 0 });
			walk = (struct sm_walk) {
				.vm = w.vm, .fail_at = 1, .error = errors[i],
			};
			KT_EQ(sm_unmap(&walk, 30, 1), errors[i]);
			sm_clear(&w);
		}
	}
	sm_end(&w);
	return 0;
}

/* Nothing is called when the range is not valid or a function is missing. */
static int test_refused(void)
{
	static const struct drm_gpuvm_ops without[] = {
		{ .vm_free = world_vm_free, .sm_step_remap = sm_step_remap,
		  .sm_step_unmap = sm_step_unmap },
		{ .vm_free = world_vm_free, .sm_step_map = sm_step_map,
		  .sm_step_unmap = sm_step_unmap },
		{ .vm_free = world_vm_free, .sm_step_map = sm_step_map,
		  .sm_step_remap = sm_step_remap },
	};
	struct sm_walk walk;
	struct sm_world w;
	unsigned int i;

	sm_begin(&w);
	walk = (struct sm_walk) { .vm = w.vm };
	KT_EQ(sm_map(&walk, (struct piece) { 63, 2, w.a, 0 }), -EINVAL);
	KT_EQ(sm_unmap(&walk, 15, 2), -EINVAL);
	KT_EQ(PTR_ERR(drm_gpuvm_sm_map_ops_create(w.vm, 0, PAGE, w.a, 0)),
	      -EINVAL);
	KT_EQ(PTR_ERR(drm_gpuvm_sm_unmap_ops_create(w.vm, KERNEL_START, 1)),
	      -EINVAL);
	for (i = 0; i < ARRAY_SIZE(without); i++) {
		w.vm->ops = &without[i];
		KT_EQ(sm_map(&walk, (struct piece) { 30, 1, w.a, 0 }), -EINVAL);
		KT_EQ(sm_unmap(&walk, 30, 1), i ? -EINVAL : 0);
	}
	w.vm->ops = NULL;
	KT_EQ(sm_map(&walk, (struct piece) { 30, 1, w.a, 0 }), -EINVAL);
	KT_EQ(sm_unmap(&walk, 30, 1), -EINVAL);
	KT_EQ(walk.nr, 0);
	w.vm->ops = &sm_vm_ops;
	sm_end(&w);
	return 0;
}

/* A quirk: a range of no length is not refused, and cuts what it lies in. */
static int test_zero_range(void)
{
	struct step expect[2];
	struct sm_walk walk;
	struct sm_world w;
	struct piece old;

	sm_begin(&w);
	old = (struct piece) { 30, 4, w.a, 0 };
	sm_old(&w, old);
	expect[0] = cut(old, 2, 2, false);
	walk = (struct sm_walk) { .vm = w.vm };
	KT_EQ(sm_unmap(&walk, 32, 0), 0);
	walk_says(&walk, expect, 1);

	walk = (struct sm_walk) { .vm = w.vm };
	KT_EQ(sm_map(&walk, (struct piece) { 32, 0, w.b, 0 }), 0);
	expect[1] = (struct step) { .op = DRM_GPUVA_OP_MAP };
	walk_says(&walk, expect, 2);

	/* At an edge there is nothing to cut. */
	walk = (struct sm_walk) { .vm = w.vm };
	KT_EQ(sm_unmap(&walk, 30, 0), 0);
	KT_EQ(sm_unmap(&walk, 34, 0), 0);
	KT_EQ(walk.nr, 0);
	sm_end(&w);
	return 0;
}

const char ktest_suite[] = "test_gpuvm_sm";

const struct ktest ktests[] = {
	KTEST(test_pictures),
	KTEST(test_hole),
	KTEST(test_overlaps),
	KTEST(test_many),
	KTEST(test_random),
	KTEST(test_callback_fails),
	KTEST(test_refused),
	KTEST(test_zero_range),
	{ 0 },
};
