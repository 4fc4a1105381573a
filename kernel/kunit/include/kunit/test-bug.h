/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/* For code that is told of no test: which one is it called from, if any? */
#ifndef _KUNIT_TEST_BUG_H
#define _KUNIT_TEST_BUG_H

struct kunit;

struct kunit *kunit_get_current_test(void);

#define kunit_fail_current_test(fmt, ...)				\
	do {								\
		struct kunit *__test = kunit_get_current_test();	\
									\
		if (__test)						\
			KUNIT_FAIL(__test, fmt, ##__VA_ARGS__);		\
	} while (0)

#endif /* _KUNIT_TEST_BUG_H */
