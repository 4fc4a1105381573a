/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
#ifndef _DRM_PRINT_H
#define _DRM_PRINT_H

#include <linux/bug.h>
#include <linux/printk.h>
#include <linux/stdarg.h>
#include <linux/types.h>
#include <host/host.h>

struct drm_device;

/**
 * struct drm_printer - where text goes
 * @prefix: stands before it, or NULL
 * @puts: takes a piece of text; NULL: it goes to the log
 * @arg: for @puts
 */
struct drm_printer {
	const char *prefix;
	void (*puts)(struct drm_printer *p, const char *text);
	void *arg;
};

/* Longer text is cut. */
static inline __printf(2, 3) void drm_printf(struct drm_printer *p,
					     const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	host_vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (p->prefix && p->puts)
		p->puts(p, p->prefix);
	if (p->puts)
		p->puts(p, text);
	else
		pr_info("%s%s", p->prefix ?: "", text);
}

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
