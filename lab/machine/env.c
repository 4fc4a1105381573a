// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/build.h"
#include "base/cpus.h"
#include "base/delay.h"
#include "cases/set.h"
#include "machine/env.h"
#include "machine/facts.h"
#include "pmu/events.h"

static struct lab_steal steal_at_start;
static bool steal_known;

/* One word for a line: "yes", or why there are no hardware counters. */
static const char *pmu_word(void)
{
	char why[LAB_EVENT_NAME];
	enum lab_status status = lab_events_pmu(why);

	switch (status) {
	case LAB_COUNTED:
		return "yes";
	case LAB_NO_PMU:
	case LAB_NO_PERF:
		return "none";
	case LAB_NOT_PERMITTED:
		return "denied";
	default:
		return lab_status_name(status);
	}
}

static void add_pmu(struct lab_facts *r)
{
	char why[LAB_EVENT_NAME], text[2 * LAB_EVENT_NAME];
	enum lab_status status = lab_events_pmu(why);

	if (status == LAB_COUNTED) {
		lab_fact_set(r->out, "pmu", json_string("present"));
	} else {
		snprintf(text, sizeof(text), "%s: %s", lab_status_name(status), why);
		lab_fact_set(r->out, "pmu", json_string(pmu_word()));
		lab_fact_missing(r, "pmu.instructions", text);
	}
}

/* How this build's atomics are made, where an architecture has two ways. */
static const char *atomics(void)
{
#if defined(__ARM_FEATURE_ATOMICS)
	return "LSE";
#elif defined(__aarch64__)
	return "LL/SC";
#else
	return "";
#endif
}

static void add_build(struct lab_facts *r)
{
	json_t *build = json_object(), *locks = json_object();
	char name[128];
	unsigned int i;

	lab_fact_set(build, "compiler", json_string(lab_build.compiler));
	lab_fact_set(build, "kcflags", json_string(lab_build.kcflags));
	if (*lab_build_id())
		lab_fact_set(build, "id", json_string(lab_build_id()));
	else
		lab_fact_missing(r, "build.id", "the linker left no build id");
	if (*atomics())
		lab_fact_set(build, "atomics", json_string(atomics()));
	if (*lab_build.commit) {
		lab_fact_set(build, "commit", json_string(lab_build.commit));
		lab_fact_set(build, "dirty", json_boolean(lab_build.dirty));
	} else {
		lab_fact_missing(r, "build.commit", "not built inside a git tree");
	}
	if (*lab_build.ksrc)
		lab_fact_set(build, "ksrc", json_string(lab_build.ksrc));
	else
		lab_fact_missing(r, "build.ksrc", "built without a kernel tree (KSRC=)");
	for (i = 0; i < lab_nr_sets; i++) {
		snprintf(name, sizeof(name), "%s/%s", lab_sets[i].host,
			 lab_sets[i].variant);
		if (lab_sets[i].meta->primitives)
			lab_fact_set(locks, name,
				     json_string(lab_sets[i].meta->primitives));
	}
	lab_fact_set(r->out, "build", build);
	lab_fact_set(r->out, "locks", locks);
}

static json_t *now_utc(void)
{
	time_t t = time(NULL);
	char text[32];
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_string(text);
}

static json_t *load_now(const char *root)
{
	double a, b, c;
	char text[128];

	if (lab_fact_text(root, "/proc/loadavg", text, sizeof(text), false) ||
	    sscanf(text, "%lf %lf %lf", &a, &b, &c) != 3)
		return NULL;
	return json_pack("[f,f,f]", a, b, c);
}

/* Percent of all CPU time since lab_env_begin(). */
static bool steal_percent(const struct lab_steal *now, double *percent)
{
	if (!steal_known || now->all <= steal_at_start.all ||
	    now->stolen < steal_at_start.stolen)
		return false;
	*percent = 100.0 * (now->stolen - steal_at_start.stolen) /
		   (now->all - steal_at_start.all);
	return true;
}

void lab_env_begin(void)
{
	steal_known = lab_steal_now(0, &steal_at_start);
}

/* Of threads that go round the CPUs, each CPU once. */
static size_t find_used(const char *root, unsigned int threads,
			struct lab_cpu *used)
{
	size_t n = 0;

	do {
		lab_topology_read(root, lab_cpu_nth(n), &used[n]);
	} while (++n < threads && n < lab_cpus_allowed() &&
		 n < BENCH_MAX_THREADS);
	return n;
}

json_t *lab_env_json(const char *root, unsigned int threads,
		     unsigned long seed, const char *command)
{
	struct lab_cpu used[BENCH_MAX_THREADS];
	struct lab_facts r = { .root = root, .used = used };
	json_t *load;

	r.out = json_pack("{s:s,s:o,s:I,s:s}", "schema", "locklab-env/1",
			  "start", now_utc(), "seed", (json_int_t)seed,
			  "command", command);
	r.absent = json_object();
	if (!r.out || !r.absent)
		return NULL;
	r.nr_used = find_used(root, threads, used);
	lab_facts_cpu(&r);
	lab_facts_kernel(&r);
	add_pmu(&r);
	add_build(&r);
	load = load_now(root);
	if (load)
		lab_fact_set(r.out, "loadavg_start", load);
	else
		lab_fact_missing(&r, "loadavg_start", "/proc/loadavg not readable");
	lab_fact_set(r.out, "absent", r.absent);
	return r.out;
}

