// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The last put of a vm_bo that is the last owner of its BO. A lock that lives
 * in the BO is unlocked after it is freed, unless the caller keeps a reference
 * of its own meanwhile (the dance), or the design takes care of it. Built once
 * for each variant; the use after free is asked for with AddressSanitizer.
 */
#include <linux/array_size.h>
#include <linux/string.h>
#include <host/host.h>

#include "check.h"
#include "variant_world.h"

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN	1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN	1
#endif
#endif

static int last_put(bool dance)
{
	struct drm_gem_object *obj;
	struct ww_acquire_ctx ctx;
	struct drm_gpuvm_bo *vm_bo;
	struct drm_gpuvm *vm;
	struct driver drv = { };

	KT_ASSERT(!driver_init(&drv));
	vm = driver_vm_create(&drv);
	obj = driver_bo_create(&drv, NULL);
	KT_ASSERT(vm && obj);
	enter(&ctx, vm, obj);
	vm_bo = vm_bo_obtain(vm, obj);
	leave(&ctx, vm, obj);
	KT_ASSERT(!IS_ERR(vm_bo));

	/* The handle is gone; the vm_bo keeps the BO. */
	drm_gem_object_put(obj);
	KT_ASSERT(drv.bos == 1);

	if (dance)
		drm_gem_object_get(obj);
	enter(&ctx, vm, obj);
	vm_bo_put(vm_bo);
	leave(&ctx, vm, obj);
	if (dance)
		drm_gem_object_put(obj);

	vm_cleanup(vm);
	drm_gpuvm_put(vm);
	KT_ASSERT(drv.bos == 0);
	KT_ASSERT(!driver_fini(&drv));
	return 0;
}

static int danced_put(void)
{
	return last_put(true);
}

/* Right for designs whose lock outlives the BO, wrong for the others. */
static int undanced_put(void)
{
	return last_put(false);
}

#if WITH_ASAN

enum { USE_AFTER_FREE = 42, ANOTHER_ERROR };

const char *__asan_get_report_description(void);
void __asan_on_error(void);
void __sanitizer_set_death_callback(void (*fn)(void));
void _exit(int status) __noreturn;

static int found;

static void exit_with_error(void)
{
	_exit(found);
}

/* Called by AddressSanitizer before it reports: the status says what it is. */
void __asan_on_error(void)
{
	found = strcmp(__asan_get_report_description(), "heap-use-after-free") ?
		ANOTHER_ERROR : USE_AFTER_FREE;
	__sanitizer_set_death_callback(exit_with_error);
}

/* By where the design's lock lives; for one that is new, either is right. */
static const struct {
	const char *variant;
	int status;
} expected[] = {
	{ "none", 0 },
	{ "resv", USE_AFTER_FREE },
	{ "gpuva", USE_AFTER_FREE },
	{ "gpuva_coarse", USE_AFTER_FREE },
	{ "immediate", 0 },
	{ "arc_mutex", 0 },
	{ "resv_ref", USE_AFTER_FREE },
	{ "guard", USE_AFTER_FREE },
	{ "list_obj", 0 },
};

static int undanced_put_is_told(void)
{
	int status = ktest_child("undanced_put");
	unsigned int i;

	KT_ASSERT(status == 0 || status == USE_AFTER_FREE);
	for (i = 0; i < ARRAY_SIZE(expected); i++)
		if (!strcmp(expected[i].variant, VARIANT_NAME))
			KT_ASSERT(status == expected[i].status);
	return 0;
}

#endif

const char ktest_suite[] = "test_lifetime " VARIANT_NAME;

const struct ktest ktests[] = {
	KTEST(danced_put),
	KTEST_CHILD(undanced_put),
#if WITH_ASAN
	KTEST(undanced_put_is_told),
#endif
	{ 0 },
};
