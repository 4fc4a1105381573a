/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: stub */
#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H

#include <linux/compiler.h>

#endif /* _LINUX_INIT_H */
