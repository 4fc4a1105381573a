// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pmu/events.h"
#include "pmu/group.h"
#include "pmu/pfm.h"
#include "pmu/truth.h"

struct intent {
	const char *name;
	const char *event;	/* libpfm4's; NULL: by microarchitecture */
	bool software, rare;
};

#define CPU(n, e)	{ n, e, false, false }
#define BY_CPU(n, rare)	{ n, NULL, false, rare }
#define SOFT(n, e, rare) { n, e, true, rare }
static const struct intent intents[] = {
	CPU("instructions", "perf::INSTRUCTIONS"),
	CPU("cycles", "perf::CYCLES"),
	CPU("branches", "perf::BRANCHES"),
	CPU("branch-misses", "perf::BRANCH-MISSES"),
	CPU("cache-misses", "perf::CACHE-MISSES"),
	BY_CPU("locked-loads", false),
	BY_CPU("dirty-hits", false),
	BY_CPU("memory-clears", true),
	SOFT("task-clock", "perf::TASK-CLOCK", false),
	SOFT("page-faults", "perf::PAGE-FAULTS", true),
	SOFT("context-switches", "perf::CONTEXT-SWITCHES", true),
	SOFT("cpu-migrations", "perf::CPU-MIGRATIONS", true),
};

static const struct {
	const char *name, *events;
} sets[] = {
	{ "none", "" },
	{ "basic", "instructions:u,instructions:k,cycles:u,cycles:k,branch-misses:u" },
	{ "locks", "instructions:u,cycles:u,locked-loads:u,memory-clears:u" },
	{ "coherence", "instructions:u,dirty-hits:u,memory-clears:u,cache-misses:u" },
	/* with exclude_kernel the kernel reads the last two as 0 */
	{ "software", "task-clock,page-faults:u,context-switches:k,cpu-migrations:k" },
};

/*
 * What an intent is called, or why this CPU cannot count it; by the names that
 * libpfm4 gives to microarchitectures. Of locked instructions AMD counts those
 * that lock the bus, of Arm's atomics those before N3 the exclusive pairs only.
 */
#define BUS_LOCKS	"!AMD counts bus locks only"
#define NOT_HERE	"!this CPU has no such event"
#if defined(__ARM_FEATURE_ATOMICS)
#define ARM_LOCKED	"!LSE atomics are not counted before Neoverse N3"
#else
#define ARM_LOCKED	"STREX_PASS_SPEC"
#endif
static const struct {
	const char *cores, *locked, *dirty, *clears;
} architectures[] = {
	{ "skl skx clx icl icx", "MEM_INST_RETIRED:LOCK_LOADS",
	  "MEM_LOAD_L3_HIT_RETIRED:XSNP_HITM", "MACHINE_CLEARS:MEMORY_ORDERING" },
	{ "spr emr gnr", "MEM_INST_RETIRED:LOCK_LOADS",
	  "MEM_LOAD_L3_HIT_RETIRED:XSNP_FWD", "MACHINE_CLEARS:MEMORY_ORDERING" },
	{ "amd64_fam17h_zen1 amd64_fam17h_zen2 amd64_fam19h_zen3 amd64_fam19h_zen4",
	  BUS_LOCKS, NOT_HERE, NOT_HERE },
	{ "arm_n1 arm_n2 arm_v1 arm_v2", ARM_LOCKED, "REMOTE_ACCESS", NOT_HERE },
};

#define NR_ARCHITECTURES	(sizeof(architectures) / sizeof(*architectures))

const char *lab_status_name(enum lab_status status)
{
	static const char *const names[] = {
		[LAB_COUNTED]		= "",
		[LAB_NO_PERF]		= "no perf events",
		[LAB_NO_PMU]		= "no PMU",
		[LAB_NOT_PERMITTED]	= "not permitted",
		[LAB_UNKNOWN_EVENT]	= "unknown event",
		[LAB_BUSY]		= "no free counter",
		[LAB_NEVER_SCHEDULED]	= "never scheduled",
		[LAB_NEVER_COUNTS]	= "never counts",
		[LAB_LYING]		= "lying",
		[LAB_MULTIPLEXED]	= "multiplexed",
		[LAB_NOT_COUNTED]	= "not counted",
	};

	return names[status];
}

static bool in_list(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (; *list; list += strspn(list, " ")) {
		if (!strncmp(list, word, len) && (!list[len] || list[len] == ' '))
			return true;
		list += strcspn(list, " ");
	}
	return false;
}

/* The event of an intent on this CPU; after a '!' why there is none. */
static const char *by_core(const char *intent)
{
	const char *core = lab_pfm_core();

	if (!core)
		return "!libpfm4 does not know this CPU";
	for (size_t i = 0; i < NR_ARCHITECTURES; i++) {
		if (!in_list(architectures[i].cores, core))
			continue;
		if (!strcmp(intent, "locked-loads"))
			return architectures[i].locked;
		return strcmp(intent, "dirty-hits") ? architectures[i].clears :
		       architectures[i].dirty;
	}
	return "!no event of this CPU is known for it";
}

