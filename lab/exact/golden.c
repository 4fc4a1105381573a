// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/build.h"
#include "exact/golden.h"

#define LINE	512

/* A growing list of lines, each a case, a function and what it takes. */
struct lines {
	char (*v)[LINE];
	size_t nr, max;
};

/* Letters, digits, dots and dashes. */
static void as_file_name(char *text)
{
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr(".-", *text))
			*text = '-';
}

static uint32_t hash(const char *text)
{
	uint32_t h = 2166136261u;	/* FNV-1a */

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 16777619u;
	return h;
}

char *lab_golden_name(char *buf, size_t size)
{
	const char *version = strrchr(lab_build.compiler, ' ');
	struct utsname name;

	uname(&name);
	snprintf(buf, size, "%s-%.*s-%s-%08x.txt", name.machine,
		 (int)strcspn(lab_build.compiler, " "), lab_build.compiler,
		 version ? version + 1 : "", hash(lab_build.kcflags));
	as_file_name(buf);
	return buf;
}

static char *new_line(struct lines *l)
{
	if (l->nr == l->max) {
		size_t max = l->max ? 2 * l->max : 1024;
		char (*v)[LINE] = realloc(l->v, max * sizeof(*v));

		if (!v)
			return NULL;
		l->v = v;
		l->max = max;
	}
	return l->v[l->nr++];
}

/* Six digits: a branch taken once in a thousand operations is seen. */
static char *number(char *buf, double x)
{
	sprintf(buf, "%.6g", x > -1e-9 && x < 1e-9 ? 0 : x);
	return buf;
}

/* "scenario/path variant": its parameters have their defaults. */
static char *short_name(const struct lab_case *c, char *buf)
{
	snprintf(buf, LAB_CASE_NAME, "%s/%s %s", c->scenario->name,
		 c->path->name, c->set->variant);
	return buf;
}

