/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: dup */
#ifndef _LINUX_POISON_H
#define _LINUX_POISON_H

/*
 * What list_del() leaves behind: addresses that no process can map on x86-64
 * or arm64, so that following one traps at once.
 */
#define POISON_POINTER_DELTA	0xdead000000000000UL
#define LIST_POISON1		((void *)(POISON_POINTER_DELTA + 0x100))
#define LIST_POISON2		((void *)(POISON_POINTER_DELTA + 0x122))

#endif /* _LINUX_POISON_H */
