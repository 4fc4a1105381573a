/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: stub */
#ifndef _LINUX_SEQ_FILE_H
#define _LINUX_SEQ_FILE_H

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

struct seq_file;

#endif /* _LINUX_SEQ_FILE_H */
