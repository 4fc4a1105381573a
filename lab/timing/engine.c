// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/cpus.h"
#include "base/delay.h"
#include "base/stop.h"
#include "pace/pace.h"
#include "stats/rounds.h"
#include "stats/stats.h"
#include "timing/engine.h"
#include "timing/together.h"
#include "timing/window.h"
#include "timing/workers.h"

#define LEAD_PART	4	/* of an epoch, run before it */
#define LEAD_PART_THREADS 16	/* of one of threads, which is longer */
#define CHUNK_PART	64	/* of an epoch, run at a time after it */
#define CLOSE_PART	512	/* of an epoch, run at a time while it closes */
#define ROLE_NS		500	/* a role's call of run() shall last longer */
#define HARNESS_TRIES	1001
#define CONFIRM_TRIES	8	/* of a length that seems to do */
#define WARM_PARTS	32	/* of what warms an arm */
#define NEARLY		0.5	/* of the length wanted: from there on it is worth a look */
#define SURELY		4	/* times it: a smallest call that is more is long */
#define TICK_SPAN	(20 * LAB_MSEC)

static uint64_t tick_anchor, tick_anchor_ns;

/*
 * One epoch while it runs; the keep-load loops watch @running, the threads that
 * still count, and then @unaware, those that have not seen that none does.
 */
struct job {
	struct lab_arm *arm;
	unsigned long n, lead, chunk, small;
	struct lab_counting *counting;
	struct lab_quiet *quiet;
	struct lab_epoch *out;
	_Alignas(64) _Atomic unsigned int running;
	_Atomic unsigned int unaware;
	struct lab_together together;
};

/* What the system did to a thread. */
struct usage {
	long preempted, slept, faults;
	uint64_t delay;
};

static struct usage usage_now(void)
{
	struct rusage ru;

	getrusage(RUSAGE_THREAD, &ru);
	return (struct usage){ ru.ru_nivcsw, ru.ru_nvcsw,
			       ru.ru_minflt + ru.ru_majflt, lab_run_delay() };
}

static bool has_roles(const struct lab_arm *arm)
{
	return arm->c.path->flags & BENCH_ROLES;
}

int lab_arm_setup(struct lab_arm *arm, const struct lab_case *c)
{
	memset(arm, 0, sizeof(*arm));
	arm->c = *c;
	if (c->path->flags & BENCH_LATENCY) {
		arm->hist = calloc(c->cfg.threads, sizeof(*arm->hist));
		if (!arm->hist)
			return -ENOMEM;
	}
	arm->state = c->path->setup(&arm->c.cfg, &arm->info);
	if (!arm->state) {
		free(arm->hist);
		return -ENOMEM;
	}
	if (!arm->info.granule)
		arm->info.granule = 1;
	return 0;
}

int lab_arm_open(struct lab_arm *arm, const struct lab_case *c)
{
	int ret = lab_workers_need(c->cfg.threads);

	if (ret)
		return ret;
	if (!tick_anchor_ns) {
		tick_anchor_ns = lab_now();
		tick_anchor = bench_ticks();
	}
	return lab_arm_setup(arm, c);
}

int lab_arm_close(struct lab_arm *arm)
{
	free(arm->hist);
	return arm->c.path->teardown(arm->state);
}

unsigned long lab_arm_round_ops(const struct lab_arm *arm, double n)
{
	unsigned long granule = arm->info.granule;
	unsigned long ops = llround(n / granule) * granule;

	if (arm->info.max_ops && ops > arm->info.max_ops)
		ops = arm->info.max_ops / granule * granule;
	return ops > granule ? ops : granule;
}

static void run(struct lab_arm *arm, unsigned int thread, unsigned long n,
		struct bench_hist *hist)
{
	arm->c.path->run(arm->state, thread, n, hist);
	arm->done[thread].ops += n;
}

/*
 * The clock pair encloses the call through the pointer and nothing else;
 * what run() counts is added up after the second read.
 */
static void count_ops(struct job *job, unsigned int thread, uint64_t start,
		      struct bench_hist *hist)
{
	struct lab_thread_epoch *p = &job->out->thread[thread];

	p->start = start;
	job->arm->c.path->run(job->arm->state, thread, job->n, hist);
	p->end = lab_now();
	p->ops = job->n;
	job->arm->done[thread].ops += job->n;
}

