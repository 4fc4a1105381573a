// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <math.h>
#include <sched.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "timing/handover.h"
#include "timing/workers.h"

#define BURSTS		5
#define TRIPS		16	/* there and back, of a burst */
#define SPINS		10000	/* a trip takes some 100 */

/*
 * Thread 0 makes @ball odd and @with makes it even, one after the other. Nothing else
 * is said by it, so it needs no order. The line's neighbour is fetched with it on some
 * CPUs: nothing is there.
 */
static struct {
	_Alignas(128) _Atomic unsigned int ball;
	_Alignas(128) unsigned int with;
	double ns;
} game;

/* No pause: it takes as long as the way, and a hypervisor may stop who pauses. */
static void await(unsigned int ball)
{
	unsigned int spins = 0;

	while (atomic_load_explicit(&game.ball, memory_order_relaxed) != ball)
		if (!(++spins % SPINS))
			sched_yield();
}

static void hit(unsigned int ball)
{
	atomic_store_explicit(&game.ball, ball, memory_order_relaxed);
}

static uint64_t burst(unsigned int from)
{
	uint64_t start = lab_now();

	for (unsigned int i = from; i < from + TRIPS; i++) {
		hit(2 * i + 1);
		await(2 * i + 2);
	}
	return lab_now() - start;
}

/* The least of the bursts: an interrupt only adds. */
static void play(void *arg, unsigned int thread)
{
	unsigned int i;

	(void)arg;
	if (!thread) {
		game.ns = INFINITY;
		for (i = 0; i < BURSTS; i++)
			game.ns = fmin(game.ns, burst(i * TRIPS) / (double)TRIPS);
	} else if (thread == game.with) {
		for (i = 0; i < BURSTS * TRIPS; i++) {
			await(2 * i + 1);
			hit(2 * i + 2);
		}
	}
}

double lab_handover_ns(unsigned int threads)
{
	double longest = 0;

	if (threads < 2 || lab_workers_need(threads) || lab_workers_oversubscribed())
		return NAN;
	for (game.with = 1; game.with < threads; game.with++) {
		hit(0);
		lab_workers_do(play, NULL);
		longest = fmax(longest, game.ns);
	}
	return longest > 0 ? longest : NAN;
}
