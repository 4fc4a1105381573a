// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <math.h>
#include <string.h>

#include "report.h"
#include "report_counters.h"
#include "report_exact.h"
#include "stats.h"
#include "text.h"

#define NUMBER	24
#define HOST_NAME	24	/* columns; a longer name has its own line */
#define HOST_MIN	0.9	/* hosts further apart are flagged */
#define HOST_MAX	1.1

/* Two numbers in brackets. */
static char *bracket(char *buf, size_t size, double lo, double hi, int sign)
{
	char a[NUMBER], b[NUMBER];

	snprintf(buf, size, "[%s %s]", lab_number(a, sizeof(a), lo, sign),
		 lab_number(b, sizeof(b), hi, sign));
	return buf;
}

/* Stretches of rounds are nearly independent where rounds are not. */
static bool arm_interval(const struct lab_record *r, unsigned int arm,
			 struct lab_interval *span)
{
	double v[LAB_GROUPS];

	memcpy(v, r->group[arm], sizeof(v));
	*span = lab_sign_interval(v, r->nr_groups, LAB_ALPHA);
	return isfinite(span->lo);
}

/* Instructions and atomics in few columns; "-" when they were not counted. */
static char *control_counts(const struct lab_run *run,
			    const struct lab_record *r, char *buf, size_t size)
{
	const struct lab_exact *e = lab_exacts_find(&run->exacts,
						    &r->row.ask.base);
	char ir[NUMBER], ge[NUMBER];

	if (!e || *e->why)
		snprintf(buf, size, "%6s %4s", "-", "-");
	else
		snprintf(buf, size, "%6s %4s",
			 lab_count_text(ir, sizeof(ir), e->ir, 0),
			 lab_count_text(ge, sizeof(ge), e->ge, 0));
	return buf;
}

static void say_control(FILE *f, const struct lab_run *run,
			const struct lab_record *r)
{
	const struct bench_path *path = r->row.ask.base.path;
	char ns[NUMBER], span[2 * NUMBER + 4] = "too few rounds";
	char counts[2 * NUMBER + 4];
	struct lab_interval i;

	if (!r->measured) {
		lab_say(f, "%-34s not measured: %s", path->title,
			*r->why ? r->why : "the run ended before");
		return;
	}
	if (arm_interval(r, 0, &i))
		bracket(span, sizeof(span), i.lo, i.hi, 0);
	lab_say(f, "%-30s %7s %-15s %s %s", path->title,
		lab_number(ns, sizeof(ns), r->row.ns[0], 0), span,
		control_counts(run, r, counts, sizeof(counts)), path->op);
}

static void say_controls(FILE *f, const struct lab_run *run)
{
	bool any = false;
	size_t i;

	for (i = 0; i < run->nr; i++) {
		const struct lab_record *r = &run->rec[i];

		if (r->kind != LAB_CONTROL)
			continue;
		if (!any) {
			lab_say_heading(f, "Controls, on the same machine in the same run; nothing is subtracted");
			lab_say(f, "%-30s %7s %-15s %6s %4s %s", "", "ns",
				"95% CI", "instr", "atom", "per");
		}
		any = true;
		say_control(f, run, r);
	}
}

/* Rows that share a table. */
static bool same_table(const struct lab_record *a, const struct lab_record *b)
{
	return a->kind == b->kind &&
	       a->row.ask.base.path == b->row.ask.base.path &&
	       a->row.ask.base.set == b->row.ask.base.set;
}

static bool first_of_table(const struct lab_run *run, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (same_table(&run->rec[j], &run->rec[i]))
			return false;
	return true;
}

static void say_numbers(FILE *f, const struct lab_row *row)
{
	char base[NUMBER], new[NUMBER], delta[NUMBER], span[2 * NUMBER + 4];

	lab_say(f, "  %8s %8s %8s %-18s %+7.2f%% %s",
		lab_number(base, sizeof(base), row->ns[0], 0),
		lab_number(new, sizeof(new), row->ns[1], 0),
		lab_number(delta, sizeof(delta), row->delta.est, 1),
		bracket(span, sizeof(span), row->delta.lo, row->delta.hi, 1),
		100 * (row->ratio.est - 1), lab_verdict_name(row->verdict));
}

static void say_quality(FILE *f, const struct lab_row *row)
{
	char aa[96] = "A/A none";

	if (isfinite(row->aa.est))
		snprintf(aa, sizeof(aa), "A/A %+.2f%% [%+.2f %+.2f] %s",
			 100 * (row->aa.est - 1), 100 * (row->aa.lo - 1),
			 100 * (row->aa.hi - 1),
			 lab_verdict_name(row->aa_verdict));
	lab_say(f, "  %s detects %.2f%% n %lu-%lu%s", aa, row->detects,
		row->rounds, lab_row_dropped(row), row->partial ? " PARTIAL" : "");
}

static const char *crowded(const struct lab_row *row)
{
	return lab_case_crowded(&row->ask.base) ? " oversubscribed" : "";
}

