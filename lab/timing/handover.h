/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* How far apart the CPUs of threads are, in time. */
#ifndef _LAB_HANDOVER_H
#define _LAB_HANDOVER_H

/**
 * lab_handover_ns() - how long a cache line takes there and back between CPUs
 * @threads: of lab_workers_need(), which are there
 *
 * Between thread 0's CPU and that of each other thread in turn. What a contended lock
 * costs follows from it; and where a hypervisor moves its CPUs, from one cache to two
 * or from core to core, it changes within a run. Takes some 10 us for each thread.
 *
 * Return: ns of the longest way; NAN where there is one thread, where threads share
 * CPUs, or where a worker is missing.
 */
double lab_handover_ns(unsigned int threads);

#endif /* _LAB_HANDOVER_H */
