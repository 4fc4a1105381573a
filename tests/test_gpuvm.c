// SPDX-License-Identifier: GPL-2.0 OR MIT
/* VMs and their trees of VAs: return codes, references, and known quirks. */
#include <linux/array_size.h>

#include "gpuvm_world.h"

static int test_range_valid(void)
{
	static const struct {
		u64 addr, range;
		bool valid;
	} table[] = {
		{ VM_START, PAGE, true },
		{ VM_START, 0, true },			/* not refused here */
		{ VM_START - 1, PAGE, false },
		{ VM_START + VM_RANGE - PAGE, PAGE, true },
		{ VM_START + VM_RANGE - PAGE, PAGE + 1, false },
		{ VM_START + VM_RANGE, 1, false },
		{ ~0ull, 2, false },			/* ends above 2^64 */
		{ VM_START, ~0ull, false },
		{ KERNEL_START - PAGE, PAGE, true },
		{ KERNEL_START - PAGE, PAGE + 1, false },
		{ KERNEL_START, KERNEL_RANGE, false },
		{ KERNEL_START + 1, 1, false },
		{ KERNEL_START + KERNEL_RANGE - 1, 1, false },
		{ KERNEL_START + KERNEL_RANGE, 1, true },
		{ VM_START, VM_RANGE, false },
	};
	struct drm_gpuvm *vm;
	unsigned int i;

	world_begin();
	vm = vm_new(0);
	for (i = 0; i < ARRAY_SIZE(table); i++)
		KT_EQ(drm_gpuvm_range_valid(vm, table[i].addr,
					       table[i].range), table[i].valid);
	drm_gpuvm_put(vm);
	world_end();
	return 0;
}

static int test_init(void)
{
	struct drm_gem_object *r_obj;
	struct drm_gpuvm *vm, *odd;

	world_begin();
	vm = vm_new(DRM_GPUVM_RESV_PROTECTED);
	KT_CHECK(drm_gpuvm_resv_protected(vm));
	KT_CHECK(!drm_gpuvm_immediate_mode(vm));
	KT_EQ(kref_read(&vm->kref), 1);
	KT_EQ(kref_read(&world.drm->ref), 2);
	KT_EQ(kref_read(&drm_gpuvm_resv_obj(vm)->refcount), 1);
	KT_EQ(drm_gpuvm_get(vm), vm);
	drm_gpuvm_put(vm);
	KT_EQ(kref_read(&vm->kref), 1);

	/* Too long for 64 bits: a warning, and a VM. */
	odd = kzalloc(sizeof(*odd), GFP_KERNEL);
	r_obj = drm_gpuvm_resv_object_alloc(world.drm);
	KT_CHECK(odd && r_obj);
	host_warn_mute(1);
	drm_gpuvm_init(odd, NULL, 0, world.drm, r_obj, 2, ~0ull, 0, 0,
		       &world_vm_ops);
	host_warn_mute(0);
	KT_WARNED(1);
	KT_CHECK(!drm_gpuvm_resv_protected(odd));
	world.vms++;
	drm_gem_object_put(r_obj);
	drm_gpuvm_put(odd);
	drm_gpuvm_put(NULL);
	drm_gpuvm_put(vm);
	world_end();
	return 0;
}

