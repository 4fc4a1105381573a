/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What a row points to, as bytes. */
#ifndef _LAB_PIECES_H
#define _LAB_PIECES_H

#include "timing/row.h"

#define LAB_PIECES	17

/**
 * struct lab_piece - one array of a row
 * @at: the row's pointer to it
 * @size: bytes that are in use
 */
struct lab_piece {
	void **at;
	size_t size;
};

/**
 * lab_row_pieces() - every array of a row that grows with its rounds
 * @row: the row
 * @piece: gets LAB_PIECES of them, the same ones in the same order for each row
 *
 * The histograms come last: they do not grow.
 */
void lab_row_pieces(struct lab_row *row, struct lab_piece *piece);

#endif /* _LAB_PIECES_H */
