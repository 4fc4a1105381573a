// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Reference counts: order of the end, and saturation at every misuse. */
#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <host/host.h>

#include "ktest.h"
#include "thread.h"

const char ktest_suite[] = "test_refcount";

static int counts(void)
{
	refcount_t r = REFCOUNT_INIT(1);

	refcount_inc(&r);
	KT_ASSERT(refcount_read(&r) == 2);
	KT_ASSERT(refcount_inc_not_zero(&r));
	KT_ASSERT(refcount_read(&r) == 3);
	refcount_dec(&r);
	KT_ASSERT(!refcount_dec_and_test(&r));
	KT_ASSERT(refcount_dec_and_test(&r));
	KT_ASSERT(refcount_read(&r) == 0);
	KT_ASSERT(!refcount_inc_not_zero(&r));
	KT_ASSERT(refcount_read(&r) == 0);
	return 0;
}

static bool is_saturated(const refcount_t *r)
{
	return (int)refcount_read(r) == REFCOUNT_SATURATED;
}

/* Once saturated, nothing brings a count back or to zero. */
static int stays_saturated(refcount_t *r)
{
	int i;

	KT_ASSERT(is_saturated(r));
	for (i = 0; i < 10; i++)
		KT_ASSERT(!refcount_dec_and_test(r));
	KT_ASSERT(is_saturated(r));
	refcount_inc(r);
	KT_ASSERT(is_saturated(r));
	KT_ASSERT(refcount_inc_not_zero(r));
	KT_ASSERT(is_saturated(r));
	refcount_dec(r);
	KT_ASSERT(is_saturated(r));
	KT_ASSERT(refcount_dec_not_one(r));
	KT_ASSERT(is_saturated(r));
	host_warn_reset();
	return 0;
}

static int inc_of_zero(void)
{
	refcount_t r = REFCOUNT_INIT(0);
	int err;

	host_warn_mute(1);
	refcount_inc(&r);
	KT_WARNINGS(1);
	err = stays_saturated(&r);
	host_warn_mute(0);
	return err;
}

static int overflow(void)
{
	refcount_t r = REFCOUNT_INIT(REFCOUNT_MAX);
	int err;

	host_warn_mute(1);
	refcount_inc(&r);
	KT_WARNINGS(1);
	err = stays_saturated(&r);
	refcount_set(&r, REFCOUNT_MAX);
	KT_CHECK(refcount_inc_not_zero(&r));
	KT_WARNINGS(1);
	err |= stays_saturated(&r);
	host_warn_mute(0);
	return err;
}

static int underflow(void)
{
	refcount_t r = REFCOUNT_INIT(0);
	int err;

	host_warn_mute(1);
	KT_CHECK(!refcount_dec_and_test(&r));
	KT_WARNINGS(1);
	err = stays_saturated(&r);
	refcount_set(&r, 1);
	refcount_dec(&r);
	KT_WARNINGS(1);
	err |= stays_saturated(&r);
	host_warn_mute(0);
	return err;
}

static int dec_not_one(void)
{
	refcount_t r = REFCOUNT_INIT(2);

	KT_ASSERT(refcount_dec_not_one(&r));
	KT_ASSERT(!refcount_dec_not_one(&r));
	KT_ASSERT(refcount_read(&r) == 1);
	refcount_set(&r, 0);
	host_warn_mute(1);
	KT_CHECK(refcount_dec_not_one(&r));
	host_warn_mute(0);
	KT_WARNINGS(1);
	return 0;
}

static int dec_and_mutex_lock(void)
{
	refcount_t r = REFCOUNT_INIT(3);
	struct mutex lock;

	mutex_init(&lock);
	/* Not the last: the mutex is not touched, so it may even be held. */
	mutex_lock(&lock);
	KT_CHECK(!refcount_dec_and_mutex_lock(&r, &lock));
	mutex_unlock(&lock);
	KT_ASSERT(!refcount_dec_and_mutex_lock(&r, &lock));
	KT_ASSERT(!mutex_is_locked(&lock));
	KT_ASSERT(refcount_dec_and_mutex_lock(&r, &lock));
	KT_ASSERT(mutex_is_locked(&lock));
	mutex_unlock(&lock);
	return 0;
}

struct resurrected {
	refcount_t ref;
	struct mutex lock;
};

