// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Lists of operations: which are made, whose memory they are, what an allocation
 * that fails leaves behind; and the small helpers around operations.
 */
#include "alloc_count.h"
#include "sm_world.h"

/* ---- lists that are not of split and merge -------------------------------- */

static int test_prefetch(void)
{
	struct drm_gpuva_ops *ops;
	struct drm_gpuva_op *op;
	struct step expect[2];
	struct sm_world w;

	sm_begin(&w);
	sm_old(&w, (struct piece) { 26, 4, w.b, 0 });
	expect[0] = (struct step) { .op = DRM_GPUVA_OP_PREFETCH };
	expect[0].old = (struct piece) { 30, 4, w.a, 0 };
	sm_old(&w, expect[0].old);
	expect[1] = (struct step) { .op = DRM_GPUVA_OP_PREFETCH };
	expect[1].old = (struct piece) { 36, 2, NULL, 0 };
	sm_old(&w, expect[1].old);
	sm_old(&w, (struct piece) { 38, 4, w.b, 0 });
	ops = drm_gpuvm_prefetch_ops_create(w.vm, 31 * PAGE, 7 * PAGE);
	sm_list_says(ops, expect, 2);
	drm_gpuva_ops_free(w.vm, ops);

	ops = drm_gpuvm_prefetch_ops_create(w.vm, 34 * PAGE, 2 * PAGE);
	sm_list_says(ops, NULL, 0);
	drm_gpuva_ops_free(w.vm, ops);

	/* Ranges are not looked at, so even this is listed. */
	ops = drm_gpuvm_prefetch_ops_create(w.vm, KERNEL_START, PAGE);
	KT_ASSERT(!IS_ERR(ops));
	op = drm_gpuva_first_op(ops);
	KT_CHECK(op->prefetch.va == &w.vm->kernel_alloc_node);
	KT_CHECK(list_is_singular(&ops->list));
	drm_gpuva_ops_free(w.vm, ops);
	sm_end(&w);
	return 0;
}

static int test_bo_unmap(void)
{
	struct drm_gpuvm_bo *vm_bo;
	struct drm_gpuva_ops *ops;
	struct step expect[3];
	struct sm_world w;
	unsigned int i;

	sm_begin(&w);
	for (i = 0; i < 3; i++) {
		expect[i] = (struct step) { .op = DRM_GPUVA_OP_UNMAP };
		expect[i].old = (struct piece) { 40 - 2 * i, 1, w.a, i };
		sm_old(&w, expect[i].old);
		sm_old(&w, (struct piece) { 41 - 2 * i, 1, w.b, i });
	}
	vm_bo = drm_gpuvm_bo_find(w.vm, w.a);
	KT_ASSERT(vm_bo);
	/* In the order in which they were linked. */
	ops = drm_gpuvm_bo_unmap_ops_create(vm_bo);
	sm_list_says(ops, expect, 3);
	drm_gpuva_ops_free(w.vm, ops);
	drm_gpuvm_bo_put(vm_bo);

	vm_bo = drm_gpuvm_bo_create(w.vm, w.a);
	ops = drm_gpuvm_bo_unmap_ops_create(vm_bo);
	sm_list_says(ops, NULL, 0);
	drm_gpuva_ops_free(w.vm, ops);
	drm_gpuvm_bo_put(vm_bo);
	sm_end(&w);
	return 0;
}

#if HAVE_DRM_GPUVM_MADVISE && HAVE_DRM_GPUVM_MAP_REQ_OP

/* Of the range 30 to 34; what has a BO and what lies inside is left alone. */
static const struct madvise {
	u64 start, end;
	u64 prev, next;
} madvises[] = {
	{ 30, 34, 0, 0 }, { 30, 32, 0, 0 }, { 31, 34, 0, 0 }, { 31, 32, 0, 0 },
	{ 30, 37, 0, 3 }, { 27, 34, 3, 0 }, { 27, 32, 3, 0 }, { 27, 37, 3, 3 },
	{ 31, 37, 0, 3 },
};

