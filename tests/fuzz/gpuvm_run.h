/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Runs one program on every host's gpuvm there is, and compares them. */
#ifndef _GPUVM_RUN_H
#define _GPUVM_RUN_H

#include <stddef.h>
#include <stdio.h>

#include "gpuvm_target.h"

#define GV_HEADER	8		/* bytes of a program before its records */
#define GV_RECORD	20		/* bytes of a record */
#define GV_SIDES	2

/**
 * struct gv_stats - what programs have reached
 * @ops: calls, each made on every side and compared
 * @programs: run to their end
 * @row: by code, how many failed [0] and succeeded [1]
 * @events: by kind, told by the first side
 * @contended: rounds of transactions that met the rival
 * @most_vas: in an address space at any time
 * @warnings: of calls that may warn
 */
struct gv_stats {
	unsigned long long ops, programs;
	unsigned long long row[GV_CODES][2];
	unsigned long long events[GV_KINDS];
	unsigned long long contended, most_vas, warnings;
};

/**
 * struct gv_run - a program under way
 * @stats: counted into
 * @trace: gets every call in words, or NULL
 * @report: what differed
 * @nr: how many sides take part
 * @targets: which
 * @space: what they were opened for
 * @at: which one is at work
 * @step: number of the call
 * @op: the call
 * @log: what each told
 */
struct gv_run {
	struct gv_stats stats;
	FILE *trace;
	char report[2048];
	unsigned int nr;
	const struct gv_target *targets[GV_SIDES];
	struct gv_space space;
	unsigned int at;
	unsigned long step;
	struct gv_op op;
	struct gv_log log[GV_SIDES];
};

extern const struct gv_target own__gpuvm_target __attribute__((weak));
extern const struct gv_target ksrc__gpuvm_target __attribute__((weak));

/*
 * Each of these returns 0, or -1 when the sides differ, which ends the program;
 * run->report then says how.
 */
int gv_begin(struct gv_run *run, const struct gv_space *space);
int gv_step(struct gv_run *run, const struct gv_op *op);
int gv_check(struct gv_run *run);
int gv_end(struct gv_run *run);
int gv_fail(struct gv_run *run, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A whole program: gpuvm_program.c. Any bytes are one. */
int gv_program(struct gv_run *run, const unsigned char *bytes, size_t size);

/*
 * The model, gpuvm_model.c: what each cell of each address space maps. Tells
 * what a call did that it must not do, or NULL.
 */
void gv_model_begin(const struct gv_space *space);
const char *gv_model_step(const struct gv_op *op, const struct gv_log *log);

/* In words: gpuvm_words.c. */
extern const char *const gv_code_names[GV_CODES];
void gv_op_words(const struct gv_op *op, char *buf, size_t size);
void gv_event_words(const struct gv_log *log, unsigned int n, char *buf,
		    size_t size);
void gv_print_stats(FILE *out, const struct gv_stats *stats);

/* What a call returned; 0 if it returns nothing. */
static inline long long gv_ret(const struct gv_log *log)
{
	long long ret = 0;
	unsigned int i;

	for (i = 0; i < log->nr && i < GV_EVENTS; i++) {
		if (log->ev[i].kind == GV_E_RET)
			ret = log->ev[i].v[0];
		if (log->ev[i].kind >= GV_E_VM)
			break;
	}
	return ret;
}

/* Was there nothing to make the call with? */
static inline int gv_idle(const struct gv_log *log)
{
	unsigned int i;

	for (i = 0; i < log->nr && i < GV_EVENTS; i++) {
		if (log->ev[i].kind == GV_E_NOTHING)
			return 1;
		if (log->ev[i].kind >= GV_E_VM)
			break;
	}
	return 0;
}

#endif /* _GPUVM_RUN_H */
