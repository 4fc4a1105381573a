// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * How the kernel fills an object on a CPU without fast short REP STOSB: any byte,
 * any address, any size, 64 bytes at a time, then words, then bytes.
 */
#include <linux/compiler.h>

#include "slab.h"

/* WRITE_ONCE() keeps the compiler from vectors, which the kernel has not. */
static __always_inline u64 *fill_line(u64 *at, u64 words)
{
	WRITE_ONCE(at[0], words);
	WRITE_ONCE(at[1], words);
	WRITE_ONCE(at[2], words);
	WRITE_ONCE(at[3], words);
	WRITE_ONCE(at[4], words);
	WRITE_ONCE(at[5], words);
	WRITE_ONCE(at[6], words);
	WRITE_ONCE(at[7], words);
	return at + 8;
}

/**
 * slab_memset() - fill memory
 * @p: where
 * @c: with what byte
 * @size: bytes
 */
void slab_memset(void *p, int c, size_t size)
{
	u64 words = (u8)c * 0x0101010101010101UL;
	u64 *at = p;
	u8 *rest;
	size_t n;

	/* The first word over what is not aligned, and the others from there. */
	if (unlikely((unsigned long)p & 7) && size >= 8) {
		__builtin_memcpy(p, &words, 8);
		at = (u64 *)(((unsigned long)p + 7) & ~7UL);
		size -= (void *)at - p;
	}
	for (n = size / 64; n; n--)
		at = fill_line(at, words);
	for (n = size % 64 / 8; n; n--, at++)
		WRITE_ONCE(*at, words);
	for (rest = (u8 *)at, n = size % 8; n; n--, rest++)
		WRITE_ONCE(*rest, c);
}
