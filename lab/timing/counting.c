// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <stdio.h>
#include <string.h>

#include "pmu/truth.h"
#include "timing/counting.h"
#include "timing/workers.h"

static void open_thread(void *arg, unsigned int thread)
{
	struct lab_counting *c = arg;

	c->err[thread] = lab_group_pass(&c->group[thread], c->set, c->pass);
}

static void fail(struct lab_counting *c, enum lab_status status, const char *why)
{
	if (c->status != LAB_COUNTED)
		return;
	c->status = status;
	snprintf(c->why, sizeof(c->why), "%s", why);
}

/* Of a pass: the truth loop's counter, or the first software event. */
static const struct lab_event *leader(const struct lab_counting *c)
{
	const struct lab_events *set = c->set;

	for (unsigned int i = 0; i < set->nr; i++)
		if (set->event[i].pass == c->pass && set->event[i].software)
			return &set->event[i];
	return &set->truth;
}

void lab_counting_open(struct lab_counting *c, const struct lab_events *set,
		       unsigned int pass, unsigned int threads)
{
	char why[LAB_EVENT_NAME] = "";

	memset(c, 0, sizeof(*c));
	c->set = set;
	c->pass = pass;
	c->threads = threads;
	lab_workers_do(open_thread, c);
	for (unsigned int t = 0; t < threads; t++)
		if (c->err[t])
			fail(c, lab_group_status(c->err[t], &leader(c)->attr,
						 why), why);
	if (c->status == LAB_COUNTED && !leader(c)->software)
		fail(c, lab_truth_check(&c->group[0], why), why);
}

void lab_counting_close(struct lab_counting *c)
{
	for (unsigned int t = 0; t < c->threads; t++) {
		if (!c->group[t].nr)
			continue;
		fail(c, lab_group_check(&c->group[t]), "found while rounds were counted");
		lab_group_close(&c->group[t]);
	}
}
