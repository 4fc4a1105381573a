// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/progress.h"
#include "process/measure.h"
#include "run/schedule.h"

#define OVER	1.25	/* of the budget, from where on it is said */

/* A run while its rows are measured; @of says which record a task is. */
struct schedule {
	struct lab_run *run;
	struct lab_store *store;
	struct lab_progress progress;
	struct lab_task *task;
	struct lab_record **of;
	size_t nr;
	unsigned int *stored;
};

static void name_of(const struct lab_record *r, char *buf, size_t size)
{
	const struct lab_ask *a = &r->row.ask;
	char params[128];

	lab_params_text(&a->base, params, sizeof(params));
	snprintf(buf, size, "%s/%s %s %s", a->base.scenario->name,
		 a->base.path->name, a->new_.set->variant, params);
}

/* Which cases will be counted; how long that takes follows from what an epoch took. */
static double counting(struct schedule *s)
{
	struct lab_exact_map *counts = &s->run->counts;

	for (size_t i = 0; i < s->nr && s->run->exact; i++) {
		const struct lab_row *row = s->task[i].row;
		double ns = row->cost.round / row->nr_arms /
			    fmax(row->ops_per_epoch, 1);

		if (s->task[i].ret)
			continue;
		/* what there is no memory for is not counted */
		if (lab_exact_map_add(counts, &row->ask.base, ns) ||
		    lab_exact_map_add(counts, &row->ask.new_, ns))
			break;
	}
	return counts->seconds;
}

static void foresee(void *arg, double seconds)
{
	struct schedule *s = arg;
	const struct lab_run *run = s->run;
	double more = counting(s);

	s->progress.budget = seconds;
	lab_progress_end(&s->progress);
	if (seconds > OVER * run->budget)
		fprintf(stderr, "locklab: run: %zu rows in %u processes will take %.0f s, not %g: ask for fewer rows or for more time\n",
			s->nr, run->processes, seconds, run->budget);
	if (more > 0 && seconds + more > OVER * run->budget)
		fprintf(stderr, "locklab: run: counting the instructions of %zu cases will take some %.0f s more: --exact no leaves it out\n",
			run->counts.nr, more);
}

/* Where a row stands: measured, or why not. */
static void take_over(struct schedule *s, size_t i)
{
	const struct lab_task *t = &s->task[i];
	struct lab_record *r = s->of[i];

	/* A row that is void without a round is a result, too. */
	r->measured = r->row.nr_raw || !r->row.digest_ok || r->row.leaks ||
		      r->row.warnings;
	if (!t->ret || r->measured)
		return;
	snprintf(r->why, sizeof(r->why), "%s", *r->row.fault ? r->row.fault :
		 strerror(-t->ret));
}

/* Controls come first in the plan and in the file. */
static int keep(void *arg)
{
	struct schedule *s = arg;
	int err = lab_store_again(s->store), kept;

	for (size_t i = 0; i < s->nr && !err; i++) {
		struct lab_record *r = s->of[i];

		take_over(s, i);
		if (!r->measured)
			continue;
		err = lab_row_conclude(&r->row);
		if (!err)
			err = lab_store_row(s->store, r->kind == LAB_CONTROL ?
					    LAB_CONTROLS : LAB_ROWS, &r->row);
	}
	kept = lab_store_keep(s->store);
	*s->stored = s->store->kept;
	return err ? err : kept;
}

static int make_tasks(struct schedule *s)
{
	for (size_t i = 0; i < s->run->nr; i++) {
		struct lab_record *r = &s->run->rec[i];
		struct lab_ask ask = r->row.ask;
		int ret;

		if (*r->why)
			continue;
		ask.budget = s->run->budget / s->run->nr;
		ret = lab_row_begin(&r->row, &ask);
		if (ret)
			return ret;
		s->task[s->nr].row = &r->row;
		s->task[s->nr].weight = r->weight;
		name_of(r, s->task[s->nr].name, sizeof(s->task[s->nr].name));
		s->of[s->nr++] = r;
	}
	return 0;
}

static int measure(struct schedule *s)
{
	struct lab_run *run = s->run;
	struct lab_measure m = {
		.task = s->task, .nr = s->nr, .seconds = run->budget,
		.processes = run->processes, .seed = run->request.seed,
		.progress = &s->progress, .foresee = foresee, .kept = keep,
		.arg = s,
	};

	return lab_measure(&m);
}

int lab_schedule(struct lab_run *run, struct lab_store *store,
		 unsigned int *stored)
{
	struct schedule s = { .run = run, .store = store, .stored = stored };
	int err = store->error ? store->error : -ENOMEM;

	s.task = calloc(run->nr, sizeof(*s.task));
	s.of = calloc(run->nr, sizeof(*s.of));
	lab_progress_begin(&s.progress, run->budget);
	if (s.task && s.of && !store->error) {
		err = make_tasks(&s);
		if (!err)
			err = measure(&s);
		for (size_t i = 0; i < s.nr; i++)
			take_over(&s, i);
	}
	lab_progress_end(&s.progress);
	free(s.task);
	free(s.of);
	return err;
}
