/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* How much of the CPUs the process's cgroups may use, and what they were refused. */
#ifndef _LAB_QUOTA_H
#define _LAB_QUOTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAB_QUOTA_LEVELS	8
#define LAB_QUOTA_PATH		512

/**
 * struct lab_cpu_quota - the quotas of a cgroup and of those above it
 * @cpus: the least, in CPUs; INFINITY without one
 * @where: path of the file that sets it; ""
 * @nr: how many levels have one
 * @stat: path of each such level's cpu.stat
 */
struct lab_cpu_quota {
	double cpus;
	char where[LAB_QUOTA_PATH];
	unsigned int nr;
	char stat[LAB_QUOTA_LEVELS][LAB_QUOTA_PATH];
};

/**
 * lab_quota_read() - find the quotas of this process
 * @root: "" for this machine; a folder that stands for / in tests
 * @q: gets them
 *
 * From /proc/self/cgroup and mountinfo, cpu.max (version 2) or
 * cpu.cfs_quota_us (version 1). A hierarchy that is not mounted has none.
 */
void lab_quota_read(const char *root, struct lab_cpu_quota *q);

/**
 * lab_quota_throttled() - how long its levels have been refused their CPUs
 * @q: from lab_quota_read()
 *
 * Return: us so far, the levels added up; 0 where nobody counts.
 */
uint64_t lab_quota_throttled(const struct lab_cpu_quota *q);

/**
 * lab_cpu_quota() - lab_quota_read() of this process
 *
 * Return: what was found at the first call.
 */
const struct lab_cpu_quota *lab_cpu_quota(void);

/**
 * lab_throttled() - lab_quota_throttled() of this process
 *
 * Without a quota nothing is read.
 *
 * Return: as there.
 */
uint64_t lab_throttled(void);

#define LAB_QUOTA_TEXT	(LAB_QUOTA_PATH + 160)

/**
 * lab_quota_text() - what a quota means for threads
 * @q: from lab_quota_read()
 * @threads: of each row
 * @nr: how many rows
 * @cpus: that the process may use: threads beyond them share
 * @buf: gets a line, LAB_QUOTA_TEXT bytes; "" where the quota is enough for all
 *
 * Return: whether there is a line.
 */
bool lab_quota_text(const struct lab_cpu_quota *q, const unsigned int *threads,
		    size_t nr, unsigned int cpus, char *buf);

#endif /* _LAB_QUOTA_H */
