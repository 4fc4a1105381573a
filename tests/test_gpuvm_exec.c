// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * A VM's objects in one transaction: which are locked, in what order, what is
 * validated and gets fences, with the VM's lists protected by its resv and not.
 */
#include <linux/array_size.h>
#include <linux/dma-fence.h>

#include "lock/mutex.h"
#include "gpuvm_world.h"
#include "thread.h"

#define EXTS	5

static const enum drm_gpuvm_flags modes[] = { 0, DRM_GPUVM_RESV_PROTECTED };

/* ---- a driver ---------------------------------------------------------- */

static struct {
	unsigned int calls;
	unsigned int fail_at;	/* the call that fails, from 1 */
	bool leave;		/* the BO stays evicted */
} validate;

static int exec_validate(struct drm_gpuvm_bo *vm_bo, struct drm_exec *exec)
{
	KT_CHECK(vm_bo->evicted);
	KT_EQ(dma_resv_locking_ctx(vm_bo->obj->resv), &exec->ticket);
	if (++validate.calls == validate.fail_at)
		return -ENOSPC;
	if (validate.leave)
		return 0;
	if (drm_gpuvm_resv_protected(vm_bo->vm))
		vm_bo->evicted = false;
	else
		drm_gpuvm_bo_evict(vm_bo, false);
	return 0;
}

static const struct drm_gpuvm_ops exec_vm_ops = {
	.vm_free = world_vm_free,
	.vm_bo_alloc = world_vm_bo_alloc,
	.vm_bo_free = world_vm_bo_free,
	.vm_bo_validate = exec_validate,
};

/* A VM with a private BO and several external ones, each mapped once. */
struct exec_world {
	struct drm_gpuvm *vm;
	struct drm_gem_object *own, *ext[EXTS];
	struct drm_gpuva va_own, va_ext[EXTS];
};

static struct drm_gpuvm_bo *bind(struct drm_gpuvm *vm, struct drm_gpuva *va,
				 struct drm_gem_object *obj, u64 page)
{
	struct drm_gpuvm_bo *vm_bo;
	struct tx tx;

	va_set(va, page, 1, obj);
	KT_EQ(drm_gpuva_insert(vm, va), 0);
	tx_begin(&tx, vm, obj);
	vm_bo = drm_gpuvm_bo_obtain(vm, obj);
	drm_gpuvm_bo_extobj_add(vm_bo);
	drm_gpuva_link(va, vm_bo);
	drm_gpuvm_bo_put(vm_bo);
	tx_end(&tx);
	return vm_bo;
}

static void unbind(struct drm_gpuva *va)
{
	struct drm_gpuvm *vm = va->vm;
	struct tx tx;

	tx_begin(&tx, vm, va->gem.obj);
	drm_gpuva_unlink(va);
	tx_end(&tx);
	drm_gpuva_remove(va);
}

static void exec_begin(struct exec_world *w, enum drm_gpuvm_flags mode)
{
	unsigned int i;

	world_begin();
	w->vm = vm_new(mode);
	w->vm->ops = &exec_vm_ops;
	w->own = bo_new(w->vm);
	bind(w->vm, &w->va_own, w->own, 20);
	for (i = 0; i < EXTS; i++) {
		w->ext[i] = bo_new(NULL);
		bind(w->vm, &w->va_ext[i], w->ext[i], 21 + i);
	}
	memset(&validate, 0, sizeof(validate));
}

/* Nothing is locked or listed, and nobody has forgotten a reference. */
static void exec_end(struct exec_world *w)
{
	unsigned int i;

	KT_CHECK(!dma_resv_is_locked(drm_gpuvm_resv(w->vm)));
	unbind(&w->va_own);
	drm_gem_object_put(w->own);
	for (i = 0; i < EXTS; i++) {
		KT_CHECK(!dma_resv_is_locked(w->ext[i]->resv));
		unbind(&w->va_ext[i]);
		KT_EQ(kref_read(&w->ext[i]->refcount), 1);
		drm_gem_object_put(w->ext[i]);
	}
	KT_EQ(w->vm->extobj.local_list, NULL);
	KT_EQ(w->vm->evict.local_list, NULL);
	KT_EQ(kref_read(&w->vm->kref), 1);
	drm_gpuvm_put(w->vm);
	world_end();
}

