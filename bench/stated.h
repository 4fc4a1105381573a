/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What a path of list calls is stated to take, by design; docs/counts.md derives
 * the numbers.
 */
#ifndef _BENCH_STATED_H
#define _BENCH_STATED_H

#include "bench.h"

/*
 * STATED_LIST() - statements for an operation
 * @others: its atomics that no design changes
 * @calls: list calls: obtain and link take a reference, put and unlink drop one
 * @drops: those that drop one
 * @holds: holds of the lock where it is taken once for several calls
 */
#define STATED_LIST(others, calls, drops, holds)			\
	((const struct bench_atomics []) {				\
		{ "none", (others) + (calls) },				\
		{ "resv", (others) + (calls) },				\
		{ "guard", (others) + (calls) },			\
		{ "gpuva", (others) + 3 * (calls) },			\
		{ "gpuva_coarse", (others) + (calls) + 2 * (holds) },	\
		{ "resv_ref", (others) + (calls) + 2 * (drops) },	\
		{ "list_obj", (others) + 3 * (calls) },			\
		{ "arc_mutex", (others) + 4 * (calls) },		\
		{ }							\
	})

#endif /* _BENCH_STATED_H */
