/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
#ifndef _DRM_PRINT_H
#define _DRM_PRINT_H

#include <linux/bug.h>
#include <linux/printk.h>
#include <linux/types.h>

struct drm_device;

/* Where text goes; there is one place, so nothing to say about it. */
struct drm_printer {
	const char *prefix;
};

#define drm_printf(p, fmt, ...)						\
	pr_info("%s" fmt, (p)->prefix ? (p)->prefix : "", ##__VA_ARGS__)

#define DRM_ERROR(fmt, ...)	pr_err("[drm] error: " fmt, ##__VA_ARGS__)

/* Devices have no name here. As in the kernel, one is looked at only to warn. */
#define drm_WARN(dev, cond, fmt, ...) ({				\
	(void)sizeof(dev);						\
	WARN(cond, "[drm] " fmt, ##__VA_ARGS__);			\
})
#define drm_WARN_ONCE(dev, cond, fmt, ...) ({				\
	(void)sizeof(dev);						\
	WARN_ONCE(cond, "[drm] " fmt, ##__VA_ARGS__);			\
})
#define drm_WARN_ON(dev, cond)						\
	drm_WARN(dev, cond, "drm_WARN_ON(%s)", #cond)
#define drm_WARN_ON_ONCE(dev, cond)					\
	drm_WARN_ONCE(dev, cond, "drm_WARN_ON_ONCE(%s)", #cond)

#define drm_err(dev, fmt, ...) ({					\
	(void)sizeof(dev);						\
	DRM_ERROR(fmt, ##__VA_ARGS__);					\
})
#define drm_dbg(dev, fmt, ...) ({					\
	(void)sizeof(dev);						\
	no_printk(fmt, ##__VA_ARGS__);					\
})

#endif /* _DRM_PRINT_H */
