/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: stub */
#ifndef _LINUX_MODULE_H
#define _LINUX_MODULE_H

#include <linux/export.h>
#include <linux/kernel.h>

#define __MODULE_NOTE(tag)	extern int __PASTE(__module_, tag)
#define MODULE_AUTHOR(text)		__MODULE_NOTE(author)
#define MODULE_DESCRIPTION(text)	__MODULE_NOTE(description)
#define MODULE_LICENSE(text)		__MODULE_NOTE(license)
#define MODULE_IMPORT_NS(ns)		__MODULE_NOTE(import_ns)

#endif /* _LINUX_MODULE_H */
