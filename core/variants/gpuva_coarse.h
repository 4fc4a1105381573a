/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * gpuva_coarse: the dedicated mutex of gpuva, taken once per batch of list calls.
 *
 * A last put in protected mode needs the VM's resv besides.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"a dedicated mutex in the BO, per batch"
#define VARIANT_MAX_THREADS	0
#define VARIANT_GEM_LOCK	1
#define VARIANT_UNLOCKED	0
#define VARIANT_IMMEDIATE	0

#else

#include "parts/list_mutex.h"
#include "parts/no_enter.h"
#include "parts/plain_calls.h"
#include "parts/no_cleanup.h"
#include "parts/get_plain.h"
#include "parts/drop_vm_resv.h"
#include "parts/walk_list_mutex.h"

static inline enum drm_gpuvm_flags variant_vm_flags(void)
{
	return DRM_GPUVM_RESV_PROTECTED;
}

static inline void batch_begin(struct drm_gem_object *obj)
{
	mutex_lock(list_lock(obj));
}

static inline void batch_end(struct drm_gem_object *obj)
{
	mutex_unlock(list_lock(obj));
}

#endif /* VARIANT_LAYOUT */
