// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/stop.h"
#include "pace/chain.h"
#include "pace/pace.h"
#include "pace/step.h"

#define SHORT		50	/* stretches of a chain */
#define LONG		450	/* 5 us and more: a clock may tick in steps of 10 ns */
#define TRIES		4
#define CHECK_TRIES	1000	/* the first time; a core may be shared for long */
#define CHECK_AGAIN	2	/* tries of each time after that */
#define CHECK_OFF	0.01	/* the two chains may be so far apart */
#define FEW		2	/* probes in a row, of a core that was quiet just now */
#define MANY		24	/* of one that was not */
#define JUST_NOW	(200 * LAB_USEC)
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
	static int believed, tries = CHECK_TRIES;

	/* While the core is shared, its threads may want the same multiplier. */
	for (int left = tries; !believed && left; left--) {
		double ratio = cycle_of(check_ns, TRIES) / cycle_of(chain_ns, TRIES);

		believed = fabs(ratio - 1) < CHECK_OFF;
	}
	tries = CHECK_AGAIN;
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

/*
 * The first probe after other code takes a twentieth longer, as much as a neighbour that
 * does little: its instructions are fetched anew. That one is not looked at.
 */
static void warm_probe(void)
{
	idle_ns(PROBE);
}

/* When the thread last found its core quiet; 0: never. */
static __thread uint64_t quiet_at;

double lab_pace_wait(struct lab_quiet *q)
{
	uint64_t start = lab_now(), now = start;
	unsigned int row = 0, need = start - quiet_at < JUST_NOW ? FEW : MANY;
	double ns, longest = 0;

	warm_probe();
	do {
		ns = lab_pace_probe_ns();
		now = lab_now();
		longest = row % FEW ? fmax(longest, ns) : ns;
		if (ns < q->ns) {
			row++;
		} else {
			row = 0;
			need = MANY;
		}
	} while (row < need && now < q->until && !lab_stop_asked());
	q->waited += now - start;
	/* What was left of a row of probes may be of any length. */
	return row < need ? fmax(longest, lab_pace_check(NULL)) : longest;
}

double lab_pace_check(const struct lab_quiet *q)
{
	double longest = 0;

	warm_probe();
	for (unsigned int i = 0; i < FEW; i++)
		longest = fmax(longest, lab_pace_probe_ns());
	quiet_at = q && longest < q->ns ? lab_now() : 0;
	return longest;
}

double lab_pace_limit(double alone, double cycle_ns)
{
	double ns = alone * cycle_ns, most = LAB_SHARED * ns;

	return most > 0 ? fmax(most, ns + 2 * lab_clock_step()) : NAN;
}

double lab_pace_alone(double *cycles, size_t nr)
{
	if (!nr)
		return NAN;
	gsl_sort(cycles, 1, nr);
	return cycles[nr / 10];
}