/* The counters are read farther out than the clock. */
static void count_events(struct job *job, unsigned int thread,
			 struct bench_hist *hist)
{
	struct lab_group *g = &job->counting->group[thread];
	struct lab_thread_epoch *p = &job->out->thread[thread];
	struct lab_reading before, after;

	p->status = lab_group_read(g, &before);
	count_ops(job, thread, lab_now(), hist);
	if (p->status == LAB_COUNTED)
		p->status = lab_group_read(g, &after);
	p->gap = lab_now() - p->end;
	if (p->status != LAB_COUNTED)
		return;
	p->direct = before.direct && after.direct;
	for (unsigned int i = 0; i < g->nr; i++)
		p->count[i] = after.value[i] - before.value[i];
}

static bool any(_Atomic unsigned int *threads)
{
	return atomic_load_explicit(threads, memory_order_relaxed);
}

static void one_less(_Atomic unsigned int *threads)
{
	atomic_fetch_sub_explicit(threads, 1, memory_order_relaxed);
}

/* Who has nothing to be counted for shall not use up its time slice. */
static void make_room(void)
{
	if (lab_workers_oversubscribed())
		sched_yield();
}

/*
 * A thread with a role: runs until thread 0 is done, and is counted. Its
 * operations may be far dearer than thread 0's, so it feels its way to a
 * number that keeps the news of the end from waiting.
 */
static void run_role(struct job *job, unsigned int thread, uint64_t start,
		     struct bench_hist *hist)
{
	struct lab_thread_epoch *p = &job->out->thread[thread];
	unsigned long n = job->arm->info.granule;
	uint64_t last = start, now;

	p->start = start;
	p->ops = 0;
	do {
		run(job->arm, thread, n, hist);
		p->ops += n;
		make_room();
		if (n >= job->chunk)
			continue;
		now = lab_now();
		if (now - last < ROLE_NS)
			n *= 2;
		last = now;
	} while (any(&job->running));
	p->end = lab_now();
	p->load_end = p->end;
}

/*
 * What others need to be timed among equals. The clock is not read before all
 * have counted, or the load would be less. From then on it is, around calls that
 * are small, until all know: no load ends before, so that the common window may.
 */
static void keep_load(struct job *job, unsigned int thread)
{
	struct lab_thread_epoch *p = &job->out->thread[thread];

	p->load_ops = p->ops;
	while (any(&job->running)) {
		run(job->arm, thread, job->chunk, NULL);
		p->load_ops += job->chunk;
		make_room();
	}
	one_less(&job->unaware);
	p->mark = p->end;
	p->mark_ops = p->load_ops;
	while (any(&job->unaware)) {
		p->mark = lab_now();
		p->mark_ops = p->load_ops;
		run(job->arm, thread, job->small, NULL);
		p->load_ops += job->small;
		make_room();
	}
	p->load_end = lab_now();
}

static void run_thread(struct job *job, unsigned int thread)
{
	unsigned int threads = job->arm->c.cfg.threads;
	struct lab_thread_epoch *p = &job->out->thread[thread];
	struct bench_hist *hist = NULL;
	uint64_t start;

	if (job->arm->hist)
		hist = &job->arm->hist[thread];
	p->status = LAB_NOT_COUNTED;
	p->gap = 0;
	if (threads == 1) {
		if (job->counting)
			count_events(job, 0, hist);
		else
			count_ops(job, 0, lab_now(), hist);
		p->load_end = p->end;
		return;
	}
	start = lab_barrier_wait(lab_workers_barrier());
	if (has_roles(job->arm) && thread) {
		run_role(job, thread, start, hist);
		return;
	}
	if (job->counting)
		count_events(job, thread, hist);
	else
		count_ops(job, thread, start, hist);
	one_less(&job->running);
	if (has_roles(job->arm))
		p->load_end = lab_now();
	else
		keep_load(job, thread);
}

/* Threads that share CPUs cannot wait at the same time. */
static double first_probe(struct job *job, struct lab_thread_epoch *p)
{
	bool joint = job->arm->c.cfg.threads > 1 && !lab_workers_oversubscribed();
	struct lab_quiet q = { 0 };
	uint64_t start = lab_now();
	double ns;

	p->waited = 0;
	if (!job->quiet)
		return lab_pace_check(NULL);
	q.ns = job->quiet->ns;
	q.until = job->quiet->until;
	ns = joint ? lab_together_wait(&job->together, lab_workers_barrier(), &q) :
		     lab_pace_wait(&q);
	p->waited = lab_now() - start;
	return ns;
}

