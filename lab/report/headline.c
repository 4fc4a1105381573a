// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/report.h"

#define HEADLINE	LAB_HEADLINE_NEW " against " LAB_HEADLINE_BASE " on " \
			LAB_HEADLINE_SCENARIO "/" LAB_HEADLINE_PATH

static const struct lab_record *find_headline(const struct lab_run *run)
{
	size_t i;

	for (i = 0; i < run->nr; i++)
		if (lab_is_headline(&run->rec[i]))
			return &run->rec[i];
	return NULL;
}

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

static void say_verdict(FILE *f, const struct lab_row *row)
{
	double percent = 100 * (row->ratio.est - 1);

	lab_say(f, "An extra, always-free mutex inside a held resv costs %+.2f ns [%+.2f, %+.2f] per %s, %+.1f %%: %s at %g %%. Each of the two list calls takes it.",
		row->delta.est, row->delta.lo, row->delta.hi,
		row->ask.base.path->op, percent,
		lab_verdict_name(row->verdict), row->ask.margin);
	if (row->verdict == LAB_INCONCLUSIVE)
		lab_say(f, "Smallest effect that could have been seen: %.2f %%.",
			row->detects);
}

static void say_pair(FILE *f, const struct lab_run *run,
		     const struct lab_row *row)
{
	const struct lab_record *pair = find_control(run, "mutex");

	if (!pair || !(pair->row.ns[0] > 0))
		lab_say(f, "A mutex pair alone was not measured in this run.");
	else
		lab_say(f, "A mutex pair alone: %.2f ns in this run (ratio %.2f).",
			pair->row.ns[0],
			row->delta.est / pair->row.ns[0]);
}

static void say_aa(FILE *f, const struct lab_row *row)
{
	if (!isfinite(row->aa.est)) {
		lab_say(f, "A/A: no second copy of %s in this build, so nothing shows what this machine can tell apart.",
			row->ask.base.set->variant);
		return;
	}
	lab_say(f, "A/A %s against %s: %s(+-%g %%), %+.3f %% [%+.3f, %+.3f].",
		row->ask.base.set->variant, row->ask.base.set->variant,
		lab_verdict_name(row->aa_verdict), row->ask.margin,
		100 * (row->aa.est - 1), 100 * (row->aa.lo - 1),
		100 * (row->aa.hi - 1));
	if (row->aa_verdict != LAB_SAME)
		lab_say(f, "The A/A arm is not SAME: in this run the machine cannot carry a margin of %g %%. Take the verdict as a lead only.",
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

/*
 * The same lock taken once for all the list calls of a hold; rows that this
 * machine could carry only.
 */
static void say_coarse(FILE *f, const struct lab_run *run)
{
	char words[512] = "";
	size_t i, used = 0;

	for (i = 0; i < run->nr && used < sizeof(words); i++) {
		const struct lab_row *row = &run->rec[i].row;
		const struct lab_case *c = &row->ask.base;
		char params[128];

		if (run->rec[i].kind != LAB_COMPARISON || !run->rec[i].measured ||
		    strcmp(c->scenario->name, LAB_HEADLINE_SCENARIO) ||
		    strcmp(c->path->name, LAB_HEADLINE_PATH) ||
		    strcmp(row->ask.new_.set->variant, "gpuva_coarse") ||
		    row->verdict == LAB_NO_RESULT ||
		    row->aa_verdict != LAB_SAME)
			continue;
		lab_params_text(c, params, sizeof(params));
		used += snprintf(words + used, sizeof(words) - used,
				 "%s %s: %+.2f ns, %+.1f %%, %s",
				 used ? ";" : "", params, row->delta.est,
				 100 * (row->ratio.est - 1),
				 lab_verdict_name(row->verdict));
	}
	if (used)
		lab_say(f, "Taken once for a hold of n VAs (gpuva_coarse),%s.",
			words);
}

/* What a lock costs the range allocator, at the defaults. */
static bool say_mm(FILE *f, const struct lab_run *run)
{
	const struct lab_row *row;
	size_t i;

	for (i = 0; i < run->nr; i++) {
		row = &run->rec[i].row;
		if (run->rec[i].kind == LAB_COMPARISON &&
		    run->rec[i].measured && row->verdict != LAB_NO_RESULT &&
		    !strcmp(row->ask.base.scenario->name, "mm_insert") &&
		    !strcmp(row->ask.base.path->name, "insert") &&
		    !strcmp(row->ask.base.set->variant, "none") &&
		    !strcmp(row->ask.new_.set->variant, "mutex") &&
		    lab_has_defaults(&row->ask.base))
			break;
	}
	if (i == run->nr)
		return false;
	lab_say(f, "The range allocator: a mutex of its own costs %+.2f ns [%+.2f, %+.2f] per %s, %+.1f %%: %s at %g %%; A/A %s.",
		row->delta.est, row->delta.lo, row->delta.hi,
		row->ask.base.path->op, 100 * (row->ratio.est - 1),
		lab_verdict_name(row->verdict), row->ask.margin,
		isfinite(row->aa.est) ? lab_verdict_name(row->aa_verdict) :
		"none");
	return true;
}

void lab_report_headline(FILE *f, const struct lab_run *run)
{
	const struct lab_record *r = find_headline(run);

	if (run->partial)
		lab_say(f, "PARTIAL RUN: %s.", run->partial);
	if (!r) {
		if (!say_mm(f, run))
			lab_say(f, "No headline: " HEADLINE " was not asked for.");
	} else if (!r->measured) {
		lab_say(f, "No headline: " HEADLINE " was not measured: %s.",
			*r->why ? r->why : "the run ended before");
	} else if (r->row.verdict == LAB_NO_RESULT) {
		lab_say(f, "No headline: " HEADLINE " has NO RESULT: %s.",
			*r->row.note ? r->row.note : "no rounds were kept");
	} else {
		say_verdict(f, &r->row);
		say_pair(f, run, &r->row);
		say_coarse(f, run);
		say_aa(f, &r->row);
		say_mm(f, run);
	}
	say_counts(f, run);
}
