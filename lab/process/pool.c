// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "stats/stats.h"
#include "process/pieces.h"
#include "process/pool.h"

/* Room for what comes; the arrays may move, their contents stay. */
static int make_room(struct lab_piece *to, const struct lab_piece *from)
{
	for (unsigned int i = 0; i < LAB_PIECES; i++) {
		void *grown;

		if (!*from[i].at)
			continue;
		grown = realloc(*to[i].at, to[i].size + from[i].size + 1);
		if (!grown)
			return -ENOMEM;
		if (!*to[i].at)
			memset(grown, 0, to[i].size);
		*to[i].at = grown;
	}
	return 0;
}

static void append(const struct lab_piece *to, const struct lab_piece *from)
{
	for (unsigned int i = 0; i < LAB_PIECES - 1; i++)
		if (*from[i].at)
			memcpy((char *)*to[i].at + to[i].size, *from[i].at,
			       from[i].size);
}

/* What a process did in several visits stands once; a part is of one process. */
static void settle_each(struct lab_row *row, const struct lab_row *part)
{
	struct lab_process_row *last, *added = &row->each[row->nr_each];

	if (!part->nr_each || !part->placements)
		return;
	if (!row->nr_each || row->place[row->placements - 1].process !=
			     part->place[0].process) {
		row->nr_each++;
		return;
	}
	last = added - 1;
	for (unsigned int a = 0; a < 2; a++)
		for (unsigned int t = 0; t < BENCH_MAX_THREADS; t++) {
			last->ops[a][t] += added->ops[a][t];
			last->seconds[a][t] += added->seconds[a][t];
		}
}

/* First rounds are numbered from the row's own. */
static void renumber(struct lab_row *row, const struct lab_row *part)
{
	struct lab_counted *c = &row->counted;

	for (unsigned long p = 0; p < part->placements; p++)
		row->place[row->placements + p].first += row->nr_raw;
	for (unsigned long b = 0; b < part->counted.blocks; b++)
		c->first[c->blocks + b] += c->nr;
	row->nr_raw += part->nr_raw;
	row->max_raw = row->nr_raw;
	row->placements += part->placements;
	row->max_places = row->placements;
	c->nr += part->counted.nr;
	c->max = c->nr;
	c->blocks += part->counted.blocks;
	c->max_blocks = c->blocks;
}

static void add_counted(struct lab_counted *to, const struct lab_counted *from)
{
	unsigned int a, t, i;

	to->direct &= from->direct;
	for (a = 0; a < LAB_COUNT_ARMS; a++)
		for (t = 0; t < BENCH_MAX_THREADS; t++)
			for (i = 0; i < LAB_MAX_EVENTS; i++) {
				to->ops[a][t][i] += from->ops[a][t][i];
				to->total[a][t][i] += from->total[a][t][i];
			}
	for (i = 0; i < LAB_MAX_EVENTS; i++)
		if (to->count[i].status == LAB_COUNTED)
			to->count[i] = from->count[i];
}

static void add_threads(struct lab_row *row, const struct lab_row *part)
{
	unsigned int threads = row->ask.base.cfg.threads;

	for (unsigned int a = 0; a < row->nr_arms; a++) {
		row->tallied[a] += part->tallied[a];
		row->tally_ops[a] += part->tally_ops[a];
		for (unsigned int t = 0; t < threads; t++) {
			struct lab_thread_row *to = &row->threads[a][t];
			unsigned int h = a * threads + t;

			to->ops += part->threads[a][t].ops;
			to->seconds += part->threads[a][t].seconds;
			if (row->hist && part->hist)
				lab_hist_add(&row->hist[h], &part->hist[h]);
		}
	}
}

static void add_sums(struct lab_row *row, const struct lab_row *part)
{
	row->cost = part->cost;
	/* 0 where a visit had no placement */
	if (part->bytes)
		row->bytes = part->bytes;
	row->digest_ok &= part->digest_ok;
	row->partial |= part->partial;
	row->warnings += part->warnings;
	row->leaks += part->leaks;
	row->seconds += part->seconds;
	row->wall += part->wall;
	row->delay += part->delay;
	row->slept += part->slept;
	row->ticks.all += part->ticks.all;
	row->ticks.stolen += part->ticks.stolen;
	if (!row->fault[0])
		memcpy(row->fault, part->fault, sizeof(row->fault));
}

int lab_pool_add(struct lab_row *row, struct lab_row *part)
{
	struct lab_piece to[LAB_PIECES], from[LAB_PIECES];

	lab_row_pieces(row, to);
	lab_row_pieces(part, from);
	/* The histograms have their size from the beginning. */
	from[LAB_PIECES - 1].size = 0;
	if (make_room(to, from))
		return -ENOMEM;
	append(to, from);
	settle_each(row, part);
	renumber(row, part);
	add_counted(&row->counted, &part->counted);
	add_threads(row, part);
	add_sums(row, part);
	return 0;
}
