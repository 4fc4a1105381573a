// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <sched.h>
#include <stdatomic.h>

#include "base/barrier.h"
#include "base/clock.h"

#define LEAD_NS		(2 * LAB_USEC)
#define SPINS		20000

void lab_barrier_init(struct lab_barrier *b, unsigned int nr, bool oversubscribed)
{
	b->nr = nr;
	b->oversubscribed = oversubscribed;
	atomic_init(&b->arrived, 0);
	atomic_init(&b->opened, 0);
	atomic_init(&b->start, 0);
}

uint64_t lab_barrier_wait(struct lab_barrier *b)
{
	unsigned long a = atomic_fetch_add(&b->arrived, 1) + 1;
	unsigned long phase = (a - 1) / b->nr + 1;
	unsigned int spins = 0;
	uint64_t start, now;

	if (a == phase * b->nr) {
		atomic_store_explicit(&b->start, lab_now() + LEAD_NS,
				      memory_order_relaxed);
		atomic_store_explicit(&b->opened, phase, memory_order_release);
	}
	while (atomic_load_explicit(&b->opened, memory_order_acquire) < phase) {
		/* a peer without a CPU of its own must be let in */
		if (!b->oversubscribed && ++spins % SPINS)
			lab_relax();
		else
			sched_yield();
	}
	start = atomic_load_explicit(&b->start, memory_order_relaxed);
	do {
		now = lab_now();
	} while (now < start);
	return now;
}
