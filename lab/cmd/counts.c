// SPDX-License-Identifier: GPL-2.0 OR MIT
/* locklab counts: instructions and locked operations, exactly. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/stop.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "exact/golden.h"
#include "exact/map.h"
#include "report/exact.h"
#include "run/base.h"
#include "run/plan.h"

#define COMMAND		"counts"
#define HELP		"locklab counts --help"
#define MAX_PARAMS	8
#define NUMBER		24

static const char help[] =
"usage: locklab counts [OPTION]...\n"
"\n"
"  --host H         own (default), ksrc, or * for both\n"
"  --scenario GLOB  scenarios or scenario/path, commas between several;\n"
"                   default: all\n"
"  --variants A,B   default: all\n"
"  --param K=V      repeatable; V may be *; the rest has its default\n"
"  --json FILE      also write all of it, by function; - is standard output\n"
"  --golden DIR     write DIR's table for this architecture, compiler and\n"
"                   flags\n"
"  --check DIR      hold the counts against that table\n"
"\n"
"Instructions and locked instructions of one operation, by valgrind. Exit\n"
"status: 0; 1 where one differs from what is stated of it, or from the table;\n"
"77 where nothing could be counted, or where DIR has no such table.\n";

struct options {
	const char *host, *glob, *json, *golden, *check;
	char *variants;
	const char *param[MAX_PARAMS];
	unsigned int nr_params;
};

static int set_option(void *arg, int opt, char *value)
{
	struct options *o = arg;

	switch (opt) {
	case 'H':
		o->host = value;
		return 0;
	case 's':
		o->glob = value;
		return 0;
	case 'V':
		o->variants = value;
		return 0;
	case 'j':
		o->json = value;
		return 0;
	case 'g':
		o->golden = value;
		return 0;
	case 'c':
		o->check = value;
		return 0;
	case 'p':
		if (!strchr(value, '='))
			return lab_fail(EXIT_USAGE, COMMAND, "bad parameter '%s': say NAME=VALUE",
					value);
		if (o->nr_params == MAX_PARAMS)
			return lab_fail(EXIT_USAGE, COMMAND, "at most %d parameters",
					MAX_PARAMS);
		o->param[o->nr_params++] = value;
		return 0;
	}
	return EXIT_USAGE;
}

static const struct option long_options[] = {
	{ "host", required_argument, NULL, 'H' },
	{ "scenario", required_argument, NULL, 's' },
	{ "variants", required_argument, NULL, 'V' },
	{ "param", required_argument, NULL, 'p' },
	{ "json", required_argument, NULL, 'j' },
	{ "golden", required_argument, NULL, 'g' },
	{ "check", required_argument, NULL, 'c' },
	{ }
};

static const struct lab_options options = {
	.command = COMMAND, .help = HELP, .list = long_options,
	.set = set_option,
};

static bool in_list(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (; list; list = strchr(list, ',')) {
		list += *list == ',';
		if (!strncmp(list, word, len) && (!list[len] || list[len] == ','))
			return true;
	}
	return false;
}

/* What the options say of a parameter: 1 it is this, 0 it is not, -1 nothing. */
static int asked_for(const struct options *o, const struct bench_param *p,
		     long value)
{
	size_t len = strlen(p->name);
	char word[64];
	int ret = -1;

	lab_param_word(p, value, word, sizeof(word));
	for (unsigned int i = 0; i < o->nr_params; i++) {
		const char *is = o->param[i] + len + 1;

		if (strncmp(o->param[i], p->name, len) || is[-1] != '=')
			continue;
		if (!strcmp(is, "*") || !strcmp(is, word))
			return 1;
		ret = 0;
	}
	return ret;
}

static bool wanted(const struct options *o, const struct lab_case *c)
{
	struct lab_case other = *c;
	unsigned int i;

	if ((strcmp(o->host, "*") && strcmp(o->host, c->set->host)) ||
	    !lab_case_match(c, o->glob) ||
	    (o->variants && !in_list(o->variants, c->set->variant)) ||
	    c->cfg.threads != lab_path_min_threads(c->path))
		return false;
	for (i = 0; i < lab_path_params(c->path); i++) {
		int is = asked_for(o, &c->path->params[i], c->cfg.value[i]);

		if (!is)
			return false;
		if (is > 0)
			other.cfg.value[i] = lab_param_default(&c->path->params[i]);
	}
	return lab_has_defaults(&other);
}

