/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: dup */
#ifndef _LINUX_WORDPART_H
#define _LINUX_WORDPART_H

#include <linux/types.h>

static inline u32 upper_32_bits(u64 x)
{
	return x >> 32;
}

static inline u32 lower_32_bits(u64 x)
{
	return x;
}

#endif /* _LINUX_WORDPART_H */
