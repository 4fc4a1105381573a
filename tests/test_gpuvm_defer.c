// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Immediate mode: what happens at once, what waits for the cleanup, and that a
 * cleanup may run between any two steps of a put. Built for the variant
 * `immediate`, and linked with -Wl,--wrap=llist_add_batch.
 */
#include "gpuvm_world.h"
#include "thread.h"

bool __wrap_llist_add_batch(struct llist_node *first, struct llist_node *last,
			    struct llist_head *head);
bool __real_llist_add_batch(struct llist_node *first, struct llist_node *last,
			    struct llist_head *head);

/* Called around the listing of a zombie, when set. */
static void (*before_add)(void), (*after_add)(void);

bool __wrap_llist_add_batch(struct llist_node *first, struct llist_node *last,
			    struct llist_head *head)
{
	bool was_empty;

	if (before_add)
		before_add();
	was_empty = __real_llist_add_batch(first, last, head);
	if (after_add)
		after_add();
	return was_empty;
}

#define UNPROTECTED	DRM_GPUVM_IMMEDIATE_MODE
#define PROTECTED	(DRM_GPUVM_IMMEDIATE_MODE | DRM_GPUVM_RESV_PROTECTED)

static struct drm_gpuvm_bo *obtain(struct drm_gpuvm *vm,
				   struct drm_gem_object *obj)
{
	struct drm_gpuvm_bo *vm_bo = drm_gpuvm_bo_create(vm, obj);

	KT_CHECK(vm_bo);
	return drm_gpuvm_bo_obtain_prealloc(vm_bo);
}

static void link(struct drm_gpuva *va, struct drm_gpuvm_bo *vm_bo)
{
	va_set(va, 20, 1, vm_bo->obj);
	mutex_lock(&vm_bo->obj->gpuva.lock);
	drm_gpuva_link(va, vm_bo);
	mutex_unlock(&vm_bo->obj->gpuva.lock);
}

static void add_to_vm_lists(struct drm_gpuvm_bo *vm_bo)
{
	struct tx tx;

	tx_begin(&tx, vm_bo->vm, vm_bo->obj);
	drm_gpuvm_bo_extobj_add(vm_bo);
	drm_gpuvm_bo_evict(vm_bo, true);
	tx_end(&tx);
	KT_CHECK(!list_empty(&vm_bo->vm->extobj.list));
}

/* The loser of two preallocations goes at once, and needs no resv to. */
static int test_prealloc(void)
{
	struct drm_gpuvm_bo *vm_bo, *again;
	struct drm_gem_object *obj;
	struct drm_gpuvm *vm;

	world_begin();
	vm = vm_new(PROTECTED);
	KT_CHECK(drm_gpuvm_immediate_mode(vm));
	obj = bo_new(NULL);
	vm_bo = obtain(vm, obj);
	KT_EQ(kref_read(&vm_bo->kref), 1);
	again = obtain(vm, obj);
	KT_EQ(again, vm_bo);
	KT_EQ(kref_read(&vm_bo->kref), 2);
	KT_EQ(world.vm_bos, 1);
	KT_EQ(kref_read(&obj->refcount), 2);
	KT_EQ(kref_read(&vm->kref), 2);
	KT_CHECK(llist_empty(&vm->bo_defer));
	KT_CHECK(!mutex_is_locked(&obj->gpuva.lock));

	KT_CHECK(!drm_gpuvm_bo_put_deferred(NULL));
	KT_CHECK(!drm_gpuvm_bo_put_deferred(again));
	KT_CHECK(drm_gpuvm_bo_put_deferred(vm_bo));
	drm_gpuvm_bo_deferred_cleanup(vm);
	drm_gem_object_put(obj);
	drm_gpuvm_put(vm);
	world_end();
	return 0;
}