static int for_both(void (*test)(struct exec_world *w))
{
	struct exec_world w;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		exec_begin(&w, modes[i]);
		test(&w);
		exec_end(&w);
	}
	return 0;
}

static bool exec_holds(struct drm_gpuvm_exec *vm_exec,
		       struct drm_gem_object *obj)
{
	return dma_resv_is_locked(obj->resv) &&
	       dma_resv_locking_ctx(obj->resv) == &vm_exec->exec.ticket;
}

static void evict(struct drm_gpuvm_bo *vm_bo, bool evict)
{
	struct dma_resv *resv = vm_bo->obj->resv;

	dma_resv_lock(resv, NULL);
	drm_gpuvm_bo_evict(vm_bo, evict);
	dma_resv_unlock(resv);
}

/* ---- locking ------------------------------------------------------------ */

/* The VM, then the external objects in the order of the list, which stays. */
static void exec_lock(struct exec_world *w)
{
	static const unsigned int nums[] = { 0, 2 };
	struct drm_gpuvm_exec vm_exec = { .vm = w->vm };
	struct drm_gpuvm_bo *vm_bo;
	unsigned int i, j;

	for (j = 0; j < ARRAY_SIZE(nums); j++) {
		vm_exec.num_fences = nums[j];
		KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
		KT_EQ(drm_exec_obj(&vm_exec.exec, 0),
		      drm_gpuvm_resv_obj(w->vm));
		for (i = 0; i < EXTS; i++) {
			KT_EQ(drm_exec_obj(&vm_exec.exec, 1 + i), w->ext[i]);
			KT_EQ(!!w->ext[i]->resv->fences, nums[j] != 0);
		}
		KT_EQ(drm_exec_obj(&vm_exec.exec, 1 + EXTS), NULL);
		KT_CHECK(exec_holds(&vm_exec, w->own));
		drm_gpuvm_exec_unlock(&vm_exec);
		i = 0;
		list_for_each_entry(vm_bo, &w->vm->extobj.list,
				    list.entry.extobj)
			KT_EQ(vm_bo->obj, w->ext[i++]);
		KT_EQ(i, EXTS);
	}
}

static int test_exec_lock(void)
{
	return for_both(exec_lock);
}

/* Some more, by a function or as an array; without the flag none twice. */
static int lock_more(struct drm_gpuvm_exec *vm_exec)
{
	return drm_exec_lock_obj(&vm_exec->exec, vm_exec->extra.priv);
}

static int lock_fails(struct drm_gpuvm_exec *vm_exec)
{
	return -ENODEV;
}

static void exec_lock_more(struct exec_world *w)
{
	struct drm_gem_object *more[] = { bo_new(NULL), bo_new(NULL), w->own };
	struct drm_gpuvm_exec vm_exec = {
		.vm = w->vm, .num_fences = 1, .extra = { lock_more, more[0] },
	};

	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
	KT_EQ(drm_exec_obj(&vm_exec.exec, 1 + EXTS), more[0]);
	drm_gpuvm_exec_unlock(&vm_exec);

	/* A private BO's resv is held already. */
	vm_exec.extra.priv = w->own;
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), -EALREADY);
	KT_CHECK(!dma_resv_is_locked(drm_gpuvm_resv(w->vm)));
	vm_exec.flags = DRM_EXEC_IGNORE_DUPLICATES;
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
	drm_gpuvm_exec_unlock(&vm_exec);
	vm_exec.extra.fn = lock_fails;
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), -ENODEV);
	KT_CHECK(!dma_resv_is_locked(w->ext[0]->resv));

	KT_EQ(drm_gpuvm_exec_lock_array(&vm_exec, more, 3), 0);
	KT_EQ(drm_exec_obj(&vm_exec.exec, 1 + EXTS), more[0]);
	KT_EQ(drm_exec_obj(&vm_exec.exec, 2 + EXTS), more[1]);
	KT_EQ(drm_exec_obj(&vm_exec.exec, 3 + EXTS), NULL);
	KT_CHECK(more[1]->resv->fences);
	drm_gpuvm_exec_unlock(&vm_exec);
	vm_exec.flags = 0;
	KT_EQ(drm_gpuvm_exec_lock_array(&vm_exec, more, 3), -EALREADY);
	KT_EQ(drm_gpuvm_exec_lock_array(&vm_exec, NULL, 0), 0);
	drm_gpuvm_exec_unlock(&vm_exec);
	KT_EQ(kref_read(&more[0]->refcount), 1);
	KT_EQ(kref_read(&more[1]->refcount), 1);
	drm_gem_object_put(more[0]);
	drm_gem_object_put(more[1]);
}