static int choose(const struct options *o, struct lab_exact_map *x)
{
	struct lab_case *cases;
	size_t nr, i;
	int ret = lab_case_all(&cases, &nr);

	if (ret)
		return ret;
	for (i = 0; !ret && i < nr; i++)
		if (wanted(o, &cases[i]))
			ret = lab_exact_map_add(x, &cases[i], 0);
	free(cases);
	return ret;
}

/* The base of a case: its path's own, of its host; else the case itself. */
static const struct lab_exact *base_of(const struct lab_exact_map *x,
				       const struct lab_case *c)
{
	struct lab_case base;

	if (lab_case_move(c, c->set->host, lab_base_of(c, c->set->host),
			  &base))
		return NULL;
	return lab_exact_map_find(x, &base);
}

/* What the scenario states of this case; NULL without a statement. */
static const struct bench_atomics *stated(const struct lab_case *c)
{
	const struct bench_atomics *a = c->path->atomics;

	if (!a || !lab_has_defaults(c))
		return NULL;
	for (; a->variant; a++)
		if (!strcmp(a->variant, c->set->variant))
			return a;
	return NULL;
}

/* Whether it is as stated. */
static bool say_case(const struct lab_case *c, const struct lab_exact *e,
		     const struct lab_exact *base)
{
	const struct bench_atomics *a = stated(c);
	char ir[NUMBER], ge[NUMBER], d[NUMBER], blame[LAB_BLAME];
	char expected[64] = "";
	bool right = true;

	if (*e->why) {
		lab_say(stdout, "  %-18s not counted: %s", c->set->variant,
			e->why);
		return true;
	}
	if (a) {
		right = a->count - e->ge < 0.005 && e->ge - a->count < 0.005;
		snprintf(expected, sizeof(expected), "expected %g%s", a->count,
			 right ? "" : " DIFFERS");
	}
	lab_say(stdout, "  %-18s%10s%10s  %s", c->set->variant,
		lab_count_text(ir, sizeof(ir), e->ir, 0),
		lab_count_text(ge, sizeof(ge), e->ge, 0), expected);
	if (base && base != e && !*base->why &&
	    *lab_exact_blame(base, e, blame))
		lab_say(stdout, "    %s: %s",
			lab_count_text(d, sizeof(d), e->ir - base->ir, 1),
			blame);
	return right;
}

static bool same_path(const struct lab_case *a, const struct lab_case *b)
{
	return !strcmp(a->set->host, b->set->host) &&
	       !strcmp(a->scenario->name, b->scenario->name) &&
	       !strcmp(a->path->name, b->path->name) &&
	       !memcmp(a->cfg.value, b->cfg.value, sizeof(a->cfg.value));
}

static void say_title(const struct lab_case *c, const struct lab_exact *e)
{
	char params[256];

	lab_params_text(c, params, sizeof(params));
	lab_say(stdout, "%s/%s/%s%s%s%s", c->set->host, c->scenario->name,
		c->path->name, *params ? " " : "", params,
		e->alone ? "; thread 0 alone" : "");
	lab_say(stdout, "  %-18s%10s%10s  per %s%s", "", "instr", "atomics",
		c->path->op, e->steady || *e->why ? "" : ", mean");
}

/* Case by case, those of one path together; returns how many are not as stated. */
static unsigned int say_all(const struct lab_exact_map *x)
{
	unsigned int wrong = 0;

	for (size_t i = 0; i < x->nr; i++) {
		size_t first;

		for (first = 0; first < i; first++)
			if (same_path(&x->cases[first], &x->cases[i]))
				break;
		if (first < i)
			continue;
		say_title(&x->cases[i], &x->e[i]);
		for (size_t j = i; j < x->nr; j++)
			if (same_path(&x->cases[i], &x->cases[j]))
				wrong += !say_case(&x->cases[j], &x->e[j],
						   base_of(x, &x->cases[j]));
	}
	return wrong;
}

