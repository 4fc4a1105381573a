/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What every file of the kernel has without asking, for its headers include
 * one another widely and core's do not. Included before each file of the ksrc
 * host; when a tree uses a name that a header of core has, but does not
 * include that header, it is named here.
 */
#ifndef _KSRC_BASE_H
#define _KSRC_BASE_H

#include <linux/kconfig.h>
#include <linux/compiler_types.h>
#include <linux/align.h>
#include <linux/array_size.h>
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/bug.h>
#include <linux/cache.h>
#include <linux/cleanup.h>
#include <linux/container_of.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm_types.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/types.h>

/* Before 6.12 kvrealloc() was told the old size, too. */
#undef kvrealloc
#define __kvrealloc_3(p, size, flags)		krealloc(p, size, flags)
#define __kvrealloc_4(p, old, size, flags)	krealloc(p, size, flags)
#define __kvrealloc(a, b, c, d, name, ...)	name
#define kvrealloc(...)							\
	__kvrealloc(__VA_ARGS__, __kvrealloc_4, __kvrealloc_3, 0)(__VA_ARGS__)

/* What static analysis is told of locks. */
#ifndef __must_hold
#define __must_hold(lock)
#endif
#ifndef __acquires
#define __acquires(lock)
#define __releases(lock)
#endif
#ifndef __guarded_by
#define __guarded_by(lock)
#endif

#endif /* _KSRC_BASE_H */
