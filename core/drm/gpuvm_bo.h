/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The end of a vm_bo, for those who have deferred it. */
#ifndef _DRM_GPUVM_BO_H
#define _DRM_GPUVM_BO_H

#include <drm/drm_gpuvm.h>

void drm_gpuvm_bo_free(struct drm_gpuvm_bo *vm_bo);

#endif /* _DRM_GPUVM_BO_H */