static int add_case(struct lines *l, const struct lab_case *c,
		    const struct lab_exact *e)
{
	char name[LAB_CASE_NAME], ir[32], ge[32];

	short_name(c, name);
	for (size_t i = 0; i < e->nr; i++) {
		const struct lab_exact_fn *fn = &e->fn[i];
		char *line;

		if (!fn->own || (number(ir, fn->ir), !strcmp(ir, "0")))
			continue;
		line = new_line(l);
		if (!line)
			return -ENOMEM;
		snprintf(line, LINE, "%s %s %s %s", name, fn->name, ir,
			 number(ge, fn->ge));
	}
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static bool is_of(const char *line, const struct lab_case *c)
{
	char name[LAB_CASE_NAME];
	size_t len = strlen(short_name(c, name));

	return !strncmp(line, name, len) && line[len] == ' ';
}

static bool has_case(const struct lines *l, const struct lab_case *c)
{
	for (size_t i = 0; i < l->nr; i++)
		if (is_of(l->v[i], c))
			return true;
	return false;
}

/* Of all cases that were counted, or of those that @known has; sorted. */
static int make_lines(struct lines *l, const struct lab_exact_map *x,
		      const struct lines *known)
{
	int ret = 0;

	for (size_t i = 0; i < x->nr && !ret; i++)
		if (!*x->e[i].why &&
		    (!known || has_case(known, &x->cases[i])))
			ret = add_case(l, &x->cases[i], &x->e[i]);
	if (l->nr)
		qsort(l->v, l->nr, sizeof(*l->v), by_text);
	return ret;
}

static void write_head(FILE *f)
{
	struct utsname name;

	uname(&name);
	fprintf(f, "# Instructions and atomic operations of each function, per operation, by\n"
		"# valgrind's callgrind: path, variant, function, instructions, atomics. Of host\n"
		"# own, parameters at their defaults.\n"
		"# make golden writes this, make check holds a build against it.\n"
		"# %s; %s\n# %s\n", name.machine, lab_build.compiler,
		lab_build.kcflags);
}

int lab_golden_write(const char *path, const struct lab_exact_map *x)
{
	struct lines l = { 0 };
	int ret;
	FILE *f;

	for (size_t i = 0; i < x->nr; i++)
		if (*x->e[i].why)
			return -ENODATA;
	ret = make_lines(&l, x, NULL);
	f = ret ? NULL : fopen(path, "we");
	if (f) {
		write_head(f);
		for (size_t i = 0; i < l.nr; i++)
			fprintf(f, "%s\n", l.v[i]);
		ret = ferror(f) ? -EIO : 0;
		if (fclose(f) && !ret)
			ret = -errno;
	} else if (!ret) {
		ret = -errno;
	}
	free(l.v);
	return ret;
}

static bool is_counted(const struct lab_exact_map *x, const char *line)
{
	for (size_t i = 0; i < x->nr; i++)
		if (!*x->e[i].why && is_of(line, &x->cases[i]))
			return true;
	return false;
}

static int read_lines(const char *path, const struct lab_exact_map *x,
		      struct lines *l)
{
	FILE *f = fopen(path, "re");
	char text[LINE];
	int ret = 0;

	if (!f)
		return -errno;
	while (!ret && fgets(text, sizeof(text), f)) {
		char *line;

		text[strcspn(text, "\n")] = '\0';
		if (*text == '#' || !is_counted(x, text))
			continue;
		line = new_line(l);
		if (line)
			strcpy(line, text);
		else
			ret = -ENOMEM;
	}
	fclose(f);
	if (l->nr)
		qsort(l->v, l->nr, sizeof(*l->v), by_text);
	return ret;
}

/* Path, variant, function, instructions, atomics. */
#define WORDS	5

static bool split(const char *line, char *buf, char *word[WORDS])
{
	char *rest;

	strcpy(buf, line);
	for (int i = 0; i < WORDS; i++) {
		word[i] = strtok_r(i ? NULL : buf, " ", &rest);
		if (!word[i])
			return false;
	}
	return true;
}

static void say(FILE *out, const char *old, const char *now)
{
	char a[LINE], b[LINE], *was[WORDS] = { 0 }, *is[WORDS] = { 0 };
	char **any = now ? is : was;

	if ((old && !split(old, a, was)) || (now && !split(now, b, is))) {
		fprintf(out, "golden: a line that cannot be read: %s\n",
			old ?: now);
		return;
	}
	fprintf(out, "golden: %s %s: %s: atomics %s -> %s, instructions %s -> %s\n",
		any[0], any[1], any[2], old ? was[4] : "none",
		now ? is[4] : "none", old ? was[3] : "none",
		now ? is[3] : "none");
}

/* The same case and function? Both sorted: which comes first? */
static int order(const char *old, const char *now)
{
	char a[LINE], b[LINE], *x[WORDS], *y[WORDS];

	if (!split(old, a, x) || !split(now, b, y))
		return strcmp(old, now);
	return strcmp(x[0], y[0]) ?: strcmp(x[1], y[1]) ?: strcmp(x[2], y[2]);
}

static int compare(const struct lines *old, const struct lines *now, FILE *out)
{
	size_t i = 0, j = 0;
	int n = 0;

	while (i < old->nr || j < now->nr) {
		int o = i == old->nr ? 1 : j == now->nr ? -1 :
			order(old->v[i], now->v[j]);
		const char *a = o <= 0 ? old->v[i++] : NULL;
		const char *b = o >= 0 ? now->v[j++] : NULL;

		if (a && b && !strcmp(a, b))
			continue;
		say(out, a, b);
		n++;
	}
	return n;
}

int lab_golden_check(const char *path, const struct lab_exact_map *x, FILE *out)
{
	struct lines old = { 0 }, now = { 0 };
	char name[LAB_CASE_NAME];
	int ret, n = 0;

	ret = read_lines(path, x, &old);
	for (size_t i = 0; i < x->nr && !ret; i++) {
		short_name(&x->cases[i], name);
		if (*x->e[i].why)
			fprintf(out, "golden: %s: not counted: %s\n", name,
				x->e[i].why);
		else if (!has_case(&old, &x->cases[i]))
			fprintf(out, "golden: %s is new: make golden adds it\n",
				name);
		n += *x->e[i].why != '\0';
	}
	if (!ret)
		ret = make_lines(&now, x, &old);
	if (!ret)
		ret = n + compare(&old, &now, out);
	free(old.v);
	free(now.v);
	return ret;
}
