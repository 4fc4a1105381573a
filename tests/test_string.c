// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * memcpy, memmove and memset against a reference that goes byte by byte: every
 * size to 300, every alignment to a word, every overlap that is near. Called
 * through pointers, so that no compiler does them itself.
 */
#include <linux/string.h>
#include <host/host.h>

#include "check.h"

#define MAX_SIZE	300
#define EDGE		64
#define ALL		(MAX_SIZE + 2 * EDGE)

static void *(*volatile copy)(void *, const void *, size_t) = memcpy;
static void *(*volatile move)(void *, const void *, size_t) = memmove;
static void *(*volatile fill)(void *, int, size_t) = memset;

static u8 is[ALL], was[ALL], should[ALL];

/* No two near each other alike. */
static void begin(void)
{
	unsigned int i;

	for (i = 0; i < ALL; i++)
		is[i] = was[i] = should[i] = i * 37 + i / 251;
}

/* Volatile: no compiler makes this a call of what is tested. */
static bool as_it_should(void)
{
	volatile u8 *p = is;
	unsigned int i;

	for (i = 0; i < ALL; i++)
		if (p[i] != should[i])
			return false;
	return true;
}

static void should_copy(unsigned int to, unsigned int from, unsigned int n)
{
	volatile u8 *p = should;

	while (n--)
		p[to + n] = was[from + n];
}

static int test_copy(void)
{
	static u8 src[ALL] __attribute__((aligned(16)));
	unsigned int n, to, from, i;

	for (n = 0; n <= MAX_SIZE; n++) {
		for (i = 0; i < 64; i++) {
			to = i % 8;
			from = i / 8;
			begin();
			move(src, was, ALL);
			should_copy(EDGE + to, from, n);
			KT_ASSERT(copy(is + EDGE + to, src + from, n) ==
				  is + EDGE + to);
			KT_ASSERT(as_it_should());
		}
	}
	return 0;
}

static int test_move(void)
{
	unsigned int n, to, from;

	for (n = 0; n <= MAX_SIZE; n++) {
		for (from = EDGE; from < EDGE + 8; from++) {
			for (to = from - 40; to <= from + 40; to += 1 + n / 64) {
				begin();
				should_copy(to, from, n);
				KT_ASSERT(move(is + to, is + from, n) == is + to);
				KT_ASSERT(as_it_should());
			}
		}
	}
	return 0;
}

static int test_set(void)
{
	unsigned int n, to, i;
	volatile u8 *p = should;

	for (n = 0; n <= MAX_SIZE; n++) {
		for (to = EDGE; to < EDGE + 16; to++) {
			begin();
			for (i = 0; i < n; i++)
				p[to + i] = 0xa0 + n % 7;
			/* only its lowest byte counts */
			KT_ASSERT(fill(is + to, 0x5a0 + n % 7, n) == is + to);
			KT_ASSERT(as_it_should());
		}
	}
	return 0;
}

const char ktest_suite[] = "test_string";

const struct ktest ktests[] = {
	KTEST(test_copy),
	KTEST(test_move),
	KTEST(test_set),
	{ 0 },
};
