/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
#ifndef _DRM_DRV_H
#define _DRM_DRV_H

#include <drm/drm_device.h>
#include <drm/drm_print.h>

/* Not the kernel's: there is no driver and no bus to make a device from. */
struct drm_device *drm_dev_alloc_bare(void);

void drm_dev_get(struct drm_device *dev);
void drm_dev_put(struct drm_device *dev);

#endif /* _DRM_DRV_H */