static int test_insert(void)
{
	struct drm_gpuva va[3], *at;
	struct drm_gpuvm *vm;
	u64 expect = 20;

	world_begin();
	vm = vm_new(0);
	va_set(&va[0], 30, 2, NULL);
	KT_EQ(drm_gpuva_insert(vm, &va[0]), 0);
	KT_EQ(va[0].vm, vm);
	KT_EQ(kref_read(&vm->kref), 2);
	va_set(&va[1], 31, 1, NULL);
	KT_EQ(drm_gpuva_insert(vm, &va[1]), -EEXIST);
	va_set(&va[1], 29, 8, NULL);
	KT_EQ(drm_gpuva_insert(vm, &va[1]), -EEXIST);
	va_set(&va[1], 64, 1, NULL);
	KT_EQ(drm_gpuva_insert(vm, &va[1]), -EINVAL);
	va_set(&va[1], 15, 1, NULL);
	KT_EQ(drm_gpuva_insert(vm, &va[1]), -EINVAL);
	KT_EQ(kref_read(&vm->kref), 2);

	va_set(&va[1], 32, 1, NULL);
	va_set(&va[2], 20, 10, NULL);
	KT_EQ(drm_gpuva_insert(vm, &va[1]), 0);
	KT_EQ(drm_gpuva_insert(vm, &va[2]), 0);
	drm_gpuvm_for_each_va(at, vm) {
		KT_EQ(at->va.addr, at == &vm->kernel_alloc_node ?
			 KERNEL_START : expect * PAGE);
		expect += at->va.range / PAGE;
	}
	KT_EQ(expect, 33 + KERNEL_RANGE / PAGE);

	drm_gpuva_remove(&va[0]);
	drm_gpuva_remove(&va[1]);
	drm_gpuva_remove(&va[2]);
	KT_EQ(kref_read(&vm->kref), 1);
	host_warn_mute(1);
	drm_gpuva_remove(&vm->kernel_alloc_node);
	host_warn_mute(0);
	KT_WARNED(1);
	KT_CHECK(list_is_singular(&vm->rb.list));
	drm_gpuvm_put(vm);
	world_end();
	return 0;
}

/* A VA in the tree keeps the VM alive; removing the last one frees it. */
static int test_va_keeps_vm(void)
{
	struct drm_gpuvm *vm;
	struct drm_gpuva va;

	world_begin();
	vm = vm_new(0);
	va_set(&va, 20, 1, NULL);
	KT_EQ(drm_gpuva_insert(vm, &va), 0);
	drm_gpuvm_put(vm);
	KT_EQ(world.vms, 1);
	drm_gpuva_remove(&va);
	KT_EQ(world.vms, 0);
	world_end();
	return 0;
}

static int test_find(void)
{
	struct drm_gpuva a, b;
	struct drm_gpuvm *vm;

	world_begin();
	vm = vm_new(0);
	va_set(&a, 20, 4, NULL);
	va_set(&b, 24, 4, NULL);
	KT_EQ(drm_gpuva_insert(vm, &a), 0);
	KT_EQ(drm_gpuva_insert(vm, &b), 0);

	KT_EQ(drm_gpuva_find(vm, 20 * PAGE, 4 * PAGE), &a);
	KT_EQ(drm_gpuva_find(vm, 20 * PAGE, 3 * PAGE), NULL);
	KT_EQ(drm_gpuva_find(vm, 21 * PAGE, 3 * PAGE), NULL);
	KT_EQ(drm_gpuva_find(vm, 18 * PAGE, 2 * PAGE), NULL);
	KT_EQ(drm_gpuva_find_first(vm, 18 * PAGE, 20 * PAGE), &a);
	KT_EQ(drm_gpuva_find_first(vm, 24 * PAGE - 1, 2), &a);
	KT_EQ(drm_gpuva_find_first(vm, 24 * PAGE, 1), &b);
	KT_EQ(drm_gpuva_find_first(vm, 28 * PAGE, PAGE), NULL);
	KT_CHECK(drm_gpuvm_interval_empty(vm, 16 * PAGE, 4 * PAGE));
	KT_CHECK(!drm_gpuvm_interval_empty(vm, 16 * PAGE, 4 * PAGE + 1));

	KT_EQ(drm_gpuva_find_prev(vm, 24 * PAGE), &a);
	KT_EQ(drm_gpuva_find_next(vm, 24 * PAGE), &b);
	KT_EQ(drm_gpuva_find_prev(vm, 28 * PAGE), &b);
	KT_EQ(drm_gpuva_find_next(vm, 28 * PAGE), NULL);
	KT_EQ(drm_gpuva_find_prev(vm, VM_START), NULL);
	KT_EQ(drm_gpuva_find_next(vm, VM_START + VM_RANGE), NULL);
	KT_EQ(drm_gpuva_find_prev(vm, KERNEL_START + 1), NULL);
	/* Nothing ends at 20: the VA that begins there is taken for it. */
	KT_EQ(drm_gpuva_find_prev(vm, 20 * PAGE), &a);
	/* A VA that begins one byte further counts as next. */
	KT_EQ(drm_gpuva_find_next(vm, 20 * PAGE - 1), &a);
	KT_EQ(drm_gpuva_find_next(vm, 20 * PAGE - 2), NULL);

	drm_gpuva_remove(&a);
	drm_gpuva_remove(&b);
	drm_gpuvm_put(vm);
	world_end();
	return 0;
}