static const struct intent *find_intent(const char *name)
{
	for (size_t i = 0; i < sizeof(intents) / sizeof(*intents); i++)
		if (!strcmp(intents[i].name, name))
			return &intents[i];
	return NULL;
}

static void unknown(struct lab_event *e, const char *why)
{
	e->status = LAB_UNKNOWN_EVENT;
	snprintf(e->why, sizeof(e->why), "%s", why);
}

/* The attributes, and the name with all that it stands for. */
static void encode(struct lab_event *e, const char *event, bool kernel)
{
	struct lab_encoding code;
	char text[LAB_EVENT_NAME];
	const char *why;

	snprintf(text, sizeof(text), "%s%s", event, kernel ? ":k" : ":u");
	why = lab_pfm_encode(text, &code, e->name, sizeof(e->name));
	if (why) {
		unknown(e, why);
		return;
	}
	e->attr = (struct perf_event_attr) {
		.type = code.type, .config = code.config,
		.config1 = code.config1, .config2 = code.config2,
		.exclude_user = code.exclude_user,
		.exclude_kernel = code.exclude_kernel, .exclude_hv = 1,
	};
	e->software |= e->attr.type == PERF_TYPE_SOFTWARE;
}

/* @text is an intent or an event, with or without :u or :k. */
static void choose_one(struct lab_event *e, const char *text)
{
	size_t len = strlen(text);
	bool kernel = len > 2 && !strcmp(text + len - 2, ":k");
	bool user = len > 2 && !strcmp(text + len - 2, ":u");
	const struct intent *intent;
	char name[sizeof(e->asked)];
	const char *event = name;

	memset(e, 0, sizeof(*e));
	snprintf(e->asked, sizeof(e->asked), "%s", text);
	snprintf(name, sizeof(name), "%.*s", (int)(len - (kernel || user ? 2 : 0)),
		 text);
	intent = find_intent(name);
	if (intent) {
		event = intent->event ?: by_core(name);
		e->software = intent->software;
		e->rare = intent->rare;
	}
	if (*event == '!')
		unknown(e, event + 1);
	else
		encode(e, event, kernel);
}

static int add_events(struct lab_events *set, const char *list, char *err);

static int add_event(struct lab_events *set, const char *text, char *err)
{
	for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++)
		if (!strcmp(text, sets[i].name))
			return add_events(set, sets[i].events, err);
	for (unsigned int i = 0; i < set->nr; i++)
		if (!strcmp(set->event[i].asked, text))
			return 0;
	if (set->nr == LAB_MAX_EVENTS || strlen(text) >= sizeof(set->truth.asked)) {
		snprintf(err, LAB_EVENT_NAME, "at most %d events of %zu characters",
			 LAB_MAX_EVENTS, sizeof(set->truth.asked) - 1);
		return -EINVAL;
	}
	choose_one(&set->event[set->nr++], text);
	return 0;
}

static int add_events(struct lab_events *set, const char *list, char *err)
{
	char text[LAB_EVENT_NAME];
	int ret = 0;

	while (*list && !ret) {
		size_t len = strcspn(list, ",");

		if (!len || len >= sizeof(text)) {
			snprintf(err, LAB_EVENT_NAME, "an event's name is empty or too long");
			return -EINVAL;
		}
		snprintf(text, sizeof(text), "%.*s", (int)len, list);
		ret = add_event(set, text, err);
		list += len;
		list += *list == ',';
	}
	return ret;
}

int lab_events_choose(const char *spec, struct lab_events *set, char *err)
{
	memset(set, 0, sizeof(*set));
	choose_one(&set->truth, "instructions:u");
	if (!*spec) {
		snprintf(err, LAB_EVENT_NAME, "no event is named: say none, basic, locks, coherence, software or events");
		return -EINVAL;
	}
	if (strlen(spec) >= sizeof(set->spec)) {
		snprintf(err, LAB_EVENT_NAME, "longer than %zu characters",
			 sizeof(set->spec) - 1);
		return -EINVAL;
	}
	strcpy(set->spec, spec);
	return add_events(set, spec, err);
}

/* The truth loop's counter by itself: without it no other is believed. */
static void probe_truth(struct lab_events *set)
{
	const struct perf_event_attr *attr = &set->truth.attr;
	struct lab_group g;
	int err;

	if (set->truth.status != LAB_COUNTED)
		return;
	err = lab_group_open(&g, &attr, 1);
	if (err) {
		set->truth.status = lab_group_status(err, attr, set->truth.why);
		return;
	}
	set->truth.status = lab_truth_check(&g, set->truth.why);
	lab_group_close(&g);
}

/* Has @slot counted anything while everything was done? */
static enum lab_status exercise(struct lab_group *g, unsigned int slot)
{
	struct lab_reading before, after;
	enum lab_status status = lab_group_read(g, &before);

