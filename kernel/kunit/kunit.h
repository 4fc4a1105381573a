/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What the files of KUnit's runner share. */
#ifndef _KUNIT_H
#define _KUNIT_H

#include <kunit/test.h>

/**
 * struct kunit_result - what the process of a case leaves behind
 * @status: of the case so far
 * @done: the case and its exit were left in an orderly way
 * @why: it was skipped
 */
struct kunit_result {
	enum kunit_status status;
	bool done;
	char why[256];
};

/* What the linker has gathered; a program may have none of either. */
extern struct kunit_suite *__start_kunit_suites[] __weak;
extern struct kunit_suite *__stop_kunit_suites[] __weak;
extern const struct kernel_param *__start_kunit_params[] __weak;
extern const struct kernel_param *__stop_kunit_params[] __weak;

/* How far text stands to the right: a level of subtests is four columns. */
extern unsigned int kunit_depth;

/* Lines at the depth, each after @mark; a newline at the end is not needed. */
void kunit_lines(const char *mark, const char *fmt, ...) __printf(2, 3);
void kunit_vlines(const char *mark, const char *fmt, va_list ap) __printf(2, 0);

void kunit_seed(u64 seed);

#endif /* _KUNIT_H */
