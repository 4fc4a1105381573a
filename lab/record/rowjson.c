// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <math.h>
#include <stdio.h>

#include "record/rowjson.h"

json_t *lab_json_number(double x)
{
	return isfinite(x) ? json_real(x) : json_null();
}

json_t *lab_json_interval(const struct lab_interval *i)
{
	return json_pack("{s:o, s:o, s:o}", "est", lab_json_number(i->est),
			 "lo", lab_json_number(i->lo), "hi", lab_json_number(i->hi));
}

static json_t *params(const struct lab_case *c)
{
	const struct bench_param *p = c->path->params;
	json_t *o = json_object();
	char word[64];

	for (unsigned int i = 0; i < lab_path_params(c->path); i++) {
		long v = c->cfg.value[i];

		lab_param_word(&p[i], v, word, sizeof(word));
		json_object_set_new(o, p[i].name, lab_param_is_word(&p[i]) ?
				    json_string(word) : json_integer(v));
	}
	return o;
}

json_t *lab_case_json(const struct lab_case *c)
{
	char name[LAB_CASE_NAME];

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:i}",
			 "name", lab_case_format(c, name),
			 "host", c->set->host,
			 "scenario", c->scenario->name,
			 "path", c->path->name,
			 "variant", c->set->variant,
			 "params", params(c),
			 "threads", (int)c->cfg.threads);
}

static json_t *dropped_why(const struct lab_row *row)
{
	json_t *o = json_object();

	for (int d = LAB_KEPT + 1; d < LAB_NR_DROPS; d++)
		json_object_set_new(o, lab_drop_name(d),
				    json_integer(row->dropped[d]));
	return o;
}

static json_t *thread_rows(const struct lab_row *row, unsigned int arm)
{
	json_t *a = json_array();

	for (unsigned int t = 0; t < row->ask.base.cfg.threads; t++) {
		const struct lab_thread_row *tr = &row->threads[arm][t];

		json_array_append_new(a, json_pack(
			"{s:o, s:o, s:o, s:o, s:o, s:o}",
			"ops", lab_json_number(tr->ops),
			"seconds", lab_json_number(tr->seconds),
			"p50", lab_json_number(tr->p50), "p99", lab_json_number(tr->p99),
			"p999", lab_json_number(tr->p999), "max", lab_json_number(tr->max)));
	}
	return a;
}

/* ns per operation of each thread, process by process; none with one thread. */
static json_t *each_process(const struct lab_row *row, unsigned int arm)
{
	unsigned int threads = row->ask.base.cfg.threads;
	json_t *a = json_array();

	for (unsigned long p = 0; threads > 1 && p < row->nr_each; p++) {
		const struct lab_process_row *e = &row->each[p];
		json_t *ns = json_array();

		for (unsigned int t = 0; t < threads; t++)
			json_array_append_new(ns, lab_json_number(
				1e9 * e->seconds[arm][t] / e->ops[arm][t]));
		json_array_append_new(a, ns);
	}
	return a;
}

static json_t *roles(const struct bench_path *path, unsigned int threads)
{
	json_t *a = json_array();

	for (unsigned int t = 0; path->roles && t < threads; t++)
		json_array_append_new(a, json_string(path->roles[t]));
	return a;
}

/* Column by column, one value for each placement. */
static json_t *places(const struct lab_row *row)
{
	json_t *first = json_array(), *process = json_array();
	json_t *stolen = json_array(), *throttled = json_array();
	json_t *cycle = json_array(), *handover = json_array();
	json_t *cpu = json_array();

	for (unsigned long i = 0; i < row->placements; i++) {
		const struct lab_place *p = &row->place[i];

		json_array_append_new(first, json_integer(p->first));
		json_array_append_new(process, json_integer(p->process));
		json_array_append_new(cpu, json_integer(p->cpu));
		json_array_append_new(stolen, json_integer(p->stolen));
		json_array_append_new(throttled, json_integer(p->throttled));
		json_array_append_new(cycle, json_pack("[o,o]",
			lab_json_number(p->cycle_ns[0]),
			lab_json_number(p->cycle_ns[1])));
		json_array_append_new(handover, lab_json_number(p->handover_ns));
	}
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "first_round", first,
			 "process", process, "cpu", cpu, "stolen_ticks", stolen,
			 "throttled_us", throttled, "cycle_ns", cycle,
			 "handover_ns", handover);
}

static json_t *arms(const struct lab_row *row)
{
	static const char *const names[LAB_MAX_ARMS] = { "base", "new", "aa" };
	json_t *a = json_array();

	for (unsigned int arm = 0; arm < row->nr_arms; arm++)
		json_array_append_new(a, json_string(names[arm]));
	return a;
}