/* Threads wait together, or, where they share CPUs, each for itself. */
static void add_wait(struct lab_quiet *quiet, const struct lab_epoch *e,
		     unsigned int threads)
{
	uint64_t longest = 0;

	for (unsigned int i = 0; i < threads; i++)
		if (e->thread[i].waited > longest)
			longest = e->thread[i].waited;
	quiet->waited += longest;
}

static void epoch_thread(void *arg, unsigned int thread)
{
	struct job *job = arg;
	struct lab_arm *arm = job->arm;
	struct lab_thread_epoch *p = &job->out->thread[thread];
	struct usage before, after;
	double probe = first_probe(job, p);

	if (arm->hist)
		memset(&arm->hist[thread], 0, sizeof(*arm->hist));
	if (has_roles(arm) && thread)
		run(arm, thread, arm->info.granule, NULL);
	else if (job->lead)
		run(arm, thread, job->lead, NULL);
	if (arm->c.path->prepare) {
		arm->c.path->prepare(arm->state, thread);
		probe = fmax(probe, lab_pace_check(job->quiet));
	}
	before = usage_now();
	run_thread(job, thread);
	after = usage_now();
	p->preempted = after.preempted != before.preempted;
	p->slept = after.slept != before.slept;
	p->delay = after.delay - before.delay;
	p->faulted = after.faults != before.faults;
	p->migrated = sched_getcpu() != lab_cpu_nth(thread);
	p->probe = fmax(probe, lab_pace_check(job->quiet));
}

/* The ends that count, and the earliest end of the load. */
static void set_overlap(const struct lab_arm *arm, struct lab_epoch *e)
{
	uint64_t first = e->thread[0].start, last = first;
	uint64_t end = e->thread[0].end, load = e->thread[0].load_end;
	unsigned int i, threads = arm->c.cfg.threads;

	for (i = 1; i < threads; i++) {
		const struct lab_thread_epoch *p = &e->thread[i];

		first = p->start < first ? p->start : first;
		last = p->start > last ? p->start : last;
		load = p->load_end < load ? p->load_end : load;
		if (!has_roles(arm) && p->end > end)
			end = p->end;
	}
	e->span = end - first;
	e->skew = NAN;
	e->overlap = NAN;
	if (threads == 1)
		return;
	load = load < end ? load : end;
	e->skew = last - first;
	e->overlap = load > last ? (load - last) / e->span : 0;
}

/* Throughput of threads that are alike is told of the time that they share. */
static void set_rates(const struct lab_arm *arm, struct lab_epoch *e)
{
	unsigned int threads = arm->c.cfg.threads;
	bool alike = threads > 1 && !has_roles(arm);
	struct lab_window w = { 0, 0 };

	if (alike)
		w = lab_window_of(e, threads, lab_workers_oversubscribed());
	for (unsigned int i = 0; i < threads; i++) {
		struct lab_thread_epoch *p = &e->thread[i];

		p->rate_ops = alike ? lab_window_ops(p, w) : p->ops;
		p->rate_ns = alike ? (double)(w.to - w.from) - p->gap :
				     (double)(p->end - p->start);
	}
}

static void set_ns(const struct lab_arm *arm, struct lab_epoch *e)
{
	unsigned int i, threads = has_roles(arm) ? 1 : arm->c.cfg.threads;
	double ns = 0, ops = 0;

	for (i = 0; i < threads; i++) {
		ns += e->thread[i].rate_ns;
		ops += e->thread[i].rate_ops;
	}
	e->ns = (ns > 0 ? ns : 1) / (ops > 0 ? ops : 1);
}

/*
 * Threads that share CPUs preempt each other, and start one after the other. A
 * thread among others may sleep on a lock, and is late when it wakes: that is
 * part of what is asked.
 */
static void set_drop(const struct lab_arm *arm, struct lab_epoch *e)
{
	bool oversubscribed = lab_workers_oversubscribed();
	bool migrated = false, preempted = false, faulted = false;
	unsigned int threads = arm->c.cfg.threads;

	e->probe = 0;
	for (unsigned int i = 0; i < threads; i++) {
		e->probe = fmax(e->probe, e->thread[i].probe);
		migrated |= e->thread[i].migrated;
		preempted |= e->thread[i].preempted;
		faulted |= e->thread[i].faulted;
	}
	if (migrated)
		e->drop = LAB_MIGRATED;
	else if (preempted && !oversubscribed)
		e->drop = LAB_PREEMPTED;
	else if (faulted)
		e->drop = LAB_FAULTED;
	else if (threads == 1 && e->thread[0].delay > LAB_DELAY_MAX * e->span)
		e->drop = LAB_DELAYED;
	else if (e->overlap < LAB_OVERLAP_MIN && !oversubscribed)
		e->drop = LAB_OVERLAP;
	else
		e->drop = LAB_KEPT;
}