static unsigned int madvise_steps(const struct madvise *m, struct step *expect)
{
	struct piece old = { m->start, m->end - m->start, NULL, 0 };

	if (!m->prev && !m->next)
		return 0;
	expect[0] = (struct step) { .op = DRM_GPUVA_OP_REMAP, .old = old };
	if (m->prev)
		expect[0].prev = (struct piece) { m->start, m->prev, NULL, 0 };
	if (m->next)
		expect[0].next = (struct piece) {
			34, m->next, NULL, 34 - m->start,
		};
	expect[1] = (struct step) { .op = DRM_GPUVA_OP_MAP };
	expect[1].map = (struct piece) {
		m->start + m->prev, old.pages - m->prev - m->next, NULL, 0,
	};
	return 2;
}

static int test_madvise(void)
{
	struct drm_gpuvm_map_req req = {
		.op.va = { .addr = 30 * PAGE, .range = 4 * PAGE },
	};
	const struct madvise *m;
	struct drm_gpuva_ops *ops;
	struct step expect[2];
	struct sm_world w;
	struct piece old;
	unsigned int i;

	sm_begin(&w);
	for (i = 0; i < ARRAY_SIZE(madvises); i++) {
		m = &madvises[i];
		old = (struct piece) { m->start, m->end - m->start, NULL, 0 };
		sm_old(&w, old);
		ops = drm_gpuvm_madvise_ops_create(w.vm, &req);
		sm_list_says(ops, expect, madvise_steps(m, expect));
		drm_gpuva_ops_free(w.vm, ops);
		sm_clear(&w);

		old.obj = w.a;
		sm_old(&w, old);
		ops = drm_gpuvm_madvise_ops_create(w.vm, &req);
		sm_list_says(ops, NULL, 0);
		drm_gpuva_ops_free(w.vm, ops);
		sm_clear(&w);
	}

	/* Both ends cut, with something in between. */
	sm_old(&w, (struct piece) { 28, 3, NULL, 0 });
	sm_old(&w, (struct piece) { 31, 1, NULL, 0 });
	sm_old(&w, (struct piece) { 32, 1, w.a, 0 });
	sm_old(&w, (struct piece) { 33, 3, NULL, 0 });
	ops = drm_gpuvm_madvise_ops_create(w.vm, &req);
	KT_ASSERT(!IS_ERR(ops));
	KT_EQ(list_count_nodes(&ops->list), 4);
	drm_gpuva_ops_free(w.vm, ops);

	req.op.va.addr = 0;
	KT_EQ(PTR_ERR(drm_gpuvm_madvise_ops_create(w.vm, &req)), -EINVAL);
	sm_end(&w);
	return 0;
}

#endif

/* ---- memory ----------------------------------------------------------------- */

static int driver_ops, driver_ops_made;

static struct drm_gpuva_op *driver_op_alloc(void)
{
	struct drm_gpuva_op *op = kzalloc(2 * sizeof(*op), GFP_KERNEL);

	if (op) {
		driver_ops++;
		driver_ops_made++;
	}
	return op;
}

static void driver_op_free(struct drm_gpuva_op *op)
{
	driver_ops--;
	kfree(op);
}

static const struct drm_gpuvm_ops driver_alloc_ops = {
	.vm_free = world_vm_free,
	.vm_bo_alloc = world_vm_bo_alloc,
	.vm_bo_free = world_vm_bo_free,
	.op_alloc = driver_op_alloc,
	.op_free = driver_op_free,
};

/* Each makes a list over pages 30 to 40, of what memory_begin() maps. */
static struct drm_gpuva_ops *make_map(struct sm_world *w)
{
	return drm_gpuvm_sm_map_ops_create(w->vm, 30 * PAGE, 10 * PAGE, w->b,
					   0);
}

static struct drm_gpuva_ops *make_unmap(struct sm_world *w)
{
	return drm_gpuvm_sm_unmap_ops_create(w->vm, 30 * PAGE, 10 * PAGE);
}

