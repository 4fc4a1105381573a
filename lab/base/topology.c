// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/topology.h"

#define SYS_CPU		"/sys/devices/system/cpu/cpu"
#define LIST		8192	/* a list of very many CPUs */
#define CACHES		16

/* First line of a file below @root; false when there is none. */
static bool line_of(const char *root, const char *path, char *buf, size_t size)
{
	char name[512];
	FILE *f;
	bool ok;

	snprintf(name, sizeof(name), "%s%s", root, path);
	f = fopen(name, "re");
	if (!f)
		return false;
	ok = fgets(buf, size, f) && *buf != '\n';
	fclose(f);
	if (ok)
		buf[strcspn(buf, "\n")] = '\0';
	return ok;
}

static bool cpu_line(const char *root, int id, const char *what, char *buf,
		     size_t size)
{
	char path[160];

	snprintf(path, sizeof(path), SYS_CPU "%d/%s", id, what);
	return line_of(root, path, buf, size);
}

/* A list begins with its least number. */
static int first_of(const char *list, int otherwise)
{
	char *end;
	long first = strtol(list, &end, 10);

	return end != list && first >= 0 ? (int)first : otherwise;
}

/* In a list such as "0-3,8"? */
static bool is_listed(const char *list, int id)
{
	char *end;

	while (*list) {
		long from = strtol(list, &end, 10), to = from;

		if (end == list)
			return false;
		if (*end == '-')
			to = strtol(end + 1, &end, 10);
		if (id >= from && id <= to)
			return true;
		list = *end == ',' ? end + 1 : "";
	}
	return false;
}

static int core_of(const char *root, int id)
{
	char list[LIST];

	if (cpu_line(root, id, "topology/thread_siblings_list", list, LIST) ||
	    cpu_line(root, id, "topology/core_cpus_list", list, LIST))
		return first_of(list, id);
	return id;
}

/* Of the highest level; instructions are not shared by locks. */
static int cache_of(const char *root, int id)
{
	char what[64], text[LIST];
	int top = 0, cache = -1;

	for (int i = 0; i < CACHES; i++) {
		int level;

		snprintf(what, sizeof(what), "cache/index%d/level", i);
		if (!cpu_line(root, id, what, text, LIST))
			break;
		level = atoi(text);
		snprintf(what, sizeof(what), "cache/index%d/type", i);
		if (level <= top || (cpu_line(root, id, what, text, LIST) &&
				     !strcmp(text, "Instruction")))
			continue;
		snprintf(what, sizeof(what), "cache/index%d/shared_cpu_list", i);
		if (!cpu_line(root, id, what, text, LIST))
			continue;
		top = level;
		cache = first_of(text, -1);
	}
	return cache;
}

/* Hybrid x86 has a list for each kind; the fastest stands first here. */
static bool listed_kind(const char *root, struct lab_cpu *cpu)
{
	static const char *const kinds[] = { "core", "atom", "lowpower" };
	char path[64], list[LIST];

	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "/sys/devices/cpu_%s/cpus", kinds[i]);
		if (!line_of(root, path, list, LIST) ||
		    !is_listed(list, cpu->id))
			continue;
		snprintf(cpu->kind, LAB_CPU_KIND, "%s", kinds[i]);
		if (!cpu->capacity)
			cpu->capacity = 3 - i;
		return true;
	}
	return false;
}

static void read_kind(const char *root, struct lab_cpu *cpu)
{
	char text[64];

	cpu->kind[0] = '\0';
	cpu->capacity = 0;
	if (cpu_line(root, cpu->id, "cpu_capacity", text, sizeof(text)))
		cpu->capacity = atol(text);
	if (listed_kind(root, cpu))
		return;
	if (cpu_line(root, cpu->id, "regs/identification/midr_el1", text,
		     sizeof(text)))
		snprintf(cpu->kind, LAB_CPU_KIND, "MIDR %.18s capacity %ld",
			 text, cpu->capacity);
	else if (cpu->capacity)
		snprintf(cpu->kind, LAB_CPU_KIND, "capacity %ld",
			 cpu->capacity);
}

void lab_topology_read(const char *root, int id, struct lab_cpu *cpu)
{
	cpu->id = id;
	cpu->core = core_of(root, id);
	cpu->cache = cache_of(root, id);
	read_kind(root, cpu);
}

/* A CPU with what it is sorted by. */
struct ranked {
	struct lab_cpu cpu;
	unsigned int sibling;	/* CPUs of its core with a lesser number */
	bool lone;		/* its kind has one core only */
	unsigned int together;	/* cores of its kind at its last cache */
};