static json_t *asked(const struct lab_row *row)
{
	const struct lab_case *b = &row->ask.base, *n = &row->ask.new_;

	return json_pack("{s:s, s:s, s:s, s:s, s:i, s:s, s:s, s:o, s:b, s:i,"
			 " s:s, s:s, s:s, s:s, s:o, s:f, s:f, s:I, s:s}",
			 "schema", "locklab-row/2",
			 "host", b->set->host,
			 "scenario", b->scenario->name,
			 "path", b->path->name,
			 "path_index", (int)(b->path - b->scenario->paths),
			 "title", b->path->title,
			 "op", b->path->op,
			 "params", params(b),
			 "defaults", lab_has_defaults(b),
			 "threads", (int)b->cfg.threads,
			 "base", b->set->variant,
			 "new", n->set->variant,
			 "base_host", b->set->host,
			 "new_host", n->set->host,
			 "roles", roles(b->path, b->cfg.threads),
			 "budget", row->ask.budget,
			 "margin", row->ask.margin,
			 "seed", (json_int_t)row->ask.seed,
			 "command", row->command);
}

static json_t *scaled(struct lab_interval i, double by)
{
	i.est *= by;
	i.lo *= by;
	i.hi *= by;
	return lab_json_interval(&i);
}

/* Cycles of the core; null where their length is not known. */
static json_t *cycles(const struct lab_row *row)
{
	double per_ns = 1 / row->cycle_ns;
	struct lab_interval new = row->time[1];

	new.est = row->ns[1];
	if (!isfinite(row->cycle_ns))
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o}",
			 "ghz", lab_json_number(per_ns),
			 "base", scaled(row->time[0], per_ns),
			 "new", scaled(new, per_ns),
			 "delta", scaled(row->delta, per_ns));
}

static json_t *found(const struct lab_row *row)
{
	json_t *aa = lab_json_interval(&row->aa);

	json_object_set_new(aa, "verdict", isfinite(row->aa.lo) ?
			    json_string(lab_verdict_name(row->aa_verdict)) :
			    json_null());
	return json_pack("{s:I, s:I, s:o, s:I, s:i, s:I, s:I, s:s, s:o, s:o, s:o,"
			 " s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:b}",
			 "rounds", (json_int_t)row->rounds,
			 "dropped", (json_int_t)(row->nr_raw - row->rounds),
			 "dropped_why", dropped_why(row),
			 "ties", (json_int_t)row->ties,
			 "processes", (int)row->processes,
			 "placements", (json_int_t)row->placements,
			 "units", (json_int_t)row->units,
			 "unit", lab_unit_name(row->unit),
			 "base_ns", lab_json_number(row->ns[0]),
			 "new_ns", lab_json_number(row->ns[1]),
			 "delta_ns", lab_json_interval(&row->delta),
			 "ratio", lab_json_interval(&row->ratio),
			 "sure", lab_json_interval(&row->sure),
			 "sure_level", lab_json_number(row->sure_level),
			 "verdict", lab_verdict_name(row->verdict),
			 "detects", lab_json_number(row->detects),
			 "aa", aa,
			 "level", lab_json_number(row->level),
			 "cycles", cycles(row),
			 "sd_between_processes", lab_json_number(row->between),
			 "sd_within_process", lab_json_number(row->within),
			 "outliers", (int)row->outliers,
			 "begun_anew", (int)row->refits,
			 "disturbed", row->disturbed);
}

static json_t *tally(const struct lab_row *row)
{
	const char *what = row->ask.base.path->tally;

	if (!what)
		return json_null();
	return json_pack("{s:s, s:o, s:o}", "what", what,
			 "base", lab_json_number(lab_row_tally(row, 0)),
			 "new", lab_json_number(lab_row_tally(row, 1)));
}

static json_t *circumstances(const struct lab_row *row)
{
	bool threads = row->ask.base.cfg.threads > 1;

	return json_pack("{s:b, s:I, s:I, s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:I,"
			 " s:b, s:o, s:o, s:b, s:{s:o, s:o}, s:{s:o, s:o},"
			 " s:{s:o, s:o}, s:o, s:o}",
			 "digest_ok", row->digest_ok,
			 "warnings", (json_int_t)row->warnings,
			 "leaks", (json_int_t)row->leaks,
			 "note", row->note,
			 "ops_per_epoch", (json_int_t)row->ops_per_epoch,
			 "epoch_ns", lab_json_number(row->epoch_ns),
			 "clock_step_ns", lab_json_number(row->step_ns),
			 "harness_share", lab_json_number(row->harness),
			 "skew_ns", lab_json_number(threads ? row->skew : NAN),
			 "overlap", lab_json_number(threads ? row->overlap : NAN),
			 "handover_ns", lab_json_number(row->handover_ns),
			 "bytes", (json_int_t)row->bytes,
			 "partial", row->partial,
			 "seconds", lab_json_number(row->seconds),
			 "wall_seconds", lab_json_number(row->wall),
			 "oversubscribed", lab_case_oversubscribed(&row->ask.base),
			 "thread_rows",
				"base", thread_rows(row, 0),
				"new", thread_rows(row, 1),
			 "thread_ns_by_process",
				"base", each_process(row, 0),
				"new", each_process(row, 1),
			 "fairness",
				"base", lab_json_number(threads ? row->fair[0] : NAN),
				"new", lab_json_number(threads ? row->fair[1] : NAN),
			 "tally", tally(row),
			 "os", json_pack("{s:o, s:I, s:o, s:o}",
					 "delay_seconds", lab_json_number(row->delay),
					 "slept", (json_int_t)row->slept,
					 "stolen_percent", lab_json_number(row->stolen),
					 "throttled_seconds",
					 lab_json_number(lab_row_throttled(row))));
}