/* Cuts a mapping in the middle: both ends are left. */
static struct drm_gpuva_ops *make_cut(struct sm_world *w)
{
	return drm_gpuvm_sm_unmap_ops_create(w->vm, 29 * PAGE, PAGE);
}

static struct drm_gpuva_ops *make_prefetch(struct sm_world *w)
{
	return drm_gpuvm_prefetch_ops_create(w->vm, 30 * PAGE, 10 * PAGE);
}

static struct drm_gpuva_ops *make_bo_unmap(struct sm_world *w)
{
	struct drm_gpuvm_bo *vm_bo = drm_gpuvm_bo_find(w->vm, w->a);
	struct drm_gpuva_ops *ops = drm_gpuvm_bo_unmap_ops_create(vm_bo);

	drm_gpuvm_bo_put(vm_bo);
	return ops;
}

#if HAVE_DRM_GPUVM_MADVISE && HAVE_DRM_GPUVM_MAP_REQ_OP
static struct drm_gpuva_ops *make_madvise(struct sm_world *w)
{
	struct drm_gpuvm_map_req req = {
		.op.va = { .addr = 43 * PAGE, .range = 2 * PAGE },
	};

	return drm_gpuvm_madvise_ops_create(w->vm, &req);
}
#endif

/*
 * Which allocations copy what is left behind a range: when one of them fails,
 * Linux loses the copy of the unmap that was made before (Q3); we do not.
 */
#ifdef LAB_HOST_KSRC
#define MAY_LOSE	1
#else
#define MAY_LOSE	0
#endif

/*
 * @allocs: one for the list, one for each operation, and for each remap one for
 * the unmap and one for each end.
 */
static const struct maker {
	struct drm_gpuva_ops *(*make)(struct sm_world *w);
	unsigned int ops, allocs;
	unsigned int copies_next;	/* which of them, from 1; or 0 */
} makers[] = {
	/* remap of the first and the last, one unmap, the map */
	{ make_map, 4, 1 + 4 + 2 * 2, 8 },
	{ make_unmap, 3, 1 + 3 + 2 * 2, 8 },
	{ make_cut, 1, 1 + 1 + 3, 5 },
	{ make_prefetch, 3, 1 + 3, 0 },
	{ make_bo_unmap, 2, 1 + 2, 0 },
#if HAVE_DRM_GPUVM_MADVISE && HAVE_DRM_GPUVM_MAP_REQ_OP
	{ make_madvise, 2, 1 + 2 + 3, 5 },
#endif
};

static void memory_begin(struct sm_world *w)
{
	sm_begin(w);
	sm_old(w, (struct piece) { 28, 4, w->a, 0 });
	sm_old(w, (struct piece) { 33, 2, NULL, 0 });
	sm_old(w, (struct piece) { 38, 4, w->a, 4 });
	sm_old(w, (struct piece) { 42, 4, NULL, 0 });
}

/* Every allocation fails once; what was made before it is freed. */
static void memory_test(struct sm_world *w, const struct maker *m)
{
	int live = atomic_read(&allocs_live), lost, may_lose;
	struct drm_gpuva_ops *ops;
	unsigned int i;

	for (i = 1; i <= m->allocs; i++) {
		alloc_fails = i;
		KT_EQ(PTR_ERR(m->make(w)), -ENOMEM);
		KT_EQ(alloc_fails, 0);
		KT_EQ(driver_ops, 0);
		lost = atomic_read(&allocs_live) - live;
		may_lose = i == m->copies_next ? MAY_LOSE : 0;
		KT_CHECK(lost >= 0 && lost <= may_lose);
		live += lost;
	}
	driver_ops_made = 0;
	ops = m->make(w);
	KT_CHECK(!IS_ERR(ops));
	KT_EQ(list_count_nodes(&ops->list), m->ops);
	KT_EQ(atomic_read(&allocs_live) - live, m->allocs);
	KT_EQ(driver_ops_made, w->vm->ops->op_alloc ? m->ops : 0);
	KT_EQ(driver_ops, driver_ops_made);
	drm_gpuva_ops_free(w->vm, ops);
	KT_EQ(driver_ops, 0);
	KT_EQ(atomic_read(&allocs_live), live);
}

