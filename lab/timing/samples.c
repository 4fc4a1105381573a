// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/grow.h"
#include "stats/stats.h"
#include "timing/samples.h"

int lab_samples_room(struct lab_row *row)
{
	unsigned long max = row->max_raw ? 2 * row->max_raw : 1024;
	bool failed = false;

	if (row->nr_raw < row->max_raw)
		return 0;
	row->raw = lab_grow(row->raw, max * row->nr_arms * sizeof(*row->raw),
			    &failed);
	row->order = lab_grow(row->order, max * sizeof(*row->order), &failed);
	row->drop = lab_grow(row->drop, max * sizeof(*row->drop), &failed);
	row->probe = lab_grow(row->probe, max * sizeof(*row->probe), &failed);
	if (row->ask.base.cfg.threads > 1) {
		row->skews = lab_grow(row->skews, max * sizeof(*row->skews),
				      &failed);
		row->overlaps = lab_grow(row->overlaps,
					 max * sizeof(*row->overlaps), &failed);
		row->fairs = lab_grow(row->fairs, max * row->nr_arms *
				  sizeof(*row->fairs), &failed);
	}
	if (failed)
		return -ENOMEM;
	row->max_raw = max;
	return 0;
}

int lab_samples_placement(struct lab_row *row, unsigned int process)
{
	unsigned long max = row->max_places ? 2 * row->max_places : 64;
	bool failed = false;

	if (row->placements == row->max_places) {
		row->place = lab_grow(row->place, max * sizeof(*row->place),
				      &failed);
		if (failed)
			return -ENOMEM;
		row->max_places = max;
	}
	row->place[row->placements++] = (struct lab_place) {
		.first = row->nr_raw, .process = process,
		.cycle_ns = { NAN, NAN }, .handover_ns = NAN,
	};
	return 0;
}

/* Threads' rates and latencies of a round that counts. */
static void add_threads(struct lab_row *row, const struct lab_placement *p,
			const struct lab_epoch *const *e)
{
	unsigned int threads = row->ask.base.cfg.threads;

	for (unsigned int a = 0; a < row->nr_arms; a++) {
		for (unsigned int t = 0; t < threads; t++) {
			struct lab_thread_row *tr = &row->threads[a][t];
			const struct lab_thread_epoch *te = &e[a]->thread[t];

			tr->ops += te->rate_ops;
			tr->seconds += te->rate_ns * 1e-9;
			row->delay += te->delay * 1e-9;
			row->slept += te->slept;
			if (row->hist)
				lab_hist_add(&row->hist[a * threads + t],
					     &p->arm[a]->hist[t]);
		}
	}
}

/* All threads have as much to do: the slowest one's rate over the fastest's. */
static double fairness(const struct lab_row *row, const struct lab_epoch *e)
{
	double least = INFINITY, most = 0;
	unsigned int t;

	if (row->ask.base.path->flags & BENCH_ROLES)
		return NAN;
	for (t = 0; t < row->ask.base.cfg.threads; t++) {
		double ns = e->thread[t].end - e->thread[t].start;

		least = fmin(least, ns);
		most = fmax(most, ns);
	}
	return least / most;
}

void lab_samples_round(struct lab_row *row, unsigned int order,
		       const struct lab_placement *p,
		       const struct lab_epoch *const *e)
{
	unsigned long r = row->nr_raw++;
	double skew = 0, overlap = 1;

	row->order[r] = order;
	row->drop[r] = LAB_KEPT;
	row->probe[r] = 0;
	for (unsigned int a = 0; a < row->nr_arms; a++) {
		row->raw[r * row->nr_arms + a] = e[a]->ns;
		row->probe[r] = fmax(row->probe[r], e[a]->probe);
		if (row->drop[r] == LAB_KEPT)
			row->drop[r] = e[a]->drop;
		if (row->fairs)
			row->fairs[r * row->nr_arms + a] = fairness(row, e[a]);
		skew = fmax(skew, e[a]->skew);
		overlap = fmin(overlap, e[a]->overlap);
	}
	if (row->skews) {
		row->skews[r] = skew;
		row->overlaps[r] = overlap;
	}
	if (row->drop[r] == LAB_KEPT)
		add_threads(row, p, e);
}

int lab_samples_process(struct lab_row *row)
{
	struct lab_process_row *p = calloc(1, sizeof(*p));

	if (!p)
		return -ENOMEM;
	for (unsigned int a = 0; a < 2; a++)
		for (unsigned int t = 0; t < row->ask.base.cfg.threads; t++) {
			p->ops[a][t] = row->threads[a][t].ops;
			p->seconds[a][t] = row->threads[a][t].seconds;
		}
	free(row->each);
	row->each = p;
	row->nr_each = 1;
	return 0;
}
