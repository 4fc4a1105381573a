/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: stub */
#ifndef _LINUX_STACKDEPOT_H
#define _LINUX_STACKDEPOT_H

#include <linux/gfp.h>
#include <linux/types.h>

typedef u32 depot_stack_handle_t;

#endif /* _LINUX_STACKDEPOT_H */
