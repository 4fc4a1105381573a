/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/* 64-bit division, which is one instruction here. */
#ifndef _LINUX_MATH64_H
#define _LINUX_MATH64_H

#include <linux/math.h>
#include <linux/types.h>

static inline u64 div64_u64_rem(u64 num, u64 den, u64 *rem)
{
	*rem = num % den;
	return num / den;
}

static inline u64 div_u64_rem(u64 num, u32 den, u32 *rem)
{
	*rem = num % den;
	return num / den;
}

static inline u64 div64_u64(u64 num, u64 den)
{
	return num / den;
}

static inline u64 div_u64(u64 num, u32 den)
{
	return num / den;
}

/* Divides in place; the value is the remainder. */
#define do_div(n, base) ({						\
	u32 __div = (base);						\
	u32 __rem = (u64)(n) % __div;					\
									\
	(n) = (u64)(n) / __div;						\
	__rem;								\
})

#endif /* _LINUX_MATH64_H */
