// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/io.h"
#include "base/stop.h"
#include "process/child.h"
#include "process/spawn.h"
#include "process/wire.h"
#include "timing/engine.h"

/* A case that the parent knows and this process does not is no case of theirs. */
static int read_ask(const struct lab_work *w, const struct lab_events *events,
		    struct lab_ask *ask)
{
	char err[LAB_CASE_ERROR];

	*ask = (struct lab_ask){ .margin = w->margin, .seed = w->seed,
				 .events = events };
	if (!lab_case_parse(w->base, &ask->base, err) &&
	    !lab_case_parse(w->new_, &ask->new_, err))
		return 0;
	fprintf(stderr, "locklab: a process was asked for a case that it lacks: %s\n",
		err);
	return -EINVAL;
}

static int do_work(const struct lab_work *w, const struct lab_events *events,
		   struct lab_row *row)
{
	struct lab_ask ask;
	int ret = read_ask(w, events, &ask);

	if (ret)
		return ret;
	ret = lab_row_begin(row, &ask);
	row->ops_per_epoch = w->ops;
	row->cost = w->cost;
	if (!ret && !w->ops)
		ret = lab_row_calibrate(row, w->seconds, w->quota.alone);
	if (!ret && w->quota.placements)
		ret = lab_row_measure(row, &w->quota, NULL, NULL);
	return ret;
}

int lab_child_main(const struct lab_events *events)
{
	static struct lab_row row;
	struct lab_work w;
	int done, ret = 0;

	lab_stop_watch();
	while (!ret && !lab_read_all(STDIN_FILENO, &w, sizeof(w))) {
		row = (struct lab_row){ 0 };
		done = do_work(&w, events, &row);
		ret = lab_write_all(LAB_CHILD_FD, &done, sizeof(done));
		if (!ret)
			ret = lab_wire_put_row(LAB_CHILD_FD, &row);
		lab_row_free(&row);
	}
	lab_engine_end();
	return ret ? EXIT_WRONG : EXIT_RIGHT;
}
