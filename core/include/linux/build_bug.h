/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
#ifndef _LINUX_BUILD_BUG_H
#define _LINUX_BUILD_BUG_H

#include <linux/compiler.h>

#define static_assert(expr, ...)	_Static_assert(expr, #expr)

#define BUILD_BUG_ON(cond)		_Static_assert(!(cond), #cond)
#define BUILD_BUG_ON_MSG(cond, msg)	_Static_assert(!(cond), msg)

/* Has its syntax checked, and is never evaluated. */
#define BUILD_BUG_ON_INVALID(expr)	((void)sizeof((long)(expr)))

#endif /* _LINUX_BUILD_BUG_H */
