// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * vm_bos: references, the lists that they stand on and when, with the lists of
 * the VM protected by its resv and not. Locks are the default ones: the resv.
 */
#include "gpuvm_world.h"

static const enum drm_gpuvm_flags modes[] = { 0, DRM_GPUVM_RESV_PROTECTED };

static int test_create(void)
{
	struct drm_gpuvm_bo *vm_bo;
	struct drm_gem_object *obj;
	struct drm_gpuvm *vm;
	struct tx tx;

	world_begin();
	vm = vm_new(DRM_GPUVM_RESV_PROTECTED);
	obj = bo_new(NULL);
	vm_bo = drm_gpuvm_bo_create(vm, obj);
	KT_CHECK(vm_bo);
	KT_EQ(kref_read(&vm_bo->kref), 1);
	KT_EQ(kref_read(&vm->kref), 2);
	KT_EQ(kref_read(&obj->refcount), 2);
	KT_CHECK(!vm_bo->evicted);
	KT_CHECK(list_empty(&obj->gpuva.list));
	KT_CHECK(list_empty(&vm_bo->list.gpuva));

	tx_begin(&tx, vm, obj);
	KT_EQ(drm_gpuvm_bo_find(vm, obj), NULL);
	KT_CHECK(drm_gpuvm_bo_put(vm_bo));
	tx_end(&tx);
	KT_EQ(world.vm_bos, 0);
	KT_EQ(kref_read(&vm->kref), 1);
	KT_EQ(kref_read(&obj->refcount), 1);
	KT_CHECK(!drm_gpuvm_bo_put(NULL));
	drm_gem_object_put(obj);
	drm_gpuvm_put(vm);
	world_end();
	return 0;
}

static int test_obtain(void)
{
	struct drm_gpuvm_bo *a, *b, *found;
	struct drm_gpuvm *vm, *other;
	struct drm_gem_object *obj;
	struct tx tx;

	world_begin();
	vm = vm_new(DRM_GPUVM_RESV_PROTECTED);
	other = vm_new(0);
	obj = bo_new(NULL);
	tx_begin(&tx, vm, obj);
	a = drm_gpuvm_bo_obtain(vm, obj);
	KT_CHECK(!IS_ERR(a));
	b = drm_gpuvm_bo_obtain(other, obj);
	KT_CHECK(!IS_ERR(b) && b != a);
	KT_EQ(list_first_entry(&obj->gpuva.list, struct drm_gpuvm_bo,
				  list.entry.gem), a);
	KT_EQ(list_last_entry(&obj->gpuva.list, struct drm_gpuvm_bo,
				 list.entry.gem), b);
	found = drm_gpuvm_bo_obtain(vm, obj);
	KT_EQ(found, a);
	KT_EQ(drm_gpuvm_bo_find(other, obj), b);
	KT_EQ(kref_read(&a->kref), 2);
	KT_EQ(kref_read(&b->kref), 2);
	KT_EQ(kref_read(&obj->refcount), 3);
	KT_EQ(world.vm_bos, 2);

	KT_CHECK(!drm_gpuvm_bo_put(b));
	KT_CHECK(!drm_gpuvm_bo_put(a));
	KT_CHECK(drm_gpuvm_bo_put(a));
	KT_EQ(drm_gpuvm_bo_find(vm, obj), NULL);
	KT_EQ(list_count_nodes(&obj->gpuva.list), 1);
	KT_CHECK(drm_gpuvm_bo_put(b));
	KT_CHECK(list_empty(&obj->gpuva.list));
	tx_end(&tx);
	drm_gem_object_put(obj);
	drm_gpuvm_put(other);
	drm_gpuvm_put(vm);
	world_end();
	return 0;
}

