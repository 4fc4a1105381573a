// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Of the CPUs that threads run on, not of the machine's first. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpus.h"
#include "base/quota.h"
#include "machine/facts.h"

#define SYS_CPU		"/sys/devices/system/cpu/cpu"
#define MAX_LEVELS	16

static long long bytes_of(const char *text)
{
	char *end;
	long long n = strtoll(text, &end, 10);

	if (*end == 'K')
		n <<= 10;
	else if (*end == 'M')
		n <<= 20;
	else if (*end == 'G')
		n <<= 30;
	return n;
}

/* A line of a file of a CPU's cache; false when there is none. */
static bool cache_line(const struct lab_facts *r, int cpu, int i,
		       const char *what, char *text)
{
	char path[128];

	snprintf(path, sizeof(path), SYS_CPU "%d/cache/index%d/%s", cpu, i, what);
	return !lab_fact_text(r->root, path, text, LAB_FACT_MAX, false);
}

static json_t *one_cache(const struct lab_facts *r, int cpu, int i)
{
	char text[LAB_FACT_MAX], type[LAB_FACT_MAX];
	json_t *one;
	int level;

	if (!cache_line(r, cpu, i, "level", text))
		return NULL;
	level = strtol(text, NULL, 10);
	if (!cache_line(r, cpu, i, "type", type) ||
	    !cache_line(r, cpu, i, "size", text))
		return NULL;
	one = json_pack("{s:i,s:s,s:I}", "level", level, "type", type, "bytes",
			(json_int_t)bytes_of(text));
	if (cache_line(r, cpu, i, "shared_cpu_list", text))
		lab_fact_set(one, "shared_by", json_string(text));
	if (cache_line(r, cpu, i, "coherency_line_size", text))
		lab_fact_set(one, "line", json_integer(strtol(text, NULL, 10)));
	return one;
}

/* A cache that several CPUs share stands once. */
static void add_once(json_t *list, json_t *one)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (json_equal(json_array_get(list, i), one)) {
			json_decref(one);
			return;
		}
	json_array_append_new(list, one);
}

/* The largest of the highest level is the last one. */
static long long last_of(const json_t *list)
{
	long long level, bytes, top = 0, last = 0;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);

		level = json_integer_value(json_object_get(one, "level"));
		bytes = json_integer_value(json_object_get(one, "bytes"));
		if (level > top || (level == top && bytes > last))
			last = bytes;
		top = level > top ? level : top;
	}
	return last;
}

static void add_caches(struct lab_facts *r, json_t *cpu)
{
	json_t *list = json_array();
	char why[128];

	for (size_t u = 0; u < r->nr_used; u++)
		for (int i = 0; i < MAX_LEVELS; i++) {
			json_t *one = one_cache(r, r->used[u].id, i);

			if (one)
				add_once(list, one);
		}
	if (json_array_size(list)) {
		lab_fact_set(cpu, "caches", list);
		lab_fact_set(cpu, "llc_bytes", json_integer(last_of(list)));
		return;
	}
	json_decref(list);
	snprintf(why, sizeof(why), SYS_CPU "%d/cache: not there", r->used[0].id);
	lab_fact_missing(r, "cpu.caches", why);
	lab_fact_missing(r, "cpu.llc_bytes", "caches not known");
}

/* What all used CPUs have, or each with its number where they differ. */
static void add_each(struct lab_facts *r, json_t *cpu, const char *key,
		     const char *file)
{
	char path[128], text[LAB_FACT_MAX], all[LAB_FACT_MAX] = "", first[64] = "";
	bool differ = false;
	size_t n = 0;
	int err;

	for (size_t u = 0; u < r->nr_used; u++) {
		int id = r->used[u].id;

		snprintf(path, sizeof(path), SYS_CPU "%d/cpufreq/%s", id, file);
		err = lab_fact_text(r->root, path, text, sizeof(text), false);
		if (err) {
			snprintf(all, sizeof(all), "cpu.%s", key);
			lab_fact_no_file(r, all, path, err);
			return;
		}
		text[sizeof(first) - 1] = '\0';
		if (!u)
			memcpy(first, text, sizeof(first));
		differ |= strcmp(first, text) != 0;
		n += snprintf(all + n, sizeof(all) - n, "%s%s (CPU %d)",
			      u ? ", " : "", text, id);
		if (n > sizeof(all) - 128)
			break;
	}
	lab_fact_set(cpu, key, json_string(differ ? all : first));
}

static void add_used(struct lab_facts *r, json_t *cpu)
{
	json_t *each = json_array();

	for (size_t u = 0; u < r->nr_used; u++) {
		const struct lab_cpu *c = &r->used[u];

		json_array_append_new(each, json_pack(
			"{s:i, s:i, s:i, s:s}", "cpu", c->id, "core", c->core,
			"last_cache", c->cache, "kind", c->kind));
	}
	lab_fact_set(cpu, "used", json_pack(
		"{s:o, s:b, s:b, s:b}", "threads", each,
		"siblings", lab_topology_siblings(r->used, r->nr_used),
		"apart", lab_topology_apart(r->used, r->nr_used),
		"mixed", lab_topology_mixed(r->used, r->nr_used)));
}

static void add_allowed(json_t *cpu)
{
	char *text = lab_cpulist_text(lab_cpus(), lab_cpus_allowed());

	if (text)
		lab_fact_set(cpu, "allowed", json_string(text));
	free(text);
}

/* null: there is none. */
static void add_quota(struct lab_facts *r, json_t *cpu)
{
	struct lab_cpu_quota q;

	lab_quota_read(r->root, &q);
	lab_fact_set(cpu, "quota", isfinite(q.cpus) ?
		     json_pack("{s:f, s:s}", "cpus", q.cpus, "file", q.where) :
		     json_null());
}

void lab_facts_used(struct lab_facts *r, json_t *cpu)
{
	add_used(r, cpu);
	add_caches(r, cpu);
	add_each(r, cpu, "governor", "scaling_governor");
	add_each(r, cpu, "frequency_driver", "scaling_driver");
	add_allowed(cpu);
	add_quota(r, cpu);
}
