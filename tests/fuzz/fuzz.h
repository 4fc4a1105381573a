/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the drivers of all fuzzers, fuzz.c and libfuzzer.c, know of what is
 * fuzzed; and what fuzz_host.c gives to those that run a program.
 */
#ifndef _FUZZ_H
#define _FUZZ_H

#include <stddef.h>
#include <stdio.h>

#include "fuzz_memory.h"

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

#endif /* _FUZZ_H */