static int test_no_memory(void)
{
	struct drm_gem_object *obj;
	struct drm_gpuvm *vm;
	struct tx tx;

	world_begin();
	vm = vm_new(0);
	obj = bo_new(NULL);
	world.no_memory = true;
	tx_begin(&tx, vm, obj);
	KT_EQ(drm_gpuvm_bo_create(vm, obj), NULL);
	KT_EQ(PTR_ERR(drm_gpuvm_bo_obtain(vm, obj)), -ENOMEM);
	tx_end(&tx);
	world.no_memory = false;
	KT_CHECK(list_empty(&obj->gpuva.list));
	KT_EQ(kref_read(&vm->kref), 1);
	drm_gem_object_put(obj);
	drm_gpuvm_put(vm);
	world_end();
	return 0;
}

/* Without ops a vm_bo is plain memory. */
static int test_no_ops(void)
{
	static const struct drm_gpuvm_ops ops = { .vm_free = world_vm_free };
	struct drm_gem_object *obj;
	struct drm_gpuvm_bo *vm_bo;
	struct drm_gpuvm *vm;
	struct tx tx;

	world_begin();
	vm = vm_new(0);
	vm->ops = &ops;
	obj = bo_new(NULL);
	tx_begin(&tx, vm, obj);
	vm_bo = drm_gpuvm_bo_obtain(vm, obj);
	KT_CHECK(!IS_ERR(vm_bo));
	KT_CHECK(drm_gpuvm_bo_put(vm_bo));
	tx_end(&tx);
	drm_gem_object_put(obj);
	drm_gpuvm_put(vm);
	world_end();
	return 0;
}

#if !HAVE_DRM_GPUVM_BO_OBTAIN_PREALLOC_LOCKS
/* With the lock held by the caller; newer trees lock, in immediate mode only. */
static int test_prealloc(void)
{
	struct drm_gpuvm_bo *first, *second;
	struct drm_gem_object *obj;
	struct drm_gpuvm *vm;
	struct tx tx;

	world_begin();
	vm = vm_new(DRM_GPUVM_RESV_PROTECTED);
	obj = bo_new(NULL);
	first = drm_gpuvm_bo_create(vm, obj);
	second = drm_gpuvm_bo_create(vm, obj);
	KT_CHECK(first && second);
	tx_begin(&tx, vm, obj);
	KT_EQ(drm_gpuvm_bo_obtain_prealloc(first), first);
	KT_EQ(kref_read(&first->kref), 1);
	KT_EQ(drm_gpuvm_bo_obtain_prealloc(second), first);
	KT_EQ(kref_read(&first->kref), 2);
	KT_EQ(world.vm_bos, 1);
	KT_CHECK(list_is_singular(&obj->gpuva.list));
	KT_EQ(kref_read(&obj->refcount), 2);
	drm_gpuvm_bo_put(first);
	KT_CHECK(drm_gpuvm_bo_put(first));
	tx_end(&tx);
	drm_gem_object_put(obj);
	drm_gpuvm_put(vm);
	world_end();
	return 0;
}
#endif

static void extobj(enum drm_gpuvm_flags mode)
{
	struct drm_gpuvm_bo *ext, *priv;
	struct drm_gem_object *obj, *own;
	struct drm_gpuvm *vm;
	struct tx tx;

	world_begin();
	vm = vm_new(mode);
	obj = bo_new(NULL);
	own = bo_new(vm);
	KT_CHECK(drm_gpuvm_is_extobj(vm, obj));
	KT_CHECK(!drm_gpuvm_is_extobj(vm, own));
	KT_CHECK(!drm_gpuvm_is_extobj(vm, NULL));
	tx_begin(&tx, vm, obj);
	ext = drm_gpuvm_bo_obtain(vm, obj);
	priv = drm_gpuvm_bo_obtain(vm, own);
	drm_gpuvm_bo_extobj_add(priv);
	KT_CHECK(list_empty(&vm->extobj.list));
	drm_gpuvm_bo_extobj_add(ext);
	drm_gpuvm_bo_extobj_add(ext);
	KT_CHECK(list_is_singular(&vm->extobj.list));
	KT_EQ(vm->extobj.list.next, &ext->list.entry.extobj);
	KT_CHECK(drm_gpuvm_bo_put(ext));
	KT_CHECK(list_empty(&vm->extobj.list));
	KT_CHECK(drm_gpuvm_bo_put(priv));
	tx_end(&tx);
	drm_gem_object_put(own);
	drm_gem_object_put(obj);
	drm_gpuvm_put(vm);
	world_end();
}

