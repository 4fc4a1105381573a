// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/exact.h"

#define NUMBER	24
#define BLAMED	4	/* functions that are named */
#define SMALL	0.005	/* not shown: half of the last digit */

/* What one function, or a lock's two halves, takes more or less. */
#define PART_NAME	(LAB_EXACT_NAME + 8)
struct part {
	char name[PART_NAME];
	double ir, ge;
};

char *lab_count_text(char *buf, size_t size, double x, int sign)
{
	char *end;

	if (fabs(x) < SMALL)
		x = 0;
	snprintf(buf, size, sign ? "%+.2f" : "%.2f", x);
	for (end = buf + strlen(buf); end[-1] == '0'; end--)
		;
	if (end[-1] == '.')
		end--;
	*end = '\0';
	return buf;
}

/* "mutex_lock" and "mutex_unlock" are "mutex_lock/unlock". */
static void part_name(char *buf, const char *function)
{
	size_t len = strlen(function);

	if (len > 7 && !strcmp(function + len - 7, "_unlock"))
		snprintf(buf, PART_NAME, "%.*s_lock/unlock", (int)len - 7,
			 function);
	else if (len > 5 && !strcmp(function + len - 5, "_lock"))
		snprintf(buf, PART_NAME, "%s/unlock", function);
	else
		snprintf(buf, PART_NAME, "%s", function);
}

static size_t add_parts(struct part *part, size_t nr, const struct lab_exact *e,
			double sign)
{
	char name[PART_NAME];
	size_t i, j;

	for (i = 0; i < e->nr; i++) {
		part_name(name, e->fn[i].name);
		for (j = 0; j < nr && strcmp(part[j].name, name); j++)
			;
		if (j == nr) {
			memset(&part[nr], 0, sizeof(*part));
			strcpy(part[nr++].name, name);
		}
		part[j].ir += sign * e->fn[i].ir;
		part[j].ge += sign * e->fn[i].ge;
	}
	return nr;
}

static int by_size(const void *a, const void *b)
{
	const struct part *x = a, *y = b;
	double dx = fabs(x->ir), dy = fabs(y->ir);

	return dx < dy ? 1 : dx > dy ? -1 : strcmp(x->name, y->name);
}

char *lab_exact_blame(const struct lab_exact *base,
		      const struct lab_exact *new_, char *buf)
{
	struct part *part = calloc(base->nr + new_->nr + 1, sizeof(*part));
	char text[NUMBER];
	double rest = 0;
	size_t nr, i, n = 0;

	*buf = '\0';
	if (!part)
		return buf;
	nr = add_parts(part, 0, base, -1);
	nr = add_parts(part, nr, new_, 1);
	qsort(part, nr, sizeof(*part), by_size);
	for (i = 0; i < nr && n < LAB_BLAME; i++) {
		if (fabs(part[i].ir) < SMALL)
			break;
		if (i >= BLAMED) {
			rest += part[i].ir;
			continue;
		}
		n += snprintf(buf + n, LAB_BLAME - n, "%s%s %s", n ? ", " : "",
			      lab_count_text(text, sizeof(text), part[i].ir, 1),
			      part[i].name);
	}
	if (i > BLAMED && n < LAB_BLAME)
		snprintf(buf + n, LAB_BLAME - n, ", %s others",
			 lab_count_text(text, sizeof(text), rest, 1));
	free(part);
	return buf;
}

static const char *reason(const struct lab_exact *e)
{
	return !e ? "the run ended before" : e->why;
}

static const char *how(const struct lab_exact *base,
		       const struct lab_exact *new_)
{
	if (base->alone)
		return "exact, thread 0 alone";
	return base->steady && new_->steady ? "exact" : "exact, mean of ops";
}

void lab_say_exact(FILE *f, const struct lab_exact *base,
		   const struct lab_exact *new_, const char *indent)
{
	char blame[LAB_BLAME], a[NUMBER], b[NUMBER], c[NUMBER];
	char d[NUMBER], e[NUMBER], g[NUMBER];

	if (*reason(base) || *reason(new_)) {
		lab_say(f, "%sinstructions and atomics not counted: %s", indent,
			*reason(base) ? reason(base) : reason(new_));
		return;
	}
	lab_exact_blame(base, new_, blame);
	lab_say(f, "%satomics %s -> %s (%s)  instr %s -> %s (%s%s%s)%s", indent,
		lab_count_text(d, sizeof(d), base->ge, 0),
		lab_count_text(e, sizeof(e), new_->ge, 0),
		lab_count_text(g, sizeof(g), new_->ge - base->ge, 1),
		lab_count_text(a, sizeof(a), base->ir, 0),
		lab_count_text(b, sizeof(b), new_->ir, 0),
		lab_count_text(c, sizeof(c), new_->ir - base->ir, 1),
		*blame ? ": " : "", blame,
		base->alone ? "; thread 0 alone" : "");
}

static void say_column(FILE *f, const char *name, double base, double new_,
		       const char *how)
{
	char a[NUMBER], b[NUMBER], d[NUMBER];

	lab_say(f, "%-20s%9s%9s%10s  %s", name,
		lab_count_text(a, sizeof(a), base, 0),
		lab_count_text(b, sizeof(b), new_, 0),
		lab_count_text(d, sizeof(d), new_ - base, 1), how);
}

void lab_say_exact_table(FILE *f, const struct lab_exact *base,
			 const struct lab_exact *new_)
{
	char blame[LAB_BLAME];

	if (*reason(base) || *reason(new_)) {
		lab_say_exact(f, base, new_, "");
		return;
	}
	say_column(f, "instr/op", base->ir, new_->ir, how(base, new_));
	say_column(f, "atomics/op", base->ge, new_->ge, how(base, new_));
	if (*lab_exact_blame(base, new_, blame))
		lab_say(f, "  of it: %s", blame);
}
