// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The process that measures for locklab compare and locklab run; nobody types it. */
#include <stddef.h>

#include "cmd/cmd.h"
#include "cmd/options.h"
#include "process/child.h"

static int set_option(void *arg, int opt, char *value)
{
	(void)opt;
	return lab_parse_counters(LAB_CHILD, value, arg);
}

static const struct option long_options[] = {
	{ "counters", required_argument, NULL, 'c' },
	{ }
};

static const struct lab_options options = {
	.command = LAB_CHILD, .help = "locklab help", .list = long_options,
	.set = set_option,
};

int cmd_child(int argc, char **argv)
{
	static struct lab_events events;
	int ret = lab_parse_options(&options, argc, argv, &events);

	if (ret)
		return ret;
	if (events.nr)
		lab_events_probe(&events);
	return lab_child_main(&events);
}
