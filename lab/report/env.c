// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <string.h>

#include "base/text.h"
#include "base/topology.h"
#include "machine/env.h"
#include "report/parts.h"

static const char *text_of(const json_t *env, const char *path)
{
	const char *text = lab_env_get(env, path);

	return text ? text : "not known";
}

/* A number as text, so that an unknown one is never a zero. */
struct number {
	char text[24];
};

static struct number number_of(const json_t *obj, const char *key, int shift)
{
	const json_t *value = json_object_get(obj, key);
	struct number n;

	if (json_is_integer(value))
		snprintf(n.text, sizeof(n.text), "%lld",
			 (long long)json_integer_value(value) >> shift);
	else if (json_is_string(value))
		snprintf(n.text, sizeof(n.text), "%s",
			 json_string_value(value));
	else
		snprintf(n.text, sizeof(n.text), "not known");
	return n;
}

/* The CPUs that threads run on, and how much of them the cgroup may have. */
static void say_used(FILE *f, const json_t *cpu)
{
	json_t *used = json_object_get(cpu, "used");
	json_t *threads = json_object_get(used, "threads");
	json_t *quota = json_object_get(cpu, "quota");
	char line[512] = "";
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(threads); i++) {
		const json_t *one = json_array_get(threads, i);
		const char *kind = json_string_value(json_object_get(one, "kind"));

		if (n > sizeof(line) - LAB_CPU_KIND - 16)
			break;
		n += snprintf(line + n, sizeof(line) - n, "%s%s%s%s", i ? ", " : "",
			      number_of(one, "cpu", 0).text, *kind ? " " : "", kind);
	}
	lab_say(f, "CPUs used, as threads take them: %s%s%s%s", line,
		json_is_true(json_object_get(used, "siblings")) ?
		"; some are siblings, of one core" : "",
		json_is_true(json_object_get(used, "apart")) ?
		"; apart, without a common last cache" : "",
		json_is_true(json_object_get(used, "mixed")) ?
		"; mixed, of several kinds" : "");
	if (json_is_object(quota))
		lab_say(f, "CPU quota: %g CPUs, by %s",
			json_number_value(json_object_get(quota, "cpus")),
			json_string_value(json_object_get(quota, "file")));
	else
		lab_say(f, "CPU quota: no cgroup has one");
}

static void say_cpu(FILE *f, const json_t *env)
{
	const json_t *cpu = json_object_get(env, "cpu");
	const json_t *topology = json_object_get(cpu, "topology");
	const json_t *turbo = json_object_get(cpu, "turbo");

	lab_say(f, "CPU: %s, family %s model %s stepping %s, microcode %s",
		text_of(env, "cpu.model"), number_of(cpu, "family", 0).text,
		number_of(cpu, "model_number", 0).text,
		number_of(cpu, "stepping", 0).text,
		text_of(env, "cpu.microcode"));
	if (topology)
		lab_say(f, "Topology: %s threads, %s cores, %s packages; SMT %s; allowed CPUs %s",
			number_of(topology, "threads", 0).text,
			number_of(topology, "cores", 0).text,
			number_of(topology, "packages", 0).text,
			text_of(env, "cpu.smt"), text_of(env, "cpu.allowed"));
	say_used(f, cpu);
	lab_say(f, "Last-level cache, KiB: %s",
		number_of(cpu, "llc_bytes", 10).text);
	lab_say(f, "Frequency: governor %s, turbo %s",
		text_of(env, "cpu.governor"),
		turbo ? json_is_true(turbo) ? "on" : "off" : "not known");
}

static void say_steal(FILE *f, const json_t *env)
{
	const json_t *steal = json_object_get(env, "steal");
	const json_t *start = json_object_get(env, "loadavg_start");
	const json_t *end = json_object_get(env, "loadavg_end");
	char text[64] = "steal not known";

	if (steal)
		snprintf(text, sizeof(text), "steal %.2f %% of the run",
			 json_real_value(json_object_get(steal, "percent")));
	lab_say(f, "Hypervisor: %s; %s", text_of(env, "hypervisor"), text);
	if (start && end)
		lab_say(f, "Load: %.2f at the start, %.2f at the end",
			json_number_value(json_array_get(start, 0)),
			json_number_value(json_array_get(end, 0)));
}

