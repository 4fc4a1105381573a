/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * What a case expects. An expectation that fails is noted and the case goes
 * on; an assertion that fails ends it.
 */
#ifndef _KUNIT_ASSERT_H
#define _KUNIT_ASSERT_H

#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/string.h>
#include <linux/types.h>

struct kunit;

enum kunit_assert_type {
	KUNIT_EXPECTATION,
	KUNIT_ASSERTION,
};

/*
 * A failure is told in three parts: where, what was found, and what the test
 * says of it, or NULL. The last one does not return after an assertion.
 */
void kunit_fail_at(struct kunit *test, enum kunit_assert_type type,
		   const char *file, int line);
void kunit_found_bool(struct kunit *test, const char *expr, bool wanted);
void kunit_found_err(struct kunit *test, const char *expr, const void *ptr);
void kunit_found_ints(struct kunit *test, const char *left, const char *op,
		      const char *right, long long l, long long r);
void kunit_found_ptrs(struct kunit *test, const char *left, const char *op,
		      const char *right, const void *l, const void *r);
void kunit_found_strs(struct kunit *test, const char *left, const char *op,
		      const char *right, const char *l, const char *r);
void kunit_found_mems(struct kunit *test, const char *left, const char *op,
		      const char *right, const void *l, const void *r,
		      size_t size);
void kunit_fail_end(struct kunit *test, enum kunit_assert_type type,
		    const char *fmt, ...) __printf(3, 4);

