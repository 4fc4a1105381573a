/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Split and merge with steps that need not be the driver's: one operation for
 * each VA in the way, in order of address, and the mapping itself at the end.
 *
 * The caller serialises the VM. A step may change the tree where its own VA
 * stands. What a step returns, if it is not 0, ends the walk and is returned;
 * so is -EINVAL, before any step, when the range is not valid in the VM.
 */
#ifndef _DRM_GPUVM_SM_H
#define _DRM_GPUVM_SM_H

#include <drm/drm_gpuvm.h>

int gpuvm_sm_map(struct drm_gpuvm *gpuvm, const struct drm_gpuvm_ops *ops,
		 void *priv, const struct drm_gpuva_op_map *req);
int gpuvm_sm_unmap(struct drm_gpuvm *gpuvm, const struct drm_gpuvm_ops *ops,
		   void *priv, u64 addr, u64 range);
int gpuvm_sm_madvise(struct drm_gpuvm *gpuvm, const struct drm_gpuvm_ops *ops,
		     void *priv, const struct drm_gpuva_op_map *req);

#endif /* _DRM_GPUVM_SM_H */
