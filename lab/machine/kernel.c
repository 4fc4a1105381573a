// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "machine/facts.h"

static void add_mitigations(struct lab_facts *r)
{
	static const char folder[] = "/sys/devices/system/cpu/vulnerabilities";
	json_t *all = json_object();
	char path[512], text[LAB_FACT_MAX];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "%s%s", r->root, folder);
	dir = opendir(path);
	if (!dir) {
		lab_fact_no_file(r, "mitigations", folder, -errno);
		json_decref(all);
		return;
	}
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (!lab_fact_text(r->root, path, text, sizeof(text), false))
			lab_fact_set(all, entry->d_name, json_string(text));
	}
	closedir(dir);
	lab_fact_set(r->out, "mitigations", all);
}

/* Does @word begin with one of @items, and end there or the item with '*'? */
static bool listed(const char *word, size_t len, const char *const *items)
{
	size_t n;

	for (; *items; items++) {
		n = strcspn(*items, "*");
		if (n <= len && !strncmp(word, *items, n) &&
		    (n == len || (*items)[n] == '*'))
			return true;
	}
	return false;
}

static bool config_matters(const char *name)
{
	static const char *const items[] = {
		"PREEMPT*", "HZ", "NO_HZ_*", "SMP", "NUMA", "LOCKDEP",
		"PROVE_LOCKING", "LOCK_STAT", "DEBUG_LOCK_ALLOC",
		"DEBUG_MUTEXES", "DEBUG_SPINLOCK", "DEBUG_WW_MUTEX_SLOWPATH",
		"DEBUG_ATOMIC_SLEEP", "DEBUG_LIST", "LIST_HARDENED", "KASAN",
		"KCSAN", "KFENCE", "UBSAN", "MUTEX_SPIN_ON_OWNER",
		"PARAVIRT_SPINLOCKS", "CPU_MITIGATIONS", "MITIGATION_*",
		"RETPOLINE", "TRANSPARENT_HUGEPAGE*", "CC_VERSION_TEXT",
		"CPU_FREQ", "SLUB_DEBUG_ON", NULL
	};

	return listed(name, strcspn(name, "= "), items);
}

/* Only what bears on timing; the rest is the machine owner's business. */
static void add_boot_options(struct lab_facts *r, json_t *kernel)
{
	static const char *const items[] = {
		"mitigations", "isolcpus", "nohz", "nohz_full", "rcu_nocbs",
		"idle", "preempt", "nosmt", "maxcpus", "nr_cpus", "pti",
		"spectre*", "spec_*", "retbleed", "tsx*", "mds", "l1tf",
		"transparent_hugepage", "clocksource", "tsc", "nokaslr",
		"intel_pstate", "intel_idle*", "amd_pstate", "processor*",
		"cpufreq*", "cpuidle*", "haltpoll*", "numa*", "irqaffinity",
		NULL
	};
	char text[LAB_FACT_MAX], *word, *rest;
	json_t *list;
	int err;

	err = lab_fact_text(r->root, "/proc/cmdline", text, sizeof(text),
			    false);
	if (err) {
		lab_fact_no_file(r, "kernel.boot_options", "/proc/cmdline",
				 err);
		return;
	}
	list = json_array();
	for (word = strtok_r(text, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest))
		if (listed(word, strcspn(word, "="), items))
			json_array_append_new(list, json_string(word));
	lab_fact_set(kernel, "boot_options", list);
}

static json_t *read_config(FILE *f)
{
	static const char unset[] = "# CONFIG_";
	json_t *all = json_object();
	char line[512], *value;

	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, unset, sizeof(unset) - 1)) {
			char *name = line + sizeof(unset) - 1;

			if (!config_matters(name))
				continue;
			name[strcspn(name, " ")] = '\0';
			lab_fact_set(all, name, json_string("n"));
		} else if (!strncmp(line, "CONFIG_", 7) &&
			   config_matters(line + 7)) {
			value = line + strcspn(line, "=");
			if (!*value)
				continue;
			*value++ = '\0';
			if (*value == '"') {
				value++;
				value[strcspn(value, "\"")] = '\0';
			}
			lab_fact_set(all, line + 7, json_string(value));
		}
	}
	if (!json_object_size(all)) {
		json_decref(all);
		return NULL;
	}
	return all;
}

