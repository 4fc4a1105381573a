/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * resv: the BO's resv, which the caller holds, protects the lists; list calls
 * take nothing. The default of GPUVM, and what xe and nouveau do.
 *
 * The VM is in protected mode: a put that may be the last one needs the VM's
 * resv, too. Its caller holds both, or the BO shares the VM's.
 */
#ifdef VARIANT_LAYOUT

#define VARIANT_DOC		"the BO's resv, held by the caller"
#define VARIANT_MAX_THREADS	0
#define VARIANT_GEM_LOCK	0
#define VARIANT_UNLOCKED	0
#define VARIANT_IMMEDIATE	0

#else

#include "parts/no_bo.h"
#include "parts/resv_enter.h"
#include "parts/no_batch.h"
#include "parts/plain_calls.h"
#include "parts/no_cleanup.h"
#include "parts/get_plain.h"
#include "parts/drop_resvs.h"
#include "parts/no_walk.h"

static inline enum drm_gpuvm_flags variant_vm_flags(void)
{
	return DRM_GPUVM_RESV_PROTECTED;
}

#endif /* VARIANT_LAYOUT */
