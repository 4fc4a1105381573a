/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: stub */
#ifndef _LINUX_MM_TYPES_H
#define _LINUX_MM_TYPES_H

#include <linux/types.h>
#include <asm/page.h>

struct address_space;
struct page;
struct vm_area_struct;
struct vm_operations_struct;

#endif /* _LINUX_MM_TYPES_H */
