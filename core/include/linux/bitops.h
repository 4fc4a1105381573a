/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/* Bit operations; those without underscores are one RMW of their word. */
#ifndef _LINUX_BITOPS_H
#define _LINUX_BITOPS_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/rmw.h>

#define BIT_MASK(nr)		(1UL << ((nr) % BITS_PER_LONG))
#define BIT_WORD(nr)		((nr) / BITS_PER_LONG)

static __always_inline bool test_bit(unsigned long nr,
				     const volatile unsigned long *addr)
{
	unsigned long word = READ_ONCE(addr[BIT_WORD(nr)]);

	return word & BIT_MASK(nr);
}

static __always_inline void __set_bit(unsigned long nr,
				      volatile unsigned long *addr)
{
	((unsigned long *)addr)[BIT_WORD(nr)] |= BIT_MASK(nr);
}

static __always_inline void __clear_bit(unsigned long nr,
					volatile unsigned long *addr)
{
	((unsigned long *)addr)[BIT_WORD(nr)] &= ~BIT_MASK(nr);
}

static __always_inline void set_bit(unsigned long nr,
				    volatile unsigned long *addr)
{
	__rmw_or(&addr[BIT_WORD(nr)], BIT_MASK(nr));
}

static __always_inline void clear_bit(unsigned long nr,
				      volatile unsigned long *addr)
{
	__rmw_and(&addr[BIT_WORD(nr)], ~BIT_MASK(nr));
}

static __always_inline void clear_bit_unlock(unsigned long nr,
					     volatile unsigned long *addr)
{
	__atomic_fetch_and(&addr[BIT_WORD(nr)], ~BIT_MASK(nr),
			   __ordering(__ATOMIC_RELEASE));
}

static __always_inline bool test_and_set_bit(unsigned long nr,
					     volatile unsigned long *addr)
{
	unsigned long old = __atomic_fetch_or(&addr[BIT_WORD(nr)], BIT_MASK(nr),
					      __ordering(__ATOMIC_SEQ_CST));

	__fully(__ATOMIC_SEQ_CST);
	return old & BIT_MASK(nr);
}

static __always_inline bool test_and_clear_bit(unsigned long nr,
					       volatile unsigned long *addr)
{
	unsigned long old = __atomic_fetch_and(&addr[BIT_WORD(nr)], ~BIT_MASK(nr),
					       __ordering(__ATOMIC_SEQ_CST));

	__fully(__ATOMIC_SEQ_CST);
	return old & BIT_MASK(nr);
}

/* Position of the highest bit, counted from 1; 0 when there is none. */
static __always_inline int fls64(u64 x)
{
	return x ? 64 - __builtin_clzll(x) : 0;
}

static __always_inline int fls(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

static __always_inline unsigned long __ffs(unsigned long x)
{
	return __builtin_ctzl(x);
}

static __always_inline unsigned int hweight_long(unsigned long x)
{
	return __builtin_popcountl(x);
}

#endif /* _LINUX_BITOPS_H */
