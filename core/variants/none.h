/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * none: no lock at all. The floor; right with one thread only.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"no lock; one thread only"
#define VARIANT_MAX_THREADS	1
#define VARIANT_GEM_LOCK	0
#define VARIANT_UNLOCKED	1
#define VARIANT_IMMEDIATE	0

#else

#include "parts/no_bo.h"
#include "parts/no_enter.h"
#include "parts/no_batch.h"
#include "parts/plain_calls.h"
#include "parts/no_cleanup.h"
#include "parts/get_plain.h"
#include "parts/drop_plain.h"
#include "parts/no_walk.h"

static inline enum drm_gpuvm_flags variant_vm_flags(void)
{
	return DRM_GPUVM_RESV_PROTECTED;
}

#endif /* VARIANT_LAYOUT */
