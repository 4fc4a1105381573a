// SPDX-License-Identifier: GPL-2.0 OR MIT
/* locklab loop: one case alone, as perf and other profilers want it. */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/stop.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/options.h"
#include "cmd/perfctl.h"
#include "host.h"
#include "machine/env.h"
#include "record/rowjson.h"
#include "timing/engine.h"

#define COMMAND		"loop"
#define CALLS		64		/* of run(), where they are short */
#define CALL_MAX	(1UL << 20)	/* operations; a signal waits for them */
#define MAX_SECONDS	3600.0

struct options {
	struct lab_pick pick;
	const char *params[BENCH_MAX_PARAMS + 1];
	const char *control;
	unsigned long ops, seed;
	double seconds;		/* 0: as many as @ops */
	bool json;
};

/* What went on between switching the counters on and off. */
struct region {
	unsigned long calls, ops[BENCH_MAX_THREADS];
	uint64_t ns, cpu_ns;
	uint64_t enable_ns, disable_ns;
	bool partial;
};

struct loop {
	const struct options *o;
	struct lab_case c;
	struct lab_arm arm;
	struct lab_control control;
	struct region r;
	unsigned long call;	/* operations of a call of run() */
	struct lab_epoch epoch;
};

static int set_amount(struct options *o, int opt, char *value)
{
	if (opt == 'o') {
		o->seconds = 0;
		if (lab_parse_unsigned(value, &o->ops))
			return 0;
		return lab_fail(EXIT_USAGE, COMMAND, "bad number of operations '%s': say a whole number, 0 for an empty region",
				value);
	}
	if (lab_parse_number(value, "s", &o->seconds) &&
	    o->seconds <= MAX_SECONDS)
		return 0;
	return lab_fail(EXIT_USAGE, COMMAND, "bad time '%s': say seconds above 0, at most %g",
			value, MAX_SECONDS);
}

static int set_option(void *arg, int opt, char *value)
{
	struct options *o = arg;

	switch (opt) {
	case 's':
		o->pick.scenario = value;
		return 0;
	case 'V':
		o->pick.variant = value;
		return 0;
	case 'H':
		o->pick.host = value;
		return 0;
	case 'c':
		o->control = value;
		return 0;
	case 'j':
		o->json = true;
		return 0;
	case 'p':
		return lab_add_param(COMMAND, value, o->params,
				     &o->pick.nr_params);
	case 't':
		return lab_parse_threads(COMMAND, value, &o->pick.threads);
	case 'S':
		return lab_parse_seed(COMMAND, value, &o->seed);
	}
	return set_amount(o, opt, value);
}

static const struct option long_options[] = {
	{ "scenario", required_argument, NULL, 's' },
	{ "variant", required_argument, NULL, 'V' },
	{ "host", required_argument, NULL, 'H' },
	{ "param", required_argument, NULL, 'p' },
	{ "threads", required_argument, NULL, 't' },
	{ "ops", required_argument, NULL, 'o' },
	{ "seconds", required_argument, NULL, 'T' },
	{ "seed", required_argument, NULL, 'S' },
	{ "control", required_argument, NULL, 'c' },
	{ "json", no_argument, NULL, 'j' },
	{ }
};

static const struct lab_options options = {
	.command = COMMAND, .help = "locklab help", .list = long_options,
	.set = set_option,
};

static int find_case(struct options *o, struct lab_case *c)
{
	char err[LAB_CASE_ERROR];

	if (!o->pick.scenario || !o->pick.variant)
		return lab_fail(EXIT_USAGE, COMMAND, "--%s is missing: locklab list shows what there is",
				o->pick.scenario ? "variant" : "scenario");
	o->pick.params = o->params;
	if (lab_case_find(&o->pick, c, err))
		return lab_fail(EXIT_USAGE, COMMAND, "%s", err);
	c->cfg.seed = o->seed;
	return lab_need_cpus(COMMAND, c, o->pick.threads);
}

