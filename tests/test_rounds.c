// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The order of arms is balanced in every block and comes from the seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "stats/rounds.h"

#define BLOCKS	100

struct tally {
	unsigned int place[3][3];	/* arm, position */
	unsigned int follows[3][3];	/* arm, the one before it in the round */
};

static void count(struct tally *t, unsigned int nr_arms, unsigned int index)
{
	const unsigned char *arm = lab_order(nr_arms, index);

	for (unsigned int i = 0; i < nr_arms; i++) {
		t->place[arm[i]][i]++;
		if (i)
			t->follows[arm[i]][arm[i - 1]]++;
	}
}

static void check_block(struct lab_rounds *r)
{
	unsigned int n = r->nr_arms, block = lab_rounds_block(n);
	struct tally t = { 0 };

	for (unsigned int i = 0; i < block; i++)
		count(&t, n, lab_rounds_next(r));
	for (unsigned int a = 0; a < n; a++) {
		for (unsigned int i = 0; i < n; i++) {
			assert_int_equal(t.place[a][i], block / n);
			if (a != i)
				assert_int_equal(t.follows[a][i],
						 block * (n - 1) /
						 (n * (n - 1)));
		}
	}
}

static void test_balance(void **state)
{
	struct lab_rounds r;

	(void)state;
	for (unsigned int n = 2; n <= 3; n++) {
		lab_rounds_init(&r, n, 7);
		for (unsigned int b = 0; b < BLOCKS; b++)
			check_block(&r);
	}
}

static void test_restart(void **state)
{
	struct lab_rounds r;

	(void)state;
	lab_rounds_init(&r, 3, 7);
	for (unsigned int b = 0; b < BLOCKS; b++) {
		lab_rounds_next(&r);
		lab_rounds_restart(&r);
		check_block(&r);
	}
}

static void orders(unsigned long seed, unsigned char v[6 * BLOCKS])
{
	struct lab_rounds r;

	lab_rounds_init(&r, 3, seed);
	for (unsigned int i = 0; i < 6 * BLOCKS; i++)
		v[i] = lab_rounds_next(&r);
}

static void test_seed(void **state)
{
	unsigned char a[6 * BLOCKS], b[6 * BLOCKS];

	(void)state;
	orders(1, a);
	orders(1, b);
	assert_memory_equal(a, b, sizeof(a));
	orders(2, b);
	assert_memory_not_equal(a, b, sizeof(a));
	/* shuffled anew each time, not the first block repeated */
	assert_memory_not_equal(a, a + 6, 6 * (BLOCKS - 1));
}

static void test_before(void **state)
{
	(void)state;
	for (unsigned int n = 2; n <= 3; n++) {
		unsigned int first = 0, block = lab_rounds_block(n);

		for (unsigned int i = 0; i < block; i++) {
			bool before = lab_order_before(n, i, 0, 1);

			assert_int_not_equal(before,
					     lab_order_before(n, i, 1, 0));
			first += before;
		}
		assert_int_equal(2 * first, block);
	}
}

/* Numbers below a bound are all hit, evenly enough for a shuffle. */
static void test_below(void **state)
{
	struct lab_rng rng = { 3 };
	unsigned int hits[6] = { 0 };

	(void)state;
	for (unsigned int i = 0; i < 60000; i++)
		hits[lab_rng_below(&rng, 6)]++;
	for (unsigned int i = 0; i < 6; i++)
		assert_in_range(hits[i], 9600, 10400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_balance),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_seed),
		cmocka_unit_test(test_before),
		cmocka_unit_test(test_below),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