static int test_memory(void)
{
	struct sm_world w;
	unsigned int i;

	memory_begin(&w);
	for (i = 0; i < ARRAY_SIZE(makers); i++) {
		w.vm->ops = &sm_vm_ops;
		memory_test(&w, &makers[i]);
		w.vm->ops = &driver_alloc_ops;
		memory_test(&w, &makers[i]);
	}
	w.vm->ops = &sm_vm_ops;
	sm_end(&w);
	return 0;
}

/* A list that is taken: the VM is as it says then. */
static int test_take(void)
{
	struct drm_gpuva_ops *ops;
	struct drm_gpuva_op *op;
	struct sm_world w;

	memory_begin(&w);
	ops = make_map(&w);
	KT_ASSERT(!IS_ERR(ops));
	drm_gpuva_for_each_op(op, ops)
		sm_take(w.vm, op);
	drm_gpuva_ops_free(w.vm, ops);
	KT_CHECK(drm_gpuva_find(w.vm, 28 * PAGE, 2 * PAGE));
	KT_CHECK(drm_gpuva_find(w.vm, 30 * PAGE, 10 * PAGE));
	KT_CHECK(drm_gpuva_find(w.vm, 40 * PAGE, 2 * PAGE));
	sm_end(&w);
	return 0;
}

/* ---- walks over lists and ranges, helpers -------------------------------- */

static int test_list_walks(void)
{
	static const enum drm_gpuva_op_type types[] = {
		DRM_GPUVA_OP_REMAP, DRM_GPUVA_OP_UNMAP, DRM_GPUVA_OP_REMAP,
		DRM_GPUVA_OP_MAP,
	};
	struct drm_gpuva_ops *ops;
	struct drm_gpuva_op *op;
	struct sm_world w;
	unsigned int i = 0;

	memory_begin(&w);
	ops = make_map(&w);
	KT_ASSERT(!IS_ERR(ops));
	drm_gpuva_for_each_op(op, ops)
		KT_EQ(op->op, types[i++]);
	KT_EQ(i, 4);
	drm_gpuva_for_each_op_reverse(op, ops)
		KT_EQ(op->op, types[--i]);
	KT_EQ(i, 0);

	op = drm_gpuva_last_op(ops);
	KT_EQ(op->op, DRM_GPUVA_OP_MAP);
	op = drm_gpuva_prev_op(op);
	i = 3;
	drm_gpuva_for_each_op_from_reverse(op, ops)
		KT_EQ(op->op, types[--i]);
	KT_EQ(i, 0);
	op = drm_gpuva_first_op(ops);
	KT_EQ(drm_gpuva_prev_op(drm_gpuva_next_op(op)), op);
	drm_gpuva_ops_free(w.vm, ops);
	sm_end(&w);
	return 0;
}

/* Whatever the variable is called: it is no member's name. */
static int test_range_walks(void)
{
	u64 end = 40 * PAGE;
	struct drm_gpuva *at, *next;
	unsigned int n = 0;
	struct sm_world w;

	memory_begin(&w);
	drm_gpuvm_for_each_va_range(at, w.vm, 31 * PAGE, end) {
		KT_CHECK(at->va.addr < end);
		n++;
	}
	KT_EQ(n, 3);
	/* The last of all is no VA behind the last. */
	drm_gpuvm_for_each_va_range(at, w.vm, 45 * PAGE, 255 * PAGE)
		n++;
	KT_EQ(n, 5);
	drm_gpuvm_for_each_va_range(at, w.vm, 70 * PAGE, 80 * PAGE)
		n++;
	KT_EQ(n, 5);

	drm_gpuvm_for_each_va_range_safe(at, next, w.vm, 31 * PAGE, end) {
		drm_gpuva_remove(at);
		sm_va_free(at);
		n--;
	}
	KT_EQ(n, 2);
	KT_CHECK(drm_gpuvm_interval_empty(w.vm, 20 * PAGE, 22 * PAGE));
	KT_CHECK(drm_gpuva_find(w.vm, 42 * PAGE, 4 * PAGE));
	sm_end(&w);
	return 0;
}

