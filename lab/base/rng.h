/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A small seeded generator (Steele, Lea, Flood: splitmix64, OOPSLA 2014). */
#ifndef _LAB_RNG_H
#define _LAB_RNG_H

#include <stdint.h>

struct lab_rng {
	uint64_t state;
};

/**
 * lab_rng_next() - 64 random bits
 * @rng: the generator
 */
static inline uint64_t lab_rng_next(struct lab_rng *rng)
{
	uint64_t z = rng->state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

/**
 * lab_rng_below() - a number below a bound
 * @rng: the generator
 * @n: the bound, small, so that the bias of the product is nil
 */
static inline unsigned int lab_rng_below(struct lab_rng *rng, unsigned int n)
{
	return (lab_rng_next(rng) >> 32) * n >> 32;
}

/* Uniform in (0, 1). */
static inline double lab_rng_unit(struct lab_rng *rng)
{
	return ((lab_rng_next(rng) >> 12) + 0.5) / (double)(1ULL << 52);
}

/**
 * lab_rng_shuffle() - put bytes in random order (Fisher and Yates)
 * @rng: the generator
 * @v: the bytes
 * @n: how many
 */
static inline void lab_rng_shuffle(struct lab_rng *rng, unsigned char *v,
				   unsigned int n)
{
	for (unsigned int i = n; i > 1; i--) {
		unsigned int j = lab_rng_below(rng, i);
		unsigned char t = v[i - 1];

		v[i - 1] = v[j];
		v[j] = t;
	}
}

/**
 * lab_rng_order() - the numbers below @n in random order (Fisher and Yates)
 * @rng: the generator
 * @order: gets them
 * @n: how many
 */
static inline void lab_rng_order(struct lab_rng *rng, uint32_t *order, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	for (uint32_t i = n; i > 1; i--) {
		uint32_t j = lab_rng_below(rng, i), t = order[i - 1];

		order[i - 1] = order[j];
		order[j] = t;
	}
}

#endif /* _LAB_RNG_H */