static int test_extobj(void)
{
	extobj(modes[0]);
	extobj(modes[1]);
	return 0;
}

static void evict(enum drm_gpuvm_flags mode)
{
	struct drm_gpuvm_bo *ext, *priv;
	struct drm_gem_object *obj, *own;
	struct drm_gpuvm *vm;
	struct tx tx;

	world_begin();
	vm = vm_new(mode);
	obj = bo_new(NULL);
	own = bo_new(vm);
	tx_begin(&tx, vm, obj);
	ext = drm_gpuvm_bo_obtain(vm, obj);
	priv = drm_gpuvm_bo_obtain(vm, own);

	/* Another's resv does not protect the list of a protected VM. */
	drm_gpuvm_bo_evict(ext, true);
	KT_CHECK(ext->evicted);
	KT_EQ(list_empty(&vm->evict.list), mode != 0);
	drm_gpuvm_bo_evict(ext, false);
	KT_CHECK(!ext->evicted);
	KT_CHECK(list_empty(&vm->evict.list));

	drm_gpuvm_bo_evict(priv, true);
	drm_gpuvm_bo_evict(priv, true);
	KT_CHECK(priv->evicted);
	KT_CHECK(list_is_singular(&vm->evict.list));
	drm_gpuvm_bo_evict(priv, false);
	drm_gpuvm_bo_evict(priv, false);
	KT_CHECK(!priv->evicted);
	KT_CHECK(list_empty(&vm->evict.list));

	/* The last put leaves the list. */
	drm_gpuvm_bo_evict(priv, true);
	KT_CHECK(drm_gpuvm_bo_put(priv));
	KT_CHECK(list_empty(&vm->evict.list));
	KT_CHECK(drm_gpuvm_bo_put(ext));
	tx_end(&tx);
	drm_gem_object_put(own);
	drm_gem_object_put(obj);
	drm_gpuvm_put(vm);
	world_end();
}

static int test_evict(void)
{
	evict(modes[0]);
	evict(modes[1]);
	return 0;
}

static int test_gem_evict(void)
{
	struct drm_gpuvm *vm, *other;
	struct drm_gpuvm_bo *a, *b;
	struct drm_gem_object *obj;
	struct tx tx;

	world_begin();
	vm = vm_new(DRM_GPUVM_RESV_PROTECTED);
	other = vm_new(0);
	obj = bo_new(NULL);
	tx_begin(&tx, vm, obj);
	a = drm_gpuvm_bo_obtain(vm, obj);
	b = drm_gpuvm_bo_obtain(other, obj);
	drm_gpuvm_bo_gem_evict(obj, true);
	KT_CHECK(a->evicted && b->evicted);
	KT_CHECK(list_empty(&vm->evict.list));
	KT_CHECK(!list_empty(&other->evict.list));
	drm_gpuvm_bo_gem_evict(obj, false);
	KT_CHECK(!a->evicted && !b->evicted);
	KT_CHECK(list_empty(&other->evict.list));
	KT_CHECK(drm_gpuvm_bo_put(a));
	KT_CHECK(drm_gpuvm_bo_put(b));
	tx_end(&tx);
	drm_gem_object_put(obj);
	drm_gpuvm_put(other);
	drm_gpuvm_put(vm);
	world_end();
	return 0;
}