#define __KUNIT_CHECK(test, type, ok, found, fmt, ...)			\
	do {								\
		if (unlikely(!(ok))) {					\
			kunit_fail_at(test, KUNIT_##type,		\
				      __FILE__, __LINE__);		\
			found;						\
			kunit_fail_end(test, KUNIT_##type,		\
				       fmt, ##__VA_ARGS__);		\
		}							\
	} while (0)

#define __KUNIT_BOOL(test, type, cond, wanted, fmt, ...)		\
	__KUNIT_CHECK(test, type, (bool)(cond) == (wanted),		\
		kunit_found_bool(test, #cond, wanted), fmt, ##__VA_ARGS__)

/* Each side is looked at once. */
#define __KUNIT_INTS(test, type, left, op, right, fmt, ...)		\
	do {								\
		const __auto_type __left = (left);			\
		const __auto_type __right = (right);			\
									\
		__KUNIT_CHECK(test, type, __left op __right,		\
			kunit_found_ints(test, #left, #op, #right,	\
					 (long long)__left,		\
					 (long long)__right),		\
			fmt, ##__VA_ARGS__);				\
	} while (0)

#define __KUNIT_PTRS(test, type, left, op, right, fmt, ...)		\
	do {								\
		const void *__left = (left);				\
		const void *__right = (right);				\
									\
		__KUNIT_CHECK(test, type, __left op __right,		\
			kunit_found_ptrs(test, #left, #op, #right,	\
					 __left, __right),		\
			fmt, ##__VA_ARGS__);				\
	} while (0)

/* No string is neither equal to one nor different from it. */
#define __KUNIT_STRS(test, type, left, op, right, fmt, ...)		\
	do {								\
		const char *__left = (left);				\
		const char *__right = (right);				\
									\
		__KUNIT_CHECK(test, type, __left && __right &&		\
			      strcmp(__left, __right) op 0,		\
			kunit_found_strs(test, #left, #op, #right,	\
					 __left, __right),		\
			fmt, ##__VA_ARGS__);				\
	} while (0)

#define __KUNIT_MEMS(test, type, left, op, right, size, fmt, ...)	\
	do {								\
		const void *__left = (left);				\
		const void *__right = (right);				\
		const size_t __size = (size);				\
									\
		__KUNIT_CHECK(test, type, __left && __right &&		\
			      memcmp(__left, __right, __size) op 0,	\
			kunit_found_mems(test, #left, #op, #right,	\
					 __left, __right, __size),	\
			fmt, ##__VA_ARGS__);				\
	} while (0)

#define __KUNIT_NOT_ERR(test, type, ptr, fmt, ...)			\
	do {								\
		const void *__ptr = (ptr);				\
									\
		__KUNIT_CHECK(test, type, !IS_ERR_OR_NULL(__ptr),	\
			kunit_found_err(test, #ptr, __ptr),		\
			fmt, ##__VA_ARGS__);				\
	} while (0)

#define KUNIT_SUCCEED(test)		((void)(test))
#define KUNIT_FAIL(test, fmt, ...)					\
	__KUNIT_CHECK(test, EXPECTATION, false, (void)0,		\
		      fmt, ##__VA_ARGS__)
#define KUNIT_FAIL_AND_ABORT(test, fmt, ...)				\
	__KUNIT_CHECK(test, ASSERTION, false, (void)0,		\
		      fmt, ##__VA_ARGS__)

#define KUNIT_EXPECT_TRUE_MSG(test, cond, fmt, ...)			\
	__KUNIT_BOOL(test, EXPECTATION, cond, true, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_FALSE_MSG(test, cond, fmt, ...)			\
	__KUNIT_BOOL(test, EXPECTATION, cond, false, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_EQ_MSG(test, left, right, fmt, ...)		\
	__KUNIT_INTS(test, EXPECTATION, left, ==, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_NE_MSG(test, left, right, fmt, ...)		\
	__KUNIT_INTS(test, EXPECTATION, left, !=, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_LT_MSG(test, left, right, fmt, ...)		\
	__KUNIT_INTS(test, EXPECTATION, left, <, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_LE_MSG(test, left, right, fmt, ...)		\
	__KUNIT_INTS(test, EXPECTATION, left, <=, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_GT_MSG(test, left, right, fmt, ...)		\
	__KUNIT_INTS(test, EXPECTATION, left, >, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_GE_MSG(test, left, right, fmt, ...)		\
	__KUNIT_INTS(test, EXPECTATION, left, >=, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_PTR_EQ_MSG(test, left, right, fmt, ...)		\
	__KUNIT_PTRS(test, EXPECTATION, left, ==, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_PTR_NE_MSG(test, left, right, fmt, ...)		\
	__KUNIT_PTRS(test, EXPECTATION, left, !=, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_NULL_MSG(test, ptr, fmt, ...)			\
	__KUNIT_PTRS(test, EXPECTATION, ptr, ==, NULL, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_NOT_NULL_MSG(test, ptr, fmt, ...)			\
	__KUNIT_PTRS(test, EXPECTATION, ptr, !=, NULL, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_STREQ_MSG(test, left, right, fmt, ...)		\
	__KUNIT_STRS(test, EXPECTATION, left, ==, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_STRNEQ_MSG(test, left, right, fmt, ...)		\
	__KUNIT_STRS(test, EXPECTATION, left, !=, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_MEMEQ_MSG(test, left, right, size, fmt, ...)	\
	__KUNIT_MEMS(test, EXPECTATION, left, ==, right, size, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_MEMNEQ_MSG(test, left, right, size, fmt, ...)	\
	__KUNIT_MEMS(test, EXPECTATION, left, !=, right, size, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_NOT_ERR_OR_NULL_MSG(test, ptr, fmt, ...)		\
	__KUNIT_NOT_ERR(test, EXPECTATION, ptr, fmt, ##__VA_ARGS__)

#define KUNIT_ASSERT_TRUE_MSG(test, cond, fmt, ...)			\
	__KUNIT_BOOL(test, ASSERTION, cond, true, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_FALSE_MSG(test, cond, fmt, ...)			\
	__KUNIT_BOOL(test, ASSERTION, cond, false, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_EQ_MSG(test, left, right, fmt, ...)		\
	__KUNIT_INTS(test, ASSERTION, left, ==, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_NE_MSG(test, left, right, fmt, ...)		\
	__KUNIT_INTS(test, ASSERTION, left, !=, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_LT_MSG(test, left, right, fmt, ...)		\
	__KUNIT_INTS(test, ASSERTION, left, <, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_LE_MSG(test, left, right, fmt, ...)		\
	__KUNIT_INTS(test, ASSERTION, left, <=, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_GT_MSG(test, left, right, fmt, ...)		\
	__KUNIT_INTS(test, ASSERTION, left, >, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_GE_MSG(test, left, right, fmt, ...)		\
	__KUNIT_INTS(test, ASSERTION, left, >=, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_PTR_EQ_MSG(test, left, right, fmt, ...)		\
	__KUNIT_PTRS(test, ASSERTION, left, ==, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_PTR_NE_MSG(test, left, right, fmt, ...)		\
	__KUNIT_PTRS(test, ASSERTION, left, !=, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_NULL_MSG(test, ptr, fmt, ...)			\
	__KUNIT_PTRS(test, ASSERTION, ptr, ==, NULL, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_NOT_NULL_MSG(test, ptr, fmt, ...)			\
	__KUNIT_PTRS(test, ASSERTION, ptr, !=, NULL, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_STREQ_MSG(test, left, right, fmt, ...)		\
	__KUNIT_STRS(test, ASSERTION, left, ==, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_STRNEQ_MSG(test, left, right, fmt, ...)		\
	__KUNIT_STRS(test, ASSERTION, left, !=, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_MEMEQ_MSG(test, left, right, size, fmt, ...)	\
	__KUNIT_MEMS(test, ASSERTION, left, ==, right, size, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_MEMNEQ_MSG(test, left, right, size, fmt, ...)	\
	__KUNIT_MEMS(test, ASSERTION, left, !=, right, size, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_NOT_ERR_OR_NULL_MSG(test, ptr, fmt, ...)		\
	__KUNIT_NOT_ERR(test, ASSERTION, ptr, fmt, ##__VA_ARGS__)

/* The same without a message of the test's own. */
#define KUNIT_EXPECT_TRUE(test, cond)					\
	KUNIT_EXPECT_TRUE_MSG(test, cond, NULL)
#define KUNIT_EXPECT_FALSE(test, cond)					\
	KUNIT_EXPECT_FALSE_MSG(test, cond, NULL)
#define KUNIT_EXPECT_EQ(test, left, right)				\
	KUNIT_EXPECT_EQ_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_NE(test, left, right)				\
	KUNIT_EXPECT_NE_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_LT(test, left, right)				\
	KUNIT_EXPECT_LT_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_LE(test, left, right)				\
	KUNIT_EXPECT_LE_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_GT(test, left, right)				\
	KUNIT_EXPECT_GT_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_GE(test, left, right)				\
	KUNIT_EXPECT_GE_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_PTR_EQ(test, left, right)				\
	KUNIT_EXPECT_PTR_EQ_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_PTR_NE(test, left, right)				\
	KUNIT_EXPECT_PTR_NE_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_NULL(test, ptr)					\
	KUNIT_EXPECT_NULL_MSG(test, ptr, NULL)
#define KUNIT_EXPECT_NOT_NULL(test, ptr)				\
	KUNIT_EXPECT_NOT_NULL_MSG(test, ptr, NULL)
#define KUNIT_EXPECT_STREQ(test, left, right)				\
	KUNIT_EXPECT_STREQ_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_STRNEQ(test, left, right)				\
	KUNIT_EXPECT_STRNEQ_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_MEMEQ(test, left, right, size)			\
	KUNIT_EXPECT_MEMEQ_MSG(test, left, right, size, NULL)
#define KUNIT_EXPECT_MEMNEQ(test, left, right, size)			\
	KUNIT_EXPECT_MEMNEQ_MSG(test, left, right, size, NULL)
#define KUNIT_EXPECT_NOT_ERR_OR_NULL(test, ptr)				\
	KUNIT_EXPECT_NOT_ERR_OR_NULL_MSG(test, ptr, NULL)
#define KUNIT_ASSERT_TRUE(test, cond)					\
	KUNIT_ASSERT_TRUE_MSG(test, cond, NULL)
#define KUNIT_ASSERT_FALSE(test, cond)					\
	KUNIT_ASSERT_FALSE_MSG(test, cond, NULL)
#define KUNIT_ASSERT_EQ(test, left, right)				\
	KUNIT_ASSERT_EQ_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_NE(test, left, right)				\
	KUNIT_ASSERT_NE_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_LT(test, left, right)				\
	KUNIT_ASSERT_LT_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_LE(test, left, right)				\
	KUNIT_ASSERT_LE_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_GT(test, left, right)				\
	KUNIT_ASSERT_GT_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_GE(test, left, right)				\
	KUNIT_ASSERT_GE_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_PTR_EQ(test, left, right)				\
	KUNIT_ASSERT_PTR_EQ_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_PTR_NE(test, left, right)				\
	KUNIT_ASSERT_PTR_NE_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_NULL(test, ptr)					\
	KUNIT_ASSERT_NULL_MSG(test, ptr, NULL)
#define KUNIT_ASSERT_NOT_NULL(test, ptr)				\
	KUNIT_ASSERT_NOT_NULL_MSG(test, ptr, NULL)
#define KUNIT_ASSERT_STREQ(test, left, right)				\
	KUNIT_ASSERT_STREQ_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_STRNEQ(test, left, right)				\
	KUNIT_ASSERT_STRNEQ_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_MEMEQ(test, left, right, size)			\
	KUNIT_ASSERT_MEMEQ_MSG(test, left, right, size, NULL)
#define KUNIT_ASSERT_MEMNEQ(test, left, right, size)			\
	KUNIT_ASSERT_MEMNEQ_MSG(test, left, right, size, NULL)
#define KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ptr)				\
	KUNIT_ASSERT_NOT_ERR_OR_NULL_MSG(test, ptr, NULL)

#endif /* _KUNIT_ASSERT_H */