static void say_row(FILE *f, const struct lab_run *run,
		    const struct lab_record *r)
{
	const struct lab_row *row = &r->row;
	char params[256];

	lab_params_text(&row->ask.base, params, sizeof(params));
	if (!r->measured) {
		lab_say(f, "%s%s%s%snot measured: %s", params,
			*params ? "  " : "",
			row->ask.new_.set ? row->ask.new_.set->variant : "",
			row->ask.new_.set ? ": " : "",
			*r->why ? r->why : "the run ended before");
		return;
	}
	lab_say(f, "%s%s%s%s", params, *params ? "  " : "",
		row->ask.new_.set->variant, crowded(row));
	if (row->verdict == LAB_NO_RESULT) {
		lab_say(f, "    NO RESULT: %s", *row->note ? row->note :
			"no rounds were kept");
		return;
	}
	say_numbers(f, row);
	if (run->exacts.nr)
		lab_say_exact(f, lab_exacts_find(&run->exacts, &row->ask.base),
			      lab_exacts_find(&run->exacts, &row->ask.new_),
			      "  ");
	lab_say_counters(f, row, "  ", false);
	say_quality(f, row);
}

/* The table's command, and its first row's as an example. */
static void say_repro(FILE *f, const struct lab_run *run, size_t first)
{
	const struct lab_record *head = &run->rec[first];
	const struct lab_case *c = &head->row.ask.base;
	char command[LAB_COMMAND + 32 * LAB_MAX_PICKED];
	size_t i, n, size = sizeof(command);

	n = snprintf(command, size, "make bench SCENARIO=%s/%s HOST=%s",
		     c->scenario->name, c->path->name, c->set->host);
	for (i = 0; i < run->wish.nr_variants && n < size; i++)
		n += snprintf(command + n, size - n, "%s%s",
			      i ? "," : " VARIANTS=", run->wish.variant[i]);
	if (run->wish.threads && n < size)
		n += snprintf(command + n, size - n, " THREADS=%u",
			      run->wish.threads);
	if (run->wish.events && strcmp(run->wish.events->spec, LAB_EVENT_SET) &&
	    n < size)
		n += snprintf(command + n, size - n, " COUNTERS=%s",
			      run->wish.events->spec);
	if (n < size)
		snprintf(command + n, size - n, " SEED=%lu MARGIN=%g",
			 run->wish.seed, run->wish.margin);
	lab_say_command(f, "repro:", command);
	for (i = first; i < run->nr; i++)
		if (same_table(head, &run->rec[i]) && run->rec[i].measured)
			break;
	if (i < run->nr)
		lab_say_command(f, "one row:", run->rec[i].row.command);
}

static void say_table(FILE *f, const struct lab_run *run, size_t first)
{
	const struct lab_record *head = &run->rec[first];
	const struct lab_case *c = &head->row.ask.base;
	char title[256];
	size_t i;

	snprintf(title, sizeof(title), "%s/%s: %s", c->scenario->name,
		 c->path->name, c->path->title);
	lab_say_heading(f, title);
	lab_say(f, "ns per %s against %s, host %s; intervals corrected for %u rows; n: rounds kept-dropped",
		c->path->op, c->set->variant,
		c->set->host, head->row.ask.family);
	lab_say(f, "  %8.8s %8s %8s %-18s %8s %s", c->set->variant, "new",
		"delta", "CI", "ratio", "verdict");
	for (i = first; i < run->nr; i++)
		if (same_table(head, &run->rec[i]))
			say_row(f, run, &run->rec[i]);
	say_repro(f, run, first);
}

static void say_tables(FILE *f, const struct lab_run *run)
{
	const struct bench_scenario *asked = NULL;
	size_t i;

	for (i = 0; i < run->nr; i++) {
		const struct lab_record *r = &run->rec[i];

		if (r->kind != LAB_COMPARISON || !first_of_table(run, i))
			continue;
		if (r->row.ask.base.scenario != asked) {
			asked = r->row.ask.base.scenario;
			lab_say(f, "%s", "");
			lab_say(f, "Question of %s: %s", asked->name,
				asked->question);
		}
		say_table(f, run, i);
	}
}

static void say_threads(FILE *f, const struct lab_row *row, unsigned int arm,
			const char *variant)
{
	const char *const *roles = row->ask.base.path->roles;
	unsigned int t;

	for (t = 0; t < row->ask.base.cfg.threads; t++) {
		const struct lab_thread_row *r = &row->threads[arm][t];
		char rate[NUMBER], a[NUMBER], b[NUMBER], c[NUMBER], d[NUMBER];
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
		crowded(&r->row));
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
	struct lab_interval m, o;
	char span[2 * NUMBER + 4] = "too few rounds";

	if (arm_interval(many, arm, &m) && arm_interval(one, arm, &o))
		bracket(span, sizeof(span), m.lo / o.hi, m.hi / o.lo, 0);
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
			lab_say(f, "ns of a thread among %u over ns of one alone, each row's; unpaired:",
				r->row.ask.base.cfg.threads);
		any = true;
		say_slowdown(f, r, one, 0);
		say_slowdown(f, r, one, 1);
	}
}

