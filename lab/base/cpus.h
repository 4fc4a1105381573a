/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The CPUs that this process may use, and pinning to them. */
#ifndef _LAB_CPUS_H
#define _LAB_CPUS_H

#include "base/topology.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * lab_cpus_allowed() - CPUs of the process as it was started
 *
 * Return: how many; at least 1.
 */
unsigned int lab_cpus_allowed(void);

/**
 * lab_cpus_of() - CPUs that threads run on
 * @threads: how many; those beyond the CPUs share
 *
 * Return: how many of lab_cpus() from the first on.
 */
unsigned int lab_cpus_of(unsigned int threads);

/**
 * lab_cpus() - the CPUs themselves
 *
 * Return: lab_cpus_allowed() of them in the order in which threads take them, by
 * lab_topology_sort().
 */
const struct lab_cpu *lab_cpus(void);

/**
 * lab_cpus_alike() - CPUs that are as good as the first one
 *
 * Return: how many of lab_cpus() from the first on, by lab_topology_alike(); at most 8.
 */
unsigned int lab_cpus_alike(void);

/**
 * lab_cpu_take() - thread 0 gets another CPU
 * @n: which of lab_cpus(); 0 before threads are to be several
 *
 * Pins nobody. For the main thread, while there is no other.
 */
void lab_cpu_take(unsigned int n);

/**
 * lab_cpu_taken() - which of lab_cpus() thread 0 has
 */
unsigned int lab_cpu_taken(void);

/**
 * lab_cpu_nth() - the CPU that a thread of a case runs on
 * @n: the thread
 *
 * Threads go round the CPUs: where there are more of them, some share one. Thread 0 has
 * what lab_cpu_take() gave it.
 *
 * Return: its number.
 */
int lab_cpu_nth(unsigned int n);

/**
 * lab_cpu_pin() - pin the calling thread
 * @n: which thread of a case it is
 *
 * Return: 0, or -errno.
 */
int lab_cpu_pin(unsigned int n);

/**
 * lab_cpu_unpin() - let the calling thread run where the process may
 */
void lab_cpu_unpin(void);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_CPUS_H */