/* The hole that a remap leaves, with both ends, one, and none. */
static int test_unmap_range(void)
{
	struct drm_gpuva va;
	struct drm_gpuva_op_unmap unmap = { .va = &va };
	struct drm_gpuva_op_map prev = {
		.va = { .addr = 20 * PAGE, .range = 3 * PAGE },
	};
	struct drm_gpuva_op_map next = {
		.va = { .addr = 28 * PAGE, .range = 2 * PAGE },
	};
	struct drm_gpuva_op_remap op = { .unmap = &unmap };
	u64 start, range;

	va_set(&va, 20, 10, NULL);
	drm_gpuva_op_remap_to_unmap_range(&op, &start, &range);
	KT_EQ(start, 20 * PAGE);
	KT_EQ(range, 10 * PAGE);
	op.prev = &prev;
	drm_gpuva_op_remap_to_unmap_range(&op, &start, &range);
	KT_EQ(start, 23 * PAGE);
	KT_EQ(range, 7 * PAGE);
	op.next = &next;
	drm_gpuva_op_remap_to_unmap_range(&op, &start, &range);
	KT_EQ(start, 23 * PAGE);
	KT_EQ(range, 5 * PAGE);
	op.prev = NULL;
	drm_gpuva_op_remap_to_unmap_range(&op, NULL, &range);
	KT_EQ(range, 8 * PAGE);
	drm_gpuva_op_remap_to_unmap_range(&op, &start, NULL);
	KT_EQ(start, 20 * PAGE);
	return 0;
}

static int test_invalidate(void)
{
	struct drm_gpuva va;

	va_set(&va, 20, 1, NULL);
	va.flags = DRM_GPUVA_SPARSE;
	KT_CHECK(!drm_gpuva_invalidated(&va));
	drm_gpuva_invalidate(&va, true);
	drm_gpuva_invalidate(&va, true);
	KT_CHECK(drm_gpuva_invalidated(&va));
	KT_EQ(va.flags, DRM_GPUVA_SPARSE | DRM_GPUVA_INVALIDATED);
	drm_gpuva_invalidate(&va, false);
	KT_CHECK(!drm_gpuva_invalidated(&va));
	KT_EQ(va.flags, DRM_GPUVA_SPARSE);
	return 0;
}

/* A quirk: that the VA does not fit is told to nobody, and it is not inserted. */
static int test_map_overlap(void)
{
	struct drm_gpuva_op_map map = {
		.va = { .addr = 29 * PAGE, .range = 2 * PAGE },
	};
	struct drm_gpuva *old, va;
	struct sm_world w;

	sm_begin(&w);
	old = sm_old(&w, (struct piece) { 28, 4, NULL, 0 });
	va_set(&va, 1, 1, NULL);
	va.flags = DRM_GPUVA_SPARSE;
	drm_gpuva_map(w.vm, &va, &map);
	KT_EQ(va.va.addr, 29 * PAGE);
	KT_EQ(va.flags, DRM_GPUVA_SPARSE);
	KT_EQ(va.vm, NULL);
	KT_EQ(drm_gpuva_find_first(w.vm, 29 * PAGE, PAGE), old);
	KT_EQ(kref_read(&w.vm->kref), 2);
	sm_end(&w);
	return 0;
}

const char ktest_suite[] = "test_gpuvm_ops";

const struct ktest ktests[] = {
	KTEST(test_prefetch),
	KTEST(test_bo_unmap),
#if HAVE_DRM_GPUVM_MADVISE && HAVE_DRM_GPUVM_MAP_REQ_OP
	KTEST(test_madvise),
#endif
	KTEST(test_memory),
	KTEST(test_take),
	KTEST(test_list_walks),
	KTEST(test_range_walks),
	KTEST(test_unmap_range),
	KTEST(test_invalidate),
	KTEST(test_map_overlap),
	{ 0 },
};
