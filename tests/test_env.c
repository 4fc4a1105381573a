// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The environment record: what is there is read, what is not has a reason. */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "machine/env.h"
#include "machine/facts.h"

#define CPU0	"/sys/devices/system/cpu/cpu0/"
#define CPU1	"/sys/devices/system/cpu/cpu1/"

static char root[32];

int __wrap_sched_getaffinity(pid_t pid, size_t size, cpu_set_t *mask);

/* The process may use CPUs 0 and 1, whatever CPUs this machine has. */
int __wrap_sched_getaffinity(pid_t pid, size_t size, cpu_set_t *mask)
{
	(void)pid;
	CPU_SET_S(0, size, mask);
	CPU_SET_S(1, size, mask);
	return 0;
}

/* The files of a machine that is not this one. */
static const char *const files[][2] = {
	{ "/proc/cpuinfo",
	  "processor\t: 0\nvendor_id\t: Test\ncpu family\t: 6\n"
	  "model\t\t: 167\nmodel name\t: Test(R) CPU @ 3.00GHz\n"
	  "stepping\t: 1\n\nprocessor\t: 1\nmicrocode\t: 0x99\n" },
	{ "/proc/cmdline",
	  "root=/dev/secret token=abc mitigations=off isolcpus=1 quiet\n" },
	{ "/proc/meminfo", "MemTotal:     1024 kB\nMemFree:   10 kB\n" },
	{ "/proc/loadavg", "0.25 0.50 0.75 1/100 4242\n" },
	{ "/sys/kernel/mm/transparent_hugepage/enabled",
	  "always [madvise] never\n" },
	{ "/sys/devices/system/cpu/vulnerabilities/meltdown",
	  "Mitigation: PTI\n" },
	{ "/sys/devices/system/cpu/isolated", "\n" },
	{ "/sys/devices/system/cpu/cpufreq/boost", "1\n" },
	{ CPU0 "cpufreq/scaling_governor", "performance\n" },
	{ CPU0 "cpufreq/scaling_driver", "test\n" },
	{ CPU1 "cpufreq/scaling_governor", "powersave\n" },
	{ CPU1 "cpufreq/scaling_driver", "test\n" },
	{ CPU0 "topology/thread_siblings_list", "0-1\n" },
	{ CPU0 "topology/physical_package_id", "0\n" },
	{ CPU1 "topology/thread_siblings_list", "0-1\n" },
	{ CPU1 "topology/physical_package_id", "0\n" },
	{ CPU0 "cache/index0/level", "1\n" },
	{ CPU0 "cache/index0/type", "Data\n" },
	{ CPU0 "cache/index0/size", "48K\n" },
	{ CPU0 "cache/index1/level", "3\n" },
	{ CPU0 "cache/index1/type", "Unified\n" },
	{ CPU0 "cache/index1/size", "2M\n" },
	{ CPU1 "cache/index0/level", "3\n" },
	{ CPU1 "cache/index0/type", "Unified\n" },
	{ CPU1 "cache/index0/size", "2M\n" },
	{ CPU1 "cache/index1/level", "3\n" },
	{ CPU1 "cache/index1/type", "Unified\n" },
	{ CPU1 "cache/index1/size", "4M\n" },
	{ "/proc/self/cgroup", "0::/a\n" },
	{ "/proc/self/mountinfo",
	  "41 31 0:38 / /cg rw,relatime - cgroup2 cgroup2 rw\n" },
	{ "/cg/a/cpu.max", "50000 100000\n" },
};

static void run(const char *fmt, const char *arg)
{
	char command[512];

	snprintf(command, sizeof(command), fmt, arg);
	assert_int_equal(system(command), 0);
}

