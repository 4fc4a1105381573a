// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Mutexes, spinlocks and queues of spinners: what one call does. */
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/osq_lock.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <host/host.h>

#include "lock/sched.h"
#include "ktest.h"
#include "thread.h"

const char ktest_suite[] = "test_mutex";

static_assert(sizeof(raw_spinlock_t) == 4);
static_assert(sizeof(struct optimistic_spin_queue) == 4);
#ifndef CONFIG_LOCKDEP
static_assert(sizeof(spinlock_t) == 4);
static_assert(sizeof(struct mutex) == 32);
static_assert(offsetof(struct mutex, wait_lock) == 8);
static_assert(offsetof(struct mutex, osq) == 12);
static_assert(offsetof(struct mutex, wait_list) == 16);
#endif

static DEFINE_MUTEX(static_mutex);
static DEFINE_SPINLOCK(static_spinlock);

struct shared {
	struct mutex lock;
	spinlock_t spin;
	int ready;
	int stop;
	int result;
	unsigned long count;
};

static void shared_init(struct shared *s)
{
	*s = (struct shared) { .count = 0 };
	mutex_init(&s->lock);
	spin_lock_init(&s->spin);
}

static int free_and_held(void)
{
	struct mutex *lock = &static_mutex;

	KT_ASSERT(!mutex_is_locked(lock));
	mutex_lock(lock);
	KT_ASSERT(mutex_is_locked(lock));
	KT_ASSERT(atomic_long_read(&lock->owner) == (long)current);
	mutex_unlock(lock);
	KT_ASSERT(!atomic_long_read(&lock->owner));
	KT_ASSERT(mutex_trylock(lock) == 1);
	mutex_unlock(lock);
	KT_ASSERT(mutex_lock_interruptible(lock) == 0);
	mutex_unlock(lock);
	KT_ASSERT(mutex_lock_killable(lock) == 0);
	mutex_unlock(lock);
	mutex_destroy(lock);
	return 0;
}

static void try_both(void *arg)
{
	struct shared *s = arg;

	s->result = mutex_trylock(&s->lock) * 2 + spin_trylock(&s->spin);
}

static int trylock_of_held(void)
{
	struct shared s;

	shared_init(&s);
	mutex_lock(&s.lock);
	spin_lock(&s.spin);
	thread_join(thread_start(try_both, &s));
	KT_ASSERT(s.result == 0);
	KT_ASSERT(spin_is_locked(&s.spin));
	spin_unlock(&s.spin);
	mutex_unlock(&s.lock);
	return 0;
}

static int guards(void)
{
	struct shared s;

	shared_init(&s);
	{
		guard(mutex)(&s.lock);
		KT_CHECK(mutex_is_locked(&s.lock));
	}
	KT_ASSERT(!mutex_is_locked(&s.lock));
	spin_lock(&static_spinlock);
	KT_CHECK(spin_is_locked(&static_spinlock));
	spin_unlock(&static_spinlock);
	KT_ASSERT(!spin_is_locked(&static_spinlock));
	return 0;
}

static void wait_and_count(void *arg, unsigned int i)
{
	struct shared *s = arg;

	if (i == 0) {
		mutex_lock(&s->lock);
		smp_store_release(&s->ready, 1);
		/* Long enough for the others to give up spinning and sleep. */
		host_usleep(5000);
	} else {
		thread_await(&s->ready, 1);
		mutex_lock(&s->lock);
	}
	s->count++;
	mutex_unlock(&s->lock);
}

/* An owner that sleeps: the others must sleep too, and all be woken. */
static int sleepers_are_woken(void)
{
	struct shared s;
	int round;

	for (round = 0; round < 20; round++) {
		shared_init(&s);
		threads_run(6, wait_and_count, &s);
		KT_ASSERT(s.count == 6);
		KT_ASSERT(!atomic_long_read(&s.lock.owner));
		KT_ASSERT(list_empty(&s.lock.wait_list));
	}
	return 0;
}

