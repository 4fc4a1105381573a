/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What an operation draws. Nothing may learn the order, or what is timed is how
 * well the branches of a descent were learnt, which differs with where the code
 * lies. The same numbers in every arm.
 */
#ifndef _BENCH_DRAW_H
#define _BENCH_DRAW_H

#include <linux/types.h>

/**
 * draw_below() - the next number; Knuth's MMIX generator, its upper half scaled
 * @state: of the one who draws
 * @n: 1 to 2^32
 *
 * Return: 0 to @n - 1.
 */
static inline u64 draw_below(u64 *state, u64 n)
{
	*state = *state * 6364136223846793005ull + 1442695040888963407ull;
	return (*state >> 32) * n >> 32;
}

#endif /* _BENCH_DRAW_H */
