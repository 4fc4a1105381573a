/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Cases: a set, a path and its parameters; their names. */
#ifndef _LAB_CASE_H
#define _LAB_CASE_H

#include <stdbool.h>
#include <stddef.h>

#include "cases/param.h"
#include "cases/set.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct lab_case - a set, a path and its parameters
 * @set: variant and host
 * @scenario: one of the set's
 * @path: one of the scenario's
 * @cfg: every parameter chosen
 */
struct lab_case {
	const struct lab_set *set;
	const struct bench_scenario *scenario;
	const struct bench_path *path;
	struct bench_cfg cfg;
};

#define LAB_CASE_NAME	256
#define LAB_CASE_ERROR	512

/**
 * struct lab_pick - a case in words, as in the command line
 * @host: NULL: "own"
 * @variant: its name
 * @scenario: "scenario/path", or "scenario" for its first path
 * @params: "key=value" each; what is not named has its default
 * @nr_params: how many
 * @threads: 0: as few as the path allows
 */
struct lab_pick {
	const char *host;
	const char *variant;
	const char *scenario;
	const char *const *params;
	unsigned int nr_params;
	unsigned int threads;
};

/**
 * lab_case_find() - the case that is meant
 * @pick: in words
 * @c: the case
 * @err: gets one line that lists what exists, LAB_CASE_ERROR bytes
 *
 * Return: 0; -ENOENT for a name that does not exist; -EINVAL for a parameter,
 * a value or a number of threads that the path or the variant does not take.
 */
int lab_case_find(const struct lab_pick *pick, struct lab_case *c, char *err);

/**
 * lab_case_names() - do a host and a variant exist?
 * @host: the host
 * @variant: of any scenario; or NULL
 * @err: gets one line that lists what exists, LAB_CASE_ERROR bytes
 *
 * Return: 0 or -ENOENT.
 */
int lab_case_names(const char *host, const char *variant, char *err);

/**
 * lab_case_parse() - a case from its name
 * @name: host/scenario/path/variant?param=value&param=value
 * @c: the case
 * @err: as for lab_case_find()
 *
 * Return: as lab_case_find().
 */
int lab_case_parse(const char *name, struct lab_case *c, char *err);

/**
 * lab_case_move() - the same path and parameters in another set
 * @from: the case
 * @host: of the other set
 * @variant: of the other set
 * @to: the case
 *
 * Return: 0; -ENOENT when there is no such set or it lacks the path; -EINVAL
 * when its variant does not take so many threads.
 */
int lab_case_move(const struct lab_case *from, const char *host,
		  const char *variant, struct lab_case *to);

/**
 * lab_case_format() - a case's name, with every parameter
 * @c: the case
 * @buf: LAB_CASE_NAME bytes
 *
 * threads= stands in it only when the path allows more than one.
 *
 * Return: @buf.
 */
char *lab_case_format(const struct lab_case *c, char *buf);

/**
 * lab_case_all() - every case that may be timed
 * @cases: gets an array to be freed
 * @nr: gets its length
 *
 * Threads go from the path's fewest in doublings to its most, to the
 * variant's most and to the CPUs that this process may use; the fewest are
 * always there.
 *
 * Return: 0 or -ENOMEM.
 */
int lab_case_all(struct lab_case **cases, size_t *nr);

/**
 * lab_has_defaults() - has every parameter of a case its default?
 * @c: the case
 */
bool lab_has_defaults(const struct lab_case *c);

/**
 * lab_case_match() - whether one of some globs means this case
 * @c: the case
 * @globs: with commas between them; each is matched against "scenario" and
 *	against "scenario/path"
 */
bool lab_case_match(const struct lab_case *c, const char *globs);

/**
 * lab_case_same() - are two cases one?
 * @a: a case
 * @b: a case
 *
 * Their seeds may differ.
 */
bool lab_case_same(const struct lab_case *a, const struct lab_case *b);

/**
 * lab_case_oversubscribed() - has a case more threads than there are CPUs?
 * @c: the case
 */
bool lab_case_oversubscribed(const struct lab_case *c);

#ifdef __cplusplus
}
#endif
#endif /* _LAB_CASE_H */