static void hog_and_guest(void *arg, unsigned int i)
{
	struct shared *s = arg;
	int n;

	for (n = 0; i == 0 && n < 50; n++) {
		mutex_lock(&s->lock);
		s->count++;
		mutex_unlock(&s->lock);
		host_usleep(20);
	}
	while (i && !READ_ONCE(s->stop)) {
		mutex_lock(&s->lock);
		s->count++;
		mutex_unlock(&s->lock);
	}
	if (i == 0)
		WRITE_ONCE(s->stop, 1);
}

/* Threads that never leave the lock alone do not keep one from its turn. */
static int sleeper_is_handed_the_lock(void)
{
	struct shared s;

	shared_init(&s);
	threads_run(4, hog_and_guest, &s);
	KT_ASSERT(s.count >= 50);
	return 0;
}

/* Bits of the owner word, see core/lock/mutex.h. */
#define WAITERS		1
#define HANDOFF		2

static void await_flag(struct mutex *lock, long flag)
{
	while (!(atomic_long_read(&lock->owner) & flag))
		host_sched_yield();
}

void __wrap__raw_spin_lock(raw_spinlock_t *lock);
void __real__raw_spin_lock(raw_spinlock_t *lock);

/* Stolen by its own unlocker, when he comes to see who waits. */
static struct mutex *steal;
static bool stolen;

void __wrap__raw_spin_lock(raw_spinlock_t *lock)
{
	if (steal && lock == &steal->wait_lock) {
		stolen = mutex_trylock(steal);
		steal = NULL;
	}
	__real__raw_spin_lock(lock);
}

static void lock_until_stopped(void *arg)
{
	struct shared *s = arg;

	mutex_lock(&s->lock);
	thread_await(&s->stop, 1);
	mutex_unlock(&s->lock);
}

/* Who waits keeps wait_lock until nothing but a wake-up makes it look again. */
static void await_sleeper(struct mutex *lock)
{
	await_flag(lock, WAITERS);
	raw_spin_lock(&lock->wait_lock);
	raw_spin_unlock(&lock->wait_lock);
}

/*
 * A sleeper is woken for a lock that is free and gets it too late. Woken in vain,
 * it asks; then the lock cannot be stolen.
 */
static int steal_from_waiter(struct shared *s)
{
	struct thread *waiter;

	stolen = false;
	mutex_lock(&s->lock);
	waiter = thread_start(lock_until_stopped, s);
	await_sleeper(&s->lock);
	steal = &s->lock;
	mutex_unlock(&s->lock);
	KT_ASSERT(stolen);
	await_flag(&s->lock, HANDOFF);
	mutex_unlock(&s->lock);
	KT_CHECK(!mutex_trylock(&s->lock));
	smp_store_release(&s->stop, 1);
	thread_join(waiter);
	KT_ASSERT(!atomic_long_read(&s->lock.owner));
	return 0;
}

static int handoff_is_not_stolen(void)
{
	struct shared s;
	int i;

	for (i = 0; i < 20; i++) {
		shared_init(&s);
		KT_ASSERT(!steal_from_waiter(&s));
	}
	return 0;
}

static void lock_once(void *arg, unsigned int i)
{
	struct shared *s = arg;

	mutex_lock(&s->lock);
	spin_lock(&s->spin);
	s->count++;
	spin_unlock(&s->spin);
	mutex_unlock(&s->lock);
}

/* Owners end as soon as they have unlocked, while others spin on them. */
static int owners_that_end(void)
{
	struct shared s;
	int round;

	shared_init(&s);
	for (round = 0; round < 100; round++)
		threads_run(12, lock_once, &s);
	KT_ASSERT(s.count == 1200);
	return 0;
}

/* More threads than there are nodes for spinners, one after the other. */
static int nodes_are_given_back(void)
{
	struct shared s;
	int round;

	shared_init(&s);
	for (round = 0; round < 60; round++)
		threads_run(10, wait_and_count, &s);
	KT_ASSERT(s.count == 600);
	return 0;
}

