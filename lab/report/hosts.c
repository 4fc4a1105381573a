// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <math.h>
#include <string.h>

#include "base/build.h"
#include "base/text.h"
#include "report/exact.h"
#include "report/parts.h"

#define HOST_NAME	24	/* columns; a longer name has its own line */
#define HOST_MIN	0.9	/* hosts further apart are flagged */
#define HOST_MAX	1.1

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
	char a[LAB_NUMBER], b[LAB_NUMBER], name[192];
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
	lab_say(f, "%-*s %8s %8s %5.3f [%.3f %.3f] %.1f%%%s%s", HOST_NAME, name,
		lab_number(a, sizeof(a), row->ns[0], 0),
		lab_number(b, sizeof(b), row->ns[1], 0), ratio,
		1 / row->ratio.hi, 1 / row->ratio.lo, lab_level_percent(row->level),
		row->unit == LAB_BY_PROCESS ? "" : " one process",
		ratio > HOST_MAX || ratio < HOST_MIN ? " APART" : "");
	if (run->counts.nr)
		lab_say_exact(f, lab_exact_map_find(&run->counts, &row->ask.base),
			      lab_exact_map_find(&run->counts, &row->ask.new_),
			      "  ");
}

static const char *host_of(const struct lab_run *run, bool new)
{
	if (run->request.against)
		return new ? run->request.against : run->request.host;
	return new ? run->request.host : "own";
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
	lab_say(f, "ns per operation of each, their ratio with its interval; APART: outside %g to %g",
		HOST_MIN, HOST_MAX);
	lab_say(f, "%-*s %8s %8s %s", HOST_NAME, "", host_of(run, false),
		host_of(run, true), "ratio [CI] level");
	for (i = 0; i < run->nr; i++)
		if (run->rec[i].kind == LAB_FIDELITY)
			say_host_row(f, run, &run->rec[i]);
	for (i = 0; i < run->nr; i++)
		if (first_of_scenario(run, i))
			say_mean(f, run, i);
}

void lab_report_hosts(FILE *f, const struct lab_run *run)
{
	size_t i;

	for (i = 0; i < run->nr; i++)
		if (run->rec[i].kind == LAB_FIDELITY)
			break;
	if (i < run->nr)
		say_hosts(f, run);
}
