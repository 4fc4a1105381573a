/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* All of something through a descriptor, however often it takes. */
#ifndef _LAB_IO_H
#define _LAB_IO_H

#include <stddef.h>

/**
 * lab_read_all() - read all of something
 * @fd: from here
 * @to: gets it
 * @size: bytes
 *
 * Return: 0; -EPIPE when it ends before; -errno.
 */
int lab_read_all(int fd, void *to, size_t size);

/**
 * lab_write_all() - write all of something
 * @fd: to there
 * @from: what
 * @size: bytes
 *
 * Return: 0 or -errno.
 */
int lab_write_all(int fd, const void *from, size_t size);

#endif /* _LAB_IO_H */
