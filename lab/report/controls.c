// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <math.h>

#include "base/text.h"
#include "report/exact.h"
#include "report/parts.h"

/* Instructions and atomics in few columns; "-" when they were not counted. */
static char *control_counts(const struct lab_run *run,
			    const struct lab_record *r, char *buf, size_t size)
{
	const struct lab_exact *e = lab_exact_map_find(&run->counts,
						    &r->row.ask.base);
	char ir[LAB_NUMBER], ge[LAB_NUMBER];

	if (!e || *e->why)
		snprintf(buf, size, "%6s %4s", "-", "-");
	else
		snprintf(buf, size, "%6s %4s",
			 lab_count_text(ir, sizeof(ir), e->ir, 0),
			 lab_count_text(ge, sizeof(ge), e->ge, 0));
	return buf;
}

static void say_control(FILE *f, const struct lab_run *run,
			const struct lab_record *r, double level)
{
	const struct bench_path *path = r->row.ask.base.path;
	char ns[LAB_NUMBER], span[2 * LAB_NUMBER + 4] = "too few";
	char counts[2 * LAB_NUMBER + 4], text[LAB_LEVEL_TEXT];
	const struct lab_interval *i = &r->row.time[0];

	if (!r->measured) {
		lab_say(f, "%-34s not measured: %s", path->title,
			*r->why ? r->why : "the run ended before");
		return;
	}
	if (isfinite(i->lo))
		lab_bracket(span, sizeof(span), i->lo, i->hi, 0);
	lab_say(f, "%-30s %7s %-15s %s %s", path->title,
		lab_number(ns, sizeof(ns), r->row.ns[0], 0), span,
		control_counts(run, r, counts, sizeof(counts)), path->op);
	if (isfinite(r->row.level) && r->row.level != level)
		lab_say(f, "  its CI: %s",
			lab_level_text(&r->row, text, sizeof(text)));
}

/* The level of the first is the column's; returned, for a row of another says so. */
static double say_head(FILE *f, const struct lab_record *first)
{
	double found = first->measured ? first->row.level : NAN;
	char level[16] = "CI";

	lab_say_heading(f, "Controls, on the same machine in the same run; nothing is subtracted");
	if (isfinite(found))
		snprintf(level, sizeof(level), "%.1f%% CI", lab_level_percent(found));
	lab_say(f, "%-30s %7s %-15s %6s %4s %s", "", "ns", level, "instr", "atom",
		"per");
	return found;
}

void lab_report_controls(FILE *f, const struct lab_run *run)
{
	double level = NAN;
	bool any = false;
	size_t i;

	for (i = 0; i < run->nr; i++) {
		const struct lab_record *r = &run->rec[i];

		if (r->kind != LAB_CONTROL)
			continue;
		if (!any)
			level = say_head(f, r);
		any = true;
		say_control(f, run, r, level);
	}
}
