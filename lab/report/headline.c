// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/parts.h"
#include "report/report.h"
#include "run/base.h"
#include "stats/stats.h"
#include "timing/analysis.h"

static const struct lab_record *find_control(const struct lab_run *run,
					     const char *path)
{
	size_t i;

	for (i = 0; i < run->nr; i++)
		if (run->rec[i].kind == LAB_CONTROL && run->rec[i].measured &&
		    !strcmp(run->rec[i].row.ask.base.path->name, path))
			return &run->rec[i];
	return NULL;
}

static void say_verdict(FILE *f, const struct bench_headline *h,
			const struct lab_row *row)
{
	struct lab_interval r = { 100 * (row->ratio.est - 1),
				  100 * (row->ratio.lo - 1),
				  100 * (row->ratio.hi - 1) };
	char cycles[64] = "", level[LAB_LEVEL_TEXT];

	if (isfinite(row->cycle_ns))
		snprintf(cycles, sizeof(cycles), ", %.1f cycles at %.2f GHz",
			 row->delta.est / row->cycle_ns, 1 / row->cycle_ns);
	lab_say(f, "%s %+.2f ns%s per %s, %+.2f %% [%+.2f, %+.2f], %s: %s at %g %%.%s%s",
		h->says, row->delta.est, cycles, row->ask.base.path->op, r.est, r.lo, r.hi,
		lab_level_text(row, level, sizeof(level)), lab_verdict_name(row->verdict),
		row->ask.margin, h->then ? " " : "", h->then ? h->then : "");
	if (row->verdict != LAB_INCONCLUSIVE)
		return;
	/* or something else than its width leaves it open */
	if (lab_verdict(&row->sure, row->ask.margin) == LAB_INCONCLUSIVE)
		lab_say(f, "By the %.1f %% that a word needs: [%+.2f, %+.2f] %%.",
			lab_level_percent(row->sure_level), 100 * (row->sure.lo - 1),
			100 * (row->sure.hi - 1));
	lab_say(f, "Smallest effect that could have been seen: %.2f %%.",
		row->detects);
}

static void say_control(FILE *f, const struct lab_run *run,
			const struct bench_headline *h,
			const struct lab_row *row)
{
	const struct lab_record *r;

	if (!h->control)
		return;
	r = find_control(run, h->control);
	if (!r || !(r->row.ns[0] > 0))
		lab_say(f, "%s was not measured in this run.", h->control_says);
	else
		lab_say(f, "%s: %.2f ns in this run (ratio %.2f).",
			h->control_says, r->row.ns[0],
			row->delta.est / r->row.ns[0]);
}

static void say_aa(FILE *f, const struct lab_row *row)
{
	if (!isfinite(row->aa.est)) {
		lab_say(f, "A/A: %s against itself has no interval, so nothing shows what this machine can tell apart.",
			row->ask.base.set->variant);
		return;
	}
	lab_say(f, "A/A %s against %s: %s(+-%g %%), %+.3f %% [%+.3f, %+.3f].",
		row->ask.base.set->variant, row->ask.base.set->variant,
		lab_verdict_name(row->aa_verdict), row->ask.margin,
		100 * (row->aa.est - 1), 100 * (row->aa.lo - 1),
		100 * (row->aa.hi - 1));
	if (lab_doubtful(row))
		lab_say(f, "Equal code reads apart: in this run the machine cannot carry a margin of %g %%. Take the verdict as a lead only.",
			row->ask.margin);
}

static void say_counts(FILE *f, const struct lab_run *run)
{
	unsigned int n[LAB_NO_RESULT + 1] = { 0 }, all = 0;
	size_t i;

	for (i = 0; i < run->nr; i++) {
		if (run->rec[i].kind != LAB_COMPARISON ||
		    !run->rec[i].measured)
			continue;
		n[run->rec[i].row.verdict]++;
		all++;
	}
	lab_say(f, "%u comparisons at +-%g %%: %u SLOWER, %u FASTER, %u SAME, %u INCONCLUSIVE, %u NO RESULT.",
		all, run->request.margin,
		n[LAB_SLOWER], n[LAB_FASTER], n[LAB_SAME],
		n[LAB_INCONCLUSIVE], n[LAB_NO_RESULT]);
}

