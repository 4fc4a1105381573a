// SPDX-License-Identifier: GPL-2.0 OR MIT
/* locklab counters: what can be counted here, and why not what cannot. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "pmu/events.h"
#include "pmu/group.h"
#include "pmu/pfm.h"
#include "report/counters.h"

#define COMMAND		"counters"

static int set_option(void *arg, int opt, char *value)
{
	(void)opt;
	return lab_parse_counters(COMMAND, value, arg);
}

static const struct option long_options[] = {
	{ "counters", required_argument, NULL, 'c' },
	{ }
};

static const struct lab_options options = {
	.command = COMMAND, .help = "locklab help", .list = long_options,
	.set = set_option,
};

/* How the counters are read, which tells what an epoch pays for it. */
static void say_reading(const struct lab_events *set)
{
	struct lab_reading r;
	struct lab_group g;

	for (unsigned int pass = 0; pass < set->nr_passes; pass++) {
		if (lab_group_pass(&g, set, pass))
			continue;
		if (lab_group_read(&g, &r) == LAB_COUNTED)
			lab_say(stdout, "pass %u: %u counters, read %s",
				pass + 1, g.nr, r.direct ?
				"without a system call" : "by a system call");
		lab_group_close(&g);
	}
}

int cmd_counters(int argc, char **argv)
{
	struct lab_events set;
	int ret = lab_parse_counters(COMMAND, "basic,locks,coherence,software",
				     &set);

	if (!ret)
		ret = lab_parse_options(&options, argc, argv, &set);
	if (ret)
		return ret;
	lab_events_probe(&set);
	lab_say(stdout, "CPU, as libpfm4 calls it: %s",
		lab_pfm_core() ?: "not known");
	lab_say(stdout, "truth loop: %s%s%s", set.truth.status == LAB_COUNTED ?
		"held" : lab_status_name(set.truth.status),
		*set.truth.why ? ": " : "", set.truth.why);
	for (unsigned int i = 0; i < set.nr; i++)
		lab_say_event(stdout, &set, &set.event[i], "");
	say_reading(&set);
	if (!fflush(stdout) && !ferror(stdout))
		return EXIT_RIGHT;
	return lab_fail(EXIT_WRONG, COMMAND, "standard output: %s",
			strerror(errno));
}