static int test_exec_lock_more(void)
{
	return for_both(exec_lock_more);
}

/* What is mapped in a range; what maps no BO is passed over. */
static void exec_lock_range(struct exec_world *w)
{
	struct drm_gpuvm_exec vm_exec = { .vm = w->vm };
	struct drm_gpuva none, second;

	va_set(&none, 26, 1, NULL);
	KT_EQ(drm_gpuva_insert(w->vm, &none), 0);
	bind(w->vm, &second, w->own, 27);

	KT_EQ(drm_gpuvm_exec_lock_range(&vm_exec, 22 * PAGE, 2 * PAGE), 0);
	KT_EQ(drm_exec_obj(&vm_exec.exec, 0), w->ext[1]);
	KT_EQ(drm_exec_obj(&vm_exec.exec, 1), w->ext[2]);
	KT_EQ(drm_exec_obj(&vm_exec.exec, 2), NULL);
	/* The VM's own is locked only with an object that has it. */
	KT_CHECK(!dma_resv_is_locked(drm_gpuvm_resv(w->vm)));
	drm_gpuvm_exec_unlock(&vm_exec);

	/* Two private mappings share a resv: a quirk wants the flag. */
	KT_EQ(drm_gpuvm_exec_lock_range(&vm_exec, 20 * PAGE, 8 * PAGE),
	      -EALREADY);
	KT_CHECK(!dma_resv_is_locked(w->ext[0]->resv));
	vm_exec.flags = DRM_EXEC_IGNORE_DUPLICATES;
	vm_exec.num_fences = 1;
	KT_EQ(drm_gpuvm_exec_lock_range(&vm_exec, 20 * PAGE, 8 * PAGE), 0);
	KT_EQ(drm_exec_obj(&vm_exec.exec, 0), w->own);
	KT_EQ(drm_exec_obj(&vm_exec.exec, EXTS), w->ext[EXTS - 1]);
	KT_EQ(drm_exec_obj(&vm_exec.exec, EXTS + 1), NULL);
	drm_gpuvm_exec_unlock(&vm_exec);

	KT_EQ(drm_gpuvm_exec_lock_range(&vm_exec, 26 * PAGE, PAGE), 0);
	KT_EQ(drm_exec_obj(&vm_exec.exec, 0), NULL);
	drm_gpuvm_exec_unlock(&vm_exec);
	drm_gpuva_remove(&none);
	unbind(&second);
}

static int test_exec_lock_range(void)
{
	return for_both(exec_lock_range);
}

#if HAVE_DRM_GPUVM_SM_EXEC_LOCK && HAVE_DRM_GPUVM_MAP_REQ_OP

/* The BO that is mapped, and those of what is in its way. */
static void sm_exec_lock(struct exec_world *w)
{
	struct drm_gem_object *obj = bo_new(NULL);
	struct drm_gpuvm_map_req req = {
		.op.va = { .addr = 22 * PAGE, .range = 2 * PAGE },
		.op.gem.obj = obj,
	};
	struct drm_exec exec;
	int err = 0;

	drm_exec_init(&exec, DRM_EXEC_IGNORE_DUPLICATES, 0);
	drm_exec_until_all_locked(&exec) {
		err = drm_gpuvm_sm_map_exec_lock(w->vm, &exec, 1, &req);
		drm_exec_retry_on_contention(&exec);
	}
	KT_EQ(err, 0);
	KT_EQ(drm_exec_obj(&exec, 0), obj);
	KT_EQ(drm_exec_obj(&exec, 1), w->ext[1]);
	KT_EQ(drm_exec_obj(&exec, 2), w->ext[2]);
	KT_EQ(drm_exec_obj(&exec, 3), NULL);
	KT_CHECK(obj->resv->fences && !w->ext[1]->resv->fences);
	drm_exec_fini(&exec);

	req.op.gem.obj = NULL;
	drm_exec_init(&exec, 0, 0);
	drm_exec_until_all_locked(&exec) {
		KT_EQ(drm_gpuvm_sm_map_exec_lock(w->vm, &exec, 0, &req), 0);
		KT_EQ(drm_gpuvm_sm_unmap_exec_lock(w->vm, &exec, 20 * PAGE,
						   2 * PAGE), 0);
		KT_EQ(drm_gpuvm_sm_unmap_exec_lock(w->vm, &exec, 0, PAGE),
		      -EINVAL);
		KT_EQ(drm_gpuvm_sm_unmap_exec_lock(w->vm, &exec, 20 * PAGE,
						   PAGE), -EALREADY);
	}
	KT_EQ(drm_exec_obj(&exec, 0), w->ext[1]);
	KT_EQ(drm_exec_obj(&exec, 1), w->ext[2]);
	KT_EQ(drm_exec_obj(&exec, 2), w->own);
	KT_EQ(drm_exec_obj(&exec, 3), w->ext[0]);
	KT_EQ(drm_exec_obj(&exec, 4), NULL);
	drm_exec_fini(&exec);
	KT_EQ(kref_read(&obj->refcount), 1);
	drm_gem_object_put(obj);
}

