/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: dup */
#ifndef _DRM_EXEC_H
#define _DRM_EXEC_H

#include <linux/ww_mutex.h>

struct drm_gem_object;

/**
 * struct drm_exec - a transaction that locks many GEM objects
 * @flags: how to lock
 * @ticket: the acquire context
 * @num_objects: how many are locked
 * @max_objects: room in @objects
 * @objects: the locked ones, each with a reference
 * @contended: the one to lock first after a rollback
 * @prelocked: the one that was locked so
 */
struct drm_exec {
	u32 flags;
	struct ww_acquire_ctx ticket;
	unsigned int num_objects;
	unsigned int max_objects;
	struct drm_gem_object **objects;
	struct drm_gem_object *contended;
	struct drm_gem_object *prelocked;
};

#endif /* _DRM_EXEC_H */