static int test_link(void)
{
	struct drm_gem_object *obj, *wrong;
	struct drm_gpuva va[3], none, *at;
	struct drm_gpuvm_bo *vm_bo;
	struct drm_gpuvm *vm;
	unsigned int i = 0;
	struct tx tx;

	world_begin();
	vm = vm_new(DRM_GPUVM_RESV_PROTECTED);
	obj = bo_new(NULL);
	wrong = bo_new(vm);
	tx_begin(&tx, vm, obj);
	vm_bo = drm_gpuvm_bo_obtain(vm, obj);

	va_set(&none, 20, 1, NULL);
	drm_gpuva_link(&none, vm_bo);
	KT_EQ(none.vm_bo, NULL);
	drm_gpuva_unlink(&none);
	KT_EQ(kref_read(&vm_bo->kref), 1);

	for (i = 0; i < 3; i++) {
		va_set(&va[i], 20 + i, 1, obj);
		drm_gpuva_link(&va[i], vm_bo);
		KT_EQ(va[i].vm_bo, vm_bo);
		KT_EQ(kref_read(&vm_bo->kref), 2 + i);
	}
	i = 0;
	drm_gpuvm_bo_for_each_va(at, vm_bo)
		KT_EQ(at, &va[i++]);
	KT_EQ(i, 3);

	va_set(&none, 30, 1, wrong);
	host_warn_mute(1);
	drm_gpuva_link(&none, vm_bo);
	host_warn_mute(0);
	KT_WARNED(1);
	drm_gpuva_unlink(&none);

	KT_CHECK(!drm_gpuvm_bo_put(vm_bo));
	for (i = 0; i < 3; i++) {
		KT_EQ(world.vm_bos, 1);
		drm_gpuva_unlink(&va[i]);
		KT_EQ(va[i].vm_bo, NULL);
		KT_CHECK(list_empty(&va[i].gem.entry));
	}
	KT_EQ(world.vm_bos, 0);
	KT_CHECK(list_empty(&obj->gpuva.list));
	tx_end(&tx);
	drm_gem_object_put(wrong);
	drm_gem_object_put(obj);
	drm_gpuvm_put(vm);
	world_end();
	return 0;
}

#ifndef LAB_HOST_KSRC

/* The VAs of what it is given; Linux's macro takes the variable vm_bo instead. */
static int test_va_walks(void)
{
	struct drm_gpuvm_bo *vm_bo, *other;
	struct drm_gpuva va, *at, *next;
	struct drm_gem_object *obj;
	struct drm_gpuvm *vm;
	unsigned int n = 0;
	struct tx tx;

	world_begin();
	vm = vm_new(DRM_GPUVM_RESV_PROTECTED);
	obj = bo_new(vm);
	tx_begin(&tx, vm, obj);
	vm_bo = drm_gpuvm_bo_create(vm, obj);
	other = drm_gpuvm_bo_obtain(vm, obj);
	va_set(&va, 20, 1, obj);
	drm_gpuva_link(&va, other);
	drm_gpuvm_bo_put(other);
	drm_gpuvm_bo_for_each_va(at, other)
		n += at == &va;
	KT_EQ(n, 1);
	drm_gpuvm_bo_for_each_va_safe(at, next, vm_bo)
		n++;
	KT_EQ(n, 1);
	drm_gpuva_unlink(&va);
	KT_EQ(world.vm_bos, 1);
	drm_gpuvm_bo_put(vm_bo);
	tx_end(&tx);
	drm_gem_object_put(obj);
	drm_gpuvm_put(vm);
	world_end();
	return 0;
}

#endif

/* The vm_bo is the last to refer to the VM, and takes it with it. */
static int test_last_owner(void)
{
	struct drm_gem_object *obj;
	struct drm_gpuvm_bo *vm_bo;
	struct drm_gpuvm *vm;

	world_begin();
	vm = vm_new(0);
	obj = bo_new(NULL);
	dma_resv_lock(obj->resv, NULL);
	vm_bo = drm_gpuvm_bo_obtain(vm, obj);
	drm_gpuvm_put(vm);
	KT_EQ(world.vms, 1);
	KT_CHECK(drm_gpuvm_bo_put(vm_bo));
	KT_EQ(world.vms, 0);
	dma_resv_unlock(obj->resv);
	KT_EQ(kref_read(&obj->refcount), 1);
	drm_gem_object_put(obj);
	world_end();
	return 0;
}

