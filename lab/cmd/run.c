// SPDX-License-Identifier: GPL-2.0 OR MIT
/* locklab run: many comparisons, one folder of results. */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpus.h"
#include "base/stop.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "machine/env.h"
#include "report/outputs.h"
#include "process/measure.h"
#include "report/report.h"
#include "run/schedule.h"

#define COMMAND		"run"
#define HELP		"locklab run --help"

struct options {
	struct lab_request request;
	struct lab_events events;
	bool no_exact;
	double budget;
	unsigned int processes;
	const char *out;
	const char *plot;
};

/* A run while it is being made. */
struct job {
	struct lab_run run;
	struct lab_store store;
	unsigned int stored;	/* rows */
	bool reported, drawn;
};

static const char help[] =
"usage: locklab run [OPTION]...\n"
"\n"
"  --host H         own (default) or ksrc; with ksrc also own against ksrc\n"
"  --against H      compare our core with this host's, nothing else: what its\n"
"                   scenario wants compared so\n"
"  --scenario GLOB  scenarios or scenario/path, commas between several;\n"
"                   default: all\n"
"  --variants A,B   default: those that each scenario is about; the base is\n"
"                   the path's own when it is among them, else the first\n"
"  --budget T       of the whole run: 75, 75s (default 75s)\n"
"  --processes N    that each row is measured in (default 16); a row has an\n"
"                   interval from 7 on\n"
"  --threads N      of every case; more than there are CPUs: oversubscribed\n"
"  --margin P       percent that count as the same (default 1)\n"
"  --seed N         of everything random (default 1)\n"
"  --counters E     what is counted, too: none, basic (default), locks,\n"
"                   coherence, software or events, commas between several;\n"
"                   locklab counters shows which of them count here\n"
"  --exact no       do not count instructions and atomics with valgrind\n"
"  --out DIR        the run's folder is DIR/HOST/TIME-COMMIT (default\n"
"                   results)\n"
"  --plot PROGRAM   is given the folder to draw what it holds\n"
"\n"
"Standard output gets the headline and the names of what was written.\n";

/* Names between commas, each once; @list is cut. */
static bool parse_variants(char *list, struct lab_request *request)
{
	char *name, *rest;
	unsigned int i;

	request->nr_variants = 0;
	for (name = strtok_r(list, ",", &rest); name;
	     name = strtok_r(NULL, ",", &rest)) {
		for (i = 0; i < request->nr_variants; i++)
			if (!strcmp(request->variant[i], name))
				break;
		if (i < request->nr_variants)
			continue;
		if (i == LAB_MAX_PICKED)
			return false;
		request->variant[request->nr_variants++] = name;
	}
	return request->nr_variants;
}

static int set_option(void *arg, int opt, char *value)
{
	struct options *o = arg;

	switch (opt) {
	case 'H':
		o->request.host = value;
		return 0;
	case 'a':
		o->request.against = value;
		return 0;
	case 's':
		o->request.glob = value;
		return 0;
	case 'o':
		o->out = value;
		return 0;
	case 'P':
		o->plot = value;
		return 0;
	case 'V':
		if (parse_variants(value, &o->request))
			return 0;
		return lab_fail(EXIT_USAGE, COMMAND, "--variants wants 1 to %d names with commas between them",
				LAB_MAX_PICKED);
	case 'b':
		if (lab_parse_number(value, "s", &o->budget) &&
		    o->budget <= LAB_MAX_BUDGET)
			return 0;
		return lab_fail(EXIT_USAGE, COMMAND, "bad budget '%s': say seconds, 75 or 75s",
				value);
	case 'm':
		if (lab_parse_number(value, "%", &o->request.margin) &&
		    o->request.margin <= 99)
			return 0;
		return lab_fail(EXIT_USAGE, COMMAND, "bad margin '%s': say a percentage above 0, at most 99",
				value);
	case 't':
		return lab_parse_threads(COMMAND, value, &o->request.threads);
	case 'n':
		return lab_parse_processes(COMMAND, value, &o->processes);
	case 'c':
		return lab_parse_counters(COMMAND, value, &o->events);
	case 'x':
		return lab_parse_exact(COMMAND, value, &o->no_exact);
	case 'S':
		return lab_parse_seed(COMMAND, value, &o->request.seed);
	}
	return EXIT_USAGE;
}

