/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* One thread's group of counters. */
#ifndef _LAB_GROUP_H
#define _LAB_GROUP_H

#include <stdint.h>

#include "pmu/events.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct lab_group - counters that run together or not at all
 * @nr: members
 * @fd: of each; the first is the leader's
 * @page: of each, for reading without a system call; NULL where that is
 *	not offered
 */
struct lab_group {
	unsigned int nr;
	int fd[LAB_GROUP_MAX];
	struct perf_event_mmap_page *page[LAB_GROUP_MAX];
};

/**
 * struct lab_reading - what a group says at one moment
 * @value: of each member since it was enabled
 * @direct: read without a system call
 */
struct lab_reading {
	uint64_t value[LAB_GROUP_MAX];
	bool direct;
};

/**
 * lab_group_open() - make a group for the calling thread, and enable it
 * @g: the group
 * @attr: of each member, the leader's first
 * @nr: how many, at most LAB_GROUP_MAX
 *
 * Only the calling thread is counted: nothing is inherited. The leader of
 * hardware events is pinned: the group has its counters whenever the thread
 * runs, or goes into an error state that lab_group_check() finds; it is never
 * multiplexed by others that are not pinned.
 *
 * Return: 0; -E2BIG when a further member does not fit; another -errno of
 * perf_event_open() for the leader. Nothing is open then.
 */
int lab_group_open(struct lab_group *g,
		   const struct perf_event_attr *const *attr, unsigned int nr);

/**
 * lab_group_pass() - lab_group_open() with the members of a pass
 * @g: the group
 * @set: probed events
 * @pass: which
 *
 * Return: as lab_group_open().
 */
int lab_group_pass(struct lab_group *g, const struct lab_events *set,
		   unsigned int pass);

/**
 * lab_group_read() - read all members, on the thread that opened the group
 * @g: the group
 * @r: gets the values
 *
 * Where the kernel offers it the registers are read directly. Either way is
 * about the same moment for all.
 *
 * Return: LAB_COUNTED, or LAB_NEVER_SCHEDULED for a group in error state.
 */
enum lab_status lab_group_read(struct lab_group *g, struct lab_reading *r);

/**
 * lab_group_check() - has the group run all the time that it was enabled?
 * @g: the group
 *
 * Return: LAB_COUNTED, LAB_NEVER_SCHEDULED or LAB_MULTIPLEXED.
 */
enum lab_status lab_group_check(const struct lab_group *g);

/**
 * lab_group_close() - give the counters back
 * @g: the group
 */
void lab_group_close(struct lab_group *g);

/**
 * lab_group_status() - what a failure to open means
 * @err: -errno of lab_group_open()
 * @attr: of the leader
 * @why: gets one line, LAB_EVENT_NAME bytes
 *
 * Return: never LAB_COUNTED.
 */
enum lab_status lab_group_status(int err, const struct perf_event_attr *attr,
				 char *why);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_GROUP_H */
