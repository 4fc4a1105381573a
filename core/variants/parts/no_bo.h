/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Part of a variant that has nothing to do with a new BO. */
#include "no_members.h"

static inline int variant_bo_init(struct variant_bo *bo,
				  struct drm_gem_object *obj)
{
	return 0;
}