static int test_sm_exec_lock(void)
{
	return for_both(sm_exec_lock);
}

/* A VA that is only cut is in the way, too, unless it maps no BO. */
static void sm_exec_lock_cut(struct exec_world *w)
{
	struct drm_gem_object *obj = bo_new(NULL);
	struct drm_gpuvm_map_req req = {
		.op.va = { .addr = 31 * PAGE, .range = 4 * PAGE },
		.op.gem.obj = w->ext[0],
	};
	struct drm_gpuva cut, none;
	struct drm_exec exec;

	bind(w->vm, &cut, obj, 30);
	drm_gpuva_remove(&cut);
	cut.va.range = 3 * PAGE;
	KT_EQ(drm_gpuva_insert(w->vm, &cut), 0);
	va_set(&none, 34, 3, NULL);
	KT_EQ(drm_gpuva_insert(w->vm, &none), 0);

	drm_exec_init(&exec, 0, 0);
	drm_exec_until_all_locked(&exec) {
		KT_EQ(drm_gpuvm_sm_map_exec_lock(w->vm, &exec, 0, &req), 0);
	}
	KT_EQ(drm_exec_obj(&exec, 0), w->ext[0]);
	KT_EQ(drm_exec_obj(&exec, 1), obj);
	KT_EQ(drm_exec_obj(&exec, 2), NULL);
	drm_exec_fini(&exec);

	drm_exec_init(&exec, 0, 0);
	drm_exec_until_all_locked(&exec) {
		KT_EQ(drm_gpuvm_sm_unmap_exec_lock(w->vm, &exec, 31 * PAGE,
						   PAGE), 0);
		/* Held already: the request's own ends it before any step. */
		req.op.gem.obj = obj;
		KT_EQ(drm_gpuvm_sm_map_exec_lock(w->vm, &exec, 0, &req),
		      -EALREADY);
	}
	KT_EQ(drm_exec_obj(&exec, 0), obj);
	KT_EQ(drm_exec_obj(&exec, 1), NULL);
	drm_exec_fini(&exec);

	/* Locking moved nothing. */
	KT_EQ(drm_gpuva_find(w->vm, 30 * PAGE, 3 * PAGE), &cut);
	KT_EQ(drm_gpuva_find(w->vm, 34 * PAGE, 3 * PAGE), &none);
	drm_gpuva_remove(&none);
	unbind(&cut);
	KT_EQ(kref_read(&obj->refcount), 1);
	drm_gem_object_put(obj);
}

static int test_sm_exec_lock_cut(void)
{
	return for_both(sm_exec_lock_cut);
}

#endif

/*
 * An older transaction has an external object and wants the VM's resv, so the
 * younger one has to roll back before it gets either.
 */
struct elder {
	struct drm_gem_object *first, *then;
	int holds;
};

