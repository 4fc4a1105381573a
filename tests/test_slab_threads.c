// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The slab among threads: frees by others, threads that end and come, resets, and
 * what goes back to the host. Linked with host_pages() wrapped.
 */
#include <linux/atomic.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <host/host.h>

#include "check.h"
#include "thread.h"

/* They fill half of a chunk. */
#define NR	16000
/* More than have lists at once. */
#define THREADS	150

static void *obj[NR];

void *__real_host_pages(unsigned long size);
void __real_host_pages_free(void *p, unsigned long size);
void *__wrap_host_pages(unsigned long size);
void __wrap_host_pages_free(void *p, unsigned long size);

/* Bytes that the host has given. */
static atomic_long_t mapped;

void *__wrap_host_pages(unsigned long size)
{
	atomic_long_add(size, &mapped);
	return __real_host_pages(size);
}

void __wrap_host_pages_free(void *p, unsigned long size)
{
	atomic_long_sub(size, &mapped);
	__real_host_pages_free(p, size);
}

static void get_all(void *unused)
{
	int i;

	for (i = 0; i < NR; i++) {
		obj[i] = kmalloc(88, GFP_KERNEL);
		*(int *)obj[i] = i;
	}
}

static void free_all(void *unused)
{
	int i;

	for (i = 0; i < NR; i++) {
		KT_CHECK(*(int *)obj[i] == i);
		kfree(obj[i]);
	}
}

static void in_a_thread(void (*fn)(void *))
{
	thread_join(thread_start(fn, NULL));
}

/* Objects go back to their slab, and who comes later gets them. */
static int test_freed_by_another(void)
{
	long after_first = 0;
	int k;

	for (k = 0; k < 20; k++) {
		get_all(NULL);
		in_a_thread(free_all);
		if (!k)
			after_first = atomic_long_read(&mapped);
	}
	KT_EQ(atomic_long_read(&mapped), after_first);
	return 0;
}

static void free_every_other(void *unused)
{
	int i;

	for (i = 0; i < NR; i += 2)
		kfree(obj[i]);
}

/* Slabs that are nobody's and half free are used before there are new ones. */
static int test_half_is_freed(void)
{
	long before;
	int i;

	in_a_thread(get_all);
	before = atomic_long_read(&mapped);
	in_a_thread(free_every_other);
	for (i = 0; i < NR; i += 2) {
		obj[i] = kmalloc(88, GFP_KERNEL);
		*(int *)obj[i] = i;
	}
	KT_EQ(atomic_long_read(&mapped), before);
	free_all(NULL);
	return 0;
}

static void get_and_leave(void *unused)
{
	get_all(NULL);
	kfree(kmalloc(1000, GFP_KERNEL));
}

/* What a thread had is not gone with it. */
static int test_threads_end(void)
{
	long after_first = 0;
	int k;

	for (k = 0; k < THREADS; k++) {
		in_a_thread(get_and_leave);
		if (k % 2)
			in_a_thread(free_all);
		else
			free_all(NULL);
		if (k == 1)
			after_first = atomic_long_read(&mapped);
	}
	KT_EQ(atomic_long_read(&mapped), after_first);
	return 0;
}

static void pairs(void *unused, unsigned int thread)
{
	void *mine[64];
	int i, k;

	for (k = 0; k < 500; k++) {
		for (i = 0; i < 64; i++) {
			mine[i] = kzalloc(8 + i * 4, GFP_KERNEL);
			KT_CHECK(!*(int *)mine[i]);
			*(int *)mine[i] = thread + 1;
		}
		/* Another thread's half, by an exchange. */
		for (i = 0; i < 64; i++) {
			KT_CHECK(*(int *)mine[i] == thread + 1);
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

#ifndef __SANITIZE_ADDRESS__
static int began, freed;
static void *freed_by_main;

static void begins_after_the_reset(void *unused)
{
	void *first = kmalloc(88, GFP_KERNEL), *second;

	thread_meet(&began, 2);
	thread_meet(&freed, 2);
	/* From a list that both had, it would come next. */
	second = kmalloc(88, GFP_KERNEL);
	KT_CHECK(second != freed_by_main);
	kfree(first);
	kfree(second);
}

/*
 * A thread's lists are reset while it lives, and another one gets them: the two
 * do not share them.
 */
static int test_reset_between(void)
{
	struct thread *thread;

	slab_reset(1);
	kfree(kmalloc(88, GFP_KERNEL));
	slab_reset(2);
	began = freed = 0;
	thread = thread_start(begins_after_the_reset, NULL);
	thread_meet(&began, 2);
	freed_by_main = kmalloc(88, GFP_KERNEL);
	kfree(freed_by_main);
	thread_meet(&freed, 2);
	thread_join(thread);
	return 0;
}

static int test_pages_go_back(void)
{
	void *large;

	get_all(NULL);
	in_a_thread(free_all);
	in_a_thread(get_and_leave);
	large = kmalloc(3 << 20, GFP_KERNEL);
	kfree(kmalloc(50000, GFP_KERNEL));
	KT_EQ(!kmalloc(100000, GFP_KERNEL), 0);
	KT_EQ(atomic_long_read(&mapped) > 0, 1);
	kfree(large);
	slab_reset(0);
	KT_EQ(atomic_long_read(&mapped), 0);
	return 0;
}
#endif

const char ktest_suite[] = "test_slab_threads";

const struct ktest ktests[] = {
	KTEST(test_freed_by_another),
	KTEST(test_half_is_freed),
	KTEST(test_threads_end),
	KTEST(test_threads),
#ifndef __SANITIZE_ADDRESS__
	KTEST(test_reset_between),
	KTEST(test_pages_go_back),
#endif
	{ 0 },
};