static const struct option long_options[] = {
	{ "host", required_argument, NULL, 'H' },
	{ "against", required_argument, NULL, 'a' },
	{ "scenario", required_argument, NULL, 's' },
	{ "variants", required_argument, NULL, 'V' },
	{ "budget", required_argument, NULL, 'b' },
	{ "threads", required_argument, NULL, 't' },
	{ "processes", required_argument, NULL, 'n' },
	{ "margin", required_argument, NULL, 'm' },
	{ "seed", required_argument, NULL, 'S' },
	{ "counters", required_argument, NULL, 'c' },
	{ "exact", required_argument, NULL, 'x' },
	{ "out", required_argument, NULL, 'o' },
	{ "plot", required_argument, NULL, 'P' },
	{ }
};

static const struct lab_options options = {
	.command = COMMAND, .help = HELP, .list = long_options,
	.set = set_option,
};

/* A word as a shell has to be given it. */
static void put_word(FILE *f, const char *word)
{
	const char *at = word;

	while (isalnum((unsigned char)*at) || (*at && strchr("_@%+=:,./-", *at)))
		at++;
	if (*word && !*at) {
		fputs(word, f);
		return;
	}
	fputc('\'', f);
	for (; *word; word++)
		fputs(*word == '\'' ? "'\\''" : (char []){ *word, '\0' }, f);
	fputc('\'', f);
}

/* The words of the command, before getopt and strtok touch them. */
static char *join_command(int argc, char **argv)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	int i;

	if (!f)
		return NULL;
	fputs("build/locklab", f);
	for (i = 0; i < argc; i++) {
		fputc(' ', f);
		put_word(f, argv[i]);
	}
	return fclose(f) ? NULL : text;
}

/*
 * Rows that want more CPUs than there are stand in the report as such, unless
 * their number of threads was asked for.
 */
static int check_rows(struct lab_run *run)
{
	unsigned int cpus = lab_cpus_allowed();
	const char *why = NULL;
	int status = 0;
	size_t i;

	for (i = 0; i < run->nr; i++) {
		struct lab_record *r = &run->rec[i];
		unsigned int threads = r->row.ask.base.cfg.threads;

		if (!*r->why && threads > cpus && !run->request.threads) {
			snprintf(r->why, sizeof(r->why), "needs %u CPUs, this process may use %u",
				 threads, cpus);
			status = EXIT_CANNOT;
		}
		if (r->kind == LAB_CONTROL)
			continue;
		if (!*r->why)
			return 0;
		why = r->why;
	}
	if (!why)
		return 0;
	return lab_fail(status ? status : EXIT_USAGE, COMMAND,
			"nothing of this can be measured: %s", why);
}

static bool found_wrong(const struct lab_run *run)
{
	size_t i;

	for (i = 0; i < run->nr; i++) {
		const struct lab_row *row = &run->rec[i].row;

		if (run->rec[i].measured &&
		    (!row->digest_ok || row->warnings || row->leaks))
			return true;
	}
	return false;
}

static int conclude(const struct job *job, const struct options *o, int err)
{
	const char *path = job->store.path;

	if (job->reported)
		printf("report: %s/report.txt\n", path);
	if (job->drawn)
		printf("plots:  %s/*.png, *.svg\n", path);
	else
		printf("plots:  none%s%s\n", o->plot ? "" :
		       "; drawn by scripts/draw/plot ", o->plot ? "" : path);
	if (job->store.error)
		return lab_fail(EXIT_WRONG, COMMAND, "%s: %s: %u whole rows are kept there, marked partial",
				path, strerror(-job->store.error), job->stored);
	if (err == -EINTR)
		return lab_fail(lab_stop_status(), COMMAND, "stopped: %u rows are kept in %s",
				job->stored, path);
	if (o->plot && !job->drawn && lab_stop_asked())
		return lab_fail(lab_stop_status(), COMMAND, "stopped while it was drawn: the run is whole; %s %s draws it",
				o->plot, path);
	if (fflush(stdout) || ferror(stdout))
		return lab_fail(EXIT_WRONG, COMMAND, "standard output: %s",
				strerror(errno));
	if (found_wrong(&job->run))
		return lab_fail(EXIT_WRONG, COMMAND, "digests differ, or a scenario warned or leaked: see %s/report.txt",
				path);
	return EXIT_RIGHT;
}

/* Exact counts of all cases that were timed, in one go. */
static void count_exactly(struct lab_run *run)
{
	int err = lab_exact_map_count(&run->counts);

	if (err && err != -EINTR)
		fprintf(stderr, "locklab: run: exact counts: %s: left out\n",
			strerror(-err));
}

