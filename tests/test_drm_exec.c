// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Transactions over many objects: what is locked, tracked and referred to after
 * every way in which a lock can be had or refused.
 */
#include <linux/array_size.h>

#include "alloc_count.h"
#include "gpuvm_world.h"
#include "thread.h"

#define OBJS	4

static struct drm_gem_object *objs[OBJS];

static void begin(void)
{
	unsigned int i;

	world_begin();
	for (i = 0; i < OBJS; i++)
		objs[i] = bo_new(NULL);
}

/* Nothing is locked, and nobody has a reference but the test. */
static void end(void)
{
	unsigned int i;

	for (i = 0; i < OBJS; i++) {
		KT_CHECK(!dma_resv_is_locked(objs[i]->resv));
		KT_EQ(kref_read(&objs[i]->refcount), 1);
		drm_gem_object_put(objs[i]);
	}
	world_end();
}

static bool holds(struct drm_exec *exec, struct drm_gem_object *obj)
{
	return dma_resv_is_locked(obj->resv) &&
	       dma_resv_locking_ctx(obj->resv) == &exec->ticket;
}

static int test_nothing(void)
{
	struct drm_exec exec;
	int rounds = 0;

	begin();
	/* Never begun. */
	drm_exec_init(&exec, 0, 0);
	KT_CHECK(drm_exec_is_contended(&exec));
	drm_exec_fini(&exec);

	drm_exec_init(&exec, 0, 0);
	drm_exec_until_all_locked(&exec) {
		rounds++;
		drm_exec_retry_on_contention(&exec);
	}
	KT_EQ(rounds, 1);
	KT_EQ(drm_exec_obj(&exec, 0), NULL);
	drm_exec_fini(&exec);
	end();
	return 0;
}

static int test_lock(void)
{
	struct drm_gem_object *obj;
	struct drm_exec exec;
	unsigned int i;

	begin();
	drm_exec_init(&exec, DRM_EXEC_INTERRUPTIBLE_WAIT, 2);
	drm_exec_until_all_locked(&exec) {
		for (i = 0; i < OBJS; i++) {
			KT_EQ(drm_exec_lock_obj(&exec, objs[i]), 0);
			drm_exec_retry_on_contention(&exec);
		}
	}
	for (i = 0; i < OBJS; i++) {
		KT_CHECK(holds(&exec, objs[i]));
		KT_EQ(kref_read(&objs[i]->refcount), 2);
		KT_EQ(drm_exec_obj(&exec, i), objs[i]);
	}
	KT_EQ(drm_exec_obj(&exec, OBJS), NULL);
	i = 0;
	drm_exec_for_each_locked_object(&exec, obj)
		KT_EQ(obj, objs[i++]);
	KT_EQ(i, OBJS);
	KT_EQ(obj, NULL);
	drm_exec_for_each_locked_object_reverse(&exec, obj)
		KT_EQ(obj, objs[--i]);
	KT_EQ(i, 0);
	drm_exec_fini(&exec);
	end();
	return 0;
}

static void lock_all(struct drm_exec *exec)
{
	unsigned int i;

	drm_exec_init(exec, 0, 0);
	drm_exec_until_all_locked(exec) {
		for (i = 0; i < OBJS; i++)
			KT_EQ(drm_exec_lock_obj(exec, objs[i]), 0);
	}
}

/* From the middle, from the ends, and one that is not there. */
static int test_unlock(void)
{
	static const unsigned int order[] = { 1, 3, 0, 2 };
	struct drm_gem_object *obj;
	struct drm_exec exec;
	unsigned int i, n;

	begin();
	lock_all(&exec);
	for (i = 0; i < OBJS; i++) {
		obj = objs[order[i]];
		drm_exec_unlock_obj(&exec, obj);
		KT_CHECK(!dma_resv_is_locked(obj->resv));
		KT_EQ(kref_read(&obj->refcount), 1);
		drm_exec_unlock_obj(&exec, obj);
		n = 0;
		drm_exec_for_each_locked_object(&exec, obj) {
			KT_CHECK(holds(&exec, obj));
			n++;
		}
		KT_EQ(n, OBJS - 1 - i);
	}
	drm_exec_fini(&exec);
	end();
	return 0;
}

/* The current one of a walk in reverse. */
static int test_unlock_in_reverse(void)
{
	struct drm_gem_object *obj;
	struct drm_exec exec;

	begin();
	lock_all(&exec);
	drm_exec_for_each_locked_object_reverse(&exec, obj)
		drm_exec_unlock_obj(&exec, obj);
	KT_EQ(drm_exec_obj(&exec, 0), NULL);
	drm_exec_fini(&exec);
	end();
	return 0;
}

