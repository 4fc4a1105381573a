// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/progress.h"

#define REDRAW		0.2
#define LINE_EVERY	10.0

double lab_seconds(void)
{
	return lab_now() * 1e-9;
}

void lab_progress_begin(struct lab_progress *p, double budget)
{
	p->terminal = isatty(STDERR_FILENO);
	p->start = lab_seconds();
	p->shown = p->start - (p->terminal ? REDRAW : 0);
	p->budget = budget;
}

void lab_progress_show(struct lab_progress *p, unsigned int done,
		       unsigned int all, const char *what)
{
	double now = lab_seconds(), left;

	if (now - p->shown < (p->terminal ? REDRAW : LINE_EVERY))
		return;
	p->shown = now;
	left = p->budget - (now - p->start);
	if (left < 0)
		left = 0;
	fprintf(stderr, p->terminal ? "\r\033[K%3u/%u  %3.0f s left  %.46s" :
		"locklab: %u of %u done, %.0f s left: %s\n", done, all, left,
		what);
	fflush(stderr);
}

void lab_progress_end(struct lab_progress *p)
{
	if (p->terminal)
		fputs("\r\033[K", stderr);
}
