/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * KUnit's interface, as far as the tests of drm_mm and their like use it, in
 * its names and with its output. Each case is run in a process of its own: see
 * kernel/kunit/kunit.c.
 */
#ifndef _KUNIT_TEST_H
#define _KUNIT_TEST_H

#include <kunit/assert.h>
#include <kunit/resource.h>
#include <kunit/test-bug.h>
#include <linux/array_size.h>
#include <linux/bitmap.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#define KUNIT_PARAM_DESC_SIZE	128

enum kunit_status {
	KUNIT_SUCCESS,
	KUNIT_FAILURE,
	KUNIT_SKIPPED,
};

enum kunit_speed {
	KUNIT_SPEED_UNSET,
	KUNIT_SPEED_VERY_SLOW,
	KUNIT_SPEED_SLOW,
	KUNIT_SPEED_NORMAL,
};

/**
 * struct kunit_attributes - what is known of a case
 * @speed: shown, not acted upon
 */
struct kunit_attributes {
	enum kunit_speed speed;
};

/**
 * struct kunit - a case that is being run
 * @priv: the test's
 * @name: of the case
 * @param_value: which parameter this run is for, or NULL
 * @param_index: its number, from 0
 * @actions: to be done at the end, newest first
 * @result: read by the runner when this process has ended
 */
struct kunit {
	void *priv;
	const char *name;
	const void *param_value;
	int param_index;
	struct list_head actions;
	struct kunit_result *result;
};

/**
 * struct kunit_case - a case; an array of them ends with one without a function
 * @run_case: the case
 * @name: of its function
 * @generate_params: NULL, or gives the parameter after @prev and its name
 * @attr: what is known of it
 */
struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
	const void *(*generate_params)(const void *prev, char *desc);
	struct kunit_attributes attr;
};

/**
 * struct kunit_suite - cases that belong together
 * @name: of the suite
 * @suite_init: called once before all of its cases, or NULL
 * @suite_exit: called once after them, even if @suite_init failed
 * @init: called before each case, or NULL; 0 or an error
 * @exit: called after each case, even if @init failed
 * @test_cases: the cases
 * @attr: what is known of it
 */
struct kunit_suite {
	const char name[256];
	int (*suite_init)(struct kunit_suite *suite);
	void (*suite_exit)(struct kunit_suite *suite);
	int (*init)(struct kunit *test);
	void (*exit)(struct kunit *test);
	struct kunit_case *test_cases;
	struct kunit_attributes attr;
};

#define KUNIT_CASE_PARAM_ATTR(fn, gen, ...)				\
	{ .run_case = fn, .name = #fn, .generate_params = gen,		\
	  .attr = __VA_ARGS__ }
#define KUNIT_CASE_PARAM(fn, gen)					\
	{ .run_case = fn, .name = #fn, .generate_params = gen }
#define KUNIT_CASE_ATTR(fn, ...)					\
	{ .run_case = fn, .name = #fn, .attr = __VA_ARGS__ }
#define KUNIT_CASE(fn)							\
	{ .run_case = fn, .name = #fn }
#define KUNIT_CASE_SLOW(fn)						\
	{ .run_case = fn, .name = #fn,					\
	  .attr = { .speed = KUNIT_SPEED_SLOW } }

/*
 * A generator of the elements of an array. One that a test has written itself
 * must have these parameters; Linux 6.18 gives it the test, too.
 */
#define __KUNIT_ARRAY_PARAM(gen, array, describe)			\
static const void *gen##_gen_params(const void *prev, char *desc)	\
{									\
	__typeof__(&(array)[0]) __at = (array);				\
									\
	if (prev)							\
		__at = (__typeof__(__at))prev + 1;			\
	if (__at - (array) >= (long)ARRAY_SIZE(array))			\
		return NULL;						\
	describe;							\
	return __at;							\
}
#define KUNIT_ARRAY_PARAM(gen, array, get_desc)				\
	__KUNIT_ARRAY_PARAM(gen, array, ({				\
		void (*__get)(__typeof__(__at), char *) = get_desc;	\
									\
		if (__get)						\
			__get(__at, desc);				\
	}))
#define KUNIT_ARRAY_PARAM_DESC(gen, array, member)			\
	__KUNIT_ARRAY_PARAM(gen, array,					\
		strscpy(desc, __at->member, KUNIT_PARAM_DESC_SIZE))

/*
 * Suites are found through a section of pointers, which the linker bounds by
 * symbols: none has to be named, and any number of files can have some. The
 * alignment is stated, or that of a long array would leave gaps.
 */
#define kunit_test_suites(...)						\
	static struct kunit_suite * const				\
	__UNIQUE_ID(kunit_suites_)[] __used __aligned(sizeof(void *))	\
	__attribute__((__section__("kunit_suites"))) = { __VA_ARGS__ }
#define kunit_test_suite(suite)		kunit_test_suites(&suite)
#define kunit_test_init_section_suites(...)				\
	kunit_test_suites(__VA_ARGS__)
#define kunit_test_init_section_suite(suite)				\
	kunit_test_suites(&suite)

/* Of a case or of a suite: a line that begins with its name. */
void kunit_say(const char *name, const char *fmt, ...) __printf(2, 3);
#define kunit_log(level, test, fmt, ...)				\
	kunit_say((test)->name, fmt, ##__VA_ARGS__)
#define kunit_printk(level, test, fmt, ...)				\
	kunit_say((test)->name, fmt, ##__VA_ARGS__)
#define kunit_info(test, fmt, ...)	kunit_say((test)->name, fmt, ##__VA_ARGS__)
#define kunit_warn(test, fmt, ...)	kunit_say((test)->name, fmt, ##__VA_ARGS__)
#define kunit_err(test, fmt, ...)	kunit_say((test)->name, fmt, ##__VA_ARGS__)

void __kunit_mark_skipped(struct kunit *test, const char *fmt, ...)
	__printf(2, 3);
void __noreturn __kunit_abort(struct kunit *test);

#define kunit_mark_skipped(test, fmt, ...)				\
	__kunit_mark_skipped(test, fmt, ##__VA_ARGS__)
#define kunit_skip(test, fmt, ...)					\
	do {								\
		__kunit_mark_skipped(test, fmt, ##__VA_ARGS__);		\
		__kunit_abort(test);					\
	} while (0)

#endif /* _KUNIT_TEST_H */
