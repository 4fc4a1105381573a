/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
#ifndef _LINUX_PRINTK_H
#define _LINUX_PRINTK_H

#include <linux/stdarg.h>
#include <host/host.h>

#define KERN_ERR	""
#define KERN_WARNING	""
#define KERN_NOTICE	""
#define KERN_INFO	""
#define KERN_DEBUG	""

#define printk(fmt, ...)	host_printk(fmt, ##__VA_ARGS__)
#define pr_err(fmt, ...)	host_printk(fmt, ##__VA_ARGS__)
#define pr_warn(fmt, ...)	host_printk(fmt, ##__VA_ARGS__)
#define pr_notice(fmt, ...)	host_printk(fmt, ##__VA_ARGS__)
#define pr_info(fmt, ...)	host_printk(fmt, ##__VA_ARGS__)

/* Never printed; the arguments are still checked. */
#define no_printk(fmt, ...)						\
	do {								\
		if (0)							\
			host_printk(fmt, ##__VA_ARGS__);	\
	} while (0)
#define pr_debug(fmt, ...)	no_printk(fmt, ##__VA_ARGS__)

#endif /* _LINUX_PRINTK_H */
