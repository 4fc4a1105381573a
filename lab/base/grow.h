/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Arrays that grow. */
#ifndef _LAB_GROW_H
#define _LAB_GROW_H

#include <stdbool.h>
#include <stddef.h>

/**
 * lab_grow() - make an array larger
 * @old: the array; stays where there is no memory for a larger one
 * @bytes: of the larger one
 * @failed: set when there is none
 *
 * Return: the array.
 */
void *lab_grow(void *old, size_t bytes, bool *failed);

#endif /* _LAB_GROW_H */
