/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/* Bits of a bitmap, one by one; the number of bits stands for none. */
#ifndef _LINUX_FIND_H
#define _LINUX_FIND_H

#include <linux/bitops.h>
#include <linux/types.h>

static inline unsigned long __find_bit(const unsigned long *map,
				       unsigned long n, unsigned long at,
				       bool wanted)
{
	while (at < n && test_bit(at, map) != wanted)
		at++;
	return at < n ? at : n;
}

static inline unsigned long find_next_bit(const unsigned long *map,
					  unsigned long n, unsigned long at)
{
	return __find_bit(map, n, at, true);
}

static inline unsigned long find_first_bit(const unsigned long *map,
					   unsigned long n)
{
	return __find_bit(map, n, 0, true);
}

static inline unsigned long find_next_zero_bit(const unsigned long *map,
					       unsigned long n,
					       unsigned long at)
{
	return __find_bit(map, n, at, false);
}

static inline unsigned long find_first_zero_bit(const unsigned long *map,
						unsigned long n)
{
	return __find_bit(map, n, 0, false);
}

static inline unsigned long find_last_bit(const unsigned long *map,
					  unsigned long n)
{
	unsigned long at = n;

	while (at--) {
		if (test_bit(at, map))
			return at;
	}
	return n;
}

#define for_each_set_bit(bit, map, n)					\
	for ((bit) = find_first_bit(map, n); (bit) < (n);		\
	     (bit) = find_next_bit(map, n, (bit) + 1))

#endif /* _LINUX_FIND_H */
