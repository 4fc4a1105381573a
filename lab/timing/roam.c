// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "base/clock.h"
#include "base/cpus.h"
#include "base/stop.h"
#include "pace/pace.h"
#include "timing/roam.h"
#include "timing/workers.h"

#define GLANCE	(100 * LAB_USEC)	/* at a core, before the next one is tried */

bool lab_roams(unsigned int threads)
{
	return threads == 1 && lab_cpus_alike() > 1;
}

/* What is not known is not waited for. */
static bool is_quiet(double alone)
{
	struct lab_quiet q = { .ns = LAB_SHARED * alone * lab_pace_cycle_ns() };

	q.until = lab_now() + GLANCE;
	return !(q.ns > 0) || lab_pace_wait(&q) < q.ns;
}

void lab_roam(unsigned int threads, double alone, uint64_t until)
{
	if (!lab_roams(threads)) {
		lab_cpu_take(0);
		return;
	}
	if (lab_workers_need(1))
		return;
	while (!is_quiet(alone)) {
		lab_cpu_take((lab_cpu_taken() + 1) % lab_cpus_alike());
		lab_cpu_pin(0);
		if (lab_now() >= until || lab_stop_asked())
			return;
	}
}
