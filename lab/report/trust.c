// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/cpus.h"
#include "base/text.h"
#include "pace/pace.h"
#include "report/counters.h"
#include "report/cpus.h"
#include "report/parts.h"
#include "stats/stats.h"
#include "timing/analysis.h"
#include "timing/engine.h"
#include "timing/gate.h"

#define BUSY_PART	0.1	/* rows that lost more of their rounds are named */

static const struct lab_row *row_at(const struct lab_run *run, size_t i)
{
	return run->rec[i].measured ? &run->rec[i].row : NULL;
}

static void say_aa(FILE *f, const struct lab_run *run)
{
	unsigned int all = 0, off = 0, other = 0, doubts = 0;
	const struct lab_row *row;
	double widest = 0;
	size_t i;

	for (i = 0; i < run->nr; i++) {
		row = row_at(run, i);
		if (!row || !isfinite(row->aa.lo))
			continue;
		all++;
		off += row->aa.lo > 1 || row->aa.hi < 1;
		other += row->aa_verdict != LAB_SAME;
		doubts += lab_doubtful(row);
		widest = fmax(widest, (row->aa.hi - row->aa.lo) / 2);
	}
	if (!all) {
		lab_say(f, "A/A: no row has an interval.");
		return;
	}
	lab_say(f, "A/A arms: %u; zero is outside the interval of %u; %u are not SAME at +-%g %%; widest half-interval %.2f %%.",
		all, off, other, run->request.margin, 100 * widest);
	if (doubts)
		lab_say(f, "Of %u A/A both leaves out zero and is not SAME: there equal code reads apart, and a row is SLOWER or FASTER only when it is %d times as far from zero as A/A may be, and never SAME.",
			doubts, LAB_CLEAR);
}

/* Processes that another machine state, or a layout, may have made. */
static void say_outliers(FILE *f, const struct lab_run *run)
{
	unsigned int n = 0, most = 0;
	unsigned long of = 0;

	for (size_t i = 0; i < run->nr; i++) {
		const struct lab_row *row = row_at(run, i);

		if (!row || !row->outliers)
			continue;
		n++;
		if (row->outliers > most) {
			most = row->outliers;
			of = row->units;
		}
	}
	if (n)
		lab_say(f, "Outliers: in %u rows, at most %u of %lu processes, which lie farther from the row's percentage than the margin and than %d times the spread of processes.",
			n, most, of, LAB_OUTLIER);
}

/* Rows whose first placements, calibration's or their own, were not like the others. */
static void say_refits(FILE *f, const struct lab_run *run)
{
	unsigned int n = 0, most = 0;

	for (size_t i = 0; i < run->nr; i++) {
		const struct lab_row *row = row_at(run, i);

		if (!row || !row->refits)
			continue;
		n++;
		if (row->refits > most)
			most = row->refits;
	}
	if (n)
		lab_say(f, "Begun anew, since epochs were longer or shorter than they should be: %u rows, at most %u times each; what was measured before is not counted.",
			n, most);
}

/* How much of what is uncertain would be there in one process. */
static void say_spread(FILE *f, const struct lab_run *run)
{
	double *x = calloc(run->nr + 1, sizeof(*x));
	size_t n = 0;

	for (size_t i = 0; x && i < run->nr; i++) {
		const struct lab_row *row = row_at(run, i);

		if (row && row->unit == LAB_BY_PROCESS && row->within > 0)
			x[n++] = row->between / row->within;
	}
	if (n) {
		double middle = lab_median(x, n);

		lab_say(f, "Spread of processes over that of placements in a process: median %.2f, in a tenth of the rows above %.2f.",
			middle, x[n * 9 / 10]);
	}
	free(x);
}

double lab_level_percent(double level)
{
	return level > 0.999 ? 99.9 : 100 * level;
}

char *lab_level_text(const struct lab_row *row, char *buf, size_t size)
{
	if (!isfinite(row->level))
		snprintf(buf, size, "no level: too few %s",
			 row->unit == LAB_BY_PROCESS ? "processes" : "rounds");
	else
		snprintf(buf, size, "%.1f %% over %lu %s%s",
			 lab_level_percent(row->level), row->units, lab_unit_name(row->unit),
			 row->unit == LAB_BY_PROCESS ? "es" : "s");
	return buf;
}

/* Which CPUs the rows of one thread were on. */
static void say_roamed(FILE *f, const struct lab_run *run)
{
	unsigned int alike = lab_cpus_alike(), n = 0;
	struct lab_cpu *on = calloc(alike, sizeof(*on));
	char *list;

	for (unsigned int c = 0; on && c < alike; c++) {
		bool used = false;

		for (size_t i = 0; i < run->nr; i++) {
			const struct lab_row *row = row_at(run, i);

			if (!row || row->ask.base.cfg.threads > 1)
				continue;
			for (unsigned long p = 0; p < row->placements; p++)
				used |= row->place[p].cpu == lab_cpus()[c].id;
		}
		if (used)
			on[n++] = lab_cpus()[c];
	}
	list = n > 1 ? lab_cpulist_text(on, n) : NULL;
	if (list)
		lab_say(f, "Rows of one thread were on CPUs %s: a placement begins on one whose core is not shared, and they are alike.",
			list);
	free(list);
	free(on);
}

