// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/counters.h"

#define NUMBER	24
#define NAME	22	/* columns, with the indent */

static void say_heads(FILE *f, const struct lab_row *row, const char *indent)
{
	lab_say(f, "%s%-20s%9.9s%9.9s%10s  95%% CI, blocks", indent,
		"per operation", row->ask.base.set->variant,
		row->ask.new_.set->variant, "delta");
}

static void say_event(FILE *f, const struct lab_row *row, unsigned int i,
		      const char *indent)
{
	const struct lab_count *n = &row->counted.count[i];
	char base[NUMBER], new[NUMBER], delta[NUMBER], lo[NUMBER], hi[NUMBER];
	char span[2 * NUMBER + 4] = "too few";

	if (isfinite(n->delta.lo))
		snprintf(span, sizeof(span), "%s %s",
			 lab_number(lo, sizeof(lo), n->delta.lo, 1),
			 lab_number(hi, sizeof(hi), n->delta.hi, 1));
	lab_say(f, "%s%-20.20s%9s%9s%10s  %s", indent,
		row->ask.events->event[i].asked,
		lab_number(base, sizeof(base), n->arm[0], 0),
		lab_number(new, sizeof(new), n->arm[1], 0),
		lab_number(delta, sizeof(delta), n->delta.est, 1),
		span);
}

/* Do all events that have no number have the same status? */
static bool one_status(const struct lab_row *row)
{
	enum lab_status first = LAB_COUNTED;

	for (unsigned int i = 0; i < row->ask.events->nr; i++) {
		enum lab_status status = row->counted.count[i].status;

		if (status != LAB_COUNTED && first != LAB_COUNTED && status != first)
			return false;
		first = status == LAB_COUNTED ? first : status;
	}
	return true;
}

/* The events that @status stands for, and why. */
static void say_status(FILE *f, const struct lab_row *row, enum lab_status status,
		       const char *indent, bool names)
{
	const struct lab_events *set = row->ask.events;
	char text[LAB_MAX_EVENTS * sizeof(set->event[0].asked)] = "";
	const char *why = "";
	unsigned int i;

	for (i = 0; i < set->nr; i++) {
		if (row->counted.count[i].status != status)
			continue;
		why = row->counted.count[i].why;
		strcat(text, " ");
		strcat(text, set->event[i].asked);
	}
	if (!*text)
		return;
	if (!names && one_status(row))
		lab_say(f, "%scounters: %s", indent, lab_status_name(status));
	else if (names)
		lab_say(f, "%scounters:%s: %s: %s", indent, text,
			lab_status_name(status), why);
	else
		lab_say(f, "%scounters:%s: %s", indent, text,
			lab_status_name(status));
}

/* Times never come from these rounds; this is what they would be off by. */
static void say_disturbance(FILE *f, const struct lab_row *row,
			    const char *indent)
{
	const struct lab_counted *c = &row->counted;

	if (c->verdict == LAB_NO_RESULT) {
		lab_say(f, "%scounting: too few rounds to tell what it costs; times are without it",
			indent);
		return;
	}
	lab_say(f, "%scounting moves %s %+.2f%% [%+.2f %+.2f] %s; times are without it",
		indent, row->ask.base.set->variant,
		100 * (c->disturbed.est - 1), 100 * (c->disturbed.lo - 1),
		100 * (c->disturbed.hi - 1), lab_verdict_name(c->verdict));
}

void lab_say_counters(FILE *f, const struct lab_row *row, const char *indent,
		      bool heads)
{
	const struct lab_events *set = row->ask.events;
	bool any = false;
	unsigned int i;

	if (!set || !row->rounds)
		return;
	for (i = 0; i < set->nr; i++) {
		if (row->counted.count[i].status != LAB_COUNTED)
			continue;
		if (!any && heads)
			say_heads(f, row, indent);
		any = true;
		say_event(f, row, i, indent);
	}
	for (i = LAB_COUNTED + 1; i <= LAB_NOT_COUNTED; i++)
		say_status(f, row, i, indent, heads);
	if (any)
		say_disturbance(f, row, indent);
}

void lab_say_event(FILE *f, const struct lab_events *set,
		   const struct lab_event *e, const char *indent)
{
	bool counted = e->status == LAB_COUNTED;
	bool said = !*e->why || (!counted && e->status == set->truth.status);
	char pass[16];

	snprintf(pass, sizeof(pass), "pass %u", e->pass + 1);
	lab_say(f, "%s%-*s %s%s%s", indent, NAME - (int)strlen(indent),
		e->asked, counted ? pass : lab_status_name(e->status),
		said ? "" : ": ", said ? "" : e->why);
	if (*e->name)
		lab_say(f, "%s  %s", indent, e->name);
}
