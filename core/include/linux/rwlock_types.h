/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: stub */
#ifndef _LINUX_RWLOCK_TYPES_H
#define _LINUX_RWLOCK_TYPES_H

#include <linux/types.h>

/* As large as the kernel's; struct drm_vma_offset_node has one. */
typedef struct {
	u32 cnts;
	u32 wait_lock;
} rwlock_t;

#endif /* _LINUX_RWLOCK_TYPES_H */
