/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A run of many comparisons, as its report sees it. */
#ifndef _LAB_RUN_H
#define _LAB_RUN_H

#include <stdbool.h>
#include <jansson.h>

#include "exact/map.h"
#include "run/plan.h"

/**
 * struct lab_run - what a run was asked and what it found
 * @request: what was asked
 * @budget: seconds
 * @processes: that each row is measured in
 * @command: how it was called
 * @rec: the comparisons, controls first
 * @nr: how many
 * @env: from lab_env_json(), after lab_env_end()
 * @partial: why the run is not whole, or NULL
 * @exact: instructions and atomics are counted, too
 * @counts: of what was measured
 */
struct lab_run {
	struct lab_request request;
	double budget;
	unsigned int processes;
	const char *command;
	struct lab_record *rec;
	size_t nr;
	json_t *env;
	const char *partial;
	bool exact;
	struct lab_exact_map counts;
};

#endif /* _LAB_RUN_H */
