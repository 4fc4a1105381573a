// SPDX-License-Identifier: GPL-2.0 OR MIT
/* locklab compare */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/build.h"
#include "base/cpus.h"
#include "base/io.h"
#include "base/progress.h"
#include "base/stop.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "machine/env.h"
#include "record/rowjson.h"
#include "process/measure.h"
#include "report/table.h"
#include "timing/compare.h"

#define COMMAND		"compare"

struct options {
	struct lab_pick base, new_;
	const char *host, *params[BENCH_MAX_PARAMS + 1];
	unsigned int nr_params, threads, processes;
	double budget, margin;
	unsigned long seed;
	const char *json;
	int json_fd, expect;	/* -1 without */
	struct lab_events events;
	bool no_exact;
	struct lab_exact_map counts;
};

static bool parse_budget(const char *text, double *seconds)
{
	if (!lab_parse_number(text, "s", seconds)) {
		if (!lab_parse_number(text, "ms", seconds))
			return false;
		*seconds /= 1000;
	}
	return *seconds <= LAB_MAX_BUDGET;
}

static int parse_verdict(const char *text)
{
	for (int v = 0; v <= LAB_NO_RESULT; v++)
		if (!strcasecmp(text, lab_verdict_name(v)))
			return v;
	return -1;
}

/* "variant" or "host:variant"; the text is cut. */
static void set_variant(struct lab_pick *pick, char *text)
{
	char *colon = strchr(text, ':');

	pick->variant = text;
	if (!colon)
		return;
	*colon = '\0';
	pick->host = text;
	pick->variant = colon + 1;
}

static int set_value(struct options *o, int opt, char *arg)
{
	switch (opt) {
	case 'b':
		if (parse_budget(arg, &o->budget))
			return 0;
		return lab_fail(EXIT_USAGE, COMMAND, "bad budget '%s': say 2, 2s or 500ms",
				arg);
	case 'm':
		if (lab_parse_number(arg, "%", &o->margin) && o->margin < 100)
			return 0;
		return lab_fail(EXIT_USAGE, COMMAND, "bad margin '%s': say a percentage above 0 and below 100",
				arg);
	case 'S':
		return lab_parse_seed(COMMAND, arg, &o->seed);
	case 't':
		return lab_parse_threads(COMMAND, arg, &o->threads);
	case 'n':
		return lab_parse_processes(COMMAND, arg, &o->processes);
	case 'e':
		o->expect = parse_verdict(arg);
		if (o->expect >= 0)
			return 0;
		return lab_fail(EXIT_USAGE, COMMAND, "unknown verdict '%s'; there are: SAME SLOWER FASTER INCONCLUSIVE 'NO RESULT'",
				arg);
	}
	return EXIT_USAGE;
}

static const struct option long_options[] = {
	{ "scenario", required_argument, NULL, 's' },
	{ "base", required_argument, NULL, 'B' },
	{ "new", required_argument, NULL, 'N' },
	{ "host", required_argument, NULL, 'H' },
	{ "param", required_argument, NULL, 'p' },
	{ "threads", required_argument, NULL, 't' },
	{ "budget", required_argument, NULL, 'b' },
	{ "processes", required_argument, NULL, 'n' },
	{ "margin", required_argument, NULL, 'm' },
	{ "seed", required_argument, NULL, 'S' },
	{ "json", required_argument, NULL, 'j' },
	{ "expect", required_argument, NULL, 'e' },
	{ "counters", required_argument, NULL, 'c' },
	{ "exact", required_argument, NULL, 'x' },
	{ }
};

