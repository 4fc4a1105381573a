// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The slab: classes, order, frees by other threads, and what comes back. */
#include <linux/array_size.h>
#include <linux/atomic.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <host/host.h>

#include "check.h"
#include "thread.h"

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
		0, 1, 8, 9, 24, 33, 64, 65, 88, 96, 97, 120, 128, 129, 192, 193,
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
		/* AddressSanitizer's small objects are aligned to 16 bytes. */
		if (size && !(round & (round - 1)) && round <= 8192 &&
		    (!ASAN || size > 96))
			KT_EQ((unsigned long)p % min_t(size_t, round, 64), 0);
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
	kfree(NULL);
	return 0;
}

static int test_grows(void)
{
	unsigned char *p = kmalloc(10, GFP_KERNEL);
	size_t size;

	memset(p, 7, 10);
	for (size = 11; size < 3 << 20; size *= 2) {
		p = krealloc(p, size, GFP_KERNEL);
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
#endif

static void free_all(void *unused)
{
	int i;

	for (i = 0; i < NR; i++)
		kfree(obj[i]);
}

/* Objects go back to their slab, and who comes later gets them. */
static int test_freed_by_another(void)
{
	int i, k;

	for (k = 0; k < 20; k++) {
		for (i = 0; i < NR; i++) {
			obj[i] = kmalloc(88, GFP_KERNEL);
			*(int *)obj[i] = i;
		}
		thread_join(thread_start(free_all, NULL));
	}
	return 0;
}

static void pairs(void *unused, unsigned int thread)
{
	void *mine[64];
	int i, k;

	for (k = 0; k < 500; k++) {
		for (i = 0; i < 64; i++) {
			mine[i] = kzalloc(8 + i * 4, GFP_KERNEL);
			*(int *)mine[i] = thread;
		}
		/* Another thread's half, by an exchange. */
		for (i = 0; i < 64; i++) {
			if (i & 1)
				mine[i] = xchg(&obj[i], mine[i]);
			kfree(mine[i]);
		}
	}
}

static int test_threads(void)
{
	int i;

	memset(obj, 0, sizeof(obj));
	threads_run(4, pairs, NULL);
	for (i = 0; i < 64; i++)
		kfree(obj[i]);
	return 0;
}

const char ktest_suite[] = "test_slab";

const struct ktest ktests[] = {
	KTEST(test_classes),
	KTEST(test_grows),
	KTEST(test_many),
#ifndef __SANITIZE_ADDRESS__
	KTEST(test_last_freed_is_first),
	KTEST(test_dealt_by_seed),
#endif
	KTEST(test_freed_by_another),
	KTEST(test_threads),
	{ 0 },
};
