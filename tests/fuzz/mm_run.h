/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Runs one program on every allocator there is and compares them. */
#ifndef _MM_RUN_H
#define _MM_RUN_H

#include <stddef.h>
#include <stdio.h>

#include "mm_target.h"

#define MM_HEADER	8		/* bytes of a program before its records */
#define MM_RECORD	12		/* bytes of a record */
#define MM_TARGETS	3
#define MM_SPACES	6		/* kinds of space; mm_program.c draws them */

/* Rows of the table: what was called, and, of an insertion, in which mode. */
#define MM_ROW_MODES	10		/* BEST LOW HIGH EVICT other, times ONCE */
#define MM_ROWS		(2 * MM_ROW_MODES + MM_CODES)

/**
 * struct mm_stats - what programs have reached
 * @ops: calls, each made on every allocator and compared
 * @programs: run to their end
 * @row: by row, how many failed [0] and succeeded [1]
 * @spaces: programs by kind of space
 * @colours: programs by colour callback
 * @most_nodes: at any time
 * @most_holes: at any time
 * @modelled: calls that the model followed
 * @undecided: of these, insertions that it could not foretell
 */
struct mm_stats {
	unsigned long long ops, programs;
	unsigned long long row[MM_ROWS][2];
	unsigned long long spaces[MM_SPACES], colours[MM_COLOURS];
	unsigned long long most_nodes, most_holes;
	unsigned long long modelled, undecided;
};

/**
 * struct mm_run - a program under way
 * @stats: counted into
 * @trace: gets every call in words, or NULL
 * @report: what differed
 * @nr: how many allocators take part
 * @targets: which; the first is asked where a program depends on the state
 * @space: what they were opened for
 * @who: the one that is at work
 * @step: number of the call
 * @op: the call
 * @res: what each said
 * @st: what can be seen of each
 */
struct mm_run {
	struct mm_stats *stats;
	FILE *trace;
	char report[2048];
	unsigned int nr;
	const struct mm_target *targets[MM_TARGETS];
	struct mm_space space;
	const struct mm_target *who;
	unsigned long step;
	struct mm_op op;
	struct mm_result res[MM_TARGETS];
	struct mm_state st[MM_TARGETS];
};

/* The allocators that were linked in; the model is the last resort's partner. */
extern const struct mm_target own__mm_target __attribute__((weak));
extern const struct mm_target ksrc__mm_target __attribute__((weak));
extern const struct mm_target mm_model;

/* Insertions of the running program that the model could not foretell. */
unsigned long mm_model_undecided(void);

/* "own against ksrc 6.12.117", "own against the model" */
const char *mm_contest(void);

/*
 * Each of these returns 0, or -1 when the allocators differ, which ends the
 * program; run->report then says how.
 */
int mm_begin(struct mm_run *run, const struct mm_space *space, int modelled);
int mm_step(struct mm_run *run, const struct mm_op *op);
int mm_check(struct mm_run *run);
int mm_end(struct mm_run *run);
int mm_fail(struct mm_run *run, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A whole program: mm_program.c. Any bytes are one. */
int mm_program(struct mm_run *run, const unsigned char *bytes, size_t size);

void mm_describe(const struct mm_op *op, char *buf, size_t size);
void mm_print_stats(FILE *out, const struct mm_stats *stats);

#endif /* _MM_RUN_H */