#ifdef CONFIG_LOCKDEP

/* What warns, and how often, when it is called without a lock. */
static int test_asserts(void)
{
	struct drm_gem_object *obj;
	struct drm_gpuvm_bo *vm_bo;
	struct drm_gpuvm *vm;
	struct drm_gpuva va;

	world_begin();
	vm = vm_new(DRM_GPUVM_RESV_PROTECTED);
	obj = bo_new(NULL);
	va_set(&va, 20, 1, obj);
	host_warn_mute(1);
	/* To look for it, and to list it. */
	vm_bo = drm_gpuvm_bo_obtain(vm, obj);
	KT_WARNED(2);
	KT_EQ(drm_gpuvm_bo_find(vm, obj), vm_bo);
	KT_WARNED(1);
	drm_gpuva_link(&va, vm_bo);
	KT_WARNED(1);
	drm_gpuva_unlink(&va);
	KT_WARNED(1);
	drm_gpuvm_bo_extobj_add(vm_bo);
	KT_WARNED(1);
	drm_gpuvm_bo_evict(vm_bo, true);
	KT_WARNED(1);
	drm_gpuvm_bo_gem_evict(obj, false);
	KT_WARNED(2);
	/* Not the last one: nobody can tell that a lock is missing. */
	drm_gpuvm_bo_put(vm_bo);
	KT_WARNED(0);
	/* The VM's resv, and the lock of the list. */
	drm_gpuvm_bo_put(vm_bo);
	KT_WARNED(2);
	host_warn_mute(0);
	drm_gem_object_put(obj);
	drm_gpuvm_put(vm);
	world_end();
	return 0;
}

/* A lock that was told replaces the resv; telling twice is wrong. */
static int test_set_lock(void)
{
	struct drm_gem_object *obj;
	struct drm_gpuvm_bo *vm_bo;
	struct mutex lock;
	struct drm_gpuvm *vm;
	struct tx tx;

	world_begin();
	vm = vm_new(0);
	obj = bo_new(NULL);
	mutex_init(&lock);
	drm_gem_gpuva_set_lock(obj, &lock);
	mutex_lock(&lock);
	vm_bo = drm_gpuvm_bo_obtain(vm, obj);
	KT_CHECK(drm_gpuvm_bo_put(vm_bo));
	mutex_unlock(&lock);

	host_warn_mute(1);
	drm_gem_gpuva_set_lock(obj, &lock);
	KT_WARNED(1);
	tx_begin(&tx, vm, obj);
	KT_EQ(drm_gpuvm_bo_find(vm, obj), NULL);
	KT_WARNED(1);
	tx_end(&tx);
	host_warn_mute(0);
	drm_gem_object_put(obj);
	drm_gpuvm_put(vm);
	world_end();
	return 0;
}

#endif

const char ktest_suite[] = "test_gpuvm_bo";

const struct ktest ktests[] = {
	KTEST(test_create),
	KTEST(test_obtain),
	KTEST(test_no_memory),
	KTEST(test_no_ops),
#if !HAVE_DRM_GPUVM_BO_OBTAIN_PREALLOC_LOCKS
	KTEST(test_prealloc),
#endif
	KTEST(test_extobj),
	KTEST(test_evict),
	KTEST(test_gem_evict),
	KTEST(test_link),
#ifndef LAB_HOST_KSRC
	KTEST(test_va_walks),
#endif
	KTEST(test_last_owner),
#ifdef CONFIG_LOCKDEP
	KTEST(test_asserts),
	KTEST(test_set_lock),
#endif
	{ 0 },
};
