/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Events to be counted: which, by what full name, and whether to believe them. */
#ifndef _LAB_EVENTS_H
#define _LAB_EVENTS_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LAB_MAX_EVENTS	16
#define LAB_GROUP_MAX	8	/* members of a group, the truth loop's too */
#define LAB_EVENT_NAME	160
#define LAB_NO_PASS	(~0U)
#define LAB_EVENT_SPEC	256
#define LAB_EVENT_SET	"basic"	/* where nothing is asked for */

/* Why an event has no number; each has a name of its own in a row. */
enum lab_status {
	LAB_COUNTED,
	LAB_NO_PERF,		/* the kernel has no perf_event_open() */
	LAB_NO_PMU,		/* it has, but no counters */
	LAB_NOT_PERMITTED,
	LAB_UNKNOWN_EVENT,	/* counters, but not of this */
	LAB_BUSY,		/* no counter or no descriptor left */
	LAB_NEVER_SCHEDULED,	/* opens and never runs */
	LAB_NEVER_COUNTS,	/* runs and stays at 0 */
	LAB_LYING,		/* the truth loop came out wrong */
	LAB_MULTIPLEXED,	/* ran for a part of the time only */
	LAB_NOT_COUNTED,	/* the row ended before its pass */
};

/**
 * struct lab_event - one event
 * @asked: as the user or a set calls it, "cycles:u"
 * @name: the full name that libpfm4 made of it; "" when it knows none
 * @attr: what is opened
 * @software: counted by the kernel, not by a counter of the CPU
 * @rare: 0 is an honest value even after lab_exercise()
 * @status: LAB_COUNTED, or why there is no number
 * @why: more of that, one line; or ""
 * @pass: which group it is a member of; LAB_NO_PASS without a number
 * @slot: its place in that group
 */
struct lab_event {
	char asked[64];
	char name[LAB_EVENT_NAME];
	struct perf_event_attr attr;
	bool software, rare;
	enum lab_status status;
	char why[LAB_EVENT_NAME];
	unsigned int pass, slot;
};

/**
 * struct lab_events - events that are counted together or pass by pass
 * @spec: as they were asked for
 * @nr: how many of @event
 * @nr_passes: groups that they need, after lab_events_probe()
 * @truth: user instructions, in slot 0 of each group of hardware events: what
 *	the truth loop is held against
 * @event: what is wanted
 */
struct lab_events {
	char spec[LAB_EVENT_SPEC];
	unsigned int nr, nr_passes;
	struct lab_event truth;
	struct lab_event event[LAB_MAX_EVENTS];
};

/**
 * lab_events_choose() - find out what a list of names means on this CPU
 * @spec: with commas between them: sets (none, basic, locks, coherence,
 *	software), intents (instructions, cycles, branches, branch-misses,
 *	cache-misses, locked-loads, dirty-hits, memory-clears), or what libpfm4
 *	takes; ":u" (the default) or ":k" behind an intent or an event
 * @set: gets the events; nothing is opened
 * @err: gets one line, LAB_EVENT_NAME bytes
 *
 * What intents are called is chosen by microarchitecture: events.c has the
 * table. A name that is not known here is an event without a number.
 *
 * Return: 0, or -EINVAL for an empty or too long list.
 */
int lab_events_choose(const char *spec, struct lab_events *set, char *err);

/**
 * lab_events_probe() - open each event and see whether it counts
 * @set: from lab_events_choose(); gets words, passes and slots
 *
 * Hardware events are believed only after a loop of known length (truth.h), in
 * the groups in which they will be read; a group that is too large is split
 * into passes, never multiplexed. Takes some ms for each event; may fork.
 */
void lab_events_probe(struct lab_events *set);

/**
 * lab_events_pmu() - can user instructions be counted, truly?
 * @why: gets one line when not, LAB_EVENT_NAME bytes
 *
 * Found out once.
 *
 * Return: LAB_COUNTED, or what all hardware events would say.
 */
enum lab_status lab_events_pmu(char *why);

/**
 * lab_events_counted() - how many have the status LAB_COUNTED
 * @set: the events
 */
unsigned int lab_events_counted(const struct lab_events *set);

/* "no PMU", "not permitted", ...; "" for LAB_COUNTED */
const char *lab_status_name(enum lab_status status);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_EVENTS_H */
