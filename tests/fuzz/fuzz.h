/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the drivers of all fuzzers, fuzz.c and libfuzzer.c, know of what is
 * fuzzed; and what fuzz_host.c gives to those that run a program.
 */
#ifndef _FUZZ_H
#define _FUZZ_H

#include <stddef.h>
#include <stdio.h>

/**
 * struct fuzz_subject - what is fuzzed
 * @name: of the program: "mm_fuzz"
 * @header: bytes of a program before its records
 * @record: bytes of a record
 * @report: what differed in the program that ran last
 * @run: run a program, any bytes; 0, or -1 when it differs
 * @fault: like a difference: whoever is at work ended by @what
 * @contest: "own against ksrc 6.12.117", "own against the model"
 * @same: what is one and the same that should be two, or NULL
 * @ops: calls up to now
 * @programs: run to their end
 * @trace: from now on every call in words
 * @print_stats: what was reached
 */
struct fuzz_subject {
	const char *name;
	size_t header, record;
	const char *report;
	int (*run)(const unsigned char *bytes, size_t size);
	int (*fault)(const char *what);
	const char *(*contest)(void);
	const char *(*same)(void);
	unsigned long long (*ops)(void);
	unsigned long long (*programs)(void);
	void (*trace)(FILE *out);
	void (*print_stats)(FILE *out);
};

extern const struct fuzz_subject fuzz_subject;

/* What the core printed last. */
const char *fuzz_last_words(void);

/**
 * fuzz_memory_use() - whose allocations are counted from now on
 * @who: number of a side
 */
void fuzz_memory_use(unsigned int who);

/**
 * fuzz_memory_reset() - what the side has allocated is forgotten
 */
void fuzz_memory_reset(void);

/**
 * fuzz_memory_fail() - make an allocation of the side in use fail
 * @nth: which, from 1; 0: none
 */
void fuzz_memory_fail(unsigned long nth);

/**
 * fuzz_memory_reclaim() - free what is left of the allocations since
 *	fuzz_memory_fail() was told of one
 * @size: only those of this size
 */
void fuzz_memory_reclaim(unsigned long size);

/**
 * fuzz_memory_live() - how many allocations the side in use has
 */
long fuzz_memory_live(void);

/**
 * fuzz_memory_failed() - how many of all allocations were made to fail
 */
unsigned long long fuzz_memory_failed(void);

#endif /* _FUZZ_H */