/* An object twice, and two objects with one resv. */
static void duplicates(u32 flags, int expect)
{
	struct drm_gem_object *shares;
	struct drm_exec exec;

	begin();
	shares = kzalloc(sizeof(*shares), GFP_KERNEL);
	shares->funcs = objs[0]->funcs;
	shares->resv = objs[0]->resv;
	drm_gem_private_object_init(world.drm, shares, PAGE);
	world.bos++;

	drm_exec_init(&exec, flags, 0);
	drm_exec_until_all_locked(&exec) {
		KT_EQ(drm_exec_lock_obj(&exec, objs[0]), 0);
		KT_EQ(drm_exec_lock_obj(&exec, objs[0]), expect);
		KT_EQ(drm_exec_lock_obj(&exec, shares), expect);
		drm_exec_retry_on_contention(&exec);
	}
	KT_EQ(kref_read(&objs[0]->refcount), 2);
	KT_EQ(kref_read(&shares->refcount), 1);
	KT_EQ(drm_exec_obj(&exec, 1), NULL);
	drm_exec_fini(&exec);
	drm_gem_object_put(shares);
	end();
}

static int test_duplicates(void)
{
	duplicates(0, -EALREADY);
	duplicates(DRM_EXEC_IGNORE_DUPLICATES, 0);
	return 0;
}

static int test_prepare(void)
{
	struct drm_exec exec;

	begin();
	drm_exec_init(&exec, 0, 0);
	drm_exec_until_all_locked(&exec) {
		KT_EQ(drm_exec_prepare_obj(&exec, objs[0], 2), 0);
		KT_CHECK(objs[0]->resv->fences);
		KT_EQ(drm_exec_prepare_array(&exec, objs + 1, 2, 1), 0);
		KT_EQ(drm_exec_prepare_array(&exec, objs, 0, 1), 0);
		/* The first error ends it: objs[3] is not locked. */
		KT_EQ(drm_exec_prepare_array(&exec, objs + 2, 2, 1), -EALREADY);
		KT_CHECK(!dma_resv_is_locked(objs[3]->resv));

		/* Room for no fence is a mistake, and undone. */
		host_warn_mute(1);
		KT_EQ(drm_exec_prepare_obj(&exec, objs[3], 0), -EINVAL);
		host_warn_mute(0);
		KT_WARNED(1);
		KT_CHECK(!dma_resv_is_locked(objs[3]->resv));
		KT_EQ(kref_read(&objs[3]->refcount), 1);

		/* So is no memory for it. */
		alloc_fails = 1;
		KT_EQ(drm_exec_prepare_obj(&exec, objs[3], 1), -ENOMEM);
		KT_CHECK(!dma_resv_is_locked(objs[3]->resv));
	}
	KT_EQ(drm_exec_obj(&exec, 2), objs[2]);
	KT_EQ(drm_exec_obj(&exec, 3), NULL);
	drm_exec_fini(&exec);
	end();
	return 0;
}

/* More objects than a page of pointers, and then more again. */
#define MANY	1200

static int test_grow(void)
{
	static struct drm_gem_object *many[MANY];
	static const unsigned int rooms[] = { 1, 0 };
	struct drm_exec exec;
	unsigned int i, j;

	world_begin();
	for (i = 0; i < MANY; i++)
		many[i] = bo_new(NULL);
	for (j = 0; j < ARRAY_SIZE(rooms); j++) {
		drm_exec_init(&exec, 0, rooms[j]);
		drm_exec_until_all_locked(&exec) {
			KT_EQ(drm_exec_prepare_array(&exec, many, MANY, 1), 0);
			drm_exec_retry_on_contention(&exec);
		}
		for (i = 0; i < MANY; i++)
			KT_EQ(drm_exec_obj(&exec, i), many[i]);
		KT_EQ(drm_exec_obj(&exec, MANY), NULL);
		drm_exec_fini(&exec);
	}
	for (i = 0; i < MANY; i++) {
		KT_EQ(kref_read(&many[i]->refcount), 1);
		drm_gem_object_put(many[i]);
	}
	world_end();
	return 0;
}

