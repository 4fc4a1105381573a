/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Part of a variant that does nothing for a batch as a whole. */
static inline void batch_begin(struct drm_gem_object *obj)
{
}

static inline void batch_end(struct drm_gem_object *obj)
{
}
