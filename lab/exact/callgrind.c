// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "exact/callgrind.h"

#define TRIGGER		"desc: Trigger: "
#define EVENTS		"events: Ir Ge"

/* A part while it is read. */
struct reader {
	struct lab_cg_part *part;
	struct lab_cg_fn *fn;	/* whose lines these are */
	bool called;		/* the next line is what a callee cost */
	bool events, total;
};

static const char *after(const char *line, const char *word)
{
	size_t len = strlen(word);

	return strncmp(line, word, len) ? NULL : line + len;
}

static void copy_name(char *to, const char *from)
{
	snprintf(to, LAB_CG_NAME, "%.*s", (int)strcspn(from, "\n"), from);
}

/* A function may stand in the file more than once. */
static int find_function(struct reader *r, const char *name)
{
	struct lab_cg_part *p = r->part;
	char text[LAB_CG_NAME];
	size_t i;

	copy_name(text, name);
	for (i = 0; i < p->nr; i++)
		if (!strcmp(p->fn[i].name, text))
			break;
	if (i == p->max) {
		size_t max = p->max ? 2 * p->max : 32;
		struct lab_cg_fn *fn = realloc(p->fn, max * sizeof(*fn));

		if (!fn)
			return -ENOMEM;
		p->fn = fn;
		p->max = max;
	}
	r->fn = &p->fn[i];
	if (i < p->nr)
		return 0;
	p->nr++;
	memset(r->fn, 0, sizeof(*r->fn));
	strcpy(r->fn->name, text);
	return 0;
}

/* "line Ir Ge"; zeroes at the end are left out. */
static int add_cost(struct reader *r, const char *line)
{
	unsigned long ir = 0, ge = 0;

	if (r->called) {
		r->called = false;
		return 0;
	}
	if (!r->fn || sscanf(line, "%*s %lu %lu", &ir, &ge) < 1)
		return -EBADMSG;
	r->fn->ir += ir;
	r->fn->ge += ge;
	return 0;
}

static int read_line(struct reader *r, const char *line)
{
	const char *rest;

	rest = after(line, TRIGGER);
	if (rest)
		copy_name(r->part->trigger, rest);
	if (!strcmp(line, EVENTS "\n"))
		r->events = true;
	rest = after(line, "fn=");
	if (rest)
		return find_function(r, rest);
	if (after(line, "calls="))
		r->called = true;
	rest = after(line, "totals:");
	if (rest)
		r->total = sscanf(rest, "%lu %lu", &r->part->ir,
				  &r->part->ge) > 0;
	if ((*line >= '0' && *line <= '9') || *line == '+' || *line == '-' ||
	    *line == '*')
		return add_cost(r, line);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct lab_cg_fn *)a)->name,
		      ((const struct lab_cg_fn *)b)->name);
}

/* Functions without a cost of their own only called others. */
static int finish(struct lab_cg_part *p)
{
	unsigned long ir = 0, ge = 0;
	size_t i, n = 0;

	for (i = 0; i < p->nr; i++) {
		ir += p->fn[i].ir;
		ge += p->fn[i].ge;
		if (p->fn[i].ir)
			p->fn[n++] = p->fn[i];
	}
	p->nr = n;
	if (n)
		qsort(p->fn, n, sizeof(*p->fn), by_name);
	return ir == p->ir && ge == p->ge ? 1 : -EBADMSG;
}

int lab_cg_read(FILE *f, struct lab_cg_part *part)
{
	struct reader r = { .part = part };
	char line[1024];
	bool begun = false;
	int ret = 0;

	memset(part, 0, sizeof(*part));
	while (!ret && !r.total && fgets(line, sizeof(line), f)) {
		begun |= after(line, "part: ") != NULL;
		ret = read_line(&r, line);
	}
	if (ret)
		return ret;
	if (!begun)
		return 0;
	return r.total && r.events ? finish(part) : -EBADMSG;
}

void lab_cg_free(struct lab_cg_part *part)
{
	free(part->fn);
	part->fn = NULL;
	part->nr = part->max = 0;
}