static int set_option(void *arg, int opt, char *value)
{
	struct options *o = arg;

	switch (opt) {
	case 's':
		o->base.scenario = value;
		return 0;
	case 'B':
		set_variant(&o->base, value);
		return 0;
	case 'N':
		set_variant(&o->new_, value);
		return 0;
	case 'H':
		o->host = value;
		return 0;
	case 'j':
		o->json = value;
		return 0;
	case 'c':
		return lab_parse_counters(COMMAND, value, &o->events);
	case 'x':
		return lab_parse_exact(COMMAND, value, &o->no_exact);
	case 'p':
		return lab_add_param(COMMAND, value, o->params, &o->nr_params);
	}
	return set_value(o, opt, value);
}

static const struct lab_options options = {
	.command = COMMAND, .help = "locklab help", .list = long_options,
	.set = set_option,
};

static int parse_options(struct options *o, int argc, char **argv)
{
	int ret = lab_parse_options(&options, argc, argv, o);

	if (ret)
		return ret;
	if (!o->base.scenario)
		return lab_fail(EXIT_USAGE, COMMAND, "--scenario is missing: locklab list shows what there is");
	if (!o->base.variant || !o->new_.variant)
		return lab_fail(EXIT_USAGE, COMMAND, "--%s is missing: locklab list shows what there is",
				o->base.variant ? "new" : "base");
	if (!o->base.host)
		o->base.host = o->host;
	if (!o->new_.host)
		o->new_.host = o->host;
	o->new_.scenario = o->base.scenario;
	o->base.params = o->new_.params = o->params;
	o->base.nr_params = o->new_.nr_params = o->nr_params;
	o->base.threads = o->new_.threads = o->threads;
	return 0;
}

static int find_cases(struct options *o, struct lab_ask *ask)
{
	char err[LAB_CASE_ERROR];

	if (lab_case_find(&o->base, &ask->base, err) ||
	    lab_case_find(&o->new_, &ask->new_, err))
		return lab_fail(EXIT_USAGE, COMMAND, "%s", err);
	return lab_need_cpus(COMMAND, &ask->base, o->threads);
}