static void elder_main(void *arg)
{
	struct ww_acquire_ctx ctx;
	struct elder *e = arg;

	ww_acquire_init(&ctx, &reservation_ww_class);
	KT_EQ(dma_resv_lock(e->first->resv, &ctx), 0);
	__atomic_store_n(&e->holds, 1, __ATOMIC_RELEASE);
	/* Until the younger one has that or, rolled back, waits for this. */
	while (!dma_resv_is_locked(e->then->resv) &&
	       !mutex_has_waiters(&e->first->resv->lock.base))
		host_sched_yield();
	KT_EQ(dma_resv_lock(e->then->resv, &ctx), 0);
	dma_resv_unlock(e->then->resv);
	dma_resv_unlock(e->first->resv);
	ww_acquire_fini(&ctx);
}

static int rounds;

static int count_round(struct drm_gpuvm_exec *vm_exec)
{
	rounds++;
	return 0;
}

static void exec_contended(struct exec_world *w)
{
	struct drm_gpuvm_exec vm_exec = {
		.vm = w->vm, .extra.fn = count_round,
	};
	struct elder e = { w->ext[2], drm_gpuvm_resv_obj(w->vm), 0 };
	struct thread *thread;
	unsigned int i;

	rounds = 0;
	thread = thread_start(elder_main, &e);
	thread_await(&e.holds, 1);
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
	/* Called only when all others are locked. */
	KT_EQ(rounds, 1);
	for (i = 0; i < EXTS; i++) {
		KT_EQ(drm_exec_obj(&vm_exec.exec, 1 + i), w->ext[i]);
		KT_EQ(kref_read(&w->ext[i]->refcount), 3);
	}
	drm_gpuvm_exec_unlock(&vm_exec);
	thread_join(thread);
}

static int test_exec_contended(void)
{
	return for_both(exec_contended);
}

/* ---- fences and validation ---------------------------------------------- */

static const char *fence_name(struct dma_fence *fence)
{
	return "test";
}

static const struct dma_fence_ops fence_ops = {
	.get_driver_name = fence_name,
	.get_timeline_name = fence_name,
};

static unsigned int fences_of(struct drm_gem_object *obj,
			      enum dma_resv_usage usage)
{
	struct dma_resv_iter cursor;
	struct dma_fence *fence;
	unsigned int n = 0;

	dma_resv_for_each_fence(&cursor, obj->resv, DMA_RESV_USAGE_BOOKKEEP,
				fence)
		n += dma_resv_iter_usage(&cursor) == usage;
	return n;
}

static void fences(struct exec_world *w)
{
	struct drm_gpuvm_exec vm_exec = { .vm = w->vm, .num_fences = 1 };
	struct dma_fence *fence = kzalloc(sizeof(*fence), GFP_KERNEL);
	spinlock_t lock;
	unsigned int i;

	spin_lock_init(&lock);
	dma_fence_init(fence, &fence_ops, &lock, dma_fence_context_alloc(1), 1);
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
	drm_gpuvm_exec_resv_add_fence(&vm_exec, fence, DMA_RESV_USAGE_BOOKKEEP,
				      DMA_RESV_USAGE_WRITE);
	KT_EQ(fences_of(w->own, DMA_RESV_USAGE_BOOKKEEP), 1);
	KT_EQ(fences_of(w->own, DMA_RESV_USAGE_WRITE), 0);
	for (i = 0; i < EXTS; i++) {
		KT_EQ(fences_of(w->ext[i], DMA_RESV_USAGE_WRITE), 1);
		KT_EQ(fences_of(w->ext[i], DMA_RESV_USAGE_BOOKKEEP), 0);
	}
	KT_EQ(kref_read(&fence->refcount), 2 + EXTS);
	drm_gpuvm_exec_unlock(&vm_exec);
	dma_fence_signal(fence);
	dma_fence_put(fence);
}

static int test_fences(void)
{
	return for_both(fences);
}