/* A row of the headline's path, of its other design, that says something. */
static bool is_also(const struct lab_record *r, const struct bench_headline *h,
		    const struct lab_row *row)
{
	return r->kind == LAB_COMPARISON && r->measured &&
	       r->row.ask.base.path == row->ask.base.path &&
	       r->row.ask.base.set == row->ask.base.set &&
	       !strcmp(r->row.ask.new_.set->variant, h->also) &&
	       r->row.verdict != LAB_NO_RESULT &&
	       r->row.verdict != LAB_INCONCLUSIVE && !lab_doubtful(&r->row);
}

/* Rows that this machine could carry only. */
static void say_also(FILE *f, const struct lab_run *run,
		     const struct bench_headline *h, const struct lab_row *row)
{
	char words[512] = "", params[128];
	size_t i, used = 0;

	for (i = 0; h->also && i < run->nr && used < sizeof(words); i++) {
		const struct lab_row *also = &run->rec[i].row;

		if (!is_also(&run->rec[i], h, row))
			continue;
		lab_params_text(&also->ask.base, params, sizeof(params));
		used += snprintf(words + used, sizeof(words) - used,
				 "%s %s: %+.2f ns, %+.1f %%, %s",
				 used ? ";" : "", params, also->delta.est,
				 100 * (also->ratio.est - 1),
				 lab_verdict_name(also->verdict));
	}
	if (used)
		lab_say(f, "%s (%s),%s.", h->also_says, h->also, words);
}

static void say_none(FILE *f, const struct lab_case *c, const char *host,
		     const char *why)
{
	lab_say(f, "No headline: %s against %s on %s/%s %s.",
		c->path->headline->new_, lab_base_of(c, host),
		c->scenario->name, c->path->name, why);
}

static void say_headline(FILE *f, const struct lab_run *run,
			 const struct lab_record *r)
{
	const struct lab_row *row = &r->row;
	const struct lab_case *c = &row->ask.base;
	const struct bench_headline *h = c->path->headline;
	char why[LAB_WHY + 32];

	if (!r->measured) {
		snprintf(why, sizeof(why), "was not measured: %s",
			 *r->why ? r->why : "the run ended before");
		say_none(f, c, c->set->host, why);
	} else if (row->verdict == LAB_NO_RESULT) {
		snprintf(why, sizeof(why), "has NO RESULT: %s",
			 *row->note ? row->note : "no rounds were kept");
		say_none(f, c, c->set->host, why);
	} else {
		say_verdict(f, h, row);
		say_control(f, run, h, row);
		say_also(f, run, h, row);
		say_aa(f, row);
	}
}

/* The weightiest headline of a set, if it is more than @found's. */
static void find_heavier(const struct lab_set *set, struct lab_case *found)
{
	struct lab_case c = { .set = set };
	const struct bench_headline *h;

	for (unsigned int i = 0; set->scenarios[i]; i++) {
		c.scenario = set->scenarios[i];
		for (c.path = c.scenario->paths; c.path->name; c.path++) {
			h = c.path->headline;
			if (h && (!found->path || lab_headline_weight(h) >
				  lab_headline_weight(found->path->headline)) &&
			    lab_host_has(set->host, h->new_, c.scenario->name))
				*found = c;
		}
	}
}

/* Where the run has none. */
static void say_not_asked(FILE *f, const char *host)
{
	struct lab_case found = { 0 };

	for (unsigned int i = 0; i < lab_nr_sets; i++)
		if (!strcmp(lab_sets[i].host, host))
			find_heavier(&lab_sets[i], &found);
	if (found.path)
		say_none(f, &found, host, "was not asked for");
}

void lab_report_headline(FILE *f, const struct lab_run *run)
{
	bool any = false;
	size_t i;

	if (run->partial)
		lab_say(f, "PARTIAL RUN: %s.", run->partial);
	for (i = 0; i < run->nr; i++) {
		if (!lab_headline_of(&run->request, &run->rec[i]))
			continue;
		say_headline(f, run, &run->rec[i]);
		any = true;
	}
	if (!any)
		say_not_asked(f, run->request.host);
	say_counts(f, run);
}