/* One line for all that are not simply unaffected. */
static void say_mitigations(FILE *f, const json_t *env)
{
	json_t *all = json_object_get(env, "mitigations");
	char line[2048] = "";
	const char *text;
	size_t n = 0;
	void *at;

	for (at = json_object_iter(all); at;
	     at = json_object_iter_next(all, at)) {
		text = json_string_value(json_object_iter_value(at));
		if (!strcmp(text, "Not affected") || n > sizeof(line) - 200)
			continue;
		n += snprintf(line + n, sizeof(line) - n, "%s%s (%.*s)",
			      n ? ", " : "", json_object_iter_key(at),
			      (int)strcspn(text, ";"), text);
	}
	if (all)
		lab_say(f, "Mitigations: %s", n ? line : "not affected by any");
}

static void say_kernel(FILE *f, const json_t *env)
{
	static const char *const items[] = {
		"PREEMPT_DYNAMIC", "HZ", "PROVE_LOCKING", "DEBUG_MUTEXES",
		"DEBUG_LIST", "KASAN",
	};
	const json_t *kernel = json_object_get(env, "kernel");
	const json_t *config = json_object_get(kernel, "config");
	char line[256] = "";
	size_t i, n = 0;

	for (i = 0; i < sizeof(items) / sizeof(*items); i++) {
		const json_t *item = json_object_get(config, items[i]);

		if (item && n < sizeof(line))
			n += snprintf(line + n, sizeof(line) - n, " %s=%s",
				      items[i], json_string_value(item));
	}
	lab_say(f, "Kernel: %s; config:%s", text_of(env, "kernel.release"),
		config ? line : " not readable");
	lab_say(f, "Clock %s, ASLR %s, THP %s, perf_event_paranoid %s",
		text_of(env, "kernel.clocksource"),
		number_of(kernel, "aslr", 0).text, text_of(env, "memory.thp"),
		number_of(kernel, "perf_event_paranoid", 0).text);
}

/* Each lock code once, however many objects run it. */
static void say_locks(FILE *f, const json_t *env)
{
	json_t *locks = json_object_get(env, "locks");
	const char *text, *last = "";
	void *at;

	for (at = json_object_iter(locks); at;
	     at = json_object_iter_next(locks, at)) {
		text = json_string_value(json_object_iter_value(at));
		if (strcmp(last, text))
			lab_say(f, "Locks: %s", text);
		last = text;
	}
}

void lab_report_env(FILE *f, const json_t *env)
{
	const json_t *memory = json_object_get(env, "memory");
	const json_t *build = json_object_get(env, "build");

	lab_say_heading(f, "Environment");
	say_cpu(f, env);
	say_steal(f, env);
	say_kernel(f, env);
	say_mitigations(f, env);
	lab_say(f, "PMU: %s", text_of(env, "pmu"));
	lab_say(f, "Commit: %s%s", text_of(env, "build.commit"),
		json_is_true(json_object_get(build, "dirty")) ?
		" with local changes" : "");
	lab_say(f, "Build id: %s", text_of(env, "build.id"));
	lab_say(f, "Compiler: %s", text_of(env, "build.compiler"));
	lab_say(f, "Flags: %s", text_of(env, "build.kcflags"));
	if (json_object_get(build, "ksrc"))
		lab_say(f, "Kernel tree: %s", text_of(env, "build.ksrc"));
	say_locks(f, env);
	lab_say(f, "Memory, MiB: %s, available %s",
		number_of(memory, "total_bytes", 20).text,
		number_of(memory, "available_bytes", 20).text);
}
