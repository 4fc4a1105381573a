// SPDX-License-Identifier: GPL-2.0 OR MIT
/* locklab run: many comparisons, one folder of results. */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <glob.h>
#include <limits.h>
#include <math.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd.h"
#include "compare.h"
#include "cpus.h"
#include "engine.h"
#include "env.h"
#include "gbench.h"
#include "progress.h"
#include "report.h"
#include "stats.h"
#include "stop.h"
#include "store.h"

#define MAX_BUDGET	86400.0		/* a day */
#define RESERVE		0.2		/* of the budget, for second looks */
#define MIN_SHARE	0.05		/* seconds of measuring for a row */
#define MAX_MORE	4		/* times the first look */
#define FIRST_OVERHEAD	1.3		/* wall time over measuring, at first */

struct options {
	struct lab_wish wish;
	double budget;
	const char *out;
	const char *plot;
};

/* A run while it is being made. */
struct job {
	struct lab_run run;
	struct lab_store store;
	struct lab_progress progress;
	double deadline;
	double seconds, wall;	/* of the rows so far */
	unsigned int current, stored;
	const char *doing;
	bool reported;
};

static const char help[] =
"usage: locklab run [OPTION]...\n"
"\n"
"  --host H         own (default) or ksrc; with ksrc also own against ksrc\n"
"  --scenario GLOB  scenarios or scenario/path; default: all\n"
"  --variants A,B   default: those that each scenario is about; the base is\n"
"                   resv when it is among them, else the first\n"
"  --budget T       of the whole run: 75, 75s (default 75s)\n"
"  --margin P       percent that count as the same (default 1)\n"
"  --seed N         of everything random (default 1)\n"
"  --out DIR        the run's folder is DIR/HOST/TIME-COMMIT (default\n"
"                   results)\n"
"  --plot PROGRAM   is given the folder to draw what it holds\n"
"\n"
"Standard output gets the headline and the names of what was written.\n";