/* Told by the first lock only, if there is still none. */
static int test_no_memory(void)
{
	int live = atomic_read(&allocs_live);
	struct drm_exec exec;

	begin();
	alloc_fails = 1;
	drm_exec_init(&exec, 0, 0);
	drm_exec_until_all_locked(&exec) {
		alloc_fails = 1;
		KT_EQ(drm_exec_lock_obj(&exec, objs[0]), -ENOMEM);
		KT_CHECK(!dma_resv_is_locked(objs[0]->resv));
		KT_EQ(kref_read(&objs[0]->refcount), 1);
		KT_EQ(drm_exec_lock_obj(&exec, objs[0]), 0);
	}
	KT_EQ(drm_exec_obj(&exec, 0), objs[0]);
	drm_exec_fini(&exec);
	end();
	KT_EQ(atomic_read(&allocs_live), live);
	return 0;
}

/* A full array: what is in it stays. */
static int test_no_memory_to_grow(void)
{
	int live = atomic_read(&allocs_live);
	struct drm_exec exec;

	begin();
	drm_exec_init(&exec, 0, 2);
	drm_exec_until_all_locked(&exec) {
		KT_EQ(drm_exec_lock_obj(&exec, objs[0]), 0);
		KT_EQ(drm_exec_lock_obj(&exec, objs[1]), 0);
		alloc_fails = 1;
		KT_EQ(drm_exec_lock_obj(&exec, objs[2]), -ENOMEM);
		KT_CHECK(!dma_resv_is_locked(objs[2]->resv));
	}
	KT_EQ(drm_exec_obj(&exec, 1), objs[1]);
	KT_EQ(drm_exec_obj(&exec, 2), NULL);
	drm_exec_fini(&exec);
	end();
	KT_EQ(atomic_read(&allocs_live), live);
	return 0;
}

/* ---- contention ----------------------------------------------------------- */

/*
 * An older transaction, in a thread of its own, holds objs[1] until it is told
 * to wait for objs[0], which the younger one has to give back.
 */
struct elder {
	int holds, contended, go;
};

static void elder_main(void *arg)
{
	struct ww_acquire_ctx ctx;
	struct elder *e = arg;

	ww_acquire_init(&ctx, &reservation_ww_class);
	KT_EQ(dma_resv_lock(objs[1]->resv, &ctx), 0);
	__atomic_store_n(&e->holds, 1, __ATOMIC_RELEASE);
	thread_await(&e->contended, 1);
	KT_EQ(dma_resv_lock(objs[0]->resv, &ctx), 0);
	dma_resv_unlock(objs[0]->resv);
	thread_await(&e->go, 1);
	dma_resv_unlock(objs[1]->resv);
	ww_acquire_fini(&ctx);
}

static struct thread *elder_start(struct elder *e)
{
	struct thread *thread;

	*e = (struct elder) { };
	thread = thread_start(elder_main, e);
	thread_await(&e->holds, 1);
	return thread;
}

/* What the younger one finds when it comes second. */
static void contend(struct drm_exec *exec, struct elder *e)
{
	KT_EQ(drm_exec_lock_obj(exec, objs[0]), 0);
	KT_EQ(drm_exec_lock_obj(exec, objs[1]), -EDEADLK);
	KT_CHECK(drm_exec_is_contended(exec));
	KT_EQ(exec->contended, objs[1]);
	KT_EQ(kref_read(&objs[1]->refcount), 2);
	KT_EQ(kref_read(&objs[0]->refcount), 2);
	__atomic_store_n(&e->contended, 1, __ATOMIC_RELEASE);
	__atomic_store_n(&e->go, 1, __ATOMIC_RELEASE);
}

/* The one that was in the way is waited for first, and tracked when asked for. */
static void rollback(u32 flags)
{
	struct thread *thread;
	struct drm_exec exec;
	unsigned long stamp;
	int rounds = 0;
	struct elder e;

	begin();
	thread = elder_start(&e);
	drm_exec_init(&exec, flags, 0);
	drm_exec_until_all_locked(&exec) {
		if (!rounds++) {
			stamp = exec.ticket.stamp;
			contend(&exec, &e);
			drm_exec_retry_on_contention(&exec);
		}
		/* Nothing that the first round locked is tracked. */
		KT_EQ(drm_exec_obj(&exec, 0), NULL);
		KT_EQ(exec.ticket.stamp, stamp);
		KT_EQ(drm_exec_lock_obj(&exec, objs[0]), 0);
		KT_EQ(exec.prelocked, objs[1]);
		KT_CHECK(holds(&exec, objs[1]));
		KT_EQ(drm_exec_obj(&exec, 1), NULL);
		KT_EQ(drm_exec_lock_obj(&exec, objs[1]), 0);
		KT_EQ(exec.prelocked, NULL);
		drm_exec_retry_on_contention(&exec);
	}
	KT_EQ(rounds, 2);
	KT_EQ(drm_exec_obj(&exec, 0), objs[0]);
	KT_EQ(drm_exec_obj(&exec, 1), objs[1]);
	KT_EQ(kref_read(&objs[0]->refcount), 2);
	KT_EQ(kref_read(&objs[1]->refcount), 2);
	drm_exec_fini(&exec);
	thread_join(thread);
	end();
}