static void validation(struct exec_world *w)
{
	struct drm_gpuvm_exec vm_exec = { .vm = w->vm };
	bool protected = drm_gpuvm_resv_protected(w->vm);
	struct list_head *list = &w->vm->evict.list;

	evict(w->va_own.vm_bo, true);
	evict(w->va_ext[1].vm_bo, true);
	evict(w->va_ext[3].vm_bo, true);
	/* Of a protected VM the external ones are listed when they are locked. */
	KT_EQ(list_count_nodes(list), protected ? 1 : 3);
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
	KT_EQ(list_count_nodes(list), 3);

	/* The first error ends it; what was done before is done. */
	validate.fail_at = 2;
	KT_EQ(drm_gpuvm_exec_validate(&vm_exec), -ENOSPC);
	KT_EQ(validate.calls, 2);
	KT_EQ(list_count_nodes(list), 2);
	KT_CHECK(!w->va_own.vm_bo->evicted);

	/* What stays evicted stays listed. */
	memset(&validate, 0, sizeof(validate));
	validate.leave = true;
	KT_EQ(drm_gpuvm_exec_validate(&vm_exec), 0);
	KT_EQ(validate.calls, 2);
	KT_EQ(list_count_nodes(list), 2);
	KT_EQ(list_first_entry(list, struct drm_gpuvm_bo, list.entry.evict),
	      w->va_ext[1].vm_bo);

	memset(&validate, 0, sizeof(validate));
	KT_EQ(drm_gpuvm_exec_validate(&vm_exec), 0);
	KT_EQ(validate.calls, 2);
	KT_CHECK(list_empty(list));
	KT_EQ(drm_gpuvm_exec_validate(&vm_exec), 0);
	KT_EQ(validate.calls, 2);
	drm_gpuvm_exec_unlock(&vm_exec);

	/* Locked again, nothing is listed again. */
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
	KT_CHECK(list_empty(list));
	drm_gpuvm_exec_unlock(&vm_exec);

	w->vm->ops = &world_vm_ops;
	KT_EQ(drm_gpuvm_exec_validate(&vm_exec), -EOPNOTSUPP);
}

static int test_validate(void)
{
	return for_both(validation);
}

/*
 * A quirk: only in protected mode does what the driver says by the flag alone
 * take a vm_bo off the list.
 */
static int validate_flag(struct drm_gpuvm_bo *vm_bo, struct drm_exec *exec)
{
	vm_bo->evicted = false;
	return 0;
}

static void validation_by_flag(struct exec_world *w)
{
	static const struct drm_gpuvm_ops ops = {
		.vm_free = world_vm_free,
		.vm_bo_alloc = world_vm_bo_alloc,
		.vm_bo_free = world_vm_bo_free,
		.vm_bo_validate = validate_flag,
	};
	struct drm_gpuvm_exec vm_exec = { .vm = w->vm };

	w->vm->ops = &ops;
	evict(w->va_ext[1].vm_bo, true);
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
	KT_EQ(drm_gpuvm_exec_validate(&vm_exec), 0);
	KT_EQ(list_empty(&w->vm->evict.list), drm_gpuvm_resv_protected(w->vm));
	drm_gpuvm_exec_unlock(&vm_exec);
	evict(w->va_ext[1].vm_bo, false);
}

static int test_validate_flag(void)
{
	return for_both(validation_by_flag);
}

/* ---- walks without the VM's resv ------------------------------------------ */

/* What has no references any more is passed over, and taken off. */
static int test_dead(void)
{
	struct drm_gpuvm_exec vm_exec;
	struct drm_gpuvm_bo *dead;
	struct exec_world w;

	exec_begin(&w, 0);
	dead = w.va_ext[2].vm_bo;
	vm_exec = (struct drm_gpuvm_exec) { .vm = w.vm };
	/* As between the last put and the lock of the list. */
	refcount_set(&dead->kref.refcount, 0);
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
	KT_EQ(drm_exec_obj(&vm_exec.exec, 2), w.ext[1]);
	KT_EQ(drm_exec_obj(&vm_exec.exec, 3), w.ext[3]);
	KT_EQ(drm_exec_obj(&vm_exec.exec, EXTS), NULL);
	KT_CHECK(list_empty(&dead->list.entry.extobj));
	KT_EQ(list_count_nodes(&w.vm->extobj.list), EXTS - 1);
	drm_gpuvm_exec_unlock(&vm_exec);
	kref_init(&dead->kref);
	exec_end(&w);
	return 0;
}

