/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: dup */
#ifndef _KUNIT_LINUX_KERNEL_H
#define _KUNIT_LINUX_KERNEL_H

#include_next <linux/kernel.h>
#include <linux/sprintf.h>
#include <linux/wordpart.h>

#endif /* _KUNIT_LINUX_KERNEL_H */
