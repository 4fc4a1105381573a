/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A set's code and data, placed anew.
 *
 * Where a linker puts functions is worth a percent or more of a path's time: which
 * of them share a line, a page, an entry of a predictor. It is the same in every run
 * of one program, and another after any change of it. So each section is put at a
 * place that is drawn for each placement: what is left is what the code does, and its
 * spread is in the interval (Curtsinger and Berger, Stabilizer, ASPLOS 2013). Arms
 * that are compared are laid out alike, each from a base of its own: a function that
 * both have lies in the same place of a page, so that the layout's share cancels in
 * their ratio, as that of a common seed does. No two bases of a layout are congruent
 * modulo what predictors hash by, or one arm would train them for the other. To share
 * the place of a line only does not do: where branches decide, intervals are two to
 * three times as wide on Zen 5, as wide as without anything shared.
 */
#ifndef _LAB_IMAGE_H
#define _LAB_IMAGE_H

#include "base/rng.h"
#include "image/layout.h"
#include "image/object.h"

/**
 * struct lab_image - an object in memory
 * @o: the object
 * @at: address of each part
 * @room: for how many
 * @ranges: of text and data, to tell what is the image's
 */
struct lab_image {
	const struct lab_object *o;
	uintptr_t *at;
	unsigned int room;
	struct {
		uintptr_t from, to;
	} ranges[2];
};

/**
 * lab_image_place() - put an object somewhere
 * @img: gets it; zeroed, or an image that is no longer used
 * @o: the object
 * @l: of this object, and of others that are placed beside it; remembers where
 * @slot: whose memory; below LAB_SLOTS. What was there is gone.
 * @rng: decides where
 *
 * Parts lie as the layout says, from a random page of the slot's memory on. Data has
 * its first values, thread-local data in all threads, which must be idle.
 *
 * Return: 0; -ENOSPC when it does not fit, or no base is left that is not congruent
 * to one of the layout's; -ERANGE when it lies too far from what it
 * refers to; another -errno when there is no memory.
 */
int lab_image_place(struct lab_image *img, const struct lab_object *o,
		    struct lab_layout *l, unsigned int slot, struct lab_rng *rng);

/**
 * lab_image_find() - a symbol's address
 * @img: placed
 * @name: its name
 *
 * Return: the address; NULL when there is none.
 */
void *lab_image_find(const struct lab_image *img, const char *name);

/**
 * lab_image_has() - does an address lie in an image?
 * @img: placed
 * @p: the address
 */
int lab_image_has(const struct lab_image *img, const void *p);

/**
 * lab_image_free() - free what it takes beside the slot's memory
 * @img: the image
 */
void lab_image_free(struct lab_image *img);

#endif /* _LAB_IMAGE_H */