	if (status != LAB_COUNTED)
		return status;
	lab_exercise();
	status = lab_group_read(g, &after);
	if (status == LAB_COUNTED)
		status = lab_group_check(g);
	if (status == LAB_COUNTED && after.value[slot] == before.value[slot])
		status = LAB_NEVER_COUNTS;
	return status;
}

/* One event, behind the truth loop's or, of software, by itself. */
static void probe_event(struct lab_events *set, struct lab_event *e)
{
	const struct perf_event_attr *attr[2] = { &set->truth.attr, &e->attr };
	unsigned int alone = e->software;
	struct lab_group g;
	int err;

	err = lab_group_open(&g, attr + alone, 2 - alone);
	if (err == -E2BIG) {
		/* is it the event, or is there no second counter? */
		err = lab_group_open(&g, attr + 1, 1);
		if (!err)
			lab_group_close(&g);
		err = err ?: -EBUSY;
	}
	if (err) {
		e->status = lab_group_status(err, &e->attr, e->why);
		return;
	}
	e->status = exercise(&g, 1 - alone);
	lab_group_close(&g);
	if (e->status == LAB_NEVER_COUNTS && e->rare) {
		e->status = LAB_COUNTED;
		snprintf(e->why, sizeof(e->why), "stayed at 0 when it was tried");
	} else if (e->status != LAB_COUNTED) {
		snprintf(e->why, sizeof(e->why), "found when it was tried");
	}
}

/* Why nothing that the CPU would count can be had here. */
static bool settles_all(enum lab_status status)
{
	return status == LAB_NO_PERF || status == LAB_NO_PMU ||
	       status == LAB_NOT_PERMITTED || status == LAB_LYING;
}

static void probe(struct lab_events *set, struct lab_event *e)
{
	const struct lab_event *truth = &set->truth;
	bool same = !strcmp(e->asked, truth->asked);

	e->pass = LAB_NO_PASS;
	if (!e->software && truth->status != LAB_COUNTED &&
	    (same || e->status == LAB_COUNTED || settles_all(truth->status))) {
		e->status = truth->status;
		snprintf(e->why, sizeof(e->why), "%s", truth->why);
	} else if (!same && e->status == LAB_COUNTED) {
		probe_event(set, e);
	}
}

/* Does the group that pass @pass is by now have its counters, all the time? */
static bool fits(const struct lab_events *set, unsigned int pass)
{
	char why[LAB_EVENT_NAME];
	enum lab_status status;
	struct lab_group g;

	if (lab_group_pass(&g, set, pass))
		return false;
	status = lab_truth_check(&g, why);
	lab_group_close(&g);
	return status == LAB_COUNTED;
}

/* Hardware events, behind the truth loop's counter; @nr is of the last pass. */
static void place(struct lab_events *set, struct lab_event *e, unsigned int *nr)
{
	if (!set->nr_passes) {
		set->nr_passes = 1;
		*nr = 1;
	}
	e->pass = set->nr_passes - 1;
	e->slot = 0;
	if (!strcmp(e->asked, set->truth.asked))
		return;
	e->slot = *nr;
	if (*nr < LAB_GROUP_MAX && fits(set, e->pass)) {
		++*nr;
		return;
	}
	e->pass = set->nr_passes++;
	e->slot = 1;
	*nr = 2;
	if (fits(set, e->pass))
		return;
	e->status = LAB_NEVER_SCHEDULED;
	snprintf(e->why, sizeof(e->why), "opens, but gets no counter beside the truth loop's");
	set->nr_passes--;
	*nr = LAB_GROUP_MAX;
}

static void place_software(struct lab_events *set)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < set->nr; i++) {
		struct lab_event *e = &set->event[i];

		if (!e->software || e->status != LAB_COUNTED)
			continue;
		if (nr % LAB_GROUP_MAX == 0)
			set->nr_passes++;
		e->pass = set->nr_passes - 1;
		e->slot = nr++ % LAB_GROUP_MAX;
	}
}

void lab_events_probe(struct lab_events *set)
{
	unsigned int i, nr = 0;

	set->nr_passes = 0;
	probe_truth(set);
	for (i = 0; i < set->nr; i++)
		probe(set, &set->event[i]);
	for (i = 0; i < set->nr; i++)
		if (!set->event[i].software &&
		    set->event[i].status == LAB_COUNTED)
			place(set, &set->event[i], &nr);
	place_software(set);
}

enum lab_status lab_events_pmu(char *why)
{
	static struct lab_events set;
	static bool known;

	if (!known) {
		choose_one(&set.truth, "instructions:u");
		probe_truth(&set);
		known = true;
	}
	snprintf(why, LAB_EVENT_NAME, "%s", set.truth.why);
	return set.truth.status;
}

unsigned int lab_events_counted(const struct lab_events *set)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < set->nr; i++)
		nr += set->event[i].status == LAB_COUNTED;
	return nr;
}
