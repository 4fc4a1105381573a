// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Tasks: sleeping and waking over a futex, and the bounds of spinning.
 *
 * A lock that is spun on names its owner by the address of a task. The owner
 * may have released the lock and its thread ended meanwhile, so what others
 * ask of a task stands outside of it, in tables that never go away.
 */
#include <linux/container_of.h>
#include <linux/lockdep.h>
#include "sched.h"

/*
 * How long a task spins for the owner of a sleeping lock. Longer than a
 * reservation is held, far shorter than a time slice.
 */
#define SPIN_NS		100000

/* Iterations between looks at the clock. */
#define SPIN_CHECK	64

#define SLEEPERS_BITS	8

__thread struct task_struct current_task;

/*
 * How many tasks of an address hash sleep. A collision makes a spinner sleep
 * early and has no other effect.
 */
static int sleepers[1 << SLEEPERS_BITS];

/* Nodes that are taken; number 0 stands for none. */
static bool node_taken[TASK_NODES + 1];

static int *task_sleepers(const struct task_struct *task)
{
	u64 hash = (unsigned long)task * 0x9e3779b97f4a7c15ULL;

	return &sleepers[hash >> (64 - SLEEPERS_BITS)];
}

/**
 * task_on_cpu() - may a task be running?
 * @task: an address that was a task's; it is not followed
 */
bool task_on_cpu(const struct task_struct *task)
{
	return !READ_ONCE(*task_sleepers(task));
}

/**
 * schedule() - sleep until the task's state is TASK_RUNNING
 *
 * The state was set before what the task waits for was looked at, and is
 * reset by wake_up_process() after it has happened.
 */
void schedule(void)
{
	int *asleep = task_sleepers(current);
	int state;

	__atomic_fetch_add(asleep, 1, __ATOMIC_RELAXED);
	for (;;) {
		/* With the waker's xchg(): what it did before is seen. */
		state = smp_load_acquire(&current->__state);
		if (state == TASK_RUNNING)
			break;
		host_futex_wait(&current->__state, state);
	}
	__atomic_fetch_sub(asleep, 1, __ATOMIC_RELAXED);
	spin_begin();
}

/**
 * wake_up_process() - make a task run
 * @task: a task that cannot end before this returns
 *
 * Return: 1 when it was asleep or about to be.
 */
int wake_up_process(struct task_struct *task)
{
	if (xchg(&task->__state, TASK_RUNNING) == TASK_RUNNING)
		return 0;
	host_futex_wake(&task->__state);
	return 1;
}

/**
 * wake_q_add() - wake a task, in part
 * @q: for wake_up_q(), which does the rest
 * @task: a task that cannot end before the caller has dropped its lock
 *
 * The state is written now and the futex is woken later, without following
 * the address: one that is not a task's any more wakes nobody, or somebody
 * who will look and sleep on.
 */
void wake_q_add(struct wake_q *q, struct task_struct *task)
{
	if (xchg(&task->__state, TASK_RUNNING) == TASK_RUNNING)
		return;
	if (q->nr == WAKE_Q_SIZE)
		wake_up_q(q);
	q->words[q->nr++] = &task->__state;
}

/**
 * wake_up_q() - wake what was queued
 * @q: empty afterwards
 */
void wake_up_q(struct wake_q *q)
{
	while (q->nr)
		host_futex_wake(q->words[--q->nr]);
}

/**
 * spin_begin() - start the time that need_resched() allows
 */
void spin_begin(void)
{
	current->spins = 0;
	current->spin_end = 0;
	current->spun_out = host_nr_cpus() == 1;
}

/**
 * need_resched() - should the current task stop spinning?
 *
 * The kernel asks whether another task waits for this CPU. The host does not
 * tell, so a spin is given SPIN_NS from spin_begin(), and none on one CPU.
 */
bool need_resched(void)
{
	struct task_struct *task = current;
	u64 now;

	if (task->spun_out || ++task->spins % SPIN_CHECK)
		return task->spun_out;

	now = host_clock_ns();
	if (!task->spin_end)
		task->spin_end = now + SPIN_NS;
	task->spun_out = now > task->spin_end;
	return task->spun_out;
}

static void task_return_node(struct host_thread_exit *exit)
{
	struct task_struct *task =
		container_of(exit, struct task_struct, exit);

	/* With the xchg() in task_claim_node(): this task is done with it. */
	smp_store_release(&node_taken[task->node], false);
	task->node = 0;
}

/**
 * task_claim_node() - give the current task a node until its thread ends
 *
 * Return: its number, or 0 when all are taken.
 */
unsigned int task_claim_node(void)
{
	unsigned int i;

	for (i = 1; i <= TASK_NODES; i++) {
		if (READ_ONCE(node_taken[i]) || xchg(&node_taken[i], true))
			continue;
		current->node = i;
		current->exit.fn = task_return_node;
		host_at_thread_exit(&current->exit);
		return i;
	}
	return 0;
}

#ifdef CONFIG_DEBUG_ATOMIC_SLEEP
/**
 * __might_sleep() - report a call that may sleep under a spinlock
 * @file: where
 * @line: where
 */
void __might_sleep(const char *file, int line)
{
	if (current->lockdep_spins)
		host_warn(file, line, "may sleep while holding a spinlock");
}
#endif
