/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A path's parameters and threads, and their values in words. */
#ifndef _LAB_PARAM_H
#define _LAB_PARAM_H

#include <stdbool.h>
#include <stddef.h>

#include "bench.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * lab_path_params() - how many parameters a path has
 * @path: the path
 */
unsigned int lab_path_params(const struct bench_path *path);

/**
 * lab_path_min_threads() - the fewest threads that a path can have
 * @path: the path
 */
unsigned int lab_path_min_threads(const struct bench_path *path);

/**
 * lab_path_max_threads() - the most threads that a path can have
 * @path: the path
 */
unsigned int lab_path_max_threads(const struct bench_path *path);

/**
 * lab_param_is_word() - are a parameter's values words, and positions in cfg?
 * @p: the parameter
 */
bool lab_param_is_word(const struct bench_param *p);

/**
 * lab_param_nr() - how many values a parameter may have
 * @p: the parameter
 */
unsigned int lab_param_nr(const struct bench_param *p);

/**
 * lab_param_at() - a value by its place in the list
 * @p: the parameter
 * @n: below lab_param_nr()
 *
 * Return: as in struct bench_cfg.
 */
long lab_param_at(const struct bench_param *p, unsigned int n);

/**
 * lab_param_default() - the value that a parameter has where none is asked for
 * @p: the parameter
 */
long lab_param_default(const struct bench_param *p);

/**
 * lab_param_word() - the text of a parameter's value
 * @p: the parameter
 * @value: as in struct bench_cfg
 * @buf: gets the text
 * @size: of @buf
 *
 * Return: @buf.
 */
char *lab_param_word(const struct bench_param *p, long value, char *buf,
		     size_t size);

/**
 * lab_param_parse() - a value from its text
 * @p: the parameter
 * @text: as in its list
 * @value: gets it, as in struct bench_cfg
 *
 * Return: whether the parameter may have it.
 */
bool lab_param_parse(const struct bench_param *p, const char *text, long *value);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_PARAM_H */