/* Somebody else is in the midst of a walk: each step says so. */
static int test_second_walk(void)
{
	struct drm_exec exec;
	struct exec_world w;
	LIST_HEAD(others);

	exec_begin(&w, 0);
	w.vm->extobj.local_list = &others;
	drm_exec_init(&exec, 0, 0);
	drm_exec_until_all_locked(&exec) {
		host_warn_mute(1);
		/* An empty list, as the other may have taken all of it. */
		w.vm->evict.local_list = &others;
		KT_EQ(drm_gpuvm_validate(w.vm, &exec), 0);
		host_warn_mute(0);
		KT_WARNED(1);
	}
	drm_exec_fini(&exec);
	w.vm->evict.local_list = NULL;
	w.vm->extobj.local_list = NULL;
	exec_end(&w);
	return 0;
}

#ifndef LAB_HOST_KSRC

/* One that is not alone gives back what it took; Linux leaves it on its stack. */
static int test_second_walk_gives_back(void)
{
	struct drm_exec exec;
	struct exec_world w;
	LIST_HEAD(others);

	exec_begin(&w, 0);
	w.vm->extobj.local_list = &others;
	drm_exec_init(&exec, 0, 0);
	drm_exec_until_all_locked(&exec) {
		host_warn_mute(1);
		KT_EQ(drm_gpuvm_prepare_objects(w.vm, &exec, 0), 0);
		host_warn_mute(0);
		KT_WARNED(EXTS + 1);
	}
	drm_exec_fini(&exec);
	KT_EQ(list_count_nodes(&w.vm->extobj.list), EXTS);
	KT_EQ(w.vm->extobj.local_list, &others);
	w.vm->extobj.local_list = NULL;
	exec_end(&w);
	return 0;
}

#endif

/*
 * While one thread walks, another maps and unmaps BOs and evicts them, which
 * adds to the lists and takes from them. Both hold the resv of the BO that they
 * are at, not the VM's; the walker may drop the last reference to a vm_bo, so
 * the BOs' lists are under a lock that it has, too.
 */
#define WALKS	300

struct churn {
	struct exec_world *w;
	struct drm_gem_object *obj;
	int stop;
};

static void churn_main(void *arg)
{
	struct churn *c = arg;
	struct drm_gpuvm *vm = c->w->vm;
	struct drm_gpuvm_bo *vm_bo;

	while (!__atomic_load_n(&c->stop, __ATOMIC_ACQUIRE)) {
		dma_resv_lock(c->obj->resv, NULL);
		vm_bo = drm_gpuvm_bo_obtain(vm, c->obj);
		drm_gpuvm_bo_extobj_add(vm_bo);
		drm_gpuvm_bo_evict(vm_bo, true);
		dma_resv_unlock(c->obj->resv);
		host_sched_yield();

		dma_resv_lock(c->obj->resv, NULL);
		drm_gpuvm_bo_evict(vm_bo, false);
		drm_gpuvm_bo_put(vm_bo);
		dma_resv_unlock(c->obj->resv);
		host_sched_yield();
	}
}

/* Locks the BO that comes and goes first, so that its last put is covered. */
static void walk_once(struct churn *c)
{
	struct drm_gpuvm *vm = c->w->vm;
	struct drm_exec exec;
	int err = 0;

	drm_exec_init(&exec, DRM_EXEC_IGNORE_DUPLICATES, 0);
	drm_exec_until_all_locked(&exec) {
		err = drm_exec_lock_obj(&exec, c->obj);
		drm_exec_retry_on_contention(&exec);
		err = err ?: drm_gpuvm_prepare_vm(vm, &exec, 0);
		drm_exec_retry_on_contention(&exec);
		err = err ?: drm_gpuvm_prepare_objects(vm, &exec, 1);
		drm_exec_retry_on_contention(&exec);
	}
	KT_EQ(err, 0);
	KT_EQ(drm_gpuvm_validate(vm, &exec), 0);
	drm_exec_fini(&exec);
}

static int test_churn(void)
{
	struct thread *thread;
	struct exec_world w;
	struct churn c;
	unsigned int i;

	exec_begin(&w, 0);
	c = (struct churn) { .w = &w, .obj = bo_new(NULL) };
	thread = thread_start(churn_main, &c);
	for (i = 0; i < WALKS; i++)
		walk_once(&c);
	__atomic_store_n(&c.stop, 1, __ATOMIC_RELEASE);
	thread_join(thread);
	KT_EQ(list_count_nodes(&w.vm->extobj.list), EXTS);
	KT_CHECK(list_empty(&w.vm->evict.list));
	KT_CHECK(list_empty(&c.obj->gpuva.list));
	KT_EQ(kref_read(&c.obj->refcount), 1);
	drm_gem_object_put(c.obj);
	exec_end(&w);
	return 0;
}

