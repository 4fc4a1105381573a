/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Part of a variant with list_lock(): a walk holds that mutex. */
static inline void walk_begin(struct drm_gem_object *obj)
{
	mutex_lock(list_lock(obj));
}

static inline void walk_end(struct drm_gem_object *obj)
{
	mutex_unlock(list_lock(obj));
}
