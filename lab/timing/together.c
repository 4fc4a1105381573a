// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/clock.h"
#include "base/stop.h"
#include "timing/together.h"

static void say(_Atomic unsigned int *what, unsigned int try)
{
	atomic_store_explicit(what, try, memory_order_relaxed);
}

static bool said(_Atomic unsigned int *what, unsigned int try)
{
	return atomic_load_explicit(what, memory_order_relaxed) == try;
}

/*
 * What is said between the two barriers of a try is read behind the second one; none
 * is past the first one of the next try before all have read it. So all agree.
 */
double lab_together_wait(struct lab_together *t, struct lab_barrier *b,
			 struct lab_quiet *q)
{
	unsigned int try = 0;
	double ns;

	do {
		try++;
		ns = lab_pace_wait(q);
		lab_barrier_wait(b);
		ns = fmax(ns, lab_pace_check(q));
		if (ns >= q->ns)
			say(&t->restless, try);
		if (lab_now() >= q->until || lab_stop_asked())
			say(&t->over, try);
		lab_barrier_wait(b);
	} while (said(&t->restless, try) && !said(&t->over, try));
	return ns;
}
