/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Part of a variant that takes nothing for a walk: the resv is held, or none is. */
static inline void walk_begin(struct drm_gem_object *obj)
{
}

static inline void walk_end(struct drm_gem_object *obj)
{
}