static json_t *kernel_config(const char *root, const char *release)
{
	char path[600], command[640];
	json_t *all = NULL;
	FILE *f;

	snprintf(path, sizeof(path), "%s/proc/config.gz", root);
	if (!access(path, R_OK) && !strchr(path, '\'')) {
		snprintf(command, sizeof(command),
			 "gzip -dc '%s' 2>/dev/null", path);
		f = popen(command, "re");
		if (f) {
			all = read_config(f);
			pclose(f);
		}
	}
	if (all)
		return all;
	snprintf(path, sizeof(path), "%s/boot/config-%s", root, release);
	f = fopen(path, "re");
	if (!f)
		return NULL;
	all = read_config(f);
	fclose(f);
	return all;
}

static void add_kernel(struct lab_facts *r)
{
	json_t *kernel = json_object(), *config;
	struct utsname name;

	if (uname(&name)) {
		lab_fact_missing(r, "kernel.release", strerror(errno));
	} else {
		lab_fact_set(kernel, "release", json_string(name.release));
		lab_fact_set(kernel, "version", json_string(name.version));
		lab_fact_set(kernel, "machine", json_string(name.machine));
	}
	add_boot_options(r, kernel);
	config = kernel_config(r->root, name.release);
	if (config)
		lab_fact_set(kernel, "config", config);
	else
		lab_fact_missing(r, "kernel.config",
			"neither /proc/config.gz nor /boot/config-* readable");
	lab_fact_file(r, kernel, "kernel", "clocksource",
		 "/sys/devices/system/clocksource/clocksource0/current_clocksource");
	lab_fact_file(r, kernel, "kernel", "aslr",
		 "/proc/sys/kernel/randomize_va_space");
	lab_fact_file(r, kernel, "kernel", "perf_event_paranoid",
		 "/proc/sys/kernel/perf_event_paranoid");
	lab_fact_set(r->out, "kernel", kernel);
}

/* The word in [brackets] is the one that is chosen. */
static void add_thp(struct lab_facts *r, json_t *memory)
{
	static const char path[] = "/sys/kernel/mm/transparent_hugepage/enabled";
	char text[128], *open, *close;
	int err;

	err = lab_fact_text(r->root, path, text, sizeof(text), false);
	if (err) {
		lab_fact_no_file(r, "memory.thp", path, err);
		return;
	}
	open = strchr(text, '[');
	close = open ? strchr(open, ']') : NULL;
	if (close)
		*close = '\0';
	lab_fact_set(memory, "thp", json_string(close ? open + 1 : text));
}

static void add_memory(struct lab_facts *r)
{
	static const char *const items[][2] = {
		{ "MemTotal", "total_bytes" },
		{ "MemAvailable", "available_bytes" },
		{ "SwapTotal", "swap_bytes" },
	};
	static char info[1 << 14];
	json_t *memory = json_object();
	char text[64], key[64];
	size_t i;
	int err;

	err = lab_fact_text(r->root, "/proc/meminfo", info, sizeof(info), true);
	for (i = 0; i < sizeof(items) / sizeof(*items); i++) {
		snprintf(key, sizeof(key), "memory.%s", items[i][1]);
		if (err)
			lab_fact_no_file(r, key, "/proc/meminfo", err);
		else if (!lab_fact_value(info, items[i][0], text, sizeof(text)))
			lab_fact_missing(r, key, "not in /proc/meminfo");
		else
			lab_fact_set(memory, items[i][1],
			    json_integer(strtoll(text, NULL, 10) << 10));
	}
	lab_fact_set(memory, "page_size", json_integer(sysconf(_SC_PAGESIZE)));
	add_thp(r, memory);
	lab_fact_set(r->out, "memory", memory);
}

void lab_facts_kernel(struct lab_facts *r)
{
	add_mitigations(r);
	add_kernel(r);
	add_memory(r);
}
