/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Where the parts of objects lie to each other. */
#ifndef _LAB_LAYOUT_H
#define _LAB_LAYOUT_H

#include "base/rng.h"
#include "image/object.h"

#define LAB_LAYOUT_OBJECTS	2
#define LAB_LAYOUT_STEP		4096	/* of bases; what is below is in the layout */

/**
 * struct lab_seat - room for the parts of one name, one of each object
 * @name: of the parts
 * @kind: of the parts
 * @size: of the largest, bytes
 * @align: of the strictest, bytes
 * @at: where it begins, from the base of its kind's memory on
 */
struct lab_seat {
	uint64_t name;
	enum lab_part_kind kind;
	size_t size, align, at;
};

/**
 * struct lab_layout - seats for all parts of some objects
 * @o: the objects
 * @nr_objects: how many
 * @seat: sorted by name
 * @nr_seats: how many
 * @order: of the seats, as they lie
 * @end: bytes that text with constants, and data, take
 * @taken: bases that images have been given: a bit for each STEP of the distance
 *	below which predictors tell code apart
 */
struct lab_layout {
	const struct lab_object *o[LAB_LAYOUT_OBJECTS];
	unsigned int nr_objects, nr_seats;
	struct lab_seat *seat;
	uint32_t *order;
	size_t end[2];
	uint32_t taken;
};

/**
 * lab_layout_draw() - deal places
 * @l: zeroed at first; later what was drawn before
 * @o: objects, which stay open
 * @nr: how many; at most LAB_LAYOUT_OBJECTS
 * @rng: decides
 *
 * Functions begin at multiples of 16 bytes, as the kernel's do, other sections at
 * multiples of their alignment; in random order, with random gaps. A section that
 * both objects have lies in both at the same distance from the base.
 *
 * Return: 0 or -ENOMEM.
 */
int lab_layout_draw(struct lab_layout *l, const struct lab_object *const *o,
		    unsigned int nr, struct lab_rng *rng);

/**
 * lab_layout_at() - where a part lies
 * @l: drawn
 * @p: a part of one of its objects; not of LAB_TLS
 *
 * Return: bytes from its base on.
 */
size_t lab_layout_at(const struct lab_layout *l, const struct lab_part *p);

/**
 * lab_layout_free() - free what a layout takes
 * @l: the layout
 */
void lab_layout_free(struct lab_layout *l);

#endif /* _LAB_LAYOUT_H */
