// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * What a locking design of the vm_bo lists executes for each of its calls on a
 * vm_bo that is there already; scripts/run/atomics counts it. Compiled for each
 * design and host.
 */
#include <linux/printk.h>

#include "driver.h"

#define CALLS	1000

static struct driver drv;
static struct drm_gpuvm *vm;
static struct drm_gem_object *obj;
static struct drm_gpuvm_bo *vm_bo;
static struct drm_gpuva va;

/* The same for all: not inlined, not merged, not changed by its caller. */
#define PROBE(name)							\
static noinline __used void probe_##name(void)

PROBE(batch)
{
	batch_begin(obj);
	batch_end(obj);
}

PROBE(obtain)
{
	vm_bo = vm_bo_obtain(vm, obj);
}

PROBE(put)
{
	vm_bo_put(vm_bo);
}

PROBE(link)
{
	va_link(&va, vm_bo);
}

PROBE(unlink)
{
	va_unlink(&va);
}

PROBE(walk)
{
	walk_begin(obj);
	walk_end(obj);
}

PROBE(drop)
{
	vm_bo_drop(vm_bo);
}

/* As in the scenarios: the resv is held, but in immediate mode. */
static void held(void)
{
	if (!VARIANT_IMMEDIATE)
		dma_resv_lock(obj->resv, NULL);
	probe_batch();
	probe_walk();
	batch_begin(obj);
	probe_obtain();
	probe_link();
	probe_unlink();
	probe_put();
	batch_end(obj);
	if (!VARIANT_IMMEDIATE)
		dma_resv_unlock(obj->resv);
}

int main(void)
{
	int i;

	if (driver_init(&drv))
		return 1;
	vm = driver_vm_create(&drv);
	obj = driver_bo_create(&drv, NULL);
	if (!vm || !obj)
		return 1;
	vm_bo = driver_vm_bo_first(vm, obj);
	if (!vm_bo)
		return 1;
	driver_va_init(&va, obj, 0);
	for (i = 0; i < CALLS; i++) {
		held();
		vm_cleanup(vm);
		vm_bo_get(vm_bo);
		probe_drop();
	}
	driver_vm_bo_last(vm_bo);
	drm_gem_object_put(obj);
	drm_gpuvm_put(vm);
	pr_info("calls %d\n", CALLS);
	return driver_fini(&drv) ? 1 : 0;
}
