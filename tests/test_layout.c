// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The kernel's offsets: which members share a cache line decides what a lock
 * costs. Not for a lockdep build, where locks are larger, as in the kernel.
 */
#include <linux/dma-resv.h>
#include <linux/mutex.h>
#include <drm/drm_gem.h>
#include <drm/drm_gpuvm.h>
#include <host/host.h>

#include "check.h"

#define AT(type, member, offset)	KT_EQ(offsetof(type, member), offset)

static int test_locks(void)
{
	KT_EQ(sizeof(struct mutex), 32);
	KT_EQ(sizeof(struct ww_mutex), 40);
	KT_EQ(sizeof(struct dma_resv), 48);
	return 0;
}

static int test_mm(void)
{
	AT(struct drm_mm_node, color, 0);
	AT(struct drm_mm_node, start, 8);
	AT(struct drm_mm_node, size, 16);
	AT(struct drm_mm_node, mm, 24);
	AT(struct drm_mm_node, node_list, 32);
	AT(struct drm_mm_node, hole_stack, 48);
	AT(struct drm_mm_node, rb, 64);
	AT(struct drm_mm_node, rb_hole_size, 88);
	AT(struct drm_mm_node, rb_hole_addr, 112);
	AT(struct drm_mm_node, __subtree_last, 136);
	AT(struct drm_mm_node, hole_size, 144);
	AT(struct drm_mm_node, subtree_max_hole, 152);
	AT(struct drm_mm_node, flags, 160);
	KT_EQ(sizeof(struct drm_mm_node), 168);
	AT(struct drm_mm, color_adjust, 0);
	AT(struct drm_mm, hole_stack, 8);
	AT(struct drm_mm, head_node, 24);
	AT(struct drm_mm, interval_tree, 192);
	AT(struct drm_mm, holes_size, 208);
	AT(struct drm_mm, holes_addr, 224);
	AT(struct drm_mm, scan_active, 232);
	KT_EQ(sizeof(struct drm_mm), 240);
	AT(struct drm_mm_scan, hit_start, 48);
	AT(struct drm_mm_scan, mode, 72);
	KT_EQ(sizeof(struct drm_mm_scan), 80);
	KT_EQ(sizeof(struct drm_vma_offset_node), 192);
	return 0;
}

static int test_gem(void)
{
	AT(struct drm_gem_object, refcount, 0);
	AT(struct drm_gem_object, vma_node, 24);
	AT(struct drm_gem_object, size, 216);
	AT(struct drm_gem_object, resv, 248);
	AT(struct drm_gem_object, _resv, 256);
	AT(struct drm_gem_object, _resv.lock.base.owner, 256);
	AT(struct drm_gem_object, _resv.lock.base.wait_list, 272);
	AT(struct drm_gem_object, _resv.lock.ctx, 288);
	AT(struct drm_gem_object, _resv.fences, 296);
#if VARIANT_LIST_OBJ
	AT(struct drm_gem_object, gpuva.list_obj, 304);
	AT(struct drm_gem_object, funcs, 312);
	KT_EQ(sizeof(struct drm_gem_object), 344);
	KT_EQ(sizeof(struct drm_gpuva_list), 56);
#elif HAVE_DRM_GEM_GPUVA_LOCK
	AT(struct drm_gem_object, gpuva.list, 304);
	AT(struct drm_gem_object, gpuva.lock, 320);
	AT(struct drm_gem_object, gpuva.lock.owner, 320);
	AT(struct drm_gem_object, funcs, 352);
	AT(struct drm_gem_object, lru_node, 360);
	AT(struct drm_gem_object, lru, 376);
	KT_EQ(sizeof(struct drm_gem_object), 384);
#else
	AT(struct drm_gem_object, gpuva.list, 304);
	AT(struct drm_gem_object, funcs, 320);
	AT(struct drm_gem_object, lru_node, 328);
	AT(struct drm_gem_object, lru, 344);
	KT_EQ(sizeof(struct drm_gem_object), 352);
#endif
	return 0;
}

static int test_gpuvm(void)
{
	KT_EQ(sizeof(struct drm_gpuva), 120);
	AT(struct drm_gpuvm_bo, kref, 20);
	AT(struct drm_gpuvm_bo, list.gpuva, 24);
	AT(struct drm_gpuvm_bo, list.entry.gem, 40);
	AT(struct drm_gpuvm_bo, list.entry.extobj, 56);
	AT(struct drm_gpuvm_bo, list.entry.evict, 72);
#if HAVE_DRM_GPUVM_IMMEDIATE_MODE
	AT(struct drm_gpuvm_bo, list.entry.bo_defer, 88);
	KT_EQ(sizeof(struct drm_gpuvm_bo), 96);
#else
	KT_EQ(sizeof(struct drm_gpuvm_bo), 88);
#endif
	return 0;
}

const char ktest_suite[] = "test_layout";

const struct ktest ktests[] = {
	KTEST(test_locks),
	KTEST(test_mm),
	KTEST(test_gem),
	KTEST(test_gpuvm),
	{ 0 },
};
