// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * What the cores under test have of the process: linked with --wrap for
 * host_printk, so that what they print is kept; and their memory, see
 * fuzz_memory.h.
 */
#include <stdarg.h>

#include "fuzz.h"
#include "host.h"

#define SIDES	4
#define RECENT	64

/* A debug build has a line for each call that it refuses; it may say why. */
static char last_words[256];

void __wrap_host_printk(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void __wrap_host_printk(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(last_words, sizeof(last_words), fmt, ap);
	va_end(ap);
}

const char *fuzz_last_words(void)
{
	return last_words;
}

/* --- memory ------------------------------------------------------------------ */

/* Since an allocation was made to fail: what was allocated and not yet freed. */
static struct {
	const void *p;
	unsigned long size;
} recent[RECENT];

static long live[SIDES];
static unsigned int side;
static unsigned long fail_in;
static unsigned long long failed;
static int armed;

void fuzz_memory_use(unsigned int who)
{
	side = who;
}

void fuzz_memory_reset(void)
{
	live[side] = 0;
	fuzz_memory_fail(0);
}

void fuzz_memory_fail(unsigned long nth)
{
	unsigned int i;

	fail_in = nth;
	armed = nth > 0;
	for (i = 0; armed && i < RECENT; i++)
		recent[i].p = NULL;
}

long fuzz_memory_live(void)
{
	return live[side];
}

unsigned long long fuzz_memory_failed(void)
{
	return failed;
}

int fuzz_memory_refused(void)
{
	if (!fail_in || --fail_in)
		return 0;
	failed++;
	return 1;
}

void fuzz_memory_allocated(const void *p, unsigned long size)
{
	unsigned int i;

	live[side] += !!p;
	for (i = 0; armed && i < RECENT; i++) {
		if (recent[i].p)
			continue;
		recent[i].p = p;
		recent[i].size = size;
		break;
	}
}

void fuzz_memory_freed(const void *p)
{
	unsigned int i;

	live[side] -= !!p;
	for (i = 0; armed && p && i < RECENT; i++) {
		if (recent[i].p == p)
			recent[i].p = NULL;
	}
}

void fuzz_memory_reclaim(unsigned long size, void (*free)(const void *p))
{
	unsigned int i;

	for (i = 0; armed && i < RECENT; i++) {
		if (recent[i].p && recent[i].size == size)
			free(recent[i].p);
	}
}