/* A part of @n that the path takes; 0 when @n is only a few granules. */
static unsigned long part_of(const struct lab_arm *arm, unsigned long n,
			     unsigned int part)
{
	return n / part / arm->info.granule * arm->info.granule;
}

int lab_arm_epoch(struct lab_arm *arm, unsigned long n, struct lab_epoch *out)
{
	return lab_arm_epoch_counted(arm, n, NULL, NULL, out);
}

int lab_arm_epoch_counted(struct lab_arm *arm, unsigned long n,
			  struct lab_counting *counting, struct lab_quiet *quiet,
			  struct lab_epoch *out)
{
	bool alike = !has_roles(arm) || arm->c.cfg.threads == 1;
	struct job job = {
		.arm = arm, .n = n, .counting = counting, .quiet = quiet,
		.out = out,
	};
	int ret = lab_workers_need(arm->c.cfg.threads);

	if (ret)
		return ret;
	job.chunk = part_of(arm, n, CHUNK_PART);
	if (!arm->info.max_ops)
		job.lead = part_of(arm, n, arm->c.cfg.threads > 1 ?
				   LEAD_PART_THREADS : LEAD_PART);
	if (!job.chunk)
		job.chunk = arm->info.granule;
	job.small = part_of(arm, n, CLOSE_PART);
	if (!job.small)
		job.small = arm->info.granule;
	atomic_init(&job.running, alike ? arm->c.cfg.threads : 1);
	atomic_init(&job.unaware, arm->c.cfg.threads);
	atomic_init(&job.together.restless, 0);
	atomic_init(&job.together.over, 0);
	lab_workers_do(epoch_thread, &job);
	if (quiet)
		add_wait(quiet, out, arm->c.cfg.threads);
	set_overlap(arm, out);
	set_rates(arm, out);
	set_ns(arm, out);
	set_drop(arm, out);
	return 0;
}

int lab_arms_warm(struct lab_arm *arm, unsigned int nr)
{
	unsigned long n = lab_arm_round_ops(arm, arm->info.warm / WARM_PARTS), done;
	static struct lab_epoch e;
	unsigned int first = 0;
	int ret = 0;

	for (done = 0; done < arm->info.warm && !ret; done += n, first++)
		for (unsigned int a = 0; a < nr && !ret; a++)
			ret = lab_arm_epoch(&arm[(first + a) % nr], n, &e);
	return ret;
}

/* An arm's epochs: on a core of its own, and on a shared one. */
struct lengths {
	double ns[2][CONFIRM_TRIES];
	unsigned int nr[2];
};

static void add_length(struct lengths *l, double ns, bool shared)
{
	if (l->nr[shared] < CONFIRM_TRIES)
		l->ns[shared][l->nr[shared]++] = ns;
}

/*
 * The middle one, which differs less from run to run than the shortest: where epochs
 * are about as long as wanted, each run shall have as many operations. Those on a
 * shared core are looked at where there is no other.
 */
static double length_of(struct lengths *l)
{
	bool shared = !l->nr[0];

	return lab_median(l->ns[shared], l->nr[shared]);
}

/*
 * The fastest arm's epoch of @n, by @tries of each on a core of its own, as far as
 * there is time to wait for it; 0 on failure. All arms do the same calls.
 */
static double shortest(struct lab_arm *arm, unsigned int nr, unsigned long n,
		       unsigned int tries, struct lab_quiet *quiet)
{
	struct lengths l[LAB_MAX_ARMS] = { 0 };
	static struct lab_epoch e;
	double best = INFINITY;
	bool lacks = true;

	for (unsigned int i = 0; i < tries ||
	     (lacks && lab_now() < quiet->until && !lab_stop_asked()); i++) {
		lacks = false;
		for (unsigned int a = 0; a < nr; a++) {
			if (lab_arm_epoch_counted(&arm[a], n, NULL, quiet, &e))
				return 0;
			add_length(&l[a], e.ns * n,
				   quiet && e.probe >= quiet->ns);
			lacks |= l[a].nr[0] < tries;
		}
	}
	for (unsigned int a = 0; a < nr; a++)
		best = fmin(best, length_of(&l[a]));
	return best;
}