static void say_contended(FILE *f, const struct lab_run *run)
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

static void host_row_name(const struct lab_record *r, char *buf, size_t size)
{
	const struct lab_case *c = &r->row.ask.base;
	char params[128];

	lab_params_text(c, params, sizeof(params));
	snprintf(buf, size, "%s %s %s", c->path->name, c->set->variant, params);
}

/* The first host's time over the second's: how far it is from it. */
static void say_host_row(FILE *f, const struct lab_run *run,
			 const struct lab_record *r)
{
	const struct lab_row *row = &r->row;
	char a[NUMBER], b[NUMBER], name[192];
	double ratio = 1 / row->ratio.est;

	host_row_name(r, name, sizeof(name));
	if (!r->measured || row->verdict == LAB_NO_RESULT) {
		lab_say(f, "%s: not measured: %s", name,
			*r->why ? r->why : *row->note ? row->note :
			"the run ended before");
		return;
	}
	if (strlen(name) > HOST_NAME) {
		lab_say(f, "%s", name);
		*name = '\0';
	}
	lab_say(f, "%-*s %8s %8s %5.3f [%.3f %.3f]%s%s", HOST_NAME, name,
		lab_number(a, sizeof(a), row->ns[0], 0),
		lab_number(b, sizeof(b), row->ns[1], 0), ratio,
		1 / row->ratio.hi, 1 / row->ratio.lo,
		row->by_placement ? "" : " few",
		ratio > HOST_MAX || ratio < HOST_MIN ? " APART" : "");
	if (run->exacts.nr)
		lab_say_exact(f, lab_exacts_find(&run->exacts, &row->ask.base),
			      lab_exacts_find(&run->exacts, &row->ask.new_),
			      "  ");
}

static const char *host_of(const struct lab_run *run, bool new)
{
	if (run->wish.against)
		return new ? run->wish.against : run->wish.host;
	return new ? run->wish.host : "own";
}

/* Of all rows of one scenario, since a table may hold two. */
static void say_mean(FILE *f, const struct lab_run *run, size_t first)
{
	const struct bench_scenario *s = run->rec[first].row.ask.base.scenario;
	double sum = 0, most = 0, least = INFINITY;
	unsigned int n = 0;
	size_t i;

	for (i = first; i < run->nr; i++) {
		const struct lab_row *row = &run->rec[i].row;
		double ratio = 1 / row->ratio.est;

		if (run->rec[i].kind != LAB_FIDELITY || !run->rec[i].measured ||
		    row->verdict == LAB_NO_RESULT || !isfinite(ratio) ||
		    strcmp(row->ask.base.scenario->name, s->name))
			continue;
		sum += log(ratio);
		most = fmax(most, ratio);
		least = fmin(least, ratio);
		n++;
	}
	if (n)
		lab_say(f, "%s: geometric mean %.4f over %u rows, %.3f to %.3f",
			s->name, exp(sum / n), n, least, most);
}

static bool first_of_scenario(const struct lab_run *run, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (run->rec[j].kind == LAB_FIDELITY &&
		    !strcmp(run->rec[j].row.ask.base.scenario->name,
			    run->rec[i].row.ask.base.scenario->name))
			return false;
	return run->rec[i].kind == LAB_FIDELITY;
}

static void say_hosts(FILE *f, const struct lab_run *run)
{
	char title[96];
	size_t i;

	snprintf(title, sizeof(title), "%s against %s (kernel tree: %.40s)",
		 host_of(run, false), host_of(run, true), lab_build.ksrc);
	lab_say_heading(f, title);
	lab_say(f, "ns per operation of each, their ratio with its interval; few: placements, so that the interval says nothing of others; APART: outside %g to %g",
		HOST_MIN, HOST_MAX);
	lab_say(f, "%-*s %8s %8s %s", HOST_NAME, "", host_of(run, false),
		host_of(run, true), "ratio [CI]");
	for (i = 0; i < run->nr; i++)
		if (run->rec[i].kind == LAB_FIDELITY)
			say_host_row(f, run, &run->rec[i]);
	for (i = 0; i < run->nr; i++)
		if (first_of_scenario(run, i))
			say_mean(f, run, i);
}

static void say_fidelity(FILE *f, const struct lab_run *run)
{
	size_t i;

	for (i = 0; i < run->nr; i++)
		if (run->rec[i].kind == LAB_FIDELITY)
			break;
	if (i < run->nr)
		say_hosts(f, run);
}

void lab_report(FILE *f, const struct lab_run *run)
{
	lab_headline(f, run);
	lab_say_command(f, "Made by:", run->command);
	lab_report_env(f, run->env);
	say_controls(f, run);
	say_tables(f, run);
	say_contended(f, run);
	say_fidelity(f, run);
	lab_report_trust(f, run);
}
