// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Cases that pass, fail and skip in every way; tests/test_kunit reads the KTAP. */
#include <kunit/test.h>
#include <linux/prime_numbers.h>
#include <linux/random.h>
#include <linux/vmalloc.h>
#include <host/host.h>

static unsigned int wanted = 7;
module_param(wanted, uint, 0400);

static int order;

static void passes(struct kunit *test)
{
	const u64 big = U64_MAX;
	int i = 0;

	KUNIT_EXPECT_TRUE(test, test == kunit_get_current_test());
	KUNIT_EXPECT_EQ(test, i++, 0);
	KUNIT_EXPECT_EQ_MSG(test, i, 1, "looked at twice");
	KUNIT_EXPECT_GT(test, big, 1);
	KUNIT_EXPECT_LT(test, -1, 1);
	KUNIT_EXPECT_PTR_NE(test, test, NULL);
	KUNIT_EXPECT_STREQ(test, test->name, "passes");
	KUNIT_EXPECT_STRNEQ(test, "a", "b");
	KUNIT_EXPECT_MEMEQ(test, "ab", "ac", 1);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, test);
	KUNIT_ASSERT_EQ(test, *(int *)test->priv, 1);
}

static void expects(struct kunit *test)
{
	int odd = 3;

	KUNIT_EXPECT_EQ_MSG(test, odd, 2, "odd number %d\n", odd);
	KUNIT_EXPECT_STREQ(test, "left", "right");
	KUNIT_EXPECT_NULL(test, test->priv);
	KUNIT_EXPECT_MEMEQ(test, "ab", "ac", 2);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, ERR_PTR(-ENOMEM));
	kunit_info(test, "goes on\nok 9 and is no result");
}

static void say_closed(void *ctx)
{
	kunit_info((struct kunit *)ctx, "closed");
}

static void asserts(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, say_closed, test), 0);
	KUNIT_ASSERT_NOT_NULL(test, kunit_kzalloc(test, 100, GFP_KERNEL));
	KUNIT_ASSERT_FALSE_MSG(test, 2 > 1, "%s", "two is more");
	kunit_info(test, "not reached");
}

static void fails(struct kunit *test)
{
	KUNIT_FAIL(test, "said so");
	kunit_skip(test, "what has failed stays so");
}

static void skips(struct kunit *test)
{
	kunit_skip(test, "no %s here", "GPU");
	KUNIT_FAIL(test, "not reached");
}

static void warns(struct kunit *test)
{
	host_warn(__FILE__, __LINE__, "as the core does");
}

static void crashes(struct kunit *test)
{
	host_bug(__FILE__, __LINE__, "as the core does");
}

static void slow_init(struct kunit *test)
{
	KUNIT_FAIL(test, "not reached");
}

static const int numbers[] = { 2, 4, 5 };

static void describe(const int *number, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "number %d", *number);
}

KUNIT_ARRAY_PARAM(numbers, numbers, describe);

static void even(struct kunit *test)
{
	const int *number = test->param_value;

	if (*number == 4)
		kunit_skip(test, "four");
	KUNIT_EXPECT_EQ(test, *number % 2, 0);
	KUNIT_EXPECT_PTR_EQ(test, number, &numbers[test->param_index]);
}

/* What the shims of kernel headers give. */
static void headers(struct kunit *test)
{
	unsigned int n, sum = 0;
	struct rnd_state a, b;
	void *p = vzalloc(100);

	vfree(p);
	for_each_prime_number(n, 30)
		sum += n;
	KUNIT_EXPECT_EQ(test, sum, 129);
	prandom_seed_state(&a, 0);
	prandom_seed_state(&b, 0);
	for (n = 0; n < 1000; n++) {
		KUNIT_ASSERT_EQ(test, prandom_u32_state(&a),
				prandom_u32_state(&b));
		KUNIT_ASSERT_LT(test, get_random_u32_below(10), 10);
	}
	KUNIT_EXPECT_EQ(test, wanted, 7);
}

static int init(struct kunit *test)
{
	test->priv = kunit_kmalloc(test, sizeof(int), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, test->priv);
	*(int *)test->priv = ++order;
	return test->name[0] == 's' && test->name[1] == 'l' ? -EIO : 0;
}

static void leave(struct kunit *test)
{
	if (test->name[0] == 'a')
		kunit_info(test, "exit");
}

static struct kunit_case mixed_cases[] = {
	KUNIT_CASE(passes),
	KUNIT_CASE(expects),
	KUNIT_CASE(asserts),
	KUNIT_CASE(fails),
	KUNIT_CASE(skips),
	KUNIT_CASE(warns),
	KUNIT_CASE(crashes),
	KUNIT_CASE_SLOW(slow_init),
	KUNIT_CASE_PARAM(even, numbers_gen_params),
	KUNIT_CASE(headers),
	{}
};

static struct kunit_suite mixed = {
	.name = "mixed",
	.init = init,
	.exit = leave,
	.test_cases = mixed_cases,
};

static int refuse(struct kunit_suite *suite)
{
	return -ENODEV;
}

static struct kunit_case refused_cases[] = {
	KUNIT_CASE(passes),
	{}
};

static struct kunit_suite refused = {
	.name = "refused",
	.suite_init = refuse,
	.test_cases = refused_cases,
};

static struct kunit_case good_cases[] = {
	KUNIT_CASE(headers),
	{}
};

static struct kunit_suite good = {
	.name = "good",
	.test_cases = good_cases,
};

kunit_test_suites(&mixed, &refused, &good);

MODULE_DESCRIPTION("Every way that a case can end");
MODULE_LICENSE("GPL");
