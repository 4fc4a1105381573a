/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Memory that images lie in: near the program, and never writable and executable. */
#ifndef _LAB_MEMORY_H
#define _LAB_MEMORY_H

#include <stddef.h>

#define LAB_SLOTS	4
#define LAB_TEXT_SIZE	(2UL << 20)	/* of a slot's code and constants */
#define LAB_DATA_SIZE	(1UL << 20)

/**
 * struct lab_memory - a slot's
 * @text: where code runs and constants are read
 * @write: the same pages, where they are written
 * @data: for what is written
 */
struct lab_memory {
	unsigned char *text, *write, *data;
};

/**
 * lab_memory_of() - a slot's memory; made at the first call, and kept
 * @slot: below LAB_SLOTS
 * @m: gets it
 *
 * The code is compiled for the lowest 2 GiB (x86-64) or for 128 MiB around the
 * program (arm64).
 *
 * Return: 0 or -errno.
 */
int lab_memory_of(unsigned int slot, struct lab_memory *m);

/**
 * lab_memory_sync() - have every thread of the process see code that was written
 * @m: the slot
 * @from: first byte, as an offset into @m->text
 * @size: bytes
 */
void lab_memory_sync(const struct lab_memory *m, size_t from, size_t size);

#endif /* _LAB_MEMORY_H */
