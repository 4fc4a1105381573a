// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdint.h>

#include "base/clock.h"
#include "pace/chain.h"
#include "pace/pace.h"

#define SHORT		50	/* stretches of a chain */
#define LONG		250
#define TRIES		4
#define CHECK_TRIES	1000
#define CHECK_OFF	0.01	/* the two chains may be so far apart */
#define IN_A_ROW	4	/* probes that make a core quiet */
#define PROBE		(LAB_PROBE_INSNS / LAB_IDLE_INSNS)

/* Out of line: the same code at the same place each time. */
static __attribute__((noinline)) uint64_t chain_ns(unsigned int n)
{
	unsigned long x = 3;
	uint64_t start = lab_now();

	while (n--)
		__asm__ __volatile__(LAB_CHAIN : "+r"(x));
	return lab_now() - start;
}

static __attribute__((noinline)) uint64_t check_ns(unsigned int n)
{
	unsigned long x = 3, mask = 5;
	uint64_t start = lab_now();

	while (n--)
		__asm__ __volatile__(LAB_CHECK : "+r"(x) : "r"(mask));
	return lab_now() - start;
}

static __attribute__((noinline)) uint64_t idle_ns(unsigned int n)
{
	uint64_t start = lab_now();

	while (n--)
		__asm__ __volatile__(LAB_IDLE);
	return lab_now() - start;
}

/* ns of a cycle: the least of each length, for an interrupt only adds. */
static double cycle_of(uint64_t (*chain)(unsigned int), unsigned int tries)
{
	double few = INFINITY, many = INFINITY;

	while (tries--) {
		few = fmin(few, chain(SHORT));
		many = fmin(many, chain(LONG));
	}
	return (many - few) / ((LONG - SHORT) * LAB_CHAIN_CYCLES);
}

int lab_pace_believed(void)
{
	static int believed, tries;

	/* While the core is shared, its threads may want the same multiplier. */
	for (; !believed && tries < CHECK_TRIES; tries++) {
		double ratio = cycle_of(check_ns, TRIES) / cycle_of(chain_ns, TRIES);

		believed = fabs(ratio - 1) < CHECK_OFF;
	}
	return believed;
}

const char *lab_pace_why_not(void)
{
	return "two chains of known latency do not agree on this CPU";
}

double lab_pace_cycle_ns(void)
{
	double ns = lab_pace_believed() ? cycle_of(chain_ns, TRIES) : NAN;

	return ns > 0 ? ns : NAN;
}

double lab_pace_probe_ns(void)
{
	return idle_ns(PROBE);
}

double lab_pace_wait(struct lab_quiet *q)
{
	uint64_t start = lab_now(), now = start;
	unsigned int quiet = 0;
	double ns;

	do {
		ns = lab_pace_probe_ns();
		now = lab_now();
		quiet = ns < q->ns ? quiet + 1 : 0;
	} while (quiet < IN_A_ROW && now < q->until);
	q->waited += now - start;
	return ns;
}

double lab_pace_alone(double *cycles, size_t nr)
{
	if (!nr)
		return NAN;
	gsl_sort(cycles, 1, nr);
	return cycles[nr / 10];
}
