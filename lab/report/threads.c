// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <math.h>

#include "base/text.h"
#include "report/cpus.h"
#include "report/parts.h"

static void say_threads(FILE *f, const struct lab_row *row, unsigned int arm,
			const char *variant)
{
	const char *const *roles = row->ask.base.path->roles;
	unsigned int t;

	for (t = 0; t < row->ask.base.cfg.threads; t++) {
		const struct lab_thread_row *r = &row->threads[arm][t];
		char rate[LAB_NUMBER], a[LAB_NUMBER], b[LAB_NUMBER], c[LAB_NUMBER], d[LAB_NUMBER];
		char name[32];

		snprintf(name, sizeof(name), "thread %u", t);
		lab_say(f, "  %-13s %-9s %8s %8s %8s %8s %9s",
			t ? "" : variant, roles ? roles[t] : name,
			lab_number(rate, sizeof(rate), r->seconds > 0 ?
				   r->ops / r->seconds / 1e6 : NAN, 0),
			lab_number(a, sizeof(a), r->p50, 0),
			lab_number(b, sizeof(b), r->p99, 0),
			lab_number(c, sizeof(c), r->p999, 0),
			lab_number(d, sizeof(d), r->max, 0));
	}
}

static bool has_threads(const struct lab_record *r)
{
	return r->measured && r->kind == LAB_COMPARISON &&
	       r->row.ask.base.cfg.threads > 1 && r->row.rounds;
}

static void say_fairness(FILE *f, const struct lab_row *row, unsigned int arm,
			 const char *variant)
{
	if (isfinite(row->fair[arm]))
		lab_say(f, "  %-13s slowest thread / fastest: median round %.3f, one in 100 below %.3f",
			variant, row->fair[arm], row->unfair[arm]);
}

static void say_tally(FILE *f, const struct lab_row *row, unsigned int arm,
		      const char *variant)
{
	const struct bench_path *path = row->ask.base.path;
	unsigned int last = row->ask.base.cfg.threads - 1;

	if (!path->tally)
		return;
	lab_say(f, "  %-13s %s per operation of %s: %.3f", variant, path->tally,
		path->roles ? path->roles[last] : "the last thread",
		lab_row_tally(row, arm));
}

/* The base is measured anew in every row, but shown once for each case. */
static bool base_shown(const struct lab_run *run, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (has_threads(&run->rec[j]) &&
		    lab_case_same(&run->rec[j].row.ask.base,
				  &run->rec[i].row.ask.base))
			return true;
	return false;
}

static void say_case(FILE *f, const struct lab_run *run, size_t first)
{
	const struct lab_record *r = &run->rec[first];
	const struct lab_case *c = &r->row.ask.base;
	char params[256];
	size_t i;

	lab_params_text(c, params, sizeof(params));
	lab_say(f, "%s/%s %s%s", c->scenario->name, c->path->name, params,
		lab_oversubscribed_text(&r->row));
	lab_say_siblings(f, &r->row, "  ");
	lab_say(f, "  %-13s %-9s %8s %8s %8s %8s %9s", "", "", "Mop/s",
		"p50 ns", "p99", "p99.9", "max");
	say_threads(f, &r->row, 0, c->set->variant);
	for (i = first; i < run->nr; i++)
		if (has_threads(&run->rec[i]) &&
		    lab_case_same(c, &run->rec[i].row.ask.base))
			say_threads(f, &run->rec[i].row, 1,
				    run->rec[i].row.ask.new_.set->variant);
	say_fairness(f, &r->row, 0, c->set->variant);
	say_tally(f, &r->row, 0, c->set->variant);
	for (i = first; i < run->nr; i++)
		if (has_threads(&run->rec[i]) &&
		    lab_case_same(c, &run->rec[i].row.ask.base)) {
			const struct lab_row *row = &run->rec[i].row;
			const char *name = row->ask.new_.set->variant;

			say_fairness(f, row, 1, name);
			say_tally(f, row, 1, name);
		}
}

/* The same case with one thread, compared with the same new variant. */
static const struct lab_record *alone(const struct lab_run *run,
				      const struct lab_record *r)
{
	struct lab_case c = r->row.ask.base;
	size_t i;

	c.cfg.threads = 1;
	for (i = 0; i < run->nr; i++)
		if (run->rec[i].kind == r->kind && run->rec[i].measured &&
		    run->rec[i].row.rounds &&
		    lab_case_same(&run->rec[i].row.ask.base, &c) &&
		    run->rec[i].row.ask.new_.set == r->row.ask.new_.set)
			return &run->rec[i];
	return NULL;
}

/* Not paired: the two were measured one after the other. */
static void say_slowdown(FILE *f, const struct lab_record *many,
			 const struct lab_record *one, unsigned int arm)
{
	const struct lab_ask *ask = &many->row.ask;
	const struct lab_interval *m = &many->row.time[arm];
	const struct lab_interval *o = &one->row.time[arm];
	char span[2 * LAB_NUMBER + 4] = "too few";

	if (isfinite(m->lo) && isfinite(o->lo))
		lab_bracket(span, sizeof(span), m->lo / o->hi, m->hi / o->lo, 0);
	lab_say(f, "  %s %s: %.3f %s", ask->base.path->name,
		arm ? ask->new_.set->variant : ask->base.set->variant,
		many->row.ns[arm] / one->row.ns[arm], span);
}

static void say_scaling(FILE *f, const struct lab_run *run)
{
	bool any = false;
	size_t i;

	for (i = 0; i < run->nr; i++) {
		const struct lab_record *r = &run->rec[i];
		const struct lab_record *one;

		if (!has_threads(r) || r->row.ask.base.path->flags & BENCH_ROLES)
			continue;
		one = alone(run, r);
		if (!one)
			continue;
		if (!any)
			lab_say(f, "ns of a thread among %u over ns of one alone, each row's; unpaired, [] from the ends of both intervals:",
				r->row.ask.base.cfg.threads);
		any = true;
		say_slowdown(f, r, one, 0);
		say_slowdown(f, r, one, 1);
	}
}

void lab_report_threads(FILE *f, const struct lab_run *run)
{
	bool any = false;
	size_t i;

	for (i = 0; i < run->nr; i++) {
		if (!has_threads(&run->rec[i]) || base_shown(run, i))
			continue;
		if (!any)
			lab_say_heading(f, "Threads at work together: throughput and latency of each");
		any = true;
		say_case(f, run, i);
	}
	say_scaling(f, run);
}