static int open_control(struct loop *l)
{
	int ret = lab_control_open(&l->control, l->o->control);

	if (!ret)
		return 0;
	if (ret == -EINVAL)
		return lab_fail(EXIT_USAGE, COMMAND, "bad control '%s': say fifo:CTL,ACK, as to perf",
				l->o->control);
	if (ret == -ENXIO)
		return lab_fail(EXIT_USAGE, COMMAND, "control '%s': no perf has it open: start this under perf stat or record with the same --control",
				l->o->control);
	return lab_fail(EXIT_USAGE, COMMAND, "control '%s': %s: name two named pipes",
			l->o->control, strerror(-ret));
}

static uint64_t cpu_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * LAB_SEC + (uint64_t)ts.tv_nsec;
}

/*
 * Calls that depend on nothing but the options, so that two variants make the
 * same ones; a path that is asked for a time finds its own.
 */
static int warm_up(struct loop *l)
{
	struct lab_arm *arm = &l->arm;
	unsigned long wanted = (l->o->ops + CALLS - 1) / CALLS;

	if (l->o->seconds > 0) {
		l->call = lab_arm_calibrate(arm, LAB_OVERSUBSCRIBED_NS);
		return l->call ? 0 : -EIO;
	}
	l->call = lab_arm_round_ops(arm, wanted < CALL_MAX ? wanted : CALL_MAX);
	return lab_arm_epoch(arm, l->call, &l->epoch);
}

/* A time is at least one call, however soon it is over. */
static bool go_on(const struct loop *l, unsigned long left, uint64_t start)
{
	if (l->o->seconds > 0)
		return !l->r.calls ||
		       lab_now() - start < l->o->seconds * LAB_SEC;
	return left > 0;
}

static int run_calls(struct loop *l)
{
	unsigned long left = l->o->ops, n;
	uint64_t start = lab_now();
	int ret = 0;

	while (!ret && go_on(l, left, start)) {
		if (lab_stop_asked()) {
			l->r.partial = true;
			break;
		}
		n = l->call;
		if (l->o->seconds <= 0 && left < n)
			n = lab_arm_round_ops(&l->arm, left);
		ret = lab_arm_epoch(&l->arm, n, &l->epoch);
		left -= n < left ? n : left;
		l->r.calls++;
	}
	return ret;
}

static int control(struct loop *l, const char *command, uint64_t *ns)
{
	return l->o->control ? lab_control_do(&l->control, command, ns) : 0;
}

/*
 * Every operation between the commands is an operation of the region, whoever
 * asked for it. A limit on calls, which the warm path gets here, also keeps the
 * engine from running some before each of them.
 */
static int run_region(struct loop *l)
{
	struct lab_arm *arm = &l->arm;
	struct region *r = &l->r;
	unsigned int t;
	int ret;

	if (!arm->info.max_ops)
		arm->info.max_ops = l->call;
	for (t = 0; t < l->c.cfg.threads; t++)
		r->ops[t] = arm->done[t].ops;
	ret = control(l, "enable", &r->enable_ns);
	if (ret)
		return ret;
	r->ns = lab_now();
	r->cpu_ns = cpu_now();
	ret = run_calls(l);
	r->cpu_ns = cpu_now() - r->cpu_ns;
	r->ns = lab_now() - r->ns;
	if (!ret)
		ret = control(l, "disable", &r->disable_ns);
	for (t = 0; t < l->c.cfg.threads; t++)
		r->ops[t] = arm->done[t].ops - r->ops[t];
	return ret;
}

/* With roles the others are there to be in thread 0's way. */
static unsigned long counted_ops(const struct loop *l)
{
	unsigned long all = l->r.ops[0];

	if (l->c.path->flags & BENCH_ROLES)
		return all;
	for (unsigned int t = 1; t < l->c.cfg.threads; t++)
		all += l->r.ops[t];
	return all;
}

static json_t *threads_json(const struct loop *l)
{
	json_t *a = json_array();

	for (unsigned int t = 0; t < l->c.cfg.threads; t++)
		json_array_append_new(a, json_integer(l->r.ops[t]));
	return a;
}