/* The frequencies that were found, and the rows that no gate could help. */
static void say_core(FILE *f, const struct lab_run *run)
{
	double least = INFINITY, most = 0, alone = 0;
	unsigned int disturbed = 0, unknown = 0;

	for (size_t i = 0; i < run->nr; i++) {
		const struct lab_row *row = row_at(run, i);

		if (!row)
			continue;
		disturbed += row->disturbed;
		unknown += !row->paced;
		alone = fmax(alone, row->alone);
		for (unsigned long p = 0; row->paced && p < row->placements; p++) {
			least = fmin(least, 1 / row->place[p].cycle_ns[0]);
			most = fmax(most, 1 / row->place[p].cycle_ns[0]);
		}
	}
	if (most > 0)
		lab_say(f, "Frequency, by a chain of known latency: %.2f to %.2f GHz over placements; ns are at each row's median.",
			least, most);
	if (unknown)
		lab_say(f, "Cycles are not known of %u rows: %s.", unknown,
			lab_pace_why_not());
	if (alone > 0)
		lab_say(f, "Core: alone it delivers %.2f instructions a cycle; rounds with less than %.0f %% of that are dropped as sibling.",
			LAB_PROBE_INSNS / alone, 100 / LAB_SHARED);
	if (alone > LAB_PROBE_INSNS / LAB_NARROW)
		lab_say(f, "That is little: the core may have been shared all the time, and then no row is what it would be alone.");
	if (disturbed)
		lab_say(f, "%u rows are DISTURBED: what a gate is for went on nearly all the time, so that it left everything in.",
			disturbed);
}

static void say_harness(FILE *f, const struct lab_run *run)
{
	const struct lab_row *row, *worst = NULL;
	unsigned int above = 0;
	char params[256];
	size_t i;

	for (i = 0; i < run->nr; i++) {
		row = row_at(run, i);
		if (!row || !row->rounds)
			continue;
		above += row->harness > LAB_HARNESS_MAX;
		if (!worst || row->harness > worst->harness)
			worst = row;
	}
	if (!worst)
		return;
	lab_params_text(&worst->ask.base, params, sizeof(params));
	lab_say(f, "Harness: its share of an epoch is at most %.4f %% (%s/%s %s); %u rows are above the limit of %g %%.",
		100 * worst->harness, worst->ask.base.scenario->name,
		worst->ask.base.path->name, params, above,
		100 * LAB_HARNESS_MAX);
}

/* Worst row of those with several threads. */
static void say_overlap(FILE *f, const struct lab_run *run)
{
	double skew = NAN, overlap = NAN;
	const struct lab_row *row;
	size_t i;

	for (i = 0; i < run->nr; i++) {
		row = row_at(run, i);
		if (!row || row->ask.base.cfg.threads < 2)
			continue;
		skew = fmax(skew, row->skew);
		overlap = fmin(overlap, row->overlap);
	}
	if (isfinite(skew))
		lab_say(f, "Threads: start skew at most %.0f ns, overlap at least %.4f (medians of rows; a round needs %g).",
			skew, overlap, LAB_OVERLAP_MIN);
}

/* How far threads' CPUs were from each other. */
static void say_handover(FILE *f, const struct lab_run *run)
{
	double least = INFINITY, most = 0;

	for (size_t i = 0; i < run->nr; i++) {
		const struct lab_row *row = row_at(run, i);

		for (unsigned long p = 0; row && p < row->placements; p++) {
			least = fmin(least, row->place[p].handover_ns);
			most = fmax(most, row->place[p].handover_ns);
		}
	}
	if (most > 0)
		lab_say(f, "Handover: a line takes %.0f to %.0f ns there and back between the CPUs of threads, over placements; in a placement that is %g times as far as the row's middle one, or as near, they are others, and it is dropped as moved.",
			least, most, LAB_FARTHER);
}

static void say_oversubscribed(FILE *f, const struct lab_run *run)
{
	unsigned int n = 0;

	for (size_t i = 0; i < run->nr; i++)
		n += run->rec[i].measured &&
		     lab_case_oversubscribed(&run->rec[i].row.ask.base);
	if (n)
		lab_say(f, "%u rows are oversubscribed, with more threads than CPUs: a time slice is part of what they measure, and no round of theirs was dropped for preemption or overlap.",
			n);
}

