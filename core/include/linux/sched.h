/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * A task is a thread, as one set of kernel code sees it. It needs no call to
 * begin or to end: zeroed thread-local memory is a valid task.
 */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/lockdep_types.h>
#include <linux/types.h>
#include <host/host.h>

#define TASK_RUNNING		0
#define TASK_INTERRUPTIBLE	1
#define TASK_UNINTERRUPTIBLE	2
#define TASK_KILLABLE		4

#ifdef CONFIG_LOCKDEP
#define MAX_LOCK_DEPTH		48

/**
 * struct held_lock - a lock that a task holds or waits for
 * @map: which
 * @ctx: the transaction it was taken with, or NULL
 * @how: LOCK_TRY, LOCK_SPIN, LOCK_WW
 */
struct held_lock {
	struct lockdep_map *map;
	const void *ctx;
	unsigned int how;
};
#endif

/**
 * struct task_struct - a thread
 * @__state: TASK_*; what a sleeping thread waits on
 * @node: number of its node in spinners' queues, 0 until it needs one
 * @spins: iterations of the current optimistic spin
 * @spun_out: the current spin has used up its time
 * @spin_end: when it will have, in host_clock_ns(); 0: not asked yet
 * @exit: gives back the node when the thread ends
 * @lockdep_depth: locks in @held_locks
 * @lockdep_spins: spinlocks among them
 * @lockdep_room: locks that @held_more has room for
 * @held_locks: what the task holds or waits for, in the order of taking
 * @held_more: what does not fit there, as in a transaction over many objects;
 *	NULL when everything does, so that a task which holds nothing has nothing
 */
struct task_struct {
	int __state;
	unsigned int node;
	unsigned int spins;
	bool spun_out;
	u64 spin_end;
	struct host_thread_exit exit;
#ifdef CONFIG_LOCKDEP
	unsigned int lockdep_depth;
	unsigned int lockdep_spins;
	unsigned int lockdep_room;
	struct held_lock held_locks[MAX_LOCK_DEPTH];
	struct held_lock *held_more;
#endif
} ____cacheline_aligned;

extern __thread struct task_struct current_task;
#define current		(&current_task)

/* The store stands before all later accesses, as the waker's does. */
#define set_current_state(state)					\
	smp_store_mb(current->__state, (state))
#define __set_current_state(state)					\
	WRITE_ONCE(current->__state, (state))

void schedule(void);
int wake_up_process(struct task_struct *task);
bool need_resched(void);
void spin_begin(void);

#ifdef CONFIG_DEBUG_ATOMIC_SLEEP
void __might_sleep(const char *file, int line);
#define might_sleep()		__might_sleep(__FILE__, __LINE__)
#else
#define might_sleep()		do { } while (0)
#endif
#define cond_resched()		do { might_sleep(); } while (0)

#endif /* _LINUX_SCHED_H */