void lab_env_end(json_t *env)
{
	json_t *absent = json_object_get(env, "absent");
	struct lab_steal now;
	bool known = lab_steal_now(0, &now);
	json_t *load = load_now("");
	double percent;

	lab_fact_set(env, "end", now_utc());
	if (load)
		lab_fact_set(env, "loadavg_end", load);
	if (known && steal_percent(&now, &percent))
		lab_fact_set(env, "steal",
		    json_pack("{s:I,s:I,s:f}", "start_ticks",
			      (json_int_t)steal_at_start.stolen, "end_ticks",
			      (json_int_t)now.stolen, "percent", percent));
	else
		lab_fact_set(absent, "steal",
		    json_string(known ? "run too short to tell" :
				"/proc/stat not readable"));
}

const char *lab_env_get(const json_t *env, const char *path)
{
	char key[64];
	size_t len;

	while (env) {
		len = strcspn(path, ".");
		snprintf(key, sizeof(key), "%.*s", (int)len, path);
		env = json_object_get(env, key);
		if (!path[len])
			return json_string_value(env);
		path += len + 1;
	}
	return NULL;
}

/* "Intel(R) Xeon(R) Processor @ 2.6GHz" without marks and filler words. */
static void short_model(char *buf, size_t size)
{
	static const char *const drop[] = {
		"(R)", "(TM)", "Intel", "AMD", " CPU", " Processor",
	};
	static char info[1 << 16];
	char *at;
	size_t i;

	if (lab_fact_text("", "/proc/cpuinfo", info, sizeof(info), true) ||
	    !lab_fact_value(info, "model name", buf, size))
		snprintf(buf, size, "CPU");
	for (i = 0; i < sizeof(drop) / sizeof(*drop); i++)
		while ((at = strstr(buf, drop[i])))
			memmove(at, at + strlen(drop[i]),
				strlen(at + strlen(drop[i])) + 1);
	buf[strcspn(buf, "@")] = '\0';
	i = strspn(buf, " ");
	memmove(buf, buf + i, strlen(buf + i) + 1);
	while (*buf && buf[strlen(buf) - 1] == ' ')
		buf[strlen(buf) - 1] = '\0';
}

/* "gcc (Debian 12.2.0-14) 12.2.0" to "gcc 12". */
static void short_compiler(char *buf, size_t size)
{
	const char *name = lab_build.compiler;
	const char *version = strrchr(name, ' ');
	int len = strcspn(name, " ");

	if (version)
		snprintf(buf, size, "%.*s %.*s", len, name,
			 (int)strcspn(version + 1, ".-"), version + 1);
	else
		snprintf(buf, size, "%.*s", len, name);
}

/* "6.12.117-generic" to "6.12". */
static void short_release(char *buf, size_t size)
{
	struct utsname name;
	size_t n;

	if (uname(&name)) {
		snprintf(buf, size, "kernel ?");
		return;
	}
	n = strcspn(name.release, ".");
	if (name.release[n])
		n += 1 + strcspn(name.release + n + 1, ".-+");
	snprintf(buf, size, "%.*s", (int)n, name.release);
}

void lab_env_line(char *buf, size_t size, unsigned long seed)
{
	char model[128], compiler[24], release[16], vendor[13];
	char tail[LAB_ENV_COLUMNS + 1], steal[16] = "", optimise[8] = "";
	const char *flag = strstr(lab_build.kcflags, "-O");
	const char *hypervisor = lab_hypervisor(vendor);
	struct lab_steal now;
	double percent;
	int room;

	short_model(model, sizeof(model));
	short_compiler(compiler, sizeof(compiler));
	short_release(release, sizeof(release));
	if (!hypervisor || !strcmp(hypervisor, "none"))
		hypervisor = "";
	if (flag)
		snprintf(optimise, sizeof(optimise), " %.3s", flag);
	if (lab_steal_now(0, &now) && steal_percent(&now, &percent))
		snprintf(steal, sizeof(steal), " steal %.1f%%", percent);
	snprintf(tail, sizeof(tail), " %ldc%s%s%s  PMU %s  %s %s%s%s%s seed %lu",
		 sysconf(_SC_NPROCESSORS_ONLN), *hypervisor ? " " : "",
		 hypervisor, steal,
		 pmu_word(), release, compiler, optimise, *atomics() ? " " : "",
		 atomics(), seed);
	room = LAB_ENV_COLUMNS - (int)strlen(tail);
	model[room < (int)sizeof(model) ? room : (int)sizeof(model) - 1] = '\0';
	snprintf(buf, size, "%s%s", model, tail);
}
