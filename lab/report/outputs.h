/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The files of a run's folder beside its samples. */
#ifndef _LAB_OUTPUTS_H
#define _LAB_OUTPUTS_H

#include <stdbool.h>

#include "record/store.h"
#include "run/run.h"

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
