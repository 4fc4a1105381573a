/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/* Warnings go to the host, which counts them; see host_warn(). */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include <host/host.h>

#define WARN(cond, fmt, ...) ({						\
	bool __warn = !!(cond);						\
									\
	if (unlikely(__warn))						\
		host_warn(__FILE__, __LINE__, fmt, ##__VA_ARGS__);	\
	unlikely(__warn);						\
})

#define WARN_ON(cond)		WARN(cond, "%s", #cond)

#define WARN_ONCE(cond, fmt, ...) ({					\
	static bool __warned;						\
	bool __warn_once = !!(cond);					\
									\
	if (unlikely(__warn_once) &&					\
	    !__atomic_exchange_n(&__warned, 1, __ATOMIC_RELAXED))	\
		host_warn(__FILE__, __LINE__, fmt, ##__VA_ARGS__);	\
	unlikely(__warn_once);						\
})

#define WARN_ON_ONCE(cond)	WARN_ONCE(cond, "%s", #cond)

#define BUG()			host_bug(__FILE__, __LINE__, "BUG")
#define BUG_ON(cond)							\
	do {								\
		if (unlikely(cond))					\
			host_bug(__FILE__, __LINE__, #cond);		\
	} while (0)

#endif /* _LINUX_BUG_H */