static void put_behind_lock(void *arg)
{
	struct resurrected *r = arg;

	KT_CHECK(!refcount_dec_and_mutex_lock(&r->ref, &r->lock));
}

/* Another reference is taken while the last one waits for the mutex. */
static int dec_and_mutex_lock_too_late(void)
{
	struct resurrected r = { .ref = REFCOUNT_INIT(1) };
	struct thread *putter;

	mutex_init(&r.lock);
	mutex_lock(&r.lock);
	putter = thread_start(put_behind_lock, &r);
	/* The flag of a waiter, see core/lock/mutex.h. */
	while (!(atomic_long_read(&r.lock.owner) & 1))
		host_sched_yield();
	refcount_inc(&r.ref);
	mutex_unlock(&r.lock);
	thread_join(putter);
	KT_ASSERT(refcount_read(&r.ref) == 1);
	KT_ASSERT(!mutex_is_locked(&r.lock));
	return 0;
}

struct counted {
	struct kref ref;
	struct mutex *lock;
	int released;
};

static void release(struct kref *ref)
{
	struct counted *c = container_of(ref, struct counted, ref);

	c->released++;
	if (c->lock) {
		KT_CHECK(mutex_is_locked(c->lock));
		mutex_unlock(c->lock);
	}
}

static int krefs(void)
{
	struct counted c = { .released = 0 };
	struct mutex lock;

	kref_init(&c.ref);
	kref_get(&c.ref);
	KT_ASSERT(kref_read(&c.ref) == 2);
	KT_ASSERT(kref_get_unless_zero(&c.ref));
	KT_ASSERT(!kref_put(&c.ref, release));
	KT_ASSERT(!kref_put(&c.ref, release));
	KT_ASSERT(c.released == 0);
	KT_ASSERT(kref_put(&c.ref, release) == 1);
	KT_ASSERT(c.released == 1);
	KT_ASSERT(!kref_get_unless_zero(&c.ref));

	mutex_init(&lock);
	c.lock = &lock;
	kref_init(&c.ref);
	kref_get(&c.ref);
	KT_ASSERT(!kref_put_mutex(&c.ref, release, &lock));
	KT_ASSERT(kref_put_mutex(&c.ref, release, &lock));
	KT_ASSERT(c.released == 2);
	KT_ASSERT(!mutex_is_locked(&lock));
	return 0;
}

#define RACERS		6
#define RACES		2000

/* Each thread drops one reference; what it wrote before must be visible. */
struct race {
	refcount_t refs[RACES];
	struct mutex lock;
	int value[RACES][RACERS];
	int ended[RACES];
	bool with_mutex;
};

static bool race_put(struct race *race, int i)
{
	if (!race->with_mutex)
		return refcount_dec_and_test(&race->refs[i]);
	if (!refcount_dec_and_mutex_lock(&race->refs[i], &race->lock))
		return false;
	mutex_unlock(&race->lock);
	return true;
}

static void race_thread(void *arg, unsigned int id)
{
	struct race *race = arg;
	int i, k, sum;

	for (i = 0; i < RACES; i++) {
		race->value[i][id] = 1;
		if (!race_put(race, i))
			continue;
		for (k = 0, sum = 0; k < RACERS; k++)
			sum += race->value[i][k];
		KT_CHECK(sum == RACERS);
		race->ended[i]++;
	}
}

static int race_to_the_end(bool with_mutex)
{
	struct race *race = kzalloc(sizeof(*race), GFP_KERNEL);
	int i;

	KT_ASSERT(race);
	race->with_mutex = with_mutex;
	mutex_init(&race->lock);
	for (i = 0; i < RACES; i++)
		refcount_set(&race->refs[i], RACERS);
	threads_run(RACERS, race_thread, race);
	for (i = 0; i < RACES; i++)
		KT_CHECK(race->ended[i] == 1);
	kfree(race);
	return 0;
}

static int last_put_sees_all(void)
{
	return race_to_the_end(false);
}

static int last_put_under_mutex(void)
{
	return race_to_the_end(true);
}

const struct ktest ktests[] = {
	KTEST(counts),
	KTEST(inc_of_zero),
	KTEST(overflow),
	KTEST(underflow),
	KTEST(dec_not_one),
	KTEST(dec_and_mutex_lock),
	KTEST(dec_and_mutex_lock_too_late),
	KTEST(krefs),
	KTEST(last_put_sees_all),
	KTEST(last_put_under_mutex),
	{ 0 },
};
