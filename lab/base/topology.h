/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What CPUs share with each other, and which of them to take first. */
#ifndef _LAB_TOPOLOGY_H
#define _LAB_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LAB_CPU_KIND	48

/**
 * struct lab_cpu - a CPU as the kernel describes it
 * @id: its number
 * @core: first CPU of its core; @id where that is not known
 * @cache: first CPU of those that share its last cache; -1: not known
 * @capacity: how fast it is among its kinds, in no unit; 0: not known
 * @kind: of what make its core is; "" where all are alike or it is not known
 */
struct lab_cpu {
	int id, core, cache;
	long capacity;
	char kind[LAB_CPU_KIND];
};

/**
 * lab_topology_read() - describe a CPU
 * @root: "" for this machine; a folder that stands for / in tests
 * @id: its number
 * @cpu: gets what is known
 *
 * From sysfs: topology/thread_siblings_list (core_cpus_list where that is gone),
 * cache/index*, the lists of hybrid x86 (devices/cpu_core, cpu_atom,
 * cpu_lowpower), and on arm64 MIDR_EL1 and cpu_capacity.
 */
void lab_topology_read(const char *root, int id, struct lab_cpu *cpu);

/**
 * lab_topology_sort() - put CPUs in the order in which threads take them
 * @cpu: them, described
 * @nr: how many
 *
 * Different cores before siblings; then the kind that has two cores or more and is
 * the fastest; then the last cache that most cores of the kind share; then by
 * number. The same CPUs always come in the same order.
 */
void lab_topology_sort(struct lab_cpu *cpu, size_t nr);

/**
 * lab_topology_siblings() - do threads share a core?
 * @cpu: those of the threads
 * @nr: how many
 *
 * Return: whether two of them are of one core.
 */
bool lab_topology_siblings(const struct lab_cpu *cpu, size_t nr);

/**
 * lab_topology_mixed() - are threads on CPUs of several kinds?
 * @cpu: those of the threads
 * @nr: how many
 */
bool lab_topology_mixed(const struct lab_cpu *cpu, size_t nr);

/**
 * lab_topology_apart() - do threads lack a common last cache?
 * @cpu: those of the threads
 * @nr: how many
 */
bool lab_topology_apart(const struct lab_cpu *cpu, size_t nr);

/**
 * lab_topology_alike() - CPUs each of which would do for a thread that is alone
 * @cpu: them, in lab_topology_sort()'s order
 * @nr: how many, at least 1
 *
 * Return: how many from the first on are cores of one kind, each another one, with a
 * common last cache.
 */
size_t lab_topology_alike(const struct lab_cpu *cpu, size_t nr);

#define LAB_TOPOLOGY_TEXT	128

/**
 * lab_topology_text() - what is unlike cores of one kind with a common cache
 * @cpu: those of the threads
 * @nr: how many
 * @buf: gets a few words, LAB_TOPOLOGY_TEXT bytes; "" where nothing is
 *
 * Return: @buf.
 */
char *lab_topology_text(const struct lab_cpu *cpu, size_t nr, char *buf);

/**
 * lab_cpulist_text() - CPUs as a list such as "0-3,8"
 * @cpu: them, in any order
 * @nr: how many
 *
 * Return: the list, to be freed; NULL without memory.
 */
char *lab_cpulist_text(const struct lab_cpu *cpu, size_t nr);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_TOPOLOGY_H */