static void put_in(enum drm_gpuvm_flags mode)
{
	struct drm_gem_object *obj;
	struct drm_gpuvm_bo *vm_bo;
	struct drm_gpuvm *vm;

	world_begin();
	vm = vm_new(mode);
	obj = bo_new(NULL);
	vm_bo = obtain(vm, obj);
	add_to_vm_lists(vm_bo);

	KT_CHECK(drm_gpuvm_bo_put_deferred(vm_bo));
	/* At once: nobody finds it through the BO. */
	KT_CHECK(list_empty(&obj->gpuva.list));
	KT_CHECK(!mutex_is_locked(&obj->gpuva.lock));
	/* What needs the VM's resv waits; what has a spinlock does not. */
	KT_EQ(list_empty(&vm->extobj.list), mode == UNPROTECTED);
	/* It still keeps both. */
	KT_EQ(world.vm_bos, 1);
	KT_EQ(kref_read(&vm_bo->kref), 0);
	KT_EQ(kref_read(&vm->kref), 2);
	KT_EQ(kref_read(&obj->refcount), 2);
	KT_CHECK(!llist_empty(&vm->bo_defer));

	drm_gpuvm_bo_deferred_cleanup(vm);
	KT_EQ(world.vm_bos, 0);
	KT_CHECK(llist_empty(&vm->bo_defer));
	KT_CHECK(list_empty(&vm->extobj.list));
	KT_CHECK(list_empty(&vm->evict.list));
	KT_EQ(kref_read(&vm->kref), 1);
	KT_EQ(kref_read(&obj->refcount), 1);
	drm_gpuvm_bo_deferred_cleanup(vm);
	drm_gem_object_put(obj);
	drm_gpuvm_put(vm);
	world_end();
}

static int test_put(void)
{
	put_in(PROTECTED);
	put_in(UNPROTECTED);
	return 0;
}

static void unlink_in(enum drm_gpuvm_flags mode)
{
	struct drm_gem_object *obj;
	struct drm_gpuvm_bo *vm_bo;
	struct drm_gpuva va[2], none;
	struct drm_gpuvm *vm;

	world_begin();
	vm = vm_new(mode);
	obj = bo_new(NULL);
	vm_bo = obtain(vm, obj);
	link(&va[0], vm_bo);
	link(&va[1], vm_bo);
	KT_CHECK(!drm_gpuvm_bo_put_deferred(vm_bo));
	va_set(&none, 20, 1, NULL);
	drm_gpuva_unlink_defer(&none);

	drm_gpuva_unlink_defer(&va[0]);
	KT_EQ(va[0].vm_bo, NULL);
	KT_CHECK(list_empty(&va[0].gem.entry));
	KT_CHECK(llist_empty(&vm->bo_defer));
	KT_EQ(list_count_nodes(&vm_bo->list.gpuva), 1);
	drm_gpuva_unlink_defer(&va[1]);
	KT_CHECK(!llist_empty(&vm->bo_defer));
	KT_CHECK(list_empty(&obj->gpuva.list));
	KT_CHECK(!mutex_is_locked(&obj->gpuva.lock));
	KT_EQ(world.vm_bos, 1);

	drm_gpuvm_bo_deferred_cleanup(vm);
	KT_EQ(world.vm_bos, 0);
	drm_gem_object_put(obj);
	drm_gpuvm_put(vm);
	world_end();
}

static int test_unlink(void)
{
	unlink_in(PROTECTED);
	unlink_in(UNPROTECTED);
	return 0;
}

/* While a zombie waits, the pair can have a new vm_bo. */
static int test_many(void)
{
	struct drm_gem_object *obj;
	struct drm_gpuvm_bo *vm_bo;
	struct drm_gpuvm *vm;
	unsigned int i;

	world_begin();
	vm = vm_new(PROTECTED);
	obj = bo_new(NULL);
	for (i = 0; i < 10; i++) {
		vm_bo = obtain(vm, obj);
		add_to_vm_lists(vm_bo);
		KT_CHECK(list_is_singular(&obj->gpuva.list));
		KT_CHECK(drm_gpuvm_bo_put_deferred(vm_bo));
	}
	KT_EQ(world.vm_bos, 10);
	KT_EQ(list_count_nodes(&vm->extobj.list), 10);
	/* The BO's last reference is the zombies'. */
	drm_gem_object_put(obj);
	KT_EQ(world.bos, 1);
	drm_gpuvm_bo_deferred_cleanup(vm);
	KT_EQ(world.vm_bos, 0);
	KT_EQ(world.bos, 0);
	drm_gpuvm_put(vm);
	world_end();
	return 0;
}

