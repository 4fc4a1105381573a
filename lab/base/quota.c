// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/quota.h"

/* A hierarchy that has the CPU controller. */
struct tree {
	bool unified;		/* version 2 */
	char mount[LAB_QUOTA_PATH];	/* where it is mounted */
	char top[LAB_QUOTA_PATH];	/* which of its groups is mounted there */
	char own[LAB_QUOTA_PATH];	/* group of this process */
};

static FILE *file_of(const char *root, const char *path)
{
	char name[2 * LAB_QUOTA_PATH];

	snprintf(name, sizeof(name), "%s%s", root, path);
	return fopen(name, "re");
}

static bool word_in(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (*list) {
		size_t n = strcspn(list, ",\n");

		if (n == len && !strncmp(list, word, n))
			return true;
		list += n + (list[n] != '\0');
	}
	return false;
}

/* "id parent dev top mount options... - type source super-options" */
static bool find_mount(const char *root, struct tree *t)
{
	FILE *f = file_of(root, "/proc/self/mountinfo");
	bool found = false;
	char line[4096];

	while (f && !found && fgets(line, sizeof(line), f)) {
		char type[32], super[1024], *dash = strstr(line, " - ");

		if (!dash || sscanf(dash, " - %31s %*s %1023s", type, super) != 2 ||
		    sscanf(line, "%*s %*s %*s %511s %511s", t->top, t->mount) != 2)
			continue;
		found = t->unified ? !strcmp(type, "cgroup2") :
				     !strcmp(type, "cgroup") &&
				     word_in(super, "cpu");
	}
	if (f)
		fclose(f);
	return found;
}

/* "id:controllers:group"; version 2 has no controllers. */
static bool find_own(const char *root, struct tree *t)
{
	FILE *f = file_of(root, "/proc/self/cgroup");
	bool found = false;
	char line[4096];

	while (f && !found && fgets(line, sizeof(line), f)) {
		char *names = strchr(line, ':');
		char *group = names ? strchr(names + 1, ':') : NULL;

		if (!group)
			continue;
		*group++ = '\0';
		found = t->unified ? !names[1] : word_in(names + 1, "cpu");
		if (found)
			snprintf(t->own, sizeof(t->own), "%.*s",
				 (int)strcspn(group, "\n"), group);
	}
	if (f)
		fclose(f);
	return found;
}

static bool read_number(FILE *f, long long *n)
{
	return f && fscanf(f, "%lld", n) == 1;
}

/* Quota of one group, in CPUs; INFINITY without. */
static double quota_at(const char *root, const struct tree *t, const char *dir,
		       char *file)
{
	long long quota = -1, period = 100000;
	char path[LAB_QUOTA_PATH + 32];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir,
		 t->unified ? "cpu.max" : "cpu.cfs_quota_us");
	f = file_of(root, path);
	if (!read_number(f, &quota))
		quota = -1;
	else if (t->unified)
		read_number(f, &period);
	if (f)
		fclose(f);
	snprintf(file, LAB_QUOTA_PATH, "%.*s", LAB_QUOTA_PATH - 1, path);
	if (!t->unified) {
		snprintf(path, sizeof(path), "%s/cpu.cfs_period_us", dir);
		f = file_of(root, path);
		read_number(f, &period);
		if (f)
			fclose(f);
	}
	return quota > 0 && period > 0 ? (double)quota / period : INFINITY;
}

/* From the process's own group up to the one that is mounted. */
static void walk(const char *root, const struct tree *t, struct lab_cpu_quota *q)
{
	const char *rest = t->own;
	size_t top = strcmp(t->top, "/") ? strlen(t->top) : 0;
	char dir[LAB_QUOTA_PATH], file[LAB_QUOTA_PATH];

	if (!strncmp(rest, t->top, top) && (!rest[top] || rest[top] == '/'))
		rest += top;
	/* a group outside of the namespace, or of the mount: not to be seen */
	else
		rest = "";
	/* the group that is mounted stands once, without a last '/' */
	if (strstr(rest, "/..") || !strcmp(rest, "/"))
		rest = "";
	if (snprintf(dir, sizeof(dir), "%s%s", t->mount, rest) >=
	    (int)sizeof(dir))
		return;
	for (;;) {
		double cpus = quota_at(root, t, dir, file);

		if (isfinite(cpus) && q->nr < LAB_QUOTA_LEVELS)
			snprintf(q->stat[q->nr++], LAB_QUOTA_PATH, "%s%.400s/cpu.stat",
				 root, dir);
		if (cpus < q->cpus) {
			q->cpus = cpus;
			memcpy(q->where, file, sizeof(file));
		}
		if (strlen(dir) <= strlen(t->mount))
			break;
		*strrchr(dir, '/') = '\0';
	}
}

void lab_quota_read(const char *root, struct lab_cpu_quota *q)
{
	memset(q, 0, sizeof(*q));
	q->cpus = INFINITY;
	for (int unified = 0; unified < 2; unified++) {
		struct tree t = { .unified = unified };

		if (find_mount(root, &t) && find_own(root, &t))
			walk(root, &t, q);
	}
}

/* Version 2 counts us, version 1 ns. */
static uint64_t throttled_in(const char *path)
{
	FILE *f = fopen(path, "re");
	unsigned long long n;
	uint64_t us = 0;
	char name[64];

	while (f && fscanf(f, "%63s %llu", name, &n) == 2) {
		if (!strcmp(name, "throttled_usec"))
			us = n;
		else if (!strcmp(name, "throttled_time"))
			us = n / 1000;
	}
	if (f)
		fclose(f);
	return us;
}

uint64_t lab_quota_throttled(const struct lab_cpu_quota *q)
{
	uint64_t us = 0;

	for (unsigned int i = 0; i < q->nr; i++)
		us += throttled_in(q->stat[i]);
	return us;
}

static struct lab_cpu_quota own;
static pthread_once_t own_once = PTHREAD_ONCE_INIT;

static void find_quota(void)
{
	lab_quota_read("", &own);
}

const struct lab_cpu_quota *lab_cpu_quota(void)
{
	pthread_once(&own_once, find_quota);
	return &own;
}

uint64_t lab_throttled(void)
{
	return lab_quota_throttled(lab_cpu_quota());
}

bool lab_quota_text(const struct lab_cpu_quota *q, const unsigned int *threads,
		    size_t nr, unsigned int cpus, char *buf)
{
	unsigned int least = 0, most = 0;
	char rows[48];

	for (size_t i = 0; i < nr; i++) {
		if ((threads[i] < cpus ? threads[i] : cpus) <= q->cpus)
			continue;
		least = least && least < threads[i] ? least : threads[i];
		most = most > threads[i] ? most : threads[i];
	}
	*buf = '\0';
	if (!most)
		return false;
	if (least < most)
		snprintf(rows, sizeof(rows), "%u to %u threads", least, most);
	else
		snprintf(rows, sizeof(rows), "%u thread%s", most, most > 1 ? "s" : "");
	snprintf(buf, LAB_QUOTA_TEXT, "cgroup quota of %g CPUs in %s: rows of %s are throttled; raise it, or run outside of the cgroup",
		 q->cpus, q->where, rows);
	return true;
}
