/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
#ifndef _DRM_DEVICE_H
#define _DRM_DEVICE_H

#include <linux/kref.h>

/**
 * struct drm_device - what GEM objects and VMs belong to
 * @ref: references; every VM holds one
 */
struct drm_device {
	struct kref ref;
};

#endif /* _DRM_DEVICE_H */
