// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <stdatomic.h>

#include "base/clock.h"
#include "base/cpus.h"
#include "base/stop.h"
#include "pace/pace.h"
#include "timing/roam.h"
#include "timing/together.h"
#include "timing/workers.h"

#define GLANCE		(100 * LAB_USEC)	/* at a core, before the next one is tried */
#define GLANCE_ALL	(5 * LAB_MSEC)		/* at all of several threads */

bool lab_roams(unsigned int threads)
{
	return threads == 1 && lab_cpus_alike() > 1;
}

/* What is not known is not waited for. */
static bool is_quiet(double alone)
{
	struct lab_quiet q = { .ns = lab_pace_limit(alone, lab_pace_cycle_ns()) };

	q.until = lab_now() + GLANCE;
	return !(q.ns > 0) || lab_pace_wait(&q) < q.ns;
}

static bool roam(double alone, uint64_t until)
{
	while (!is_quiet(alone)) {
		unsigned int last = lab_cpu_taken();

		lab_cpu_take((last + 1) % lab_cpus_alike());
		/* a CPU may have gone since the program began */
		if (lab_cpu_pin(0))
			lab_cpu_take(last);
		if (lab_now() >= until || lab_stop_asked())
			return false;
	}
	return true;
}

/* Several threads at the same look; @q is copied by each. */
struct look {
	struct lab_together together;
	struct lab_quiet q;
	_Atomic bool shared;
};

static void look_thread(void *arg, unsigned int thread)
{
	struct look *look = arg;
	struct lab_quiet q = look->q;

	(void)thread;
	if (lab_together_wait(&look->together, lab_workers_barrier(), &q) >= q.ns)
		atomic_store_explicit(&look->shared, true, memory_order_relaxed);
}

static bool all_quiet(double alone, uint64_t until)
{
	struct look look = { .q.ns = lab_pace_limit(alone, lab_pace_cycle_ns()) };

	look.q.until = lab_now() + GLANCE_ALL;
	if (look.q.until > until)
		look.q.until = until;
	if (!(look.q.ns > 0))
		return true;
	lab_workers_do(look_thread, &look);
	return !look.shared;
}

bool lab_roam(unsigned int threads, double alone, uint64_t until)
{
	bool roams = lab_roams(threads);

	if (!roams)
		lab_cpu_take(0);
	if (lab_workers_need(threads))
		return true;	/* who sets up next is told why */
	if (roams)
		return roam(alone, until);
	if (threads > 1 && !lab_workers_oversubscribed())
		return all_quiet(alone, until);
	return true;
}
