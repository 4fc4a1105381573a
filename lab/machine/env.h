/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The machine and the build behind a number. */
#ifndef _LAB_ENV_H
#define _LAB_ENV_H

#include <stddef.h>
#include <jansson.h>

#define LAB_ENV_COLUMNS	72

/**
 * lab_env_begin() - remember steal time and load as they are now
 *
 * Called once before measuring; lab_env_end() and lab_env_line() count from
 * here.
 */
void lab_env_begin(void);

/**
 * lab_env_json() - the fingerprint of this machine, kernel and build
 * @root: "" for this machine; a folder that stands for / in tests
 * @threads: the most that run at a time; their CPUs are described
 * @seed: the run's seed
 * @command: how the run was called
 *
 * A fact that cannot be known has no key; its reason stands under "absent",
 * named by the path of the key ("cpu.governor").
 *
 * Return: a new reference, or NULL without memory.
 */
json_t *lab_env_json(const char *root, unsigned int threads,
		     unsigned long seed, const char *command);

/**
 * lab_env_end() - add what is known only after measuring
 * @env: from lab_env_json(); gets the end time, load and steal
 */
void lab_env_end(json_t *env);

/**
 * lab_env_line() - the environment in one line of a table
 * @buf: gets at most LAB_ENV_COLUMNS columns of ASCII
 * @size: of @buf
 * @seed: stands at its end
 *
 * For example "Xeon Processor 2c KVM steal 0.1%  PMU none  6.12 gcc 12 -O2
 * seed 7"; what does not fit is cut from the CPU's name.
 */
void lab_env_line(char *buf, size_t size, unsigned long seed);

/**
 * lab_env_get() - the text of one fact
 * @env: from lab_env_json()
 * @path: keys joined by dots
 *
 * Return: a string of @env for a string, else NULL.
 */
const char *lab_env_get(const json_t *env, const char *path);

#endif /* _LAB_ENV_H */
