/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The CPUs that this process may use, and pinning to them. */
#ifndef _LAB_CPUS_H
#define _LAB_CPUS_H

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
 * lab_cpu_nth() - a CPU by its rank
 * @n: below lab_cpus_allowed()
 *
 * Return: its number: thread n of every case runs on it.
 */
int lab_cpu_nth(unsigned int n);

/**
 * lab_cpu_pin() - pin the calling thread
 * @n: rank of the CPU
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