static int compare(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	int kind = strcmp(x->cpu.kind, y->cpu.kind);

	if (x->sibling != y->sibling)
		return x->sibling < y->sibling ? -1 : 1;
	if (x->lone != y->lone)
		return x->lone ? 1 : -1;
	if (x->cpu.capacity != y->cpu.capacity)
		return x->cpu.capacity > y->cpu.capacity ? -1 : 1;
	if (kind)
		return kind;
	if (x->together != y->together)
		return x->together > y->together ? -1 : 1;
	if (x->cpu.cache != y->cpu.cache)
		return x->cpu.cache < y->cpu.cache ? -1 : 1;
	return x->cpu.id < y->cpu.id ? -1 : x->cpu.id > y->cpu.id;
}

static void rank(struct ranked *r, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		for (size_t j = 0; j < nr; j++)
			r[i].sibling += r[j].cpu.core == r[i].cpu.core &&
					r[j].cpu.id < r[i].cpu.id;
	for (size_t i = 0; i < nr; i++) {
		unsigned int cores = 0;

		for (size_t j = 0; j < nr; j++) {
			if (r[j].sibling ||
			    strcmp(r[j].cpu.kind, r[i].cpu.kind))
				continue;
			cores++;
			r[i].together += r[j].cpu.cache == r[i].cpu.cache;
		}
		r[i].lone = cores < 2;
	}
}

void lab_topology_sort(struct lab_cpu *cpu, size_t nr)
{
	struct ranked *r = calloc(nr ? nr : 1, sizeof(*r));

	if (!r)
		return;
	for (size_t i = 0; i < nr; i++)
		r[i].cpu = cpu[i];
	rank(r, nr);
	qsort(r, nr, sizeof(*r), compare);
	for (size_t i = 0; i < nr; i++)
		cpu[i] = r[i].cpu;
	free(r);
}

bool lab_topology_siblings(const struct lab_cpu *cpu, size_t nr)
{
	for (size_t i = 1; i < nr; i++)
		for (size_t j = 0; j < i; j++)
			if (cpu[i].core == cpu[j].core)
				return true;
	return false;
}

bool lab_topology_mixed(const struct lab_cpu *cpu, size_t nr)
{
	for (size_t i = 1; i < nr; i++)
		if (strcmp(cpu[i].kind, cpu[0].kind))
			return true;
	return false;
}

bool lab_topology_apart(const struct lab_cpu *cpu, size_t nr)
{
	for (size_t i = 1; i < nr; i++)
		if (cpu[i].cache != cpu[0].cache)
			return true;
	return false;
}

size_t lab_topology_alike(const struct lab_cpu *cpu, size_t nr)
{
	size_t n = 1;

	while (n < nr && !lab_topology_siblings(cpu, n + 1) &&
	       !lab_topology_mixed(cpu, n + 1) && !lab_topology_apart(cpu, n + 1))
		n++;
	return n;
}

char *lab_topology_text(const struct lab_cpu *cpu, size_t nr, char *buf)
{
	const struct {
		bool so;
		const char *says;
	} all[] = {
		{ lab_topology_siblings(cpu, nr), "some share a core (siblings)" },
		{ lab_topology_apart(cpu, nr), "no common last cache (apart)" },
		{ lab_topology_mixed(cpu, nr), "cores of several kinds (mixed)" },
	};
	size_t n = 0;

	*buf = '\0';
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i].so)
			n += snprintf(buf + n, LAB_TOPOLOGY_TEXT - n, "%s%s",
				      n ? ", " : "", all[i].says);
	return buf;
}

static int by_id(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The end of the run of numbers that begins at @id[i]. */
static size_t run_end(const int *id, size_t i, size_t nr)
{
	while (i + 1 < nr && id[i + 1] <= id[i] + 1)
		i++;
	return i;
}

char *lab_cpulist_text(const struct lab_cpu *cpu, size_t nr)
{
	int *id = malloc((nr + 1) * sizeof(*id));
	char *text = NULL;
	size_t size;
	FILE *f = id ? open_memstream(&text, &size) : NULL;

	if (!f) {
		free(id);
		return NULL;
	}
	for (size_t i = 0; i < nr; i++)
		id[i] = cpu[i].id;
	qsort(id, nr, sizeof(*id), by_id);
	for (size_t i = 0, last; i < nr; i = last + 1) {
		last = run_end(id, i, nr);
		fprintf(f, "%s%d", i ? "," : "", id[i]);
		if (id[last] > id[i])
			fprintf(f, "-%d", id[last]);
	}
	free(id);
	return fclose(f) ? NULL : text;
}
