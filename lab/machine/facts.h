/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Facts read from files, each with a value or with a reason why not. */
#ifndef _LAB_FACTS_H
#define _LAB_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>

#include "base/topology.h"

#define LAB_FACT_MAX	4096

/**
 * struct lab_facts - where facts are read and where they go
 * @root: folder that stands for /, "" for the machine itself
 * @out: gets one object for each group of facts
 * @absent: gets the reason for each fact that is not known, by the path of
 *	its key
 * @used: the CPUs that threads run on, in their order
 * @nr_used: how many; at least 1
 */
struct lab_facts {
	const char *root;
	json_t *out;
	json_t *absent;
	const struct lab_cpu *used;
	size_t nr_used;
};

/**
 * lab_fact_text() - read a small file
 * @root: put before @path
 * @path: the file
 * @buf: gets the text without trailing white space
 * @size: of @buf
 * @all: all of the file, else its first line
 *
 * Return: 0, -ENODATA when the file is empty, or another -errno.
 */
int lab_fact_text(const char *root, const char *path, char *buf, size_t size,
		  bool all);

/**
 * lab_fact_value() - find "name : value" in a text such as /proc/cpuinfo
 * @info: the text; the search ends at its first empty line
 * @name: to be found at the start of a line
 * @buf: gets the value
 * @size: of @buf
 *
 * Return: whether there is a value.
 */
bool lab_fact_value(const char *info, const char *name, char *buf, size_t size);

/**
 * lab_fact_set() - put a fact into an object
 * @obj: the object
 * @key: its name
 * @value: the reference is taken over
 */
static inline void lab_fact_set(json_t *obj, const char *key, json_t *value)
{
	json_object_set_new(obj, key, value);
}

/**
 * lab_fact_missing() - say why a fact is not known
 * @f: the facts
 * @key: path of the key that is left out
 * @why: the reason
 */
void lab_fact_missing(struct lab_facts *f, const char *key, const char *why);

/**
 * lab_fact_no_file() - lab_fact_missing(), because a file cannot be read
 * @f: the facts
 * @key: path of the key that is left out
 * @path: the file
 * @err: -errno of reading it
 */
void lab_fact_no_file(struct lab_facts *f, const char *key, const char *path,
		      int err);

/**
 * lab_fact_file() - a file's first line, as a number when it is one
 * @f: the facts
 * @obj: gets it under @key
 * @prefix: path of @obj, for the reason when there is no such file
 * @key: its name
 * @path: the file
 */
void lab_fact_file(struct lab_facts *f, json_t *obj, const char *prefix,
		   const char *key, const char *path);

/**
 * lab_facts_cpu() - model, topology, frequency, hypervisor, and lab_facts_used()
 * @f: the facts
 */
void lab_facts_cpu(struct lab_facts *f);

/**
 * lab_facts_used() - what the used CPUs share; their caches and governor; affinity
 *	and quota
 * @f: the facts
 * @cpu: gets them
 */
void lab_facts_used(struct lab_facts *f, json_t *cpu);

/**
 * lab_facts_kernel() - release, configuration, mitigations, clock; memory
 * @f: the facts
 */
void lab_facts_kernel(struct lab_facts *f);

/**
 * lab_hypervisor() - who runs this machine
 * @vendor: room for a name
 *
 * Return: a name, "none" on bare metal, or NULL where it cannot be told.
 */
const char *lab_hypervisor(char vendor[13]);

#endif /* _LAB_FACTS_H */
