/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * Repeatable numbers: the same for the same seed, but not the kernel's. The
 * generator is xoshiro128++ (Blackman and Vigna), seeded by splitmix64.
 */
#ifndef _LINUX_PRANDOM_H
#define _LINUX_PRANDOM_H

#include <linux/types.h>

/**
 * struct rnd_state - a generator
 * @s: never all zero
 */
struct rnd_state {
	u32 s[4];
};

static inline u32 __rnd_rotate(u32 x, unsigned int by)
{
	return x << by | x >> (32 - by);
}

/**
 * prandom_u32_state() - the next number
 * @state: the generator
 */
static inline u32 prandom_u32_state(struct rnd_state *state)
{
	u32 *s = state->s;
	u32 number = __rnd_rotate(s[0] + s[3], 7) + s[0];
	u32 shifted = s[1] << 9;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= shifted;
	s[3] = __rnd_rotate(s[3], 11);
	return number;
}

/**
 * prandom_seed_state() - begin a sequence
 * @state: the generator
 * @seed: any number
 */
static inline void prandom_seed_state(struct rnd_state *state, u64 seed)
{
	int i;

	for (i = 0; i < 4; i++) {
		u64 z = seed += 0x9e3779b97f4a7c15;

		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
		z = (z ^ z >> 27) * 0x94d049bb133111eb;
		state->s[i] = (z ^ z >> 31) >> 32;
	}
	state->s[0] |= !(state->s[0] | state->s[1] | state->s[2] | state->s[3]);
}

static inline void prandom_bytes_state(struct rnd_state *state, void *buf,
				       size_t size)
{
	u8 *at = buf;

	while (size--)
		*at++ = prandom_u32_state(state);
}

#endif /* _LINUX_PRANDOM_H */