unsigned long lab_arms_calibrate(struct lab_arm *arm, unsigned int nr,
				 double target, struct lab_quiet *quiet)
{
	unsigned long least = lab_arm_round_ops(arm, 1), n = least, more;
	double t;

	for (;; n = more) {
		if (lab_stop_asked())
			return 0;
		more = lab_arm_round_ops(arm, 2.0 * n);
		t = shortest(arm, nr, n, 1, quiet);
		/* one alone may have been disturbed, or happened to be short */
		if (t >= NEARLY * target && (n > least || t < SURELY * target))
			t = shortest(arm, nr, n, CONFIRM_TRIES, quiet);
		if (!(t > 0))
			return 0;
		if (t >= NEARLY * target || more == n)
			break;
	}
	return lab_arm_round_ops(arm, n * target / t);
}

unsigned long lab_arm_calibrate(struct lab_arm *arm, double target)
{
	return lab_arms_calibrate(arm, 1, target, NULL);
}

/* What each thread is short of. */
struct level {
	struct lab_arm *arm;
	unsigned long goal[BENCH_MAX_THREADS], step;
};

static void level_thread(void *arg, unsigned int thread)
{
	const struct bench_path *path;
	struct level *l = arg;
	struct lab_arm *arm = l->arm;
	unsigned long left = l->goal[thread] - arm->done[thread].ops, n;

	path = arm->c.path;
	while (left) {
		n = lab_arm_round_ops(arm, left < l->step ? left : l->step);
		if (path->prepare)
			path->prepare(arm->state, thread);
		run(arm, thread, n, NULL);
		left -= n < left ? n : left;
	}
}

void lab_arms_level(struct lab_arm *arm, unsigned int nr, unsigned long step)
{
	struct level l = { .step = step };
	unsigned int i, t;

	for (i = 0; i < nr; i++)
		for (t = 0; t < arm[i].c.cfg.threads; t++)
			if (arm[i].done[t].ops > l.goal[t])
				l.goal[t] = arm[i].done[t].ops;
	for (i = 0; i < nr; i++) {
		l.arm = &arm[i];
		if (!lab_workers_need(arm[i].c.cfg.threads))
			lab_workers_do(level_thread, &l);
	}
}

static void empty_run(void *state, unsigned int thread, unsigned long n,
		      struct bench_hist *hist)
{
	(void)state;
	(void)thread;
	(void)n;
	(void)hist;
}

double lab_harness_ns(void)
{
	void (*volatile call)(void *, unsigned int, unsigned long,
			      struct bench_hist *) = empty_run;
	static double x[HARNESS_TRIES], cost;

	if (cost > 0)
		return cost;
	for (unsigned int i = 0; i < HARNESS_TRIES; i++) {
		uint64_t start = lab_now();

		call(NULL, 0, 0, NULL);
		x[i] = lab_now() - start;
	}
	/* a coarse clock has few values; what was interrupted is left out */
	gsl_sort(x, 1, HARNESS_TRIES);
	cost = gsl_stats_mean(x, 1, HARNESS_TRIES * 9 / 10);
	return cost > 0 ? cost : 1;
}

double lab_epoch_target(double budget, unsigned int nr_arms, unsigned int threads)
{
	double least = threads > lab_cpus_allowed() ? LAB_OVERSUBSCRIBED_NS :
		       threads > 1 ? LAB_THREADS_NS : LAB_EPOCH_NS;
	double slow_clock = 1.2 * lab_harness_ns() / LAB_HARNESS_MAX;
	double many_rounds = budget * LAB_SEC / nr_arms / (LAB_MAX_ROUNDS / 2);

	return fmax(least, fmax(slow_clock, many_rounds));
}

double lab_tick_ns(void)
{
	uint64_t ns;

	if (!tick_anchor_ns) {
		tick_anchor_ns = lab_now();
		tick_anchor = bench_ticks();
	}
	do {
		ns = lab_now();
	} while (ns - tick_anchor_ns < TICK_SPAN);
	return (double)(ns - tick_anchor_ns) / (bench_ticks() - tick_anchor);
}

void lab_engine_end(void)
{
	lab_workers_end();
}