/* Of the rows that are measured; one thread may be on any CPU that is alike. */
static unsigned int most_cpus(const struct lab_run *run)
{
	unsigned int most = 1;

	for (size_t i = 0; i < run->nr; i++) {
		unsigned int n = run->rec[i].row.ask.base.cfg.threads;

		if (*run->rec[i].why)
			continue;
		if (n == 1)
			n = lab_cpus_alike();
		if (n > most)
			most = n;
	}
	return most;
}

static void warn_quota(const struct lab_run *run)
{
	unsigned int *threads = calloc(run->nr + 1, sizeof(*threads));
	size_t n = 0;

	for (size_t i = 0; threads && i < run->nr; i++)
		if (!*run->rec[i].why)
			threads[n++] = run->rec[i].row.ask.base.cfg.threads;
	lab_warn_quota(COMMAND, threads, n);
	free(threads);
}

static int make_run(struct job *job, const struct options *o,
		    struct lab_events *events)
{
	int err;

	lab_stop_watch();
	lab_env_begin();
	lab_events_probe(events);
	job->run.env = lab_env_json("", most_cpus(&job->run), o->request.seed,
				    job->run.command);
	if (!job->run.env)
		return lab_fail(EXIT_WRONG, COMMAND, "out of memory");
	lab_write_env(&job->run, &job->store);
	warn_quota(&job->run);
	err = lab_schedule(&job->run, &job->store, &job->stored);
	if (job->store.error)
		job->run.partial = strerror(-job->store.error);
	else if (err == -EINTR)
		job->run.partial = "stopped by a signal";
	/* Said as soon as it is known; counts and pictures do not change it. */
	lab_report_headline(stdout, &job->run);
	fflush(stdout);
	if (!err && job->run.exact)
		count_exactly(&job->run);
	lab_env_end(job->run.env);
	job->reported = lab_write_outputs(&job->run, &job->store);
	job->drawn = o->plot && !job->store.error && job->stored &&
		     lab_draw(o->plot, job->store.path);
	lab_store_close(&job->store);
	err = conclude(job, o, err);
	json_decref(job->run.env);
	return err;
}

static int open_store(struct job *job, const struct options *o)
{
	int err = lab_store_open(&job->store, o->out, o->request.host,
				 o->request.seed, job->run.command);

	if (!err)
		return 0;
	return lab_fail(err == -ENOSPC ? EXIT_WRONG : EXIT_USAGE, COMMAND,
			"%s: %s: name a folder that can be written with --out",
			job->store.final, strerror(-err));
}

static int plan_and_run(struct job *job, struct options *o)
{
	char err[LAB_CASE_ERROR];
	int ret;

	if (lab_plan(&o->request, &job->run.rec, &job->run.nr, err))
		return lab_fail(EXIT_USAGE, COMMAND, "%s", err);
	job->run.request = o->request;
	job->run.budget = o->budget;
	job->run.processes = o->processes;
	job->run.exact = !o->no_exact;
	ret = check_rows(&job->run);
	if (!ret)
		ret = open_store(job, o);
	if (!ret)
		ret = make_run(job, o, &o->events);
	for (size_t i = 0; i < job->run.nr; i++)
		lab_row_free(&job->run.rec[i].row);
	free(job->run.rec);
	lab_exact_map_free(&job->run.counts);
	return ret;
}

int cmd_run(int argc, char **argv)
{
	struct options o = {
		.request = { .host = "own", .glob = "*", .margin = 1, .seed = 1 },
		.budget = 75, .processes = LAB_PROCESSES, .out = "results",
	};
	struct job job = { 0 };
	char *command;
	int ret;

	if (argc > 1 && !strcmp(argv[1], "--help"))
		return fputs(help, stdout) < 0 || fflush(stdout) ?
		       EXIT_WRONG : EXIT_RIGHT;
	command = join_command(argc, argv);
	if (!command)
		return lab_fail(EXIT_WRONG, COMMAND, "out of memory");
	job.run.command = command;
	o.request.events = &o.events;
	ret = lab_parse_counters(COMMAND, LAB_EVENT_SET, &o.events);
	if (!ret)
		ret = lab_parse_options(&options, argc, argv, &o);
	if (!ret)
		ret = plan_and_run(&job, &o);
	free(command);
	return ret;
}