static int test_rollback(void)
{
	rollback(0);
	rollback(DRM_EXEC_INTERRUPTIBLE_WAIT);
	return 0;
}

/* How the younger one goes on after contention, once. */
enum after {
	FORGET,		/* locks another object, and not that one again */
	EMPTY_ARRAY,	/* has nothing to lock any more */
	NO_MEMORY,	/* cannot track it */
	GIVE_UP,	/* leaves at once */
};

static void after_contention(enum after after)
{
	struct thread *thread;
	struct drm_exec exec;
	int rounds = 0;
	struct elder e;

	begin();
	thread = elder_start(&e);
	drm_exec_init(&exec, 0, 1);
	drm_exec_until_all_locked(&exec) {
		if (!rounds++) {
			contend(&exec, &e);
			if (after == GIVE_UP)
				goto out;
			drm_exec_retry_on_contention(&exec);
		}
		switch (after) {
		case FORGET:
			KT_EQ(drm_exec_lock_obj(&exec, objs[2]), 0);
			KT_EQ(exec.prelocked, objs[1]);
			break;
		case EMPTY_ARRAY:
			KT_EQ(drm_exec_prepare_array(&exec, NULL, 0, 1), 0);
			KT_EQ(exec.prelocked, objs[1]);
			break;
		default:
			KT_EQ(drm_exec_lock_obj(&exec, objs[2]), 0);
			alloc_fails = 1;
			KT_EQ(drm_exec_lock_obj(&exec, objs[1]), -ENOMEM);
			KT_CHECK(!holds(&exec, objs[1]));
			KT_EQ(exec.prelocked, NULL);
			goto out;
		}
		drm_exec_retry_on_contention(&exec);
	}
	/* Not tracked: it was let go. */
	KT_EQ(rounds, 2);
	KT_EQ(exec.prelocked, NULL);
	KT_CHECK(!holds(&exec, objs[1]));
	KT_EQ(kref_read(&objs[1]->refcount), 1);
out:
	drm_exec_fini(&exec);
	thread_join(thread);
	end();
}

static int test_after_contention(void)
{
	after_contention(FORGET);
	after_contention(EMPTY_ARRAY);
	after_contention(NO_MEMORY);
	after_contention(GIVE_UP);
	return 0;
}

/* Threads lock subsets in random order: exclusive, without deadlock or loss. */
#define THREADS		4
#define ROUNDS		400

static unsigned long counts[OBJS];	/* each under its object's resv */

static void stress_main(void *arg, unsigned int i)
{
	unsigned long state = 77 + i;
	struct drm_gem_object *obj;
	struct drm_exec exec;
	unsigned int round, at, n;

	for (round = 0; round < ROUNDS; round++) {
		drm_exec_init(&exec, DRM_EXEC_IGNORE_DUPLICATES, 1);
		drm_exec_until_all_locked(&exec) {
			for (n = 0; n < OBJS; n++) {
				at = kt_random(&state) % OBJS;
				drm_exec_prepare_obj(&exec, objs[at], 1);
				drm_exec_retry_on_contention(&exec);
			}
		}
		drm_exec_for_each_locked_object(&exec, obj) {
			for (at = 0; objs[at] != obj; at++)
				;
			counts[at]++;
		}
		__atomic_fetch_add((unsigned long *)arg, exec.num_objects,
				   __ATOMIC_RELAXED);
		drm_exec_fini(&exec);
	}
}

static int test_stress(void)
{
	unsigned long locked = 0, counted = 0;
	unsigned int i;

	begin();
	memset(counts, 0, sizeof(counts));
	threads_run(THREADS, stress_main, &locked);
	for (i = 0; i < OBJS; i++)
		counted += counts[i];
	KT_EQ(counted, locked);
	KT_CHECK(locked >= THREADS * ROUNDS);
	end();
	return 0;
}

const char ktest_suite[] = "test_drm_exec";

const struct ktest ktests[] = {
	KTEST(test_nothing),
	KTEST(test_lock),
	KTEST(test_unlock),
	KTEST(test_unlock_in_reverse),
	KTEST(test_duplicates),
	KTEST(test_prepare),
	KTEST(test_grow),
	KTEST(test_no_memory),
	KTEST(test_no_memory_to_grow),
	KTEST(test_rollback),
	KTEST(test_after_contention),
	KTEST(test_stress),
	{ 0 },
};
