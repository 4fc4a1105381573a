// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The device: a reference count that VMs share. */
#include <linux/container_of.h>
#include <linux/slab.h>
#include <drm/drm_drv.h>

/**
 * drm_dev_alloc_bare() - make a device
 *
 * Return: a device with one reference, or NULL.
 */
struct drm_device *drm_dev_alloc_bare(void)
{
	struct drm_device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (dev)
		kref_init(&dev->ref);
	return dev;
}

static void drm_dev_free(struct kref *ref)
{
	kfree(container_of(ref, struct drm_device, ref));
}

/**
 * drm_dev_get() - take a reference
 * @dev: the device; NULL is left alone
 */
void drm_dev_get(struct drm_device *dev)
{
	if (dev)
		kref_get(&dev->ref);
}

/**
 * drm_dev_put() - drop a reference
 * @dev: the device; NULL is left alone
 */
void drm_dev_put(struct drm_device *dev)
{
	if (dev)
		kref_put(&dev->ref, drm_dev_free);
}
