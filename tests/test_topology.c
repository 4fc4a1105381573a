// SPDX-License-Identifier: GPL-2.0 OR MIT
/* CPUs and quotas of machines that are planted below a folder. */
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/cpus.h"
#include "base/quota.h"
#include "base/topology.h"

#define CPU	"/sys/devices/system/cpu/cpu"

static char root[32];

int __wrap_sched_getaffinity(pid_t pid, size_t size, cpu_set_t *mask);

/* A kernel of 4096 CPUs, of which the process may use 1030 and 2000. */
int __wrap_sched_getaffinity(pid_t pid, size_t size, cpu_set_t *mask)
{
	(void)pid;
	if (size < 4096 / 8) {
		errno = EINVAL;
		return -1;
	}
	CPU_SET_S(1030, size, mask);
	CPU_SET_S(2000, size, mask);
	return 0;
}

static void plant(const char *path, const char *text)
{
	char command[1024];

	snprintf(command, sizeof(command),
		 "f=%s%s; mkdir -p ${f%%/*} && printf '%s\\n' >$f", root, path,
		 text);
	assert_int_equal(system(command), 0);
}

static void plant_cpu(int id, const char *siblings, const char *cache)
{
	char path[128];

	snprintf(path, sizeof(path), CPU "%d/topology/thread_siblings_list", id);
	plant(path, siblings);
	for (int i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), CPU "%d/cache/index%d/level", id, i);
		plant(path, i < 3 ? "1" : "3");
	}
	snprintf(path, sizeof(path), CPU "%d/cache/index3/shared_cpu_list", id);
	plant(path, cache);
}

