/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: dup */
#ifndef _DRM_VMA_MANAGER_H
#define _DRM_VMA_MANAGER_H

#include <drm/drm_mm.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/types.h>

/**
 * struct drm_vma_offset_node - a GEM object's place in the mmap offset space
 * @vm_lock: protects @vm_files
 * @vm_node: the range
 * @vm_files: who may map it
 * @driver_private: the driver's
 */
struct drm_vma_offset_node {
	rwlock_t vm_lock;
	struct drm_mm_node vm_node;
	struct rb_root vm_files;
	void *driver_private;
};

/**
 * drm_vma_node_reset() - set up a node that has no range
 * @node: the node
 */
static inline void drm_vma_node_reset(struct drm_vma_offset_node *node)
{
	memset(node, 0, sizeof(*node));
	rwlock_init(&node->vm_lock);
}

#endif /* _DRM_VMA_MANAGER_H */
