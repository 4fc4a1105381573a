/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: dup */
/* A call that older kernels have, and their tests use: see replace.c. */
#ifndef _KUNIT_DRM_MM_H
#define _KUNIT_DRM_MM_H

#include_next <drm/drm_mm.h>

void drm_mm_replace_node(struct drm_mm_node *old, struct drm_mm_node *new);

#endif /* _KUNIT_DRM_MM_H */
