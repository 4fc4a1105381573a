/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What the locks know of tasks beyond <linux/sched.h>. */
#ifndef _LOCK_SCHED_H
#define _LOCK_SCHED_H

#include <linux/atomic.h>
#include <linux/sched.h>
#include <host/host.h>

/* Tasks that can stand in spinners' queues at a time. */
#define TASK_NODES	256

#define WAKE_Q_SIZE	4

/**
 * struct wake_q - tasks to wake once a lock is dropped
 * @nr: how many
 * @words: their states, as addresses: a task may be gone by then
 */
struct wake_q {
	unsigned int nr;
	const int *words[WAKE_Q_SIZE];
};

void wake_q_add(struct wake_q *q, struct task_struct *task);
void wake_up_q(struct wake_q *q);

bool task_on_cpu(const struct task_struct *task);
unsigned int task_claim_node(void);

/**
 * task_node() - number of the current task's node in spinners' queues
 *
 * Return: 1 to TASK_NODES, or 0 when there are too many tasks.
 */
static inline unsigned int task_node(void)
{
	unsigned int node = current->node;

	return likely(node) ? node : task_claim_node();
}

/*
 * One iteration of a spin that cannot be given up. The kernel would keep the
 * one that is waited for on its CPU; here it is given ours after a while.
 */
static inline void spin_wait(unsigned int *spins)
{
	if (++*spins % 1024)
		cpu_relax();
	else
		host_sched_yield();
}

#endif /* _LOCK_SCHED_H */
