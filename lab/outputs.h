/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The files of a run's folder beside its samples. */
#ifndef _LAB_OUTPUTS_H
#define _LAB_OUTPUTS_H

#include <stdbool.h>

#include "run.h"
#include "store.h"

/**
 * lab_make_groups() - medians of equal stretches of a row's kept rounds
 * @r: the row, its samples still there; gets the groups
 *
 * A row of fewer rounds than LAB_GROUPS gets none.
 */
void lab_make_groups(struct lab_record *r);

/**
 * lab_write_env() - write env.json
 * @run: the run
 * @store: its folder; keeps the error, if it is the first
 */
void lab_write_env(const struct lab_run *run, struct lab_store *store);

/**
 * lab_write_outputs() - write env.json, gbench.json and report.txt
 * @run: the run, measured
 * @store: its folder, sealed unless the run is partial; keeps the first error
 *
 * Return: whether the report was written.
 */
bool lab_write_outputs(const struct lab_run *run, struct lab_store *store);

/**
 * lab_draw() - have a program draw what a folder holds
 * @program: given the folder; says itself why it cannot draw
 * @folder: of a run
 *
 * Return: whether it succeeded and there are pictures.
 */
bool lab_draw(const char *program, const char *folder);

#endif /* _LAB_OUTPUTS_H */
