/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Why an epoch or a round does not count. */
#ifndef _LAB_DROP_H
#define _LAB_DROP_H

#ifdef __cplusplus
extern "C" {
#endif

enum lab_drop {
	LAB_KEPT,
	LAB_PREEMPTED,
	LAB_MIGRATED,
	LAB_FAULTED,
	LAB_OVERLAP,
	LAB_DELAYED,		/* waited for its CPU */
	LAB_STOLEN,		/* the hypervisor took time in its placement */
	LAB_SIBLING,		/* the core's other hardware thread was in use */
	LAB_FREQUENCY,		/* the clock frequency changed */
	LAB_THROTTLED,		/* the cgroup's quota was used up in its placement */
	LAB_MOVED,		/* its threads' CPUs were nearer or farther apart */
	LAB_NR_DROPS,
};

/*
 * "preempted", "migrated", "faulted", "overlap", "delayed", "stolen",
 * "sibling", "frequency", "throttled", "moved"
 */
const char *lab_drop_name(enum lab_drop drop);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_DROP_H */