static int set_up(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/test_topology.XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int tear_down(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", root);
	return system(command);
}

static void sorted(struct lab_cpu *cpu, size_t nr, int first)
{
	for (size_t i = 0; i < nr; i++)
		lab_topology_read(root, first + i, &cpu[i]);
	lab_topology_sort(cpu, nr);
}

/* 0 and 1 are one core; 2 and 3 are two that share a cache. */
static void test_smt(void **state)
{
	struct lab_cpu cpu[4];

	(void)state;
	plant_cpu(0, "0-1", "0-1");
	plant_cpu(1, "0-1", "0-1");
	plant_cpu(2, "2", "2-3");
	plant_cpu(3, "3", "2-3");
	sorted(cpu, 4, 0);
	assert_int_equal(cpu[0].id, 2);
	assert_int_equal(cpu[1].id, 3);
	assert_int_equal(cpu[2].id, 0);
	assert_int_equal(cpu[3].id, 1);
	assert_false(lab_topology_siblings(cpu, 3));
	assert_true(lab_topology_siblings(cpu, 4));
	assert_false(lab_topology_apart(cpu, 2));
	assert_true(lab_topology_apart(cpu, 3));
	/* neither the other cache nor the sibling does for one of the first two */
	assert_int_equal(lab_topology_alike(cpu, 4), 2);
	assert_int_equal(lab_topology_alike(cpu, 1), 1);
	assert_int_equal(lab_topology_alike(cpu + 2, 2), 1);
}

static void test_hybrid(void **state)
{
	struct lab_cpu cpu[4];

	(void)state;
	plant("/sys/devices/cpu_atom/cpus", "0-1");
	plant("/sys/devices/cpu_core/cpus", "2-3");
	sorted(cpu, 4, 0);
	assert_int_equal(cpu[0].id, 2);
	assert_int_equal(cpu[1].id, 3);
	assert_string_equal(cpu[0].kind, "core");
	assert_false(lab_topology_mixed(cpu, 2));
	assert_true(lab_topology_mixed(cpu, 3));
	assert_int_equal(lab_topology_alike(cpu, 4), 2);
}

static void test_text(void **state)
{
	struct lab_cpu cpu[1200] = { { .id = 8, .core = 8 }, { .id = 2, .core = 2 },
				     { .id = 3, .core = 3 } };
	char text[LAB_TOPOLOGY_TEXT], *list;

	(void)state;
	assert_string_equal(lab_topology_text(cpu, 3, text), "");
	cpu[1].cache = 2;
	cpu[2].core = 2;
	strcpy(cpu[2].kind, "atom");
	assert_string_equal(lab_topology_text(cpu, 1, text), "");
	assert_string_equal(lab_topology_text(cpu, 2, text),
			    "no common last cache (apart)");
	assert_string_equal(lab_topology_text(cpu, 3, text),
			    "some share a core (siblings), no common last cache (apart), cores of several kinds (mixed)");
	list = lab_cpulist_text(cpu, 3);
	assert_string_equal(list, "2-3,8");
	free(list);
	for (int i = 0; i < 1200; i++)
		cpu[i].id = 2 * i;
	list = lab_cpulist_text(cpu, 1200);
	assert_non_null(strstr(list, "0,2,4,"));
	assert_string_equal(list + strlen(list) - 10, ",2396,2398");
	free(list);
}

/* Nothing is known: by number, and nothing is shared. */
static void test_missing(void **state)
{
	struct lab_cpu cpu[3];

	(void)state;
	sorted(cpu, 3, 1023);
	assert_int_equal(cpu[0].id, 1023);
	assert_int_equal(cpu[2].id, 1025);
	assert_false(lab_topology_siblings(cpu, 3));
	assert_false(lab_topology_mixed(cpu, 3));
}

static void test_quota(void **state)
{
	struct lab_cpu_quota q;

	(void)state;
	lab_quota_read(root, &q);
	assert_true(isinf(q.cpus));
	plant("/proc/self/cgroup", "0::/a/b");
	plant("/proc/self/mountinfo",
	      "41 31 0:38 / /cg rw,relatime - cgroup2 cgroup2 rw");
	plant("/cg/a/b/cpu.max", "max 100000");
	plant("/cg/a/cpu.max", "50000 100000");
	plant("/cg/a/cpu.stat", "nr_throttled 3\\nthrottled_usec 1234");
	lab_quota_read(root, &q);
	assert_true(q.cpus == 0.5);
	assert_string_equal(q.where, "/cg/a/cpu.max");
	assert_int_equal(lab_quota_throttled(&q), 1234);
}

/* In a container the process's own group is the one that is mounted. */
static void test_quota_namespace(void **state)
{
	struct lab_cpu_quota q;

	(void)state;
	plant("/proc/self/cgroup", "0::/");
	plant("/proc/self/mountinfo",
	      "41 31 0:38 / /cg rw,relatime - cgroup2 cgroup2 rw");
	plant("/cg/cpu.max", "50000 100000");
	plant("/cg/cpu.stat", "nr_throttled 3\\nthrottled_usec 1234");
	lab_quota_read(root, &q);
	assert_string_equal(q.where, "/cg/cpu.max");
	assert_int_equal(lab_quota_throttled(&q), 1234);
}

static void test_quota_v1(void **state)
{
	struct lab_cpu_quota q;

	(void)state;
	plant("/proc/self/cgroup", "3:cpu,cpuacct:/docker/x");
	plant("/proc/self/mountinfo",
	      "31 23 0:29 /docker/x /cg rw - cgroup none rw,cpu,cpuacct");
	plant("/cg/cpu.cfs_quota_us", "150000");
	plant("/cg/cpu.cfs_period_us", "50000");
	plant("/cg/cpu.stat", "nr_throttled 1\\nthrottled_time 7000000");
	lab_quota_read(root, &q);
	assert_true(q.cpus == 3);
	assert_int_equal(lab_quota_throttled(&q), 7000);
}

/* Said of rows that run more threads at a time than the quota has CPUs. */
static void test_quota_text(void **state)
{
	const unsigned int threads[] = { 1, 2, 4 };
	struct lab_cpu_quota q = { .cpus = 1, .where = "/cg/cpu.max" };
	char text[LAB_QUOTA_TEXT];

	(void)state;
	assert_true(lab_quota_text(&q, threads, 3, 8, text));
	assert_non_null(strstr(text, "cgroup quota of 1 CPUs in /cg/cpu.max: rows of 2 to 4 threads"));
	assert_true(lab_quota_text(&q, threads, 2, 8, text));
	assert_non_null(strstr(text, "rows of 2 threads"));
	assert_false(lab_quota_text(&q, threads, 1, 8, text));
	assert_false(lab_quota_text(&q, threads, 3, 1, text));
	assert_string_equal(text, "");
	q.cpus = 0.5;
	assert_true(lab_quota_text(&q, threads, 1, 8, text));
	assert_non_null(strstr(text, "0.5 CPUs in /cg/cpu.max: rows of 1 thread are"));
	q.cpus = INFINITY;
	assert_false(lab_quota_text(&q, threads, 3, 8, text));
}

/* CPU 0 is not among them, and 1024 do not reach. */
static void test_many(void **state)
{
	(void)state;
	assert_int_equal(lab_cpus_allowed(), 2);
	assert_int_equal(lab_cpu_nth(0), 1030);
	assert_int_equal(lab_cpu_nth(1), 2000);
	assert_int_equal(lab_cpu_nth(2), 1030);
	/* thread 0 alone may have another */
	lab_cpu_take(1);
	assert_int_equal(lab_cpu_nth(0), 2000);
	assert_int_equal(lab_cpu_nth(1), 2000);
	lab_cpu_take(0);
	assert_int_equal(lab_cpu_nth(0), 1030);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_smt, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_hybrid, set_up, tear_down),
		cmocka_unit_test(test_text),
		cmocka_unit_test_setup_teardown(test_missing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_quota, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_quota_namespace, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_quota_v1, set_up, tear_down),
		cmocka_unit_test(test_quota_text),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
