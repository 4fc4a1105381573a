/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The process that measures: its side. */
#ifndef _LAB_CHILD_H
#define _LAB_CHILD_H

#include "timing/compare.h"

/* The word after the program's name that makes it such a process. */
#define LAB_CHILD	"measure-for-parent"

/**
 * lab_child_main() - do what the parent asks for, until it has no more
 * @events: probed already, or NULL
 *
 * Asked on standard input, answered on the descriptor LAB_CHILD_FD.
 *
 * Return: the exit status.
 */
int lab_child_main(const struct lab_events *events);

#endif /* _LAB_CHILD_H */