/* ---- immediate mode --------------------------------------------------------- */

#if HAVE_DRM_GPUVM_IMMEDIATE_MODE

/* A zombie waits on the lists of a protected VM, and is passed over. */
static int test_zombie(void)
{
	struct drm_gem_object *obj, *own;
	struct drm_gpuvm_exec vm_exec;
	struct drm_gpuvm_bo *ext, *priv;
	struct drm_gpuvm *vm;

	world_begin();
	memset(&validate, 0, sizeof(validate));
	vm = vm_new(DRM_GPUVM_RESV_PROTECTED | DRM_GPUVM_IMMEDIATE_MODE);
	vm->ops = &exec_vm_ops;
	obj = bo_new(NULL);
	own = bo_new(vm);
	ext = drm_gpuvm_bo_obtain_prealloc(drm_gpuvm_bo_create(vm, obj));
	priv = drm_gpuvm_bo_obtain_prealloc(drm_gpuvm_bo_create(vm, own));
	dma_resv_lock(drm_gpuvm_resv(vm), NULL);
	drm_gpuvm_bo_extobj_add(ext);
	drm_gpuvm_bo_evict(priv, true);
	dma_resv_unlock(drm_gpuvm_resv(vm));
	KT_CHECK(drm_gpuvm_bo_put_deferred(ext));
	KT_CHECK(drm_gpuvm_bo_put_deferred(priv));
	KT_CHECK(list_is_singular(&vm->extobj.list));
	KT_CHECK(list_is_singular(&vm->evict.list));

	vm_exec = (struct drm_gpuvm_exec) { .vm = vm };
	KT_EQ(drm_gpuvm_exec_lock(&vm_exec), 0);
	KT_EQ(drm_exec_obj(&vm_exec.exec, 1), NULL);
	KT_EQ(drm_gpuvm_exec_validate(&vm_exec), 0);
	KT_EQ(validate.calls, 0);
	drm_gpuvm_exec_unlock(&vm_exec);

	drm_gpuvm_bo_deferred_cleanup(vm);
	KT_CHECK(list_empty(&vm->extobj.list));
	KT_CHECK(list_empty(&vm->evict.list));
	drm_gem_object_put(own);
	drm_gem_object_put(obj);
	drm_gpuvm_put(vm);
	world_end();
	return 0;
}

#endif

#ifdef CONFIG_LOCKDEP

/* The lists of a protected VM want its resv. */
static int test_asserts(void)
{
	struct drm_exec exec;
	struct exec_world w;

	exec_begin(&w, DRM_GPUVM_RESV_PROTECTED);
	drm_exec_init(&exec, 0, 0);
	drm_exec_until_all_locked(&exec) {
		host_warn_mute(1);
		KT_EQ(drm_gpuvm_prepare_objects(w.vm, &exec, 0), 0);
		KT_WARNED(1);
		KT_EQ(drm_gpuvm_validate(w.vm, &exec), 0);
		KT_WARNED(1);
		host_warn_mute(0);
	}
	drm_exec_fini(&exec);
	exec_end(&w);
	return 0;
}

#endif

const char ktest_suite[] = "test_gpuvm_exec";

const struct ktest ktests[] = {
	KTEST(test_exec_lock),
	KTEST(test_exec_lock_more),
	KTEST(test_exec_lock_range),
#if HAVE_DRM_GPUVM_SM_EXEC_LOCK && HAVE_DRM_GPUVM_MAP_REQ_OP
	KTEST(test_sm_exec_lock),
	KTEST(test_sm_exec_lock_cut),
#endif
	KTEST(test_exec_contended),
	KTEST(test_fences),
	KTEST(test_validate),
	KTEST(test_validate_flag),
	KTEST(test_dead),
	KTEST(test_second_walk),
#ifndef LAB_HOST_KSRC
	KTEST(test_second_walk_gives_back),
#endif
	KTEST(test_churn),
#if HAVE_DRM_GPUVM_IMMEDIATE_MODE
	KTEST(test_zombie),
#endif
#ifdef CONFIG_LOCKDEP
	KTEST(test_asserts),
#endif
	{ 0 },
};
