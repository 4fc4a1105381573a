/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The code of an arm. */
#ifndef _LAB_CODE_H
#define _LAB_CODE_H

#include "cases/case.h"
#include "image/image.h"

/**
 * lab_code_layout() - deal places to the code of cases
 * @l: zeroed at first; later what was drawn before
 * @want: cases, of sets that are linked
 * @nr: how many; at most LAB_LAYOUT_OBJECTS
 * @rng: decides where
 * @err: gets one line, LAB_OBJECT_ERROR bytes
 *
 * Nothing is done where sets have no object, as in builds for sanitizers.
 *
 * Return: 0 or -errno.
 */
int lab_code_layout(struct lab_layout *l, const struct lab_case *const *want,
		    unsigned int nr, struct lab_rng *rng, char *err);

/**
 * lab_code_place() - load a case's set at a place of its own
 * @img: zeroed at first; later what was loaded before
 * @want: the case, of the set that is linked
 * @l: drawn for the case's set
 * @slot: below LAB_SLOTS; one for each arm
 * @rng: decides where
 * @c: gets the case in the image; @want's where the set has no object
 * @err: gets one line, LAB_OBJECT_ERROR bytes
 *
 * Return: 0 or -errno.
 */
int lab_code_place(struct lab_image *img, const struct lab_case *want,
		   struct lab_layout *l, unsigned int slot, struct lab_rng *rng,
		   struct lab_case *c, char *err);

#endif /* _LAB_CODE_H */