static json_t *loop_json(const struct loop *l)
{
	const struct bench_path *p = l->c.path;
	const struct region *r = &l->r;
	json_t *o;

	o = json_pack("{s:s, s:o, s:s, s:s, s:b, s:b, s:b, s:I, s:I, s:o, s:I, s:I, s:b, s:o}",
		      "schema", "locklab-loop/1",
		      "case", lab_case_json(&l->c),
		      "title", p->title, "op", p->op,
		      "roles", !!(p->flags & BENCH_ROLES),
		      "prepared", !!p->prepare,
		      "oversubscribed", lab_case_oversubscribed(&l->c),
		      "calls", (json_int_t)r->calls,
		      "ops", (json_int_t)counted_ops(l),
		      "thread_ops", threads_json(l),
		      "ns", (json_int_t)r->ns,
		      "cpu_ns", (json_int_t)r->cpu_ns,
		      "partial", r->partial,
		      "env", lab_env_json("", l->c.cfg.threads,
					   l->o->seed, "build/locklab " COMMAND));
	if (o && l->o->control)
		json_object_set_new(o, "control",
				    json_pack("{s:I, s:I}",
					      "enable_ns", (json_int_t)r->enable_ns,
					      "disable_ns", (json_int_t)r->disable_ns));
	return o;
}

static int print_json(const struct loop *l)
{
	json_t *o = loop_json(l);
	int ret = o ? json_dumpf(o, stdout, JSON_INDENT(1)) : -1;

	putchar('\n');
	json_decref(o);
	return ret;
}

static void print_line(const struct loop *l)
{
	unsigned long ops = counted_ops(l);
	char name[LAB_CASE_NAME], each[32];

	lab_case_format(&l->c, name);
	if (!ops) {
		lab_say(stdout, "%s: nothing was run in %.3f ms", name,
			l->r.ns * 1e-6);
		return;
	}
	lab_number(each, sizeof(each), (double)l->r.ns / ops, 0);
	lab_say(stdout, "%s: %lu ops (%s) in %.1f ms, %s ns each%s", name, ops,
		l->c.path->op, l->r.ns * 1e-6, each,
		l->r.partial ? ", stopped" : "");
}

static int report(const struct loop *l, int leaked, unsigned long warned)
{
	int bad = 0;

	if (l->o->json)
		bad = print_json(l);
	else
		print_line(l);
	if (bad || fflush(stdout) || ferror(stdout))
		return lab_fail(EXIT_WRONG, COMMAND, "standard output: %s",
				strerror(errno));
	if (leaked || warned)
		return lab_fail(EXIT_WRONG, COMMAND, "the case %s: its numbers are those of a mistake",
				leaked ? "leaked objects" : "had the core warn");
	return l->r.partial ? lab_stop_status() : EXIT_RIGHT;
}

static int run_loop(struct loop *l)
{
	unsigned long warned = host_warn_count();
	int ret = lab_arm_open(&l->arm, &l->c), leaked;

	if (ret)
		return lab_fail(EXIT_WRONG, COMMAND, "setting up: %s",
				strerror(-ret));
	ret = warm_up(l);
	if (!ret)
		ret = run_region(l);
	leaked = lab_arm_close(&l->arm);
	lab_engine_end();
	if (ret == -EPIPE || ret == -EPROTO)
		return lab_fail(EXIT_WRONG, COMMAND, "control: perf %s: what it counted is not of this loop",
				ret == -EPIPE ? "is gone" : "did not acknowledge");
	if (ret)
		return lab_fail(EXIT_WRONG, COMMAND, "%s", strerror(-ret));
	return report(l, leaked, host_warn_count() - warned);
}

int cmd_loop(int argc, char **argv)
{
	struct options o = { .seconds = 1, .seed = 1 };
	static struct loop l;
	int ret;

	l.o = &o;
	ret = lab_parse_options(&options, argc, argv, &o);
	if (!ret)
		ret = find_case(&o, &l.c);
	if (!ret && o.control)
		ret = open_control(&l);
	if (ret)
		return ret;
	lab_stop_watch();
	ret = run_loop(&l);
	if (o.control)
		lab_control_close(&l.control);
	return ret;
}