/* Opened before measuring, so that a bad name costs no time. */
static int open_json(struct options *o)
{
	o->json_fd = -1;
	if (!o->json || !strcmp(o->json, "-"))
		return 0;
	o->json_fd = open(o->json, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (o->json_fd < 0)
		return lab_fail(EXIT_USAGE, COMMAND, "%s: %s: name a file that can be written",
				o->json, strerror(errno));
	return 0;
}

static json_t *make_json(const struct options *o, const struct lab_row *row)
{
	json_t *json = lab_row_json(row, false);
	const struct lab_exact_map *x = &o->counts;

	if (json)
		json_object_set_new(json, "build_id", json_string(lab_build_id()));
	if (json && !o->no_exact)
		json_object_set_new(json, "counts", json_pack(
			"{s:o, s:o}",
			"base", lab_exact_json(lab_exact_map_find(
					x, &row->ask.base)),
			"new", lab_exact_json(lab_exact_map_find(
					x, &row->ask.new_))));
	return json;
}

/* A file holds the whole row or nothing. */
static int write_json(const struct options *o, const struct lab_row *row)
{
	int fd = o->json_fd < 0 ? STDOUT_FILENO : o->json_fd, ret = -ENOMEM;
	json_t *json = make_json(o, row);
	char *text = json ? json_dumps(json, JSON_INDENT(1)) : NULL;
	struct stat st;
	bool file;

	file = fd == o->json_fd && !fstat(fd, &st) && S_ISREG(st.st_mode);
	if (file && ftruncate(fd, 0))
		ret = -errno;
	else if (text)
		ret = lab_write_all(fd, text, strlen(text));
	if (!ret)
		ret = lab_write_all(fd, "\n", 1);
	if (ret && file && ftruncate(fd, 0))
		ret = -errno;
	if (fd == o->json_fd && close(fd) && !ret)
		ret = -errno;
	free(text);
	json_decref(json);
	if (ret)
		fprintf(stderr, "locklab: compare: %s: %s: the row was not written\n",
			o->json, strerror(-ret));
	return ret;
}

static int status(const struct options *o, const struct lab_row *row, int ret)
{
	if (ret == -EINTR)
		return lab_stop_status();
	if (o->expect >= 0 && (int)row->verdict != o->expect)
		return lab_fail(EXIT_WRONG, COMMAND, "%s, expected %s",
				lab_verdict_name(row->verdict),
				lab_verdict_name(o->expect));
	if (row->verdict == LAB_NO_RESULT && o->expect < 0)
		return lab_fail(EXIT_WRONG, COMMAND, "no result: %s",
				row->note);
	return EXIT_RIGHT;
}

static int report(const struct options *o, const struct lab_row *row, int ret)
{
	FILE *f = o->json && !strcmp(o->json, "-") ? stderr : stdout;
	int code = status(o, row, ret), bad = 0;

	/* First, for the table may go to a pipe that nobody reads any more. */
	if (o->json && write_json(o, row))
		bad = 1;
	if (lab_table_print(f, row, o->no_exact ? NULL : &o->counts)) {
		fprintf(stderr, "locklab: compare: the table was not written: %s\n",
			strerror(errno));
		bad = 1;
	}
	return bad && code == EXIT_RIGHT ? EXIT_WRONG : code;
}

/* Last, so that a row that was stopped waits for nothing. */
static void count_exactly(struct options *o, const struct lab_row *row)
{
	const struct lab_ask *ask = &row->ask;

	if (!o->no_exact && !lab_exact_map_add(&o->counts, &ask->base, row->ns[0]) &&
	    !lab_exact_map_add(&o->counts, &ask->new_, row->ns[1]))
		lab_exact_map_count(&o->counts);
}

/* A terminal alone is told how far it is: it is a matter of seconds. */
static int measure(const struct options *o, struct lab_row *row)
{
	struct lab_progress progress;
	struct lab_task task = { .row = row, .weight = 1, .name = COMMAND };
	struct lab_measure m = {
		.task = &task, .nr = 1, .seconds = row->ask.budget,
		.processes = o->processes, .seed = row->ask.seed,
	};
	int ret, bad;

	lab_progress_begin(&progress, row->ask.budget);
	if (progress.terminal)
		m.progress = &progress;
	ret = lab_measure(&m);
	/* also where no round was running just then */
	row->partial |= ret == -EINTR;
	lab_progress_end(&progress);
	bad = lab_row_conclude(row);
	if (!ret)
		ret = task.ret;
	return ret ? ret : bad;
}

static int make_row(struct options *o, const struct lab_ask *ask)
{
	struct lab_row row;
	int ret;

	lab_stop_watch();
	lab_env_begin();
	lab_events_probe(&o->events);
	lab_warn_quota(COMMAND, &ask->base.cfg.threads, 1);
	ret = lab_row_begin(&row, ask);
	if (!ret)
		ret = measure(o, &row);
	if (!ret)
		count_exactly(o, &row);
	if (ret && ret != -EINTR) {
		ret = lab_fail(EXIT_WRONG, COMMAND, "%s",
			       row.note[0] ? row.note : strerror(-ret));
	} else {
		ret = report(o, &row, ret);
	}
	lab_row_free(&row);
	lab_exact_map_free(&o->counts);
	return ret;
}

int cmd_compare(int argc, char **argv)
{
	struct options o = { .budget = 2, .processes = LAB_PROCESSES,
			     .margin = 1, .seed = 1, .expect = -1 };
	struct lab_ask ask = { 0 };
	int ret;

	ret = lab_parse_counters(COMMAND, LAB_EVENT_SET, &o.events);
	if (!ret)
		ret = parse_options(&o, argc, argv);
	if (!ret)
		ret = find_cases(&o, &ask);
	if (!ret)
		ret = open_json(&o);
	if (ret)
		return ret;
	ask.budget = o.budget;
	ask.margin = o.margin;
	ask.seed = o.seed;
	ask.events = &o.events;
	return make_row(&o, &ask);
}
