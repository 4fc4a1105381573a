// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "process/pieces.h"

#define PIECE(member, n)	\
	{ (void **)&(member), (n) * sizeof(*(member)) }

void lab_row_pieces(struct lab_row *row, struct lab_piece *piece)
{
	struct lab_counted *c = &row->counted;
	unsigned long n = row->nr_raw, arms = row->nr_arms;
	const struct lab_piece all[LAB_PIECES] = {
		PIECE(row->raw, n * arms),
		PIECE(row->order, n),
		PIECE(row->drop, n),
		PIECE(row->probe, n),
		PIECE(row->place, row->placements),
		PIECE(row->each, row->nr_each),
		PIECE(row->skews, n),
		PIECE(row->overlaps, n),
		PIECE(row->fairs, n * arms),
		PIECE(c->pass, c->nr),
		PIECE(c->order, c->nr),
		PIECE(c->drop, c->nr),
		PIECE(c->ns, c->nr * arms),
		PIECE(c->value, c->nr * arms * LAB_GROUP_MAX),
		PIECE(c->first, c->blocks),
		PIECE(c->disturb, c->blocks),
		PIECE(row->hist, arms * row->ask.base.cfg.threads),
	};

	for (unsigned int i = 0; i < LAB_PIECES; i++)
		piece[i] = all[i];
}
