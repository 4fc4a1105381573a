// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "machine/facts.h"

#define MAX_CPUS	8192	/* the most that x86-64 and arm64 are built for */

static void add_cpuinfo(struct lab_facts *r, json_t *cpu, const char *info)
{
	static const struct {
		const char *key, *x86, *arm;
	} facts[] = {
		{ "vendor", "vendor_id", "CPU implementer" },
		{ "model", "model name", "CPU part" },
		{ "family", "cpu family", "CPU architecture" },
		{ "model_number", "model", "CPU variant" },
		{ "stepping", "stepping", "CPU revision" },
		{ "microcode", "microcode", "microcode" },
		{ "mhz", "cpu MHz", "cpu MHz" },
	};
	char text[256], key[64], *end;
	double n;
	size_t i;

	for (i = 0; i < sizeof(facts) / sizeof(*facts); i++) {
		if (!lab_fact_value(info, facts[i].x86, text, sizeof(text)) &&
		    !lab_fact_value(info, facts[i].arm, text, sizeof(text))) {
			snprintf(key, sizeof(key), "cpu.%s", facts[i].key);
			lab_fact_missing(r, key, "not in /proc/cpuinfo");
			continue;
		}
		n = strtod(text, &end);
		if (*end || !strncmp(text, "0x", 2))
			lab_fact_set(cpu, facts[i].key, json_string(text));
		else if (strchr(text, '.'))
			lab_fact_set(cpu, facts[i].key, json_real(n));
		else
			lab_fact_set(cpu, facts[i].key, json_integer(n));
	}
}

/* Packages, cores and threads from the online CPUs' topology folders. */
static void add_topology(struct lab_facts *r, json_t *cpu)
{
	unsigned char seen[1024] = { 0 };
	char path[128], text[64];
	int id, threads = 0, cores = 0, packages = 0, package;
	char *end;

	for (id = 0; id < MAX_CPUS; id++) {
		snprintf(path, sizeof(path),
			 "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list",
			 id);
		if (lab_fact_text(r->root, path, text, sizeof(text), false))
			continue;
		threads++;
		/* A core is counted at the first of its siblings. */
		if (strtol(text, &end, 10) == id && end != text)
			cores++;
		snprintf(path, sizeof(path),
			 "/sys/devices/system/cpu/cpu%d/topology/physical_package_id",
			 id);
		if (lab_fact_text(r->root, path, text, sizeof(text), false))
			continue;
		package = strtol(text, NULL, 10);
		if (package >= 0 && package < (int)sizeof(seen) &&
		    !seen[package]++)
			packages++;
	}
	if (!threads) {
		lab_fact_missing(r, "cpu.topology",
			"/sys/devices/system/cpu/cpu*/topology: not there");
		return;
	}
	lab_fact_set(cpu, "topology", json_pack("{s:i,s:i,s:i}", "threads", threads,
				       "cores", cores, "packages", packages));
}

static void add_turbo(struct lab_facts *r, json_t *cpu)
{
	char text[16];

	if (!lab_fact_text(r->root, "/sys/devices/system/cpu/intel_pstate/no_turbo",
		       text, sizeof(text), false))
		lab_fact_set(cpu, "turbo", json_boolean(text[0] == '0'));
	else if (!lab_fact_text(r->root, "/sys/devices/system/cpu/cpufreq/boost",
			    text, sizeof(text), false))
		lab_fact_set(cpu, "turbo", json_boolean(text[0] == '1'));
	else
		lab_fact_missing(r, "cpu.turbo",
			"neither intel_pstate/no_turbo nor cpufreq/boost");
}

#if defined(__x86_64__)
/* Bit 31 of leaf 1 is reserved for hypervisors; 0x40000000 is their leaf. */
static void cpuid_vendor(char vendor[13])
{
	unsigned int eax, ebx, ecx, edx;

	snprintf(vendor, 13, "none");
	if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx >> 31))
		return;
	__cpuid(0x40000000, eax, ebx, ecx, edx);
	memcpy(vendor, &ebx, 4);
	memcpy(vendor + 4, &ecx, 4);
	memcpy(vendor + 8, &edx, 4);
	vendor[12] = '\0';
}
#else
static void cpuid_vendor(char vendor[13])
{
	vendor[0] = '\0';
}
#endif

const char *lab_hypervisor(char vendor[13])
{
	static const char *const names[][2] = {
		{ "KVMKVMKVM", "KVM" }, { "Microsoft Hv", "Hyper-V" },
		{ "VMwareVMware", "VMware" }, { "XenVMMXenVMM", "Xen" },
		{ "TCGTCGTCGTCG", "QEMU" }, { "bhyve bhyve ", "bhyve" },
	};
	size_t i;

	cpuid_vendor(vendor);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(vendor, names[i][0]))
			return names[i][1];
	return vendor[0] ? vendor : NULL;
}

static void add_hypervisor(struct lab_facts *r)
{
	char vendor[13];
	const char *name = lab_hypervisor(vendor);

	if (name)
		lab_fact_set(r->out, "hypervisor", json_string(name));
	else
		lab_fact_missing(r, "hypervisor",
				 "not known on this architecture");
}

void lab_facts_cpu(struct lab_facts *r)
{
	static const struct {
		const char *key, *path;
	} files[] = {
		{ "online", "/sys/devices/system/cpu/online" },
		{ "isolated", "/sys/devices/system/cpu/isolated" },
		{ "smt", "/sys/devices/system/cpu/smt/control" },
	};
	static char info[1 << 16];
	json_t *cpu = json_object();
	size_t i;
	int err;

	err = lab_fact_text(r->root, "/proc/cpuinfo", info, sizeof(info), true);
	if (err)
		lab_fact_no_file(r, "cpu.model", "/proc/cpuinfo", err);
	else
		add_cpuinfo(r, cpu, info);
	for (i = 0; i < sizeof(files) / sizeof(*files); i++)
		lab_fact_file(r, cpu, "cpu", files[i].key, files[i].path);
	add_topology(r, cpu);
	lab_facts_used(r, cpu);
	add_turbo(r, cpu);
	lab_fact_set(r->out, "cpu", cpu);
	add_hypervisor(r);
}
