// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "base/text.h"
#include "report/parts.h"
#include "report/report.h"

void lab_report(FILE *f, const struct lab_run *run)
{
	lab_report_headline(f, run);
	lab_say_command(f, "Made by:", run->command);
	lab_say(f, "A line for each word used here: docs/glossary.md");
	lab_report_env(f, run->env);
	lab_report_controls(f, run);
	lab_report_rows(f, run);
	lab_report_threads(f, run);
	lab_report_hosts(f, run);
	lab_report_trust(f, run);
}
