// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/cpus.h"
#include "base/rng.h"
#include "base/stop.h"
#include "pace/pace.h"
#include "pace/step.h"
#include "process/measure.h"
#include "process/pool.h"
#include "process/share.h"
#include "process/spawn.h"
#include "stats/rounds.h"
#include "stats/stats.h"
#include "timing/analysis.h"
#include "timing/gate.h"
#include "timing/length.h"

#define OVERTIME	0.2	/* of the time, for rows that lack processes */
#define ENOUGH		0.75	/* of the processes; a row with values of fewer is short */
#define FIRST_PASS	0.75	/* of a process's, the rest for rows to be visited again */
#define LEAST_PLACES	3	/* of a row in a process, where they are cheap */
#define MOST_TIME	8	/* even shares; a row that needs more has less */
#define MOST_WAIT	4	/* even shares: a row waits for a core as if it had no more */
#define AIM		0.004	/* half of an interval that they are planned for */
#define PATIENCE	(3 * LAB_WAITS)	/* shares of a row that one good placement may take */
#define RESTARTS	0.25	/* of the processes, in which a row may begin anew */
#define MOST_REFITS	3	/* for the placement that tells may be disturbed, too */
#define LEAST_SEEN	10	/* probes have a tenth */
#define MAX_SEEN	(1 << 16)

/*
 * Measuring, while it goes on. @weight, @floor and @share go with the tasks, @order
 * is the present process's, and @until when it visits no row again; @slack is what the
 * next row may take beside its share. @over is what a process takes beside its rows,
 * seconds.
 * @seen is what a probe took alone in each row of each process, @alone what follows.
 */
struct plan {
	struct lab_measure *m;
	struct lab_process process;
	struct lab_rng rng;
	double began, over, until, slack, *weight, *floor, *share, *seen, alone;
	uint32_t *order;
	size_t nr_seen;
	unsigned int nth;	/* 0 calibrates, the others measure */
	bool again;		/* only rows that lack processes */
};

static int start(struct plan *p)
{
	const struct lab_events *e = p->m->task[0].row->ask.events;

	/* to look for counters takes it 6 ms */
	return p->process.pid ? 0 :
	       lab_process_start(&p->process, e && e->nr_passes ? e->spec : NULL);
}

/* What a process that ended by itself leaves to be said. */
static void lose(struct plan *p, struct lab_task *t)
{
	int why = lab_process_end(&p->process);

	t->ret = -ECHILD;
	if (why > 0)
		snprintf(t->row->fault, LAB_NOTE,
			 "the process that measured it was ended by signal %d (%s)",
			 why, strsignal(why));
	else
		snprintf(t->row->fault, LAB_NOTE, "the process that measured it ended");
}

/*
 * What a probe takes alone in a row. Threads that share a core are each other's
 * neighbours, of whom probes would tell all the time: of such a row they are not asked,
 * nor of one on cores of several kinds, to which probes are not alike.
 */
static double alone_in(const struct plan *p, const struct lab_row *row)
{
	unsigned int n = lab_cpus_of(row->ask.base.cfg.threads);

	if (lab_topology_siblings(lab_cpus(), n) || lab_topology_mixed(lab_cpus(), n))
		return 0;
	return p->alone;
}

/* May a row still begin anew? Not so late that too few processes would be left. */
static bool may_restart(const struct plan *p, const struct lab_task *t)
{
	return t->row->refits < MOST_REFITS && p->nth <= RESTARTS * p->m->processes;
}

static void work_of(const struct plan *p, const struct lab_task *t, double share,
		    struct lab_work *w)
{
	const struct lab_ask *ask = &t->row->ask;