static int test_wrong_mode(void)
{
	struct drm_gpuvm *vm, *staged;
	struct drm_gem_object *obj;
	struct drm_gpuvm_bo *vm_bo;
	struct tx tx;

	world_begin();
	vm = vm_new(PROTECTED);
	staged = vm_new(DRM_GPUVM_RESV_PROTECTED);
	obj = bo_new(NULL);
	host_warn_mute(1);
	/* Allocates under a lock under which nobody may. */
	mutex_lock(&obj->gpuva.lock);
	vm_bo = drm_gpuvm_bo_obtain(vm, obj);
	mutex_unlock(&obj->gpuva.lock);
	KT_WARNED(1);
	KT_CHECK(drm_gpuvm_bo_put_deferred(vm_bo));
	drm_gpuvm_bo_deferred_cleanup(vm);
	KT_WARNED(0);

	vm_bo = drm_gpuvm_bo_create(staged, obj);
	KT_CHECK(vm_bo);
	KT_CHECK(!drm_gpuvm_bo_put_deferred(drm_gpuvm_bo_get(vm_bo)));
	KT_WARNED(1);
	host_warn_mute(0);

	tx_begin(&tx, staged, obj);
	KT_CHECK(drm_gpuvm_bo_put(vm_bo));
	tx_end(&tx);
	drm_gem_object_put(obj);
	drm_gpuvm_put(staged);
	drm_gpuvm_put(vm);
	world_end();
	return 0;
}

/*
 * A cleanup on another thread at the worst moment: the zombie's own thread
 * waits between the unlock and the add, then between the add and its return.
 * The vm_bo holds the BO's last reference, so the BO, and gpuva.lock in it,
 * lives until the cleanup that sees the zombie, and not longer.
 */
static struct {
	struct drm_gpuvm *vm;
	struct drm_gem_object *obj;
	struct drm_gpuvm_bo *vm_bo;
	struct drm_gpuva va;
	bool by_unlink;
	int step;
} gap;

static void gap_reach(int step)
{
	__atomic_store_n(&gap.step, step, __ATOMIC_RELEASE);
}

static void gap_wait(int step)
{
	while (__atomic_load_n(&gap.step, __ATOMIC_ACQUIRE) < step)
		host_sched_yield();
}

static void gap_before_add(void)
{
	gap_reach(1);
	gap_wait(2);
}

static void gap_after_add(void)
{
	gap_reach(3);
	gap_wait(4);
}

static void gap_put(void)
{
	if (gap.by_unlink)
		drm_gpuva_unlink_defer(&gap.va);
	else
		KT_CHECK(drm_gpuvm_bo_put_deferred(gap.vm_bo));
}

static void gap_cleanup(void)
{
	gap_wait(1);
	/* The lock is given up already, and nothing is there to be freed. */
	KT_CHECK(!mutex_is_locked(&gap.obj->gpuva.lock));
	KT_CHECK(list_empty(&gap.obj->gpuva.list));
	drm_gpuvm_bo_deferred_cleanup(gap.vm);
	KT_EQ(world.vm_bos, 1);
	KT_EQ(world.bos, 1);
	gap_reach(2);

	gap_wait(3);
	drm_gpuvm_bo_deferred_cleanup(gap.vm);
	KT_EQ(world.vm_bos, 0);
	KT_EQ(world.bos, 0);
	gap_reach(4);
}

static void gap_thread(void *arg, unsigned int i)
{
	if (i)
		gap_cleanup();
	else
		gap_put();
}

static void gap_run(bool by_unlink)
{
	world_begin();
	gap.vm = vm_new(PROTECTED);
	gap.obj = bo_new(NULL);
	gap.vm_bo = obtain(gap.vm, gap.obj);
	gap.by_unlink = by_unlink;
	gap.step = 0;
	if (by_unlink) {
		link(&gap.va, gap.vm_bo);
		KT_CHECK(!drm_gpuvm_bo_put_deferred(gap.vm_bo));
	}
	drm_gem_object_put(gap.obj);
	before_add = gap_before_add;
	after_add = gap_after_add;
	threads_run(2, gap_thread, NULL);
	before_add = NULL;
	after_add = NULL;
	drm_gpuvm_put(gap.vm);
	world_end();
}

static int test_gap(void)
{
	gap_run(false);
	gap_run(true);
	return 0;
}

const char ktest_suite[] = "test_gpuvm_defer";

const struct ktest ktests[] = {
	KTEST(test_prealloc),
	KTEST(test_put),
	KTEST(test_unlink),
	KTEST(test_many),
	KTEST(test_wrong_mode),
	KTEST(test_gap),
	{ 0 },
};
