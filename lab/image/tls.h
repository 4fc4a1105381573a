/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Thread-local memory of images. Sets are compiled for the local-exec model, whose
 * variables lie at a fixed distance from the thread pointer. So each thread of the
 * program has a block for each slot, and every image of a slot uses it in turn.
 */
#ifndef _LAB_TLS_H
#define _LAB_TLS_H

#include "image/object.h"

#define LAB_TLS_SIZE	2048	/* of a slot */

/**
 * lab_tls_thread_begin() - the calling thread may run images, those that are placed, too
 */
void lab_tls_thread_begin(void);

/**
 * lab_tls_thread_end() - it will not any more
 */
void lab_tls_thread_end(void);

/**
 * lab_tls_offset() - where a slot's block is
 * @slot: below LAB_SLOTS
 *
 * Return: bytes from the thread pointer, the same in every thread.
 */
uint64_t lab_tls_offset(unsigned int slot);

/**
 * lab_tls_reset() - give all threads' variables their first values
 * @o: the object, of at most LAB_TLS_SIZE
 * @slot: below LAB_SLOTS
 *
 * The calling thread may run images from then on. The other threads must be idle, and
 * see it by whatever tells them to go on.
 */
void lab_tls_reset(const struct lab_object *o, unsigned int slot);

#endif /* _LAB_TLS_H */