#define FIRST_PAGE	(VM_START / PAGE)
#define NR_PAGES	(VM_RANGE / PAGE)
#define NR_VAS		100

static bool is_kernel(u64 page)
{
	return page * PAGE >= KERNEL_START &&
	       page * PAGE < KERNEL_START + KERNEL_RANGE;
}

/* The page table that the tree stands for. */
static struct drm_gpuva *owner[FIRST_PAGE + NR_PAGES + 8];

static int expected_insert(u64 page, u64 pages)
{
	int ret = 0;
	u64 p;

	if (page < FIRST_PAGE || page + pages > FIRST_PAGE + NR_PAGES)
		return -EINVAL;
	for (p = page; p < page + pages; p++) {
		if (is_kernel(p))
			return -EINVAL;
		if (owner[p])
			ret = -EEXIST;
	}
	return ret;
}

static void own(u64 page, u64 pages, struct drm_gpuva *va)
{
	while (pages--)
		owner[page++] = va;
}

static int check_tree(struct drm_gpuvm *vm, u64 page)
{
	struct drm_gpuva *va;
	u64 end = 0;

	va = drm_gpuva_find_first(vm, page * PAGE, PAGE);
	KT_ASSERT(va == (is_kernel(page) ? &vm->kernel_alloc_node :
			 owner[page]));
	drm_gpuvm_for_each_va(va, vm) {
		KT_ASSERT(va->va.addr >= end);
		end = va->va.addr + va->va.range;
	}
	return 0;
}

static int test_tree_random(void)
{
	static struct drm_gpuva vas[NR_VAS];
	static bool in[NR_VAS];
	unsigned long seed = 5, step;
	struct drm_gpuvm *vm;

	world_begin();
	vm = vm_new(0);
	for (step = 0; step < 20000; step++) {
		unsigned int i = kt_random(&seed) % NR_VAS;
		u64 page = FIRST_PAGE - 4 + kt_random(&seed) % (NR_PAGES + 6);
		u64 pages = 1 + kt_random(&seed) % 5;
		struct drm_gpuva *va = &vas[i];
		int expect;

		if (in[i]) {
			own(va->va.addr / PAGE, va->va.range / PAGE, NULL);
			drm_gpuva_remove(va);
			in[i] = false;
		} else {
			va_set(va, page, pages, NULL);
			expect = expected_insert(page, pages);
			KT_ASSERT(drm_gpuva_insert(vm, va) == expect);
			in[i] = !expect;
			if (in[i])
				own(page, pages, va);
		}
		page = FIRST_PAGE + kt_random(&seed) % NR_PAGES;
		KT_ASSERT(!check_tree(vm, page));
	}
	for (step = 0; step < NR_VAS; step++)
		if (in[step])
			drm_gpuva_remove(&vas[step]);
	drm_gpuvm_put(vm);
	world_end();
	return 0;
}

const char ktest_suite[] = "test_gpuvm";

const struct ktest ktests[] = {
	KTEST(test_range_valid),
	KTEST(test_init),
	KTEST(test_insert),
	KTEST(test_va_keeps_vm),
	KTEST(test_find),
	KTEST(test_tree_random),
	{ 0 },
};