static json_t *per_thread(const struct lab_row *row, unsigned int arm,
			  unsigned int i)
{
	const struct lab_counted *c = &row->counted;
	json_t *a = json_array();

	for (unsigned int t = 0; t < row->ask.base.cfg.threads; t++)
		json_array_append_new(a, lab_json_number(c->total[arm][t][i] /
							 c->ops[arm][t][i]));
	return a;
}

static json_t *event_json(const struct lab_row *row, unsigned int i)
{
	const struct lab_event *e = &row->ask.events->event[i];
	const struct lab_count *n = &row->counted.count[i];
	json_t *o;

	o = json_pack("{s:s, s:s, s:s, s:s, s:b}", "asked", e->asked,
		      "name", e->name, "word", lab_status_name(n->status),
		      "why", n->why, "software", e->software);
	if (n->status != LAB_COUNTED)
		return o;
	json_object_update_new(o, json_pack(
		"{s:i, s:i, s:I, s:o, s:o, s:o, s:{s:o, s:o}}",
		"pass", (int)e->pass, "slot", (int)e->slot,
		"rounds", (json_int_t)n->rounds,
		"base", lab_json_number(n->arm[0]),
		"new", lab_json_number(n->arm[1]),
		"delta", lab_json_interval(&n->delta),
		"threads", "base", per_thread(row, 0, i),
		"new", per_thread(row, 1, i)));
	return o;
}

/* Pass, order, drop, and for each arm its time and what each slot counted. */
static json_t *round_json(const struct lab_row *row, unsigned long r)
{
	const struct lab_counted *c = &row->counted;
	json_t *a = json_pack("[i,i,i]", c->pass[r], c->order[r], c->drop[r]);

	for (unsigned int arm = 0; arm < row->nr_arms; arm++) {
		unsigned long at = r * row->nr_arms + arm;
		json_t *values = json_pack("[f]", (double)c->ns[at]);

		for (unsigned int slot = 0; slot < LAB_GROUP_MAX; slot++)
			json_array_append_new(values, lab_json_number(
				c->value[at * LAB_GROUP_MAX + slot]));
		json_array_append_new(a, values);
	}
	return a;
}

json_t *lab_counters_json(const struct lab_row *row, bool with_samples)
{
	const struct lab_events *set = row->ask.events;
	const struct lab_counted *c = &row->counted;
	json_t *events = json_array(), *rounds = json_array(), *o, *disturbed;

	for (unsigned int i = 0; set && i < set->nr; i++)
		json_array_append_new(events, event_json(row, i));
	for (unsigned long r = 0; with_samples && r < c->nr; r++)
		json_array_append_new(rounds, round_json(row, r));
	disturbed = lab_json_interval(&c->disturbed);
	json_object_set_new(disturbed, "verdict",
			    c->verdict == LAB_NO_RESULT ? json_null() :
			    json_string(lab_verdict_name(c->verdict)));
	o = json_pack("{s:s, s:o, s:o, s:b, s:I}",
		      "asked", set ? set->spec : "", "events", events,
		      "disturbed", disturbed, "direct", c->nr && c->direct,
		      "rounds", (json_int_t)c->nr);
	if (with_samples)
		json_object_set(o, "samples", rounds);
	json_decref(rounds);
	return o;
}

/* Moves @more's keys into @to, which is dropped when one is missing. */
static json_t *join(json_t *to, json_t *more)
{
	if (!to || !more || json_object_update(to, more)) {
		json_decref(to);
		to = NULL;
	}
	json_decref(more);
	return to;
}

json_t *lab_row_json(const struct lab_row *row, bool with_samples)
{
	json_t *o = join(join(asked(row), found(row)), circumstances(row));

	if (o)
		o = join(o, json_pack("{s:o}", "counters",
				      lab_counters_json(row, with_samples)));
	if (o && with_samples)
		o = join(o, json_pack("{s:o, s:o, s:o}", "arms", arms(row),
				      "places", places(row),
				      "probe_alone_cycles",
				      lab_json_number(row->alone > 0 ?
						      row->alone : NAN)));
	return o;
}

/* All digits of a float: scripts make of them what the analysis made. */
int lab_round_text(const struct lab_row *row, unsigned long round, char *buf,
		   size_t size)
{
	int n = snprintf(buf, size, "[%d,%d", row->order[round], row->drop[round]);

	for (unsigned int arm = 0; arm < row->nr_arms; arm++)
		n += snprintf(buf + n, size - n, ",%.9g",
			      row->raw[round * row->nr_arms + arm]);
	return n + snprintf(buf + n, size - n, ",%.0f]", row->probe[round]);
}
