/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
#ifndef _LINUX_LOG2_H
#define _LINUX_LOG2_H

#include <linux/bitops.h>

static __always_inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

static __always_inline int ilog2(u64 n)
{
	return fls64(n) - 1;
}

/* @n must not be 0. */
static __always_inline unsigned long roundup_pow_of_two(unsigned long n)
{
	return 1UL << fls64(n - 1);
}

#endif /* _LINUX_LOG2_H */
