/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
#ifndef _LINUX_MINMAX_H
#define _LINUX_MINMAX_H

#include <linux/compiler.h>

#define __pick(type, a, op, b) ({					\
	type __pick_a = (a);						\
	type __pick_b = (b);						\
									\
	__pick_a op __pick_b ? __pick_a : __pick_b;			\
})

#define __common(a, b)		__typeof__(1 ? (a) : (b))

#define min(a, b)		__pick(__common(a, b), a, <, b)
#define max(a, b)		__pick(__common(a, b), a, >, b)
#define min_t(type, a, b)	__pick(type, a, <, b)
#define max_t(type, a, b)	__pick(type, a, >, b)
#define min3(a, b, c)		min(min(a, b), c)
#define max3(a, b, c)		max(max(a, b), c)

#define clamp_t(type, val, lo, hi) ({					\
	type __clamp = max_t(type, val, lo);				\
									\
	min_t(type, __clamp, hi);					\
})
#define clamp(val, lo, hi)	clamp_t(__typeof__(val), val, lo, hi)

#define swap(a, b)							\
	do {								\
		__typeof__(a) __swap = (a);				\
									\
		(a) = (b);						\
		(b) = __swap;						\
	} while (0)

#endif /* _LINUX_MINMAX_H */
