// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <math.h>

#include "rowjson.h"

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
		      "name", e->name, "word", lab_word_name(n->word),
		      "why", n->why, "software", e->software);
	if (n->word != LAB_COUNTED)
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