static int write_json(const char *path, const struct lab_exact_map *x)
{
	json_t *json = lab_exact_map_json(x);
	FILE *f = strcmp(path, "-") ? fopen(path, "we") : stdout;
	int ret = !json || !f || json_dumpf(json, f, JSON_INDENT(1) |
					    JSON_SORT_KEYS);

	if (f)
		ret |= fputc('\n', f) == EOF;
	if (f && (f == stdout ? fflush(f) : fclose(f)))
		ret = 1;
	json_decref(json);
	if (!ret)
		return 0;
	return lab_fail(EXIT_WRONG, COMMAND, "%s: %s: not written", path,
			strerror(errno));
}

static int against_table(const struct options *o, const struct lab_exact_map *x)
{
	const char *dir = o->golden ?: o->check;
	char name[128], path[4096];
	int ret;

	if (strcmp(o->host, "own") || o->nr_params)
		return lab_fail(EXIT_USAGE, COMMAND, "golden tables are of host own at default parameters");
	snprintf(path, sizeof(path), "%s/%s", dir,
		 lab_golden_name(name, sizeof(name)));
	if (o->golden) {
		mkdir(dir, 0777);
		ret = lab_golden_write(path, x);
		if (!ret)
			printf("golden table: %s\n", path);
		return ret ? lab_fail(EXIT_WRONG, COMMAND, "%s: %s: not written",
				      path, strerror(-ret)) : EXIT_RIGHT;
	}
	ret = lab_golden_check(path, x, stdout);
	if (ret == -ENOENT)
		return lab_fail(EXIT_CANNOT, COMMAND, "%s: no golden table of this compiler and these flags: make golden makes one",
				path);
	if (ret < 0)
		return lab_fail(EXIT_WRONG, COMMAND, "%s: %s", path,
				strerror(-ret));
	if (ret)
		return lab_fail(EXIT_WRONG, COMMAND, "%d functions differ from %s: if that is meant, make golden, and have the difference reviewed",
				ret, path);
	printf("golden table: %zu cases are as in %s\n", x->nr, path);
	return EXIT_RIGHT;
}

static bool none_counted(const struct lab_exact_map *x)
{
	for (size_t i = 0; i < x->nr; i++)
		if (!*x->e[i].why)
			return false;
	return true;
}

static int report(const struct options *o, const struct lab_exact_map *x)
{
	unsigned int wrong;
	int ret;

	if (none_counted(x))
		return lab_fail(EXIT_CANNOT, COMMAND, "nothing was counted: %s",
				x->e[0].why);
	if (o->golden || o->check)
		return against_table(o, x);
	if (o->json) {
		ret = write_json(o->json, x);
		if (ret || !strcmp(o->json, "-"))
			return ret;
	}
	wrong = say_all(x);
	if (fflush(stdout) || ferror(stdout))
		return lab_fail(EXIT_WRONG, COMMAND, "standard output: %s",
				strerror(errno));
	if (wrong)
		return lab_fail(EXIT_WRONG, COMMAND, "%u differ from what their scenarios state",
				wrong);
	return EXIT_RIGHT;
}

static int count(const struct options *o, struct lab_exact_map *x)
{
	int ret = choose(o, x), status;

	if (ret)
		return lab_fail(EXIT_WRONG, COMMAND, "out of memory");
	if (!x->nr)
		return lab_fail(EXIT_USAGE, COMMAND, "no case is asked for: locklab list shows what there is");
	lab_stop_watch();
	ret = lab_exact_map_count(x);
	if (ret && ret != -EINTR)
		return lab_fail(EXIT_WRONG, COMMAND, "%s", strerror(-ret));
	status = report(o, x);
	return ret == -EINTR ? lab_stop_status() : status;
}

int cmd_counts(int argc, char **argv)
{
	struct options o = { .host = "own", .glob = "*" };
	struct lab_exact_map x = { 0 };
	char err[LAB_CASE_ERROR];
	int ret;

	if (argc == 2 && !strcmp(argv[1], "--child"))
		return lab_exact_child();
	if (argc > 1 && !strcmp(argv[1], "--help"))
		return fputs(help, stdout) < 0 || fflush(stdout) ?
		       EXIT_WRONG : EXIT_RIGHT;
	ret = lab_parse_options(&options, argc, argv, &o);
	if (!ret && strcmp(o.host, "*") && lab_case_names(o.host, NULL, err))
		ret = lab_fail(EXIT_USAGE, COMMAND, "%s", err);
	if (!ret)
		ret = count(&o, &x);
	lab_exact_map_free(&x);
	return ret;
}
