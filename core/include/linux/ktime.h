/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
#ifndef _LINUX_KTIME_H
#define _LINUX_KTIME_H

#include <linux/types.h>
#include <host/host.h>

/**
 * ktime_get_ns() - read the monotonic clock
 *
 * Return: nanoseconds.
 */
static inline u64 ktime_get_ns(void)
{
	return host_clock_ns();
}

#endif /* _LINUX_KTIME_H */