	memset(w, 0, sizeof(*w));
	lab_case_format(&ask->base, w->base);
	lab_case_format(&ask->new_, w->new_);
	w->margin = ask->margin;
	w->seed = ask->seed;
	w->seconds = share;
	w->ops = t->row->ops_per_epoch;
	w->cost = t->row->cost;
	w->quota.alone = p->alone;
	if (!p->nth)
		return;
	lab_row_quota(t->row, share, &w->quota);
	w->quota.alone = alone_in(p, t->row);
	/* where time is so short that one placement is too long, none is waited away */
	w->quota.seconds = fmin(w->quota.seconds, MOST_WAIT * p->m->seconds /
				p->m->processes / p->m->nr);
	w->quota.seconds = fmin(w->quota.seconds, fmax(0, p->slack) / LAB_WAITS);
	w->quota.process = p->nth - 1;
	w->quota.visit = t->visit;
	w->quota.placements -= t->good;
	/* the first good one may show that the row has to begin anew */
	if (may_restart(p, t) && !lab_gate_processes(t->row)) {
		w->quota.placements = 1;
		w->quota.seconds = fmin(w->quota.seconds,
					lab_row_place_seconds(t->row));
	}
}

/* What probes took in the rounds of one process, cycles, where known; how many. */
static size_t probes_of(const struct lab_row *part, double *cycles)
{
	size_t nr = 0;

	for (unsigned long i = 0; i < part->placements; i++) {
		const struct lab_place *at = &part->place[i];

		for (unsigned long r = at->first;
		     r < lab_row_place_end(part, i); r++)
			if (at->cycle_ns[0] > 0)
				cycles[nr++] = part->probe[r] / at->cycle_ns[0];
	}
	return nr;
}

/*
 * What one visit has seen a row's probes take, in its calibration or its rounds; what
 * was known before is nothing new.
 */
static void learn(struct plan *p, const struct lab_row *part)
{
	double alone = p->nth ? NAN : part->alone, *cycles;

	if (part->nr_raw >= LEAST_SEEN) {
		cycles = malloc(part->nr_raw * sizeof(*cycles));
		if (!cycles)
			return;
		alone = lab_pace_alone(cycles, probes_of(part, cycles));
		free(cycles);
	}
	if (alone > 0 && p->nr_seen < MAX_SEEN)
		p->seen[p->nr_seen++] = alone;
}

/* What a probe takes alone; 0 as long as nothing is known. */
static void set_alone(struct plan *p)
{
	double alone = lab_pace_alone(p->seen, p->nr_seen);

	p->alone = alone > 0 ? alone : 0;
	for (size_t i = 0; i < p->m->nr; i++) {
		struct lab_row *row = p->m->task[i].row;

		row->alone = alone_in(p, row);
	}
}

/* Begins a row anew; what it knows beside its rounds stays. */
static int restart(struct lab_row *row, const struct lab_row *part)
{
	struct lab_row was = *row;
	int ret;

	lab_row_free(row);
	ret = lab_row_begin(row, &was.ask);
	row->ops_per_epoch = part->fits;
	row->cost = part->cost;
	row->cost.round *= (double)part->fits / part->ops_per_epoch;
	row->alone = was.alone;
	row->step_ns = was.step_ns;
	row->wall = was.wall + part->wall;
	row->refits = was.refits + 1;
	return ret;
}

/*
 * Has a row another length than a visit tells? By its first good placement, or by all, if
 * they say that it is wrong in the same direction: which of them are good may be known only
 * later.
 */
static bool is_misfit(const struct lab_row *row, const struct lab_row *part)
{
	double off;

	if (!part->fits || part->fits == part->ops_per_epoch || part->partial ||
	    part->leaks || part->warnings || !part->digest_ok)
		return false;
	if (!lab_gate_processes(row))
		return true;
	off = lab_row_misfit(row);
	return off > 1 ? part->fits < part->ops_per_epoch :
	       off < 1 && part->fits > part->ops_per_epoch;
}

/* What a process found is added to a row, or shows that it has to begin anew. */
static int take(const struct plan *p, struct lab_task *t, struct lab_row *part)
{
	if (may_restart(p, t) && is_misfit(t->row, part)) {
		t->good = 0;
		return restart(t->row, part);
	}
	for (unsigned long i = 0; i < part->placements; i++)
		t->good += lab_gate_good(part, i);
	return lab_pool_add(t->row, part);
}

