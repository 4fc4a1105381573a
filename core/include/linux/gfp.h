/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: dup */
#ifndef _LINUX_GFP_H
#define _LINUX_GFP_H

#include <linux/types.h>

#define __GFP_ZERO	((gfp_t)0x100u)
#define __GFP_NOWARN	((gfp_t)0x200u)
#define __GFP_SLEEPS	((gfp_t)0x400u)
#define __GFP_ACCOUNT	((gfp_t)0x800u)

#define GFP_KERNEL	__GFP_SLEEPS
#define GFP_NOWAIT	((gfp_t)0)
#define GFP_ATOMIC	((gfp_t)0)

static inline bool gfpflags_allow_blocking(gfp_t flags)
{
	return flags & __GFP_SLEEPS;
}

#endif /* _LINUX_GFP_H */