/* Fewer CPUs than threads, by a cgroup. */
static void say_quota(FILE *f, const struct lab_run *run)
{
	unsigned int *threads = calloc(run->nr + 1, sizeof(*threads));
	size_t n = 0;
	double seconds = 0;

	for (size_t i = 0; threads && i < run->nr; i++) {
		const struct lab_row *row = row_at(run, i);

		if (!row)
			continue;
		threads[n++] = row->ask.base.cfg.threads;
		seconds += lab_row_throttled(row);
	}
	lab_say_quota(f, threads, n);
	if (seconds > 0)
		lab_say(f, "Throttled: for %.2f s while rounds were timed, over all CPUs, by a cgroup's quota.",
			seconds);
	free(threads);
}

static void say_dropped(FILE *f, const struct lab_run *run)
{
	unsigned long kept = 0, dropped[LAB_NR_DROPS] = { 0 }, all = 0;
	const struct lab_row *row;
	unsigned int busy = 0;
	unsigned long lost;
	char line[256];
	size_t i, n = 0;
	int d;

	for (i = 0; i < run->nr; i++) {
		row = row_at(run, i);
		if (!row)
			continue;
		for (d = LAB_KEPT + 1; d < LAB_NR_DROPS; d++)
			dropped[d] += row->dropped[d];
		lost = lab_row_dropped(row);
		kept += row->rounds;
		all += lost;
		busy += lost > BUSY_PART * (lost + row->rounds);
	}
	for (d = LAB_KEPT + 1; d < LAB_NR_DROPS; d++)
		n += snprintf(line + n, sizeof(line) - n, "%s%s %lu",
			      n ? ", " : "", lab_drop_name(d), dropped[d]);
	lab_say(f, "Rounds: %lu kept, %lu dropped (%s); %u rows lost more than %.0f %% of theirs.",
		kept, all, line, busy, 100 * BUSY_PART);
}

static void say_memory(FILE *f, const struct lab_run *run)
{
	const struct lab_row *row;
	unsigned long most = 0;
	struct rusage usage;
	size_t i;

	for (i = 0; i < run->nr; i++) {
		row = row_at(run, i);
		if (row && row->bytes > most)
			most = row->bytes;
	}
	getrusage(RUSAGE_SELF, &usage);
	lab_say(f, "Memory: this run at most %ld MiB; largest working set of one arm %lu KiB.",
		usage.ru_maxrss >> 10, most >> 10);
}

static void say_absent(FILE *f, const struct lab_run *run)
{
	json_t *absent = json_object_get(run->env, "absent");
	const struct lab_absent *a;
	void *at;
	size_t i;

	lab_say_heading(f, "Not measured, not known");
	for (a = lab_absent; a->host; a++)
		lab_say(f, "%s/%s: %s", a->host, a->variant, a->reason);
	for (i = 0; i < run->nr; i++) {
		const struct lab_record *r = &run->rec[i];
		const struct lab_case *c = &r->row.ask.base;

		if (!r->measured && *r->why)
			lab_say(f, "%s/%s: %s", c->scenario->name,
				c->path->name, r->why);
	}
	for (at = json_object_iter(absent); at;
	     at = json_object_iter_next(absent, at))
		lab_say(f, "%s: %s", json_object_iter_key(at),
			json_string_value(json_object_iter_value(at)));
}

/* Over rows that had rounds under counters. */
static void say_disturbance(FILE *f, const struct lab_run *run)
{
	unsigned int n = 0, same = 0;
	double most = 0;

	for (size_t i = 0; i < run->nr; i++) {
		const struct lab_row *row = row_at(run, i);

		if (!row || row->counted.verdict == LAB_NO_RESULT)
			continue;
		n++;
		same += row->counted.verdict == LAB_SAME;
		most = fmax(most, fabs(row->counted.disturbed.est - 1));
	}
	if (n)
		lab_say(f, "Rounds under counters against rounds without: SAME in %u of %u rows, at most %.2f %% apart. All times are of rounds without.",
			same, n, 100 * most);
}

static void say_counters(FILE *f, const struct lab_run *run)
{
	const struct lab_events *set = run->request.events;

	if (!set || !set->nr)
		return;
	lab_say(f, "Counters (%s); the loop of known length: %s%s%s.",
		set->spec, set->truth.status == LAB_COUNTED ?
		"held before and during the run" :
		lab_status_name(set->truth.status), *set->truth.why ? ", " : "",
		set->truth.why);
	say_disturbance(f, run);
	for (unsigned int i = 0; i < set->nr; i++)
		lab_say_event(f, set, &set->event[i], "  ");
}

void lab_report_trust(FILE *f, const struct lab_run *run)
{
	lab_say_heading(f, "How far to trust this");
	say_aa(f, run);
	say_spread(f, run);
	say_outliers(f, run);
	say_refits(f, run);
	say_core(f, run);
	say_roamed(f, run);
	say_harness(f, run);
	say_overlap(f, run);
	say_handover(f, run);
	say_oversubscribed(f, run);
	say_quota(f, run);
	say_dropped(f, run);
	say_memory(f, run);
	say_counters(f, run);
	say_absent(f, run);
}