static int set_up(void **state)
{
	char path[256];
	size_t i;
	FILE *f;

	(void)state;
	snprintf(root, sizeof(root), "/tmp/test_env.XXXXXX");
	if (!mkdtemp(root))
		return -1;
	for (i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%s%s", root, files[i][0]);
		run("mkdir -p $(dirname %s)", path);
		f = fopen(path, "w");
		if (!f)
			return -1;
		fputs(files[i][1], f);
		fclose(f);
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	run("rm -r %s", root);
	return 0;
}

static const json_t *at(const json_t *env, const char *group, const char *key)
{
	return json_object_get(json_object_get(env, group), key);
}

static void assert_integer(const json_t *value, long long expected)
{
	assert_true(json_is_integer(value));
	assert_int_equal(json_integer_value(value), expected);
}

static void test_known(void **state)
{
	json_t *env = lab_env_json(root, 2, 7, "a command");
	const json_t *topology = at(env, "cpu", "topology");

	(void)state;
	assert_non_null(env);
	assert_string_equal(lab_env_get(env, "command"), "a command");
	assert_string_equal(lab_env_get(env, "cpu.model"),
			    "Test(R) CPU @ 3.00GHz");
	assert_string_equal(lab_env_get(env, "mitigations.meltdown"),
			    "Mitigation: PTI");
	assert_string_equal(lab_env_get(env, "memory.thp"), "madvise");
	assert_integer(at(env, "cpu", "family"), 6);
	assert_integer(at(env, "cpu", "model_number"), 167);
	assert_integer(at(env, "memory", "total_bytes"), 1 << 20);
	assert_integer(json_object_get(topology, "threads"), 2);
	assert_integer(json_object_get(topology, "cores"), 1);
	assert_integer(json_object_get(topology, "packages"), 1);
	assert_integer(json_object_get(env, "seed"), 7);
	assert_true(json_is_true(at(env, "cpu", "turbo")));
	json_decref(env);
}

/* What is said of CPUs is said of those that are used. */
static void test_used(void **state)
{
	const struct lab_cpu cpu[] = { { 0, 0, 0, 0, "" }, { 1, 0, 1, 0, "atom" } };
	struct lab_facts f = { .root = root, .used = cpu };

	(void)state;
	for (f.nr_used = 1; f.nr_used <= 2; f.nr_used++) {
		bool both = f.nr_used == 2;
		json_t *o, *used;

		f.absent = json_object();
		o = json_pack("{s:{}}", "cpu");
		lab_facts_used(&f, json_object_get(o, "cpu"));
		used = json_object_get(json_object_get(o, "cpu"), "used");
		assert_string_equal(lab_env_get(o, "cpu.governor"), both ?
				    "performance (CPU 0), powersave (CPU 1)" :
				    "performance");
		assert_string_equal(lab_env_get(o, "cpu.frequency_driver"), "test");
		assert_string_equal(lab_env_get(o, "cpu.allowed"), "0-1");
		assert_string_equal(lab_env_get(o, "cpu.quota.file"), "/cg/a/cpu.max");
		assert_integer(at(o, "cpu", "llc_bytes"), (both ? 4 : 2) << 20);
		/* one of two is the other CPU's, too */
		assert_int_equal(json_array_size(at(o, "cpu", "caches")),
				 both ? 3 : 2);
		assert_int_equal(json_array_size(json_object_get(used, "threads")),
				 f.nr_used);
		assert_int_equal(json_is_true(json_object_get(used, "siblings")), both);
		assert_int_equal(json_is_true(json_object_get(used, "apart")), both);
		assert_int_equal(json_is_true(json_object_get(used, "mixed")), both);
		json_decref(f.absent);
		json_decref(o);
	}
}

/* A key that is absent has its reason, and no value anywhere. */
static void test_absent(void **state)
{
	static const char *const keys[][2] = {
		{ "cpu", "smt" }, { "cpu", "online" }, { "cpu", "isolated" },
		{ "cpu", "microcode" }, { "kernel", "config" },
		{ "kernel", "clocksource" }, { "memory", "available_bytes" },
	};
	json_t *env = lab_env_json(root, 2, 7, "");
	char path[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		snprintf(path, sizeof(path), "%s.%s", keys[i][0], keys[i][1]);
		assert_null(at(env, keys[i][0], keys[i][1]));
		assert_non_null(json_string_value(at(env, "absent", path)));
	}
	json_decref(env);
	env = lab_env_json("/nonexistent", 2, 7, "");
	assert_null(json_object_get(env, "mitigations"));
	assert_non_null(at(env, "absent", "mitigations"));
	assert_non_null(at(env, "absent", "cpu.model"));
	json_decref(env);
}

/* Of the boot options only those that bear on timing are recorded. */
static void test_private(void **state)
{
	json_t *env = lab_env_json(root, 2, 7, "");
	const json_t *options = at(env, "kernel", "boot_options");

	(void)state;
	assert_int_equal(json_array_size(options), 2);
	assert_string_equal(json_string_value(json_array_get(options, 0)),
			    "mitigations=off");
	assert_string_equal(json_string_value(json_array_get(options, 1)),
			    "isolcpus=1");
	json_decref(env);
}

static void test_pmu(void **state)
{
	json_t *env = lab_env_json("", 2, 7, "");
	bool none;

	(void)state;
	none = strcmp(lab_env_get(env, "pmu"), "present");
	assert_int_equal(none, !!at(env, "absent", "pmu.instructions"));
	json_decref(env);
}

/* The end of a run brings its time, and steal as a number or a reason. */
static void test_end(void **state)
{
	json_t *env;

	(void)state;
	lab_env_begin();
	env = lab_env_json("", 2, 7, "");
	assert_null(json_object_get(env, "end"));
	lab_env_end(env);
	assert_non_null(json_object_get(env, "end"));
	assert_int_not_equal(!!json_object_get(env, "steal"),
			     !!at(env, "absent", "steal"));
	json_decref(env);
}

static void test_line(void **state)
{
	static const unsigned long seeds[] = { 0, 7, ~0UL };
	char line[256], seed[32];
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(seeds) / sizeof(*seeds); i++) {
		lab_env_line(line, sizeof(line), seeds[i]);
		assert_in_range(strlen(line), 10, LAB_ENV_COLUMNS);
		snprintf(seed, sizeof(seed), "seed %lu", seeds[i]);
		assert_non_null(strstr(line, seed));
		for (j = 0; line[j]; j++)
			assert_in_range(line[j], ' ', '~');
	}
}

static void test_value(void **state)
{
	char buf[16];

	(void)state;
	assert_true(lab_fact_value("a b\t: 1\na : 2\n", "a", buf, sizeof(buf)));
	assert_string_equal(buf, "2");
	assert_false(lab_fact_value("ab : 1\n", "a", buf, sizeof(buf)));
	assert_false(lab_fact_value("a :\n", "a", buf, sizeof(buf)));
	assert_false(lab_fact_value("b : 1\n\na : 2", "a", buf, sizeof(buf)));
	assert_false(lab_fact_value("", "a", buf, sizeof(buf)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_used),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_private),
		cmocka_unit_test(test_pmu),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_value),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
