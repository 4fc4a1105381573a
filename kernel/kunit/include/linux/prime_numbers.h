/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/* Primes, by trial division: tests want small ones. */
#ifndef _LINUX_PRIME_NUMBERS_H
#define _LINUX_PRIME_NUMBERS_H

#include <linux/types.h>

static inline bool is_prime_number(unsigned long x)
{
	unsigned long by;

	for (by = 2; by <= x / by; by++) {
		if (x % by == 0)
			return false;
	}
	return x > 1;
}

static inline unsigned long next_prime_number(unsigned long x)
{
	while (!is_prime_number(++x))
		;
	return x;
}

/* As in the kernel, what it begins with is taken as it is, prime or not. */
#define for_each_prime_number_from(x, first, last)			\
	for ((x) = (first); (x) <= (last); (x) = next_prime_number(x))
#define for_each_prime_number(x, last)					\
	for_each_prime_number_from(x, 2, last)

#endif /* _LINUX_PRIME_NUMBERS_H */
