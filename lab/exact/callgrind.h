/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* What valgrind's callgrind leaves: costs by function, in parts. */
#ifndef _LAB_CALLGRIND_H
#define _LAB_CALLGRIND_H

#include <stddef.h>
#include <stdio.h>

#define LAB_CG_NAME	96

/**
 * struct lab_cg_fn - a function's own cost
 * @name: its symbol, cut to fit
 * @ir: instructions
 * @ge: locked ones among them ("global bus events")
 */
struct lab_cg_fn {
	char name[LAB_CG_NAME];
	unsigned long ir, ge;
};

/**
 * struct lab_cg_part - what was collected between two dumps
 * @trigger: what caused the dump: "--dump-after=..."
 * @ir: instructions, by callgrind's own sum
 * @ge: locked ones among them
 * @nr: how many of @fn
 * @max: room for so many
 * @fn: the functions that cost anything, by name
 */
struct lab_cg_part {
	char trigger[LAB_CG_NAME];
	unsigned long ir, ge;
	size_t nr, max;
	struct lab_cg_fn *fn;
};

/**
 * lab_cg_read() - read the next part
 * @f: callgrind's output, made with --combine-dumps=yes, --collect-bus=yes and
 *	uncompressed strings and positions
 * @part: gets it; freed with lab_cg_free() whatever is returned
 *
 * Return: 1; 0 at the end; -EBADMSG for a part that is cut, that lacks the
 * events, or whose functions do not sum up to its total; -ENOMEM.
 */
int lab_cg_read(FILE *f, struct lab_cg_part *part);

/**
 * lab_cg_free() - free what a part points to
 * @part: the part
 */
void lab_cg_free(struct lab_cg_part *part);

#endif /* _LAB_CALLGRIND_H */