/* 0, or what ends the measuring as a whole. */
static int do_task(struct plan *p, struct lab_task *t, double share)
{
	struct lab_row *row = t->row, part;
	struct lab_work w;
	int ret = start(p);

	if (ret)
		return ret;
	work_of(p, t, share, &w);
	ret = lab_process_do(&p->process, &w, &row->ask, &part);
	if (ret == -ECHILD) {
		/* who was told to stop may have ended before it watched */
		if (!lab_stop_asked())
			lose(p, t);
		ret = 0;
	} else if (ret && ret != -EINTR) {
		t->ret = ret;
		memcpy(row->fault, part.fault, sizeof(row->fault));
		ret = 0;
	} else if (take(p, t, &part)) {
		ret = -ENOMEM;
	}
	if (!p->nth)
		row->ops_per_epoch = part.ops_per_epoch;
	learn(p, &part);
	t->visit++;
	if (!p->nth)
		set_alone(p);
	lab_row_free(&part);
	return lab_stop_asked() ? -EINTR : ret;
}

/* A void row is settled, whatever more is measured. */
static bool is_done(const struct lab_task *t)
{
	return t->ret || t->row->leaks || t->row->warnings || !t->row->digest_ok ||
	       t->row->nr_raw >= LAB_MAX_ROUNDS;
}

/*
 * How long a process needs for a row. An interval's half is about what one process
 * is off, which is what a placement is off by the root of their number: so it follows
 * from how far placements of the processes before were apart. Each process still
 * counts once, with whatever it finds: how the time is shared does not bias a row.
 * The farther a row is from what it can have, the less it takes from those that can
 * come near the aim.
 */
static double need(const struct lab_row *row, double even)
{
	double off = fmax(row->within, row->between / 2) / AIM;
	double places = off > 0 ? fmax(off * off, LEAST_PLACES) : LEAST_PLACES;
	double wanted = places * lab_row_place_seconds(row);
	double most = MOST_TIME * even;

	return wanted > most ? fmax(even, most * most / wanted) : wanted;
}

/* One outlier in three placements of a process is nothing. */
static double least(const struct lab_row *row, double even)
{
	struct lab_quota q;

	return fmax(lab_row_quota(row, 0, &q),
		    fmin(LEAST_PLACES * lab_row_place_seconds(row), even));
}

/* Divides @seconds of one process among the rows; the sum may be more. */
static double divide(struct plan *p, double seconds)
{
	double even = fmax(0, seconds) / p->m->nr;

	for (size_t i = 0; i < p->m->nr; i++) {
		const struct lab_task *t = &p->m->task[i];

		p->weight[i] = is_done(t) ? 0 : t->weight * need(t->row, even);
		p->floor[i] = is_done(t) ? 0 : least(t->row, even);
	}
	return lab_share(p->weight, p->floor, p->m->nr, seconds, p->share);
}

static double time_left(const struct plan *p)
{
	return p->began + p->m->seconds - lab_seconds();
}

/* Has a row a value of too few processes, or too few for an interval? */
static bool is_short(const struct plan *p, const struct lab_task *t)
{
	return t->clean < fmax(ENOUGH * p->m->processes,
			       fmin(lab_min_units(), p->m->processes));
}

/* Has a row something to do in this process? */
static bool lacks(const struct plan *p, const struct lab_task *t, double share)
{
	struct lab_quota q;

	if (is_done(t) || (p->again && !is_short(p, t)))
		return false;
	if (!t->visit || !p->nth)
		return !t->visit;
	/* One good placement is a value of the process. */
	if (t->spent > (t->good ? 1 : PATIENCE) * share)
		return false;
	lab_row_quota(t->row, share, &q);
	return t->good < q.placements;
}

/*
 * What a process has left, beside the shares of the rows that it has not visited yet,
 * when it comes to the @nth: on a core that is shared all the time, waiting ends with it.
 */
static double slack(const struct plan *p, const struct lab_task *t, size_t nth,
		    double seconds)
{
	double part = t->visit ? 0 : 1 - (double)nth / p->m->nr;

	return p->until - part * FIRST_PASS * seconds - lab_seconds();
}

