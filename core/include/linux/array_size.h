/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: dup */
#ifndef _LINUX_ARRAY_SIZE_H
#define _LINUX_ARRAY_SIZE_H

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#endif /* _LINUX_ARRAY_SIZE_H */
