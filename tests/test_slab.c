// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The slab in one thread: classes, zeroing, order, and what is wrong. */
#include <linux/array_size.h>
#include <linux/limits.h>
#include <linux/slab.h>
#include <host/host.h>

#include "check.h"

#define NR	4000

#ifdef __SANITIZE_ADDRESS__
#define ASAN	1
#else
#define ASAN	0
#endif

static void *obj[NR];

static int test_classes(void)
{
	static const size_t sizes[] = {
		1, 8, 9, 24, 33, 64, 65, 88, 96, 97, 120, 128, 129, 192, 193,
		256, 257, 512, 1000, 2048, 4096, 8192, 8193, 70000, 1 << 20,
		(1 << 20) + 1, 5 << 20,
	};
	unsigned int i, k;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		size_t size = sizes[i], round = kmalloc_size_roundup(size);
		unsigned char *p = kmalloc(size, GFP_KERNEL);
		int dirty = 0;

		KT_EQ(!p, 0);
		memset(p, 0xa5, size);
		/* Libc aligns to no more than it is asked for. */
		if (!(round & (round - 1)) && round <= 8192 &&
		    (!ASAN || size > 96))
			KT_EQ((unsigned long)p % (ASAN ? 64 : round), 0);
		kfree(p);
		p = kzalloc(size, GFP_KERNEL);
		for (k = 0; k < size; k++)
			dirty += !!p[k];
		KT_EQ(dirty, 0);
		kfree(p);
	}
#ifndef __SANITIZE_ADDRESS__
	KT_EQ(!!kmalloc(SIZE_MAX, GFP_KERNEL), 0);
#endif
	/* No bytes are neither an error nor memory. */
	KT_EQ(!kmalloc(0, GFP_KERNEL), 0);
	kfree(krealloc(kmalloc(0, GFP_KERNEL), 100, GFP_KERNEL));
	kfree(NULL);
	return 0;
}

static int test_grows(void)
{
	unsigned char *p = kmalloc(10, GFP_KERNEL), *grown;
	size_t size;

	memset(p, 7, 10);
	for (size = 11; size < 3 << 20; size *= 2) {
		grown = krealloc(p, size, GFP_KERNEL);
		KT_EQ(!grown, 0);
		p = grown;
		KT_EQ(p[0], 7);
		KT_EQ(p[9], 7);
	}
	kfree(p);
	return 0;
}

static int test_many(void)
{
	int i, k, wrong = 0;

	for (k = 0; k < 3; k++) {
		for (i = 0; i < NR; i++) {
			obj[i] = kmalloc(88, GFP_KERNEL);
			*(int *)obj[i] = i;
		}
		for (i = 0; i < NR; i++)
			wrong += *(int *)obj[i] != i;
		for (i = 0; i < NR; i++)
			kfree(obj[(i * 1999L) % NR]);
	}
	KT_EQ(wrong, 0);
	return 0;
}

#ifndef __SANITIZE_ADDRESS__
static int test_last_freed_is_first(void)
{
	void *p = kmalloc(120, GFP_KERNEL);

	kfree(p);
	KT_EQ(kmalloc(120, GFP_KERNEL) == p, 1);
	kfree(p);
	return 0;
}

static unsigned long deal_by(unsigned long seed)
{
	unsigned long sum = 0, first, at;
	int i;

	slab_reset(seed);
	first = (unsigned long)kmalloc(96, GFP_KERNEL);
	for (i = 0; i < 20; i++) {
		at = (unsigned long)kmalloc(96, GFP_KERNEL) - first;
		sum = sum * 31 + at;
	}
	slab_reset(1);
	return sum;
}

static int test_dealt_by_seed(void)
{
	unsigned long a = deal_by(5), b = deal_by(6);

	KT_EQ(a == b, 0);
	KT_EQ(deal_by(5) == a, 1);
	return 0;
}

static int freed_twice(void)
{
	void *p = kmalloc(88, GFP_KERNEL);

	kfree(p);
	kfree(p);
	return 0;
}

static int pages_freed_twice(void)
{
	void *p = kmalloc(20000, GFP_KERNEL);

	kfree(p);
	kfree(p);
	return 0;
}

static int test_freed_twice(void)
{
	KT_ASSERT(ktest_child_says("freed_twice", KTEST_BUG,
				   "an object is freed twice"));
	KT_ASSERT(ktest_child_says("pages_freed_twice", KTEST_BUG,
				   "what is freed is not allocated"));
	return 0;
}
#endif

#ifdef CONFIG_LOCKDEP
static int test_fails_when_told(void)
{
	void *p, *q;

	kmalloc_fail_after(1);
	p = kmalloc(88, GFP_KERNEL);
	KT_EQ(!p, 0);
	KT_EQ(!kzalloc(20000, GFP_KERNEL), 1);
	q = kmalloc(88, GFP_KERNEL);
	KT_EQ(!q, 0);
	kfree(q);
	/* What could not grow stays. */
	*(int *)p = 7;
	kmalloc_fail_after(0);
	KT_EQ(!krealloc(p, 4096, GFP_KERNEL), 1);
	KT_EQ(*(int *)p, 7);
	kmalloc_fail_after(0);
	kmalloc_fail_after(-1);
	q = kmalloc(4 << 20, GFP_KERNEL);
	KT_EQ(!q, 0);
	kfree(q);
	kfree(p);
	return 0;
}
#endif

const char ktest_suite[] = "test_slab";

const struct ktest ktests[] = {
	KTEST(test_classes),
	KTEST(test_grows),
	KTEST(test_many),
#ifndef __SANITIZE_ADDRESS__
	KTEST(test_last_freed_is_first),
	KTEST(test_dealt_by_seed),
	KTEST(test_freed_twice),
	KTEST_CHILD(freed_twice),
	KTEST_CHILD(pages_freed_twice),
#endif
#ifdef CONFIG_LOCKDEP
	KTEST(test_fails_when_told),
#endif
	{ 0 },
};