/* Every row that lacks something is asked for once. */
static int do_visits(struct plan *p, double seconds, double *walls, bool *left)
{
	struct lab_measure *m = p->m;
	int ret = 0;

	*left = false;
	lab_rng_order(&p->rng, p->order, m->nr);
	for (size_t i = 0; i < m->nr && !ret; i++) {
		struct lab_task *t = &m->task[p->order[i]];
		double wall = t->row->wall;
		double share = p->nth ? p->share[p->order[i]] : seconds / m->nr;

		if (!lacks(p, t, share) ||
		    (t->visit && lab_seconds() > p->until))
			continue;
		if (p->again && time_left(p) < 0)
			break;
		if (m->progress)
			lab_progress_show(m->progress, p->nth,
					  p->again ? p->nth : m->processes, t->name);
		p->slack = slack(p, t, i, seconds);
		ret = do_task(p, t, share);
		t->spent += t->row->wall - wall;
		*walls += t->row->wall - wall;
		*left |= lacks(p, t, share);
	}
	return ret;
}

/*
 * One process, from its start to its end. Rows that found the core shared are
 * visited again, as long as there is time for it.
 */
static int do_process(struct plan *p, double seconds)
{
	struct lab_measure *m = p->m;
	double began = lab_seconds(), walls = 0;
	bool left = true;
	int ret = 0;

	p->until = began + seconds;
	for (size_t i = 0; i < m->nr; i++)
		m->task[i].good = m->task[i].visit = m->task[i].spent = 0;
	do {
		ret = do_visits(p, seconds, &walls, &left);
	} while (left && !ret && lab_seconds() < p->until);
	lab_process_end(&p->process);
	set_alone(p);
	p->over = fmax(0, lab_seconds() - began - walls);
	return ret;
}

/* Are there rows of which many processes had nothing that could be kept? */
static bool any_lacks(struct plan *p)
{
	struct lab_measure *m = p->m;
	bool any = false;

	for (size_t i = 0; i < m->nr; i++) {
		struct lab_task *t = &m->task[i];

		t->clean = lab_gate_processes(t->row);
		any |= !is_done(t) && is_short(p, t);
	}
	return any;
}

/* One process that measures, and what it leaves kept. */
static int do_measuring(struct plan *p, double seconds)
{
	int ret = do_process(p, seconds);
	int err = p->m->kept ? p->m->kept(p->m->arg) : 0;

	p->nth++;
	return err ? err : ret;
}

static int do_all(struct plan *p)
{
	struct lab_measure *m = p->m;
	unsigned int left = m->processes, more = m->processes / 2;
	int ret = do_process(p, m->seconds / m->processes);

	for (p->nth = 1; left && !ret; left--) {
		double each = time_left(p) / left - p->over;
		double first = divide(p, FIRST_PASS * each);

		if (p->nth == 1 && m->foresee)
			m->foresee(m->arg, lab_seconds() - p->began +
				   left * (fmax(first, each) + p->over));
		ret = do_measuring(p, each);
	}
	p->again = true;
	p->began += OVERTIME * m->seconds;
	while (!ret && more-- && time_left(p) > 0 && any_lacks(p))
		ret = do_measuring(p, divide(p, m->seconds / m->processes));
	return ret;
}

int lab_measure(struct lab_measure *m)
{
	struct plan p = { .m = m, .rng.state = m->seed, .began = lab_seconds() };
	size_t n = m->nr;
	int ret = -ENOMEM;

	if (!n)
		return 0;
	for (size_t i = 0; i < n; i++)
		m->task[i].row->step_ns = lab_clock_step();
	p.weight = malloc((3 * n + MAX_SEEN) * sizeof(*p.weight));
	p.order = malloc(n * sizeof(*p.order));
	if (p.weight && p.order) {
		p.floor = p.weight + n;
		p.share = p.weight + 2 * n;
		p.seen = p.weight + 3 * n;
		ret = do_all(&p);
	}
	lab_process_end(&p.process);
	free(p.weight);
	free(p.order);
	return ret;
}
