// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/counters.h"
#include "report/exact.h"
#include "report/parts.h"
#include "stats/stats.h"

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

/* base, new, delta, in one unit. */
static char *three_cells(const struct lab_row *row, double scale, char *buf,
			 size_t size)
{
	char base[LAB_NUMBER], new[LAB_NUMBER], delta[LAB_NUMBER];

	snprintf(buf, size, "%8s %8s %8s",
		 lab_number(base, sizeof(base), row->ns[0] * scale, 0),
		 lab_number(new, sizeof(new), row->ns[1] * scale, 0),
		 lab_number(delta, sizeof(delta), row->delta.est * scale, 1));
	return buf;
}

/* Times at the frequency that ran, and cycles, which another run has, too. */
static void say_numbers(FILE *f, const struct lab_row *row)
{
	char ns[4 * LAB_NUMBER], cycles[4 * LAB_NUMBER], ghz[LAB_NUMBER + 8] = "";
	char ratio[2 * LAB_NUMBER + 4], span[2 * LAB_NUMBER + 4];
	double scale = isfinite(row->cycle_ns) ? 1 / row->cycle_ns : 1;

	if (isfinite(row->cycle_ns))
		snprintf(ghz, sizeof(ghz), "at %.2f GHz", scale);
	lab_say(f, "%s ns %-14s %+7.2f%% %s", three_cells(row, 1, ns, sizeof(ns)),
		ghz, 100 * (row->ratio.est - 1),
		lab_bracket(ratio, sizeof(ratio), 100 * (row->ratio.lo - 1),
			    100 * (row->ratio.hi - 1), 1));
	lab_bracket(span, sizeof(span), row->delta.lo * scale,
		    row->delta.hi * scale, 1);
	if (*ghz)
		lab_say(f, "%s cycles %-18s %s",
			three_cells(row, scale, cycles, sizeof(cycles)), span,
			lab_verdict_name(row->verdict));
	else
		lab_say(f, "%33s %-18s %s", "cycles not known; ns", span,
			lab_verdict_name(row->verdict));
}

static void say_quality(FILE *f, const struct lab_row *row)
{
	char outliers[64] = "", level[LAB_LEVEL_TEXT];

	if (row->outliers)
		snprintf(outliers, sizeof(outliers), ", outliers %u",
			 row->outliers);
	lab_say(f, "  A/A %+.2f%% [%+.2f %+.2f] %s detects %.2f%% CI: %s%s n %lu-%lu%s%s",
		100 * (row->aa.est - 1), 100 * (row->aa.lo - 1),
		100 * (row->aa.hi - 1), lab_verdict_name(row->aa_verdict),
		row->detects, lab_level_text(row, level, sizeof(level)), outliers,
		row->rounds, lab_row_dropped(row),
		row->disturbed ? " DISTURBED" : "",
		row->partial ? " PARTIAL" : "");
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
		row->ask.new_.set->variant, lab_oversubscribed_text(row));
	if (row->verdict == LAB_NO_RESULT) {
		lab_say(f, "    NO RESULT: %s", *row->note ? row->note :
			"no rounds were kept");
		return;
	}
	say_numbers(f, row);
	if (run->counts.nr)
		lab_say_exact(f, lab_exact_map_find(&run->counts, &row->ask.base),
			      lab_exact_map_find(&run->counts, &row->ask.new_),
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
	for (i = 0; i < run->request.nr_variants && n < size; i++)
		n += snprintf(command + n, size - n, "%s%s",
			      i ? "," : " VARIANTS=", run->request.variant[i]);
	if (run->request.threads && n < size)
		n += snprintf(command + n, size - n, " THREADS=%u",
			      run->request.threads);
	if (run->request.events && strcmp(run->request.events->spec, LAB_EVENT_SET) &&
	    n < size)
		n += snprintf(command + n, size - n, " COUNTERS=%s",
			      run->request.events->spec);
	if (n < size)
		snprintf(command + n, size - n, " SEED=%lu MARGIN=%g",
			 run->request.seed, run->request.margin);
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
	lab_say(f, "per %s against %s, host %s; CI: interval, of the level that the row says; verdict: by that of %.1f %%; n: rounds kept-dropped",
		c->path->op, c->set->variant, c->set->host,
		100 * (1 - LAB_WORD_ALPHA));
	lab_say(f, "%8.8s %8s %8s %-21s %8s", c->set->variant, "new", "delta",
		"", "percent and its CI");
	lab_say(f, "%8s %8s %8s        %-18s %s", "", "", "", "CI", "verdict");
	for (i = first; i < run->nr; i++)
		if (same_table(head, &run->rec[i]))
			say_row(f, run, &run->rec[i]);
	say_repro(f, run, first);
}

static bool same_scenario(const struct lab_record *a, const struct lab_record *b)
{
	return a->kind == b->kind &&
	       !strcmp(a->row.ask.base.scenario->name,
		       b->row.ask.base.scenario->name);
}

/* A scenario's question once, and all its tables, though rows of others came between. */
static void say_scenario(FILE *f, const struct lab_run *run, size_t first)
{
	const struct lab_record *head = &run->rec[first];
	const struct bench_scenario *s = head->row.ask.base.scenario;
	size_t i;

	lab_say(f, "%s", "");
	lab_say(f, "Question of %s: %s", s->name, s->question);
	for (i = first; i < run->nr; i++)
		if (same_scenario(head, &run->rec[i]) && first_of_table(run, i))
			say_table(f, run, i);
}

void lab_report_rows(FILE *f, const struct lab_run *run)
{
	size_t i, j;

	for (i = 0; i < run->nr; i++) {
		if (run->rec[i].kind != LAB_COMPARISON)
			continue;
		for (j = 0; j < i; j++)
			if (same_scenario(&run->rec[j], &run->rec[i]))
				break;
		if (j == i)
			say_scenario(f, run, i);
	}
}
