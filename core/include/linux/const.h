/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: dup */
#ifndef _LINUX_CONST_H
#define _LINUX_CONST_H

#define UL(x)	x##UL
#define ULL(x)	x##ULL

#endif /* _LINUX_CONST_H */
