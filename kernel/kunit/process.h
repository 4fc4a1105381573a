/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The seam between KUnit's runner, which is kernel code, and the process that
 * it runs in. Read by both sides, so it includes nothing.
 */
#ifndef _KUNIT_PROCESS_H
#define _KUNIT_PROCESS_H

/**
 * kunit_run() - run every suite of the program
 * @seed: of the random numbers
 *
 * Return: 0 when no case failed, 1 when one did or there is none, 77 when all
 * were skipped.
 */
int kunit_run(unsigned long long seed);

/**
 * kunit_set_param() - set a module_param() of the program
 * @name: its name
 * @value: cut to its size
 *
 * Return: 0, or -1 when there is none of that name.
 */
int kunit_set_param(const char *name, long long value);

/**
 * kunit_shared() - memory that a child process writes and its parent reads
 * @size: bytes
 *
 * Return: zeroed memory, never given back.
 */
void *kunit_shared(unsigned long size);

/**
 * kunit_child() - call a function in a process of its own and wait for its end
 * @fn: the function; output and memory checks are done when it returns
 * @arg: for it
 * @seconds: how long it may take
 * @how: gets how the process ended, in words, unless that was well
 * @size: of @how
 *
 * Return: 0 when the process ended with status 0, or -1.
 */
int kunit_child(void (*fn)(void *arg), void *arg, unsigned int seconds,
		char *how, unsigned long size);

/**
 * kunit_try() - call a function that kunit_throw() may leave
 * @fn: the function; calls are not nested
 * @arg: for it
 */
void kunit_try(void (*fn)(void *arg), void *arg);
__attribute__((__noreturn__)) void kunit_throw(void);

/**
 * kunit_why_not() - is a case to be left out?
 * @name: of the case
 *
 * Return: the reason, or NULL.
 */
const char *kunit_why_not(const char *name);

/**
 * kunit_text() - print on standard output
 * @text: the text
 */
void kunit_text(const char *text);

/**
 * kunit_cpu_ns() - time that the processor has spent on the calling thread
 *
 * Return: nanoseconds.
 */
unsigned long long kunit_cpu_ns(void);

#endif /* _KUNIT_PROCESS_H */
