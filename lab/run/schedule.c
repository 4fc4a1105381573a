// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/progress.h"
#include "base/stop.h"
#include "run/groups.h"
#include "run/schedule.h"
#include "timing/compare.h"

#define RESERVE		0.2		/* of the budget, for second looks */
#define MIN_SHARE	0.05		/* seconds of measuring for a row */
#define MAX_MORE	4		/* times the first look */
#define DEAR_SLACK	1.0		/* seconds beyond twice its share */
#define FIRST_OVERHEAD	1.3		/* wall time over measuring, at first */

/* A run while its rows are measured. */
struct schedule {
	struct lab_run *run;
	struct lab_store *store;
	struct lab_progress progress;
	double deadline;
	double seconds, wall;	/* of the rows so far */
	unsigned int current, *stored;
	const char *doing;
};

static void tick(void *arg, double done)
{
	struct schedule *s = arg;

	(void)done;
	lab_progress_show(&s->progress, s->current, s->run->nr, s->doing);
}

/* Wall time that a second of measuring has cost so far. */
static double overhead(const struct schedule *s)
{
	double x = (s->wall + FIRST_OVERHEAD) / (s->seconds + 1);

	return x > 1 ? x : 1;
}

/* This record's part of what is left before the reserve begins. */
static double share_of(const struct schedule *s, size_t index)
{
	double left, weights = 0, share;
	size_t i;

	for (i = index; i < s->run->nr; i++)
		if (!*s->run->rec[i].why)
			weights += s->run->rec[i].weight;
	left = s->deadline - RESERVE * s->run->budget - lab_seconds();
	share = left / overhead(s) * s->run->rec[index].weight / weights;
	return share > MIN_SHARE ? share : MIN_SHARE;
}

/* A row that will not be looked at again: written, its samples freed. */
static int finish_row(struct schedule *s, struct lab_record *r)
{
	int err;

	lab_make_groups(r);
	err = lab_store_row(s->store, r->kind == LAB_CONTROL ?
			    LAB_CONTROLS : LAB_ROWS, &r->row);
	if (!err)
		(*s->stored)++;
	lab_row_free(&r->row);
	return err;
}

/* Undecided for want of rounds, or decided without an A/A arm to stand on. */
static bool wants_more(const struct lab_record *r)
{
	const struct lab_row *row = &r->row;

	if (r->kind != LAB_COMPARISON || !r->measured || !row->raw ||
	    row->partial)
		return false;
	if (row->verdict == LAB_NO_RESULT)
		return row->digest_ok && !row->warnings && !row->leaks;
	return row->verdict == LAB_INCONCLUSIVE ||
	       (isfinite(row->aa.lo) && row->aa_verdict != LAB_SAME);
}

static void name_of(const struct lab_record *r, char *buf, size_t size)
{
	const struct lab_ask *a = &r->row.ask;
	char params[128];

	lab_params_text(&a->base, params, sizeof(params));
	snprintf(buf, size, "%s/%s %s %s", a->base.scenario->name,
		 a->base.path->name, a->new_.set->variant, params);
}

/*
 * What a row took. One that is dear to set up takes longer than it was given;
 * the run is longer by as much, and no other row pays for it.
 */
static void add_wall(struct schedule *s, const struct lab_row *row)
{
	double over = row->wall - 2 * row->ask.budget - DEAR_SLACK;

	if (over < 0)
		over = 0;
	s->deadline += over;
	s->seconds += row->seconds;
	s->wall += row->wall - over;
}

/* 0 to go on, -EINTR when stopped, or another -errno of the store. */
static int measure_row(struct schedule *s, size_t index)
{
	struct lab_record *r = &s->run->rec[index];
	struct lab_ask ask = r->row.ask;
	char name[256];
	int ret;

	name_of(r, name, sizeof(name));
	s->doing = name;
	s->current = index;
	ask.budget = share_of(s, index);
	ask.looks = r->kind == LAB_COMPARISON ? 2 : 1;
	ret = lab_compare(&ask, &r->row, tick, s);
	s->doing = "";
	add_wall(s, &r->row);
	if (ret && ret != -EINTR) {
		snprintf(r->why, sizeof(r->why), "%s", *r->row.note ?
			 r->row.note : strerror(-ret));
		lab_row_free(&r->row);
		r->row.ask = ask;
		return 0;
	}
	r->measured = !ret || r->row.nr_raw;
	if (!r->measured)
		lab_row_free(&r->row);
	else if (!wants_more(r) && finish_row(s, r))
		return s->store->error;
	return ret;
}

static int measure_all(struct schedule *s)
{
	size_t i;
	int ret;

	for (i = 0; i < s->run->nr; i++) {
		if (*s->run->rec[i].why)
			continue;
		ret = lab_stop_asked() ? -EINTR : measure_row(s, i);
		if (ret)
			return ret;
	}
	return 0;
}

static int look_again(struct schedule *s, struct lab_record *r, size_t others)
{
	double share = (s->deadline - lab_seconds()) / overhead(s) / others;
	double most = MAX_MORE * r->row.ask.budget;
	double dear = r->row.wall / r->row.placements;
	char name[256];
	int ret;

	/* Not where one more placement would take all that is left. */
	if (share < MIN_SHARE || dear > 2 * share + DEAR_SLACK ||
	    lab_stop_asked())
		return 0;
	name_of(r, name, sizeof(name));
	s->doing = name;
	ret = lab_compare_more(&r->row, share < most ? share : most, tick, s);
	s->doing = "";
	return ret;
}

/* What is left of the budget goes to rows that are undecided. */
static int measure_more(struct schedule *s)
{
	size_t i, undecided = 0;
	int ret = 0, err;

	for (i = 0; i < s->run->nr; i++)
		undecided += wants_more(&s->run->rec[i]);
	s->current = s->run->nr;
	for (i = 0; i < s->run->nr; i++) {
		struct lab_record *r = &s->run->rec[i];

		if (!wants_more(r))
			continue;
		if (!ret)
			ret = look_again(s, r, undecided--);
		err = finish_row(s, r);
		if (err)
			return err;
	}
	return ret == -EINTR ? ret : 0;
}

int lab_schedule(struct lab_run *run, struct lab_store *store,
		 unsigned int *stored)
{
	struct schedule s = { .run = run, .store = store, .stored = stored };
	int err;

	lab_progress_begin(&s.progress, run->budget);
	s.deadline = lab_seconds() + run->budget;
	err = store->error ? store->error : measure_all(&s);
	if (!store->error && measure_more(&s) == -EINTR)
		err = -EINTR;
	lab_progress_end(&s.progress);
	return err;
}
