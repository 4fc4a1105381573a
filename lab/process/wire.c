// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "process/pieces.h"
#include "process/wire.h"

int lab_wire_put_row(int fd, struct lab_row *row)
{
	struct lab_piece piece[LAB_PIECES];
	int ret = lab_write_all(fd, row, sizeof(*row));

	lab_row_pieces(row, piece);
	for (unsigned int i = 0; i < LAB_PIECES && !ret; i++)
		if (*piece[i].at)
			ret = lab_write_all(fd, *piece[i].at, piece[i].size);
	return ret;
}

/* The pointers that came are another process's: they only say what follows. */
int lab_wire_get_row(int fd, const struct lab_ask *ask, struct lab_row *row)
{
	struct lab_piece piece[LAB_PIECES];
	bool follows[LAB_PIECES];
	int ret;

	memset(row, 0, sizeof(*row));
	ret = lab_read_all(fd, row, sizeof(*row));
	row->ask = *ask;
	row->counted.set = ask->events;
	lab_row_pieces(row, piece);
	for (unsigned int i = 0; i < LAB_PIECES; i++) {
		follows[i] = *piece[i].at && !ret;
		*piece[i].at = NULL;
	}
	for (unsigned int i = 0; i < LAB_PIECES && !ret; i++) {
		if (!follows[i])
			continue;
		*piece[i].at = malloc(piece[i].size + 1);
		ret = *piece[i].at ? lab_read_all(fd, *piece[i].at,
						  piece[i].size) : -ENOMEM;
	}
	row->max_raw = row->nr_raw;
	row->max_places = row->placements;
	row->counted.max = row->counted.nr;
	row->counted.max_blocks = row->counted.blocks;
	if (ret)
		lab_row_free(row);
	return ret;
}
