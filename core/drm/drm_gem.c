// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * GEM objects without files, handles and pages: references and the life of
 * what is embedded. Compiled for every userspace host, so it uses what all
 * versions of struct drm_gem_object have, and asks HAVE_* for the rest.
 */
#include <linux/dma-resv.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <drm/drm_gem.h>
#include <drm/drm_vma_manager.h>

/**
 * drm_gem_private_object_init() - set up an object that has no pages of its own
 * @dev: the device
 * @obj: zeroed, but for funcs and, where the object shares one, resv
 * @size: in bytes
 *
 * The object has one reference then. Its own resv is set up even if it uses
 * another's.
 */
void drm_gem_private_object_init(struct drm_device *dev,
				 struct drm_gem_object *obj, size_t size)
{
	obj->size = size;
	obj->dev = dev;
	kref_init(&obj->refcount);

	dma_resv_init(&obj->_resv);
	if (!obj->resv)
		obj->resv = &obj->_resv;

#if HAVE_DRM_GEM_GPUVA_INIT
	drm_gem_gpuva_init(obj);
#else
	INIT_LIST_HEAD(&obj->gpuva.list);
#endif
#if HAVE_DRM_GEM_GPUVA_LOCK
	mutex_init(&obj->gpuva.lock);
#endif
	INIT_LIST_HEAD(&obj->lru_node);
	drm_vma_node_reset(&obj->vma_node);
}

/**
 * drm_gem_private_object_fini() - undo drm_gem_private_object_init()
 * @obj: on no gpuva list, none of its locks held
 */
void drm_gem_private_object_fini(struct drm_gem_object *obj)
{
#if HAVE_DRM_GEM_GPUVA_LOCK
	mutex_destroy(&obj->gpuva.lock);
#endif
	dma_resv_fini(&obj->_resv);
}

/**
 * drm_gem_object_release() - what a driver's free function calls first
 * @obj: without references
 */
void drm_gem_object_release(struct drm_gem_object *obj)
{
	drm_gem_private_object_fini(obj);
}

/**
 * drm_gem_object_free() - the last reference is gone
 * @ref: the object's reference count
 *
 * Everything in the object is gone on return, its locks too.
 */
void drm_gem_object_free(struct kref *ref)
{
	struct drm_gem_object *gone =
		container_of(ref, struct drm_gem_object, refcount);

	if (WARN_ON(!gone->funcs || !gone->funcs->free))
		return;
	gone->funcs->free(gone);
}
