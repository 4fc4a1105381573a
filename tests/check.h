/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What the tests of lists, trees and gpuvm share beyond ktest.h. */
#ifndef _CHECK_H
#define _CHECK_H

#include "ktest.h"

/* In any thread: note that two numbers or pointers differ, and go on. */
#define KT_EQ(a, b)							\
	do {								\
		if ((unsigned long long)(a) != (unsigned long long)(b))	\
			ktest_fail(__FILE__, __LINE__, #a " == " #b);	\
	} while (0)

/* In a helper: as KT_WARNINGS(), and go on. */
#define KT_WARNED(n)							\
	do {								\
		KT_EQ(host_warn_count(), n);				\
		host_warn_reset();					\
	} while (0)

/* Marsaglia's xorshift: the same numbers for the same seed, which is not 0. */
static inline unsigned long kt_random(unsigned long *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

#endif /* _CHECK_H */