static void take_node(void *arg)
{
	struct shared *s = arg;

	task_node();
	__atomic_fetch_add(&s->ready, 1, __ATOMIC_RELEASE);
	thread_await(&s->stop, 1);
}

static void spin_once(void *arg)
{
	struct shared *s = arg;

	s->result = task_node();
	smp_store_release(&s->ready, 1);
	spin_lock(&s->spin);
	s->count++;
	spin_unlock(&s->spin);
}

/*
 * A task that has no node to queue with must not look like one that will: the
 * head of a queue that sees the pending byte waits for who set it to queue.
 */
static int spin_without_node(void)
{
	struct thread *takers[TASK_NODES], *spinner;
	struct shared s, nodes;
	int i;

	shared_init(&s);
	shared_init(&nodes);
	for (i = 0; i < TASK_NODES; i++)
		takers[i] = thread_start(take_node, &nodes);
	thread_await(&nodes.ready, TASK_NODES);

	spin_lock(&s.spin);
	spinner = thread_start(spin_once, &s);
	thread_await(&s.ready, 1);
	host_usleep(10000);
	KT_CHECK(!s.result);
	KT_CHECK(!READ_ONCE(s.spin.rlock.pending));
	spin_unlock(&s.spin);
	thread_join(spinner);
	KT_CHECK(s.count == 1);

	smp_store_release(&nodes.stop, 1);
	for (i = 0; i < TASK_NODES; i++)
		thread_join(takers[i]);
	return 0;
}

static int dec_and_lock(void)
{
	atomic_t count = ATOMIC_INIT(2);
	struct shared s;

	shared_init(&s);
	KT_ASSERT(!atomic_dec_and_mutex_lock(&count, &s.lock));
	KT_ASSERT(!mutex_is_locked(&s.lock));
	KT_ASSERT(atomic_dec_and_mutex_lock(&count, &s.lock));
	KT_ASSERT(mutex_is_locked(&s.lock));
	KT_ASSERT(atomic_read(&count) == 0);
	mutex_unlock(&s.lock);
	return 0;
}

static int osq_alone(void)
{
	struct optimistic_spin_queue osq = OSQ_LOCK_UNLOCKED;

	spin_begin();
	KT_ASSERT(!osq_is_locked(&osq));
	KT_ASSERT(osq_lock(&osq));
	KT_ASSERT(osq_is_locked(&osq));
	osq_unlock(&osq);
	KT_ASSERT(!osq_is_locked(&osq));
	return 0;
}

static void osq_give_up(void *arg)
{
	struct optimistic_spin_queue *osq = arg;

	spin_begin();
	KT_CHECK(!osq_lock(osq));
}

/* Behind a head that does not move a spinner leaves; the queue stays whole. */
static int osq_leaves(void)
{
	struct optimistic_spin_queue osq = OSQ_LOCK_UNLOCKED;
	struct thread *threads[3];
	int i;

	spin_begin();
	KT_ASSERT(osq_lock(&osq));
	for (i = 0; i < 3; i++)
		threads[i] = thread_start(osq_give_up, &osq);
	for (i = 0; i < 3; i++)
		thread_join(threads[i]);
	osq_unlock(&osq);
	KT_ASSERT(!osq_is_locked(&osq));
	return 0;
}

const struct ktest ktests[] = {
	KTEST(free_and_held),
	KTEST(trylock_of_held),
	KTEST(guards),
	KTEST(sleepers_are_woken),
	KTEST(sleeper_is_handed_the_lock),
	KTEST(handoff_is_not_stolen),
	KTEST(owners_that_end),
	KTEST(nodes_are_given_back),
	KTEST(spin_without_node),
	KTEST(dec_and_lock),
	KTEST(osq_alone),
	KTEST(osq_leaves),
	{ 0 },
};
