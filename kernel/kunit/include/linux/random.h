/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * "Random" numbers are repeatable here: they follow from the runner's --seed,
 * and every case begins with the same ones, whatever ran before.
 */
#ifndef _LINUX_RANDOM_H
#define _LINUX_RANDOM_H

#include <linux/prandom.h>
#include <linux/types.h>

u32 get_random_u32(void);

static inline u8 get_random_u8(void)
{
	return get_random_u32();
}

static inline u16 get_random_u16(void)
{
	return get_random_u32();
}

static inline u64 get_random_u64(void)
{
	return (u64)get_random_u32() << 32 | get_random_u32();
}

static inline unsigned long get_random_long(void)
{
	return get_random_u64();
}

static inline unsigned int get_random_int(void)
{
	return get_random_u32();
}

static inline u32 get_random_u32_below(u32 end)
{
	return (u64)get_random_u32() * end >> 32;
}

static inline u32 get_random_u32_inclusive(u32 first, u32 last)
{
	return first + ((get_random_u32() * ((u64)last - first + 1)) >> 32);
}

static inline void get_random_bytes(void *buf, size_t size)
{
	struct rnd_state state;

	prandom_seed_state(&state, get_random_u64());
	prandom_bytes_state(&state, buf, size);
}

#endif /* _LINUX_RANDOM_H */
