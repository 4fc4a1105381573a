/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * Time, as a test sees it, is what the processor spent on it: a case that
 * compares two durations must not fail because of a neighbour.
 */
#ifndef _KUNIT_LINUX_KTIME_H
#define _KUNIT_LINUX_KTIME_H

#include_next <linux/ktime.h>

u64 kunit_cpu_ns(void);

static inline ktime_t ktime_get(void)
{
	return kunit_cpu_ns();
}

static inline ktime_t ktime_add(ktime_t a, ktime_t b)
{
	return a + b;
}

static inline ktime_t ktime_sub(ktime_t later, ktime_t earlier)
{
	return later - earlier;
}

static inline s64 ktime_to_ns(ktime_t t)
{
	return t;
}

static inline s64 ktime_to_us(ktime_t t)
{
	return t / 1000;
}

static inline s64 ktime_to_ms(ktime_t t)
{
	return t / 1000000;
}

static inline s64 ktime_us_delta(ktime_t later, ktime_t earlier)
{
	return ktime_to_us(later - earlier);
}

static inline s64 ktime_ms_delta(ktime_t later, ktime_t earlier)
{
	return ktime_to_ms(later - earlier);
}

#endif /* _KUNIT_LINUX_KTIME_H */