static int __attribute__((format(printf, 1, 2))) usage(const char *fmt, ...)
{
	va_list ap;

	fputs("locklab: run: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return EXIT_USAGE;
}

static bool parse_number(const char *text, const char *suffix, double max,
			 double *x)
{
	char *end;

	*x = strtod(text, &end);
	return end != text && *x > 0 && *x <= max &&
	       (!*end || !strcmp(end, suffix));
}

static bool parse_seed(const char *text, unsigned long *seed)
{
	char *end;

	errno = 0;
	*seed = strtoul(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && !errno &&
	       *seed <= LONG_MAX;
}

/* Names between commas, each once; @list is cut. */
static bool parse_variants(char *list, struct lab_wish *wish)
{
	char *name, *rest;
	unsigned int i;

	wish->nr_variants = 0;
	for (name = strtok_r(list, ",", &rest); name;
	     name = strtok_r(NULL, ",", &rest)) {
		for (i = 0; i < wish->nr_variants; i++)
			if (!strcmp(wish->variant[i], name))
				break;
		if (i < wish->nr_variants)
			continue;
		if (i == LAB_MAX_PICKED)
			return false;
		wish->variant[wish->nr_variants++] = name;
	}
	return wish->nr_variants;
}

static int set_option(struct options *o, int opt, char **argv)
{
	switch (opt) {
	case 'H':
		o->wish.host = optarg;
		return 0;
	case 's':
		o->wish.glob = optarg;
		return 0;
	case 'o':
		o->out = optarg;
		return 0;
	case 'P':
		o->plot = optarg;
		return 0;
	case 'V':
		if (parse_variants(optarg, &o->wish))
			return 0;
		return usage("--variants wants 1 to %d names with commas between them",
			     LAB_MAX_PICKED);
	case 'b':
		if (parse_number(optarg, "s", MAX_BUDGET, &o->budget))
			return 0;
		return usage("bad budget '%s': say seconds, 75 or 75s", optarg);
	case 'm':
		if (parse_number(optarg, "%", 99, &o->wish.margin))
			return 0;
		return usage("bad margin '%s': say a percentage above 0, at most 99",
			     optarg);
	case 'S':
		if (parse_seed(optarg, &o->wish.seed))
			return 0;
		return usage("bad seed '%s': say a whole number", optarg);
	case ':':
		return usage("option '%s' wants a value: see locklab run --help",
			     argv[optind - 1]);
	}
	return usage("unknown option '%s': see locklab run --help",
		     argv[optind - 1]);
}

static int parse_options(struct options *o, int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "host", required_argument, NULL, 'H' },
		{ "scenario", required_argument, NULL, 's' },
		{ "variants", required_argument, NULL, 'V' },
		{ "budget", required_argument, NULL, 'b' },
		{ "margin", required_argument, NULL, 'm' },
		{ "seed", required_argument, NULL, 'S' },
		{ "out", required_argument, NULL, 'o' },
		{ "plot", required_argument, NULL, 'P' },
		{ }
	};
	int opt, ret;

	opterr = 0;
	optind = 0;	/* GNU: start over */
	while ((opt = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
		ret = set_option(o, opt, argv);
		if (ret)
			return ret;
	}
	if (optind < argc)
		return usage("what is '%s'? see locklab run --help",
			     argv[optind]);
	return 0;
}

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

/* Rows that want more CPUs than there are stand in the report as such. */
static int check_rows(struct lab_run *run)
{
	unsigned int cpus = lab_cpus_allowed();
	const char *why = NULL;
	int status = 0;
	size_t i;

	for (i = 0; i < run->nr; i++) {
		struct lab_record *r = &run->rec[i];
		unsigned int threads = r->row.ask.base.cfg.threads;

		if (!*r->why && threads > cpus) {
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
	fprintf(stderr, "locklab: run: nothing of this can be measured: %s\n",
		why);
	return status ? status : EXIT_USAGE;
}

static void tick(void *arg, double done)
{
	struct job *job = arg;

	(void)done;
	lab_progress_show(&job->progress, job->current, job->run.nr,
			  job->doing);
}

/* Wall time that a second of measuring has cost so far. */
static double overhead(const struct job *job)
{
	double x = (job->wall + FIRST_OVERHEAD) / (job->seconds + 1);

	return x > 1 ? x : 1;
}

/* This record's part of what is left before the reserve begins. */
static double share_of(const struct job *job, size_t index)
{
	double left, weights = 0, share;
	size_t i;

	for (i = index; i < job->run.nr; i++)
		if (!*job->run.rec[i].why)
			weights += job->run.rec[i].weight;
	left = job->deadline - RESERVE * job->run.budget - lab_seconds();
	share = left / overhead(job) * job->run.rec[index].weight / weights;
	return share > MIN_SHARE ? share : MIN_SHARE;
}

/* Medians of as many equal stretches of kept rounds. */
static void make_groups(struct lab_record *r)
{
	const struct lab_row *row = &r->row;
	unsigned long i, n, kept = 0;
	unsigned int g, arm;
	double *values;

	values = malloc((row->rounds / LAB_GROUPS + 2) * sizeof(*values));
	if (!values || row->rounds < LAB_GROUPS)
		goto out;
	for (arm = 0; arm < row->nr_arms; arm++) {
		for (i = 0, kept = 0, g = 0, n = 0; i < row->nr_raw; i++) {
			if (row->drop[i] != LAB_KEPT)
				continue;
			values[n++] = row->raw[i * row->nr_arms + arm];
			kept++;
			if (kept < (g + 1) * row->rounds / LAB_GROUPS)
				continue;
			r->group[arm][g++] = lab_median(values, n);
			n = 0;
		}
	}
	r->nr_groups = LAB_GROUPS;
out:
	free(values);
}

/* A row that will not be looked at again: written, its samples freed. */
static int finish_row(struct job *job, struct lab_record *r)
{
	int err;

	make_groups(r);
	err = lab_store_row(&job->store, r->kind == LAB_CONTROL ?
			    LAB_CONTROLS : LAB_ROWS, &r->row);
	if (!err)
		job->stored++;
	lab_row_free(&r->row);
	return err;
}

/* Undecided for want of rounds, or decided without an A/A arm to stand on. */
static bool wants_more(const struct lab_record *r)
{
	const struct lab_row *row = &r->row;

	if (r->kind != LAB_COMPARISON || !r->measured || !row->raw ||
	    row->partial)
		return false;
	if (row->verdict == LAB_NO_RESULT)
		return row->digest_ok && !row->warnings && !row->leaks;
	return row->verdict == LAB_INCONCLUSIVE ||
	       (isfinite(row->aa.lo) && row->aa_verdict != LAB_SAME);
}

static void name_of(const struct lab_record *r, char *buf, size_t size)
{
	const struct lab_ask *a = &r->row.ask;
	char params[128];

	lab_params_text(&a->base, params, sizeof(params));
	snprintf(buf, size, "%s/%s %s %s", a->base.scenario->name,
		 a->base.path->name, a->new_.set->variant, params);
}

/* 0 to go on, -EINTR when stopped, or another -errno of the store. */
static int measure_row(struct job *job, size_t index)
{
	struct lab_record *r = &job->run.rec[index];
	struct lab_ask ask = r->row.ask;
	char name[256];
	int ret;

	name_of(r, name, sizeof(name));
	job->doing = name;
	job->current = index;
	ask.budget = share_of(job, index);
	ask.looks = r->kind == LAB_COMPARISON ? 2 : 1;
	ret = lab_compare(&ask, &r->row, tick, job);
	job->doing = "";
	if (ret && ret != -EINTR) {
		snprintf(r->why, sizeof(r->why), "%s", *r->row.note ?
			 r->row.note : strerror(-ret));
		lab_row_free(&r->row);
		r->row.ask = ask;
		return 0;
	}
	job->seconds += r->row.seconds;
	job->wall += r->row.wall;
	r->measured = !ret || r->row.nr_raw;
	if (!r->measured)
		lab_row_free(&r->row);
	else if (!wants_more(r) && finish_row(job, r))
		return job->store.error;
	return ret;
}

static int measure_all(struct job *job)
{
	size_t i;
	int ret;

	for (i = 0; i < job->run.nr; i++) {
		if (*job->run.rec[i].why)
			continue;
		ret = lab_stop_asked() ? -EINTR : measure_row(job, i);
		if (ret)
			return ret;
	}
	return 0;
}

static int look_again(struct job *job, struct lab_record *r, size_t others)
{
	double share = (job->deadline - lab_seconds()) / overhead(job) / others;
	double most = MAX_MORE * r->row.ask.budget;
	char name[256];
	int ret;

	if (share < MIN_SHARE || lab_stop_asked())
		return 0;
	name_of(r, name, sizeof(name));
	job->doing = name;
	ret = lab_compare_more(&r->row, share < most ? share : most, tick, job);
	job->doing = "";
	return ret;
}

/* What is left of the budget goes to rows that are undecided. */
static int measure_more(struct job *job)
{
	size_t i, undecided = 0;
	int ret = 0, err;

	for (i = 0; i < job->run.nr; i++)
		undecided += wants_more(&job->run.rec[i]);
	job->current = job->run.nr;
	for (i = 0; i < job->run.nr; i++) {
		struct lab_record *r = &job->run.rec[i];

		if (!wants_more(r))
			continue;
		if (!ret)
			ret = look_again(job, r, undecided--);
		err = finish_row(job, r);
		if (err)
			return err;
	}
	return ret == -EINTR ? ret : 0;
}

static size_t add_run(struct gbench_run *runs, size_t nr,
		      const struct lab_record *r, unsigned int arm,
		      const struct lab_case *c)
{
	struct gbench_run *first = &runs[nr];
	unsigned int g;
	size_t i;

	gbench_name(c, first->name);
	/* Of a base that stands in many rows the first one is taken. */
	for (i = 0; i < nr; i++)
		if (!strcmp(runs[i].name, first->name))
			return nr;
	for (g = 0; g < r->nr_groups; g++) {
		struct gbench_run *run = &runs[nr + g];

		memcpy(run->name, first->name, sizeof(run->name));
		run->threads = c->cfg.threads;
		run->ns = r->group[arm][g];
		run->ops = (double)r->row.ops_per_epoch * r->row.rounds /
			   r->nr_groups;
	}
	return nr + r->nr_groups;
}

static int write_gbench(struct job *job)
{
	const struct lab_run *run = &job->run;
	struct gbench_run *runs;
	char path[4200];
	size_t i, nr = 0;
	int err;

	runs = calloc(run->nr * LAB_MAX_ARMS * LAB_GROUPS + 1, sizeof(*runs));
	if (!runs)
		return -ENOMEM;
	for (i = 0; i < run->nr; i++) {
		const struct lab_record *r = &run->rec[i];
		const struct lab_case *base = &r->row.ask.base;
		struct lab_case twin;

		if (!r->nr_groups || r->row.verdict == LAB_NO_RESULT)
			continue;
		nr = add_run(runs, nr, r, 0, base);
		nr = add_run(runs, nr, r, 1, &r->row.ask.new_);
		if (r->row.nr_arms > 2 &&
		    !lab_case_move(base, base->set->host, base->set->variant,
				   2, &twin))
			nr = add_run(runs, nr, r, 2, &twin);
	}
	snprintf(path, sizeof(path), "%s/gbench.json", job->store.path);
	err = gbench_write_json(path, run->command, runs, nr);
	free(runs);
	return err;
}

static int write_report(struct job *job)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	int err = -ENOMEM;

	if (!f)
		return err;
	lab_report(f, &job->run);
	if (!fclose(f))
		err = lab_store_text(&job->store, "report.txt", text, size);
	job->reported = !err;
	free(text);
	return err;
}

static void note_error(struct job *job, int err)
{
	if (err && !job->store.error)
		job->store.error = err;
}

static bool has_pictures(const char *folder)
{
	char pattern[4200];
	glob_t found;
	int err;

	snprintf(pattern, sizeof(pattern), "%s/*.png", folder);
	err = glob(pattern, GLOB_NOSORT, NULL, &found);
	if (!err)
		globfree(&found);
	return !err;
}

/* 0 when it drew; the reason why not is its own to tell. */
static int draw(const char *program, const char *folder)
{
	char *const args[] = { (char *)program, (char *)folder, NULL };
	int status;
	pid_t pid;

	if (posix_spawnp(&pid, program, NULL, NULL, args, environ))
		return -errno;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -EIO;
}

static void write_all(struct job *job, const struct options *o, bool *drawn)
{
	lab_env_end(job->run.env);
	note_error(job, lab_store_json(&job->store, "env.json", job->run.env));
	note_error(job, write_gbench(job));
	note_error(job, write_report(job));
	if (!job->run.partial)
		lab_store_seal(&job->store);
	*drawn = o->plot && !job->store.error && job->stored &&
		 !draw(o->plot, job->store.path) &&
		 has_pictures(job->store.path);
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

static int conclude(struct job *job, const struct options *o, bool drawn,
		    int err)
{
	const char *path = job->store.path;

	lab_headline(stdout, &job->run);
	if (job->reported)
		printf("report: %s/report.txt\n", path);
	if (drawn)
		printf("plots:  %s/*.png, *.svg\n", path);
	else
		printf("plots:  none%s%s\n", o->plot ? "" :
		       "; drawn by scripts/plot ", o->plot ? "" : path);
	if (job->store.error) {
		fprintf(stderr, "locklab: run: %s: %s: %u whole rows are kept there, marked partial\n",
			path, strerror(-job->store.error), job->stored);
		return EXIT_WRONG;
	}
	if (err == -EINTR) {
		fprintf(stderr, "locklab: run: stopped: %u rows are kept in %s\n",
			job->stored, path);
		return lab_stop_status();
	}
	if (o->plot && !drawn && lab_stop_asked()) {
		fprintf(stderr, "locklab: run: stopped while it was drawn: the run is whole; %s %s draws it\n",
			o->plot, path);
		return lab_stop_status();
	}
	if (fflush(stdout))
		return usage("standard output: %s", strerror(errno)),
		       EXIT_WRONG;
	if (found_wrong(&job->run)) {
		fprintf(stderr, "locklab: run: digests differ, or a scenario warned or leaked: see %s/report.txt\n",
			path);
		return EXIT_WRONG;
	}
	return EXIT_RIGHT;
}

static int make_run(struct job *job, const struct options *o)
{
	bool drawn = false;
	int err;

	lab_stop_watch();
	lab_env_begin();
	job->run.env = lab_env_json("", o->wish.seed, job->run.command);
	if (!job->run.env)
		return usage("out of memory"), EXIT_WRONG;
	note_error(job, lab_store_json(&job->store, "env.json", job->run.env));
	lab_progress_begin(&job->progress, o->budget);
	job->deadline = lab_seconds() + o->budget;
	err = job->store.error ? job->store.error : measure_all(job);
	if (!job->store.error && measure_more(job) == -EINTR)
		err = -EINTR;
	lab_progress_end(&job->progress);
	lab_engine_end();
	if (job->store.error)
		job->run.partial = strerror(-job->store.error);
	else if (err == -EINTR)
		job->run.partial = "stopped by a signal";
	write_all(job, o, &drawn);
	lab_store_close(&job->store);
	err = conclude(job, o, drawn, err);
	json_decref(job->run.env);
	return err;
}

static int open_store(struct job *job, const struct options *o)
{
	int err = lab_store_open(&job->store, o->out, o->wish.host,
				 o->wish.seed, job->run.command);

	if (!err)
		return 0;
	usage("%s: %s: name a folder that can be written with --out",
	      job->store.final, strerror(-err));
	return err == -ENOSPC ? EXIT_WRONG : EXIT_USAGE;
}

static int plan_and_run(struct job *job, const struct options *o)
{
	char err[LAB_CASE_ERROR];
	int ret;

	if (lab_plan(&o->wish, &job->run.rec, &job->run.nr, err))
		return usage("%s", err);
	job->run.wish = o->wish;
	job->run.budget = o->budget;
	ret = check_rows(&job->run);
	if (!ret)
		ret = open_store(job, o);
	if (!ret)
		ret = make_run(job, o);
	free(job->run.rec);
	return ret;
}

int cmd_run(int argc, char **argv)
{
	struct options o = {
		.wish = { .host = "own", .glob = "*", .margin = 1, .seed = 1 },
		.budget = 75, .out = "results",
	};
	struct job job = { 0 };
	char *command;
	int ret;

	if (argc > 1 && !strcmp(argv[1], "--help"))
		return fputs(help, stdout) < 0 || fflush(stdout) ?
		       EXIT_WRONG : EXIT_RIGHT;
	command = join_command(argc, argv);
	if (!command)
		return usage("out of memory"), EXIT_WRONG;
	job.run.command = command;
	ret = parse_options(&o, argc, argv);
	if (!ret)
		ret = plan_and_run(&job, &o);
	free(command);
	return ret;
}
