/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/* What is static but for tests is not static here. */
#ifndef _KUNIT_VISIBILITY_H
#define _KUNIT_VISIBILITY_H

#include <linux/export.h>

#define VISIBLE_IF_KUNIT
#define EXPORT_SYMBOL_IF_KUNIT(sym)	EXPORT_SYMBOL(sym)

#endif /* _KUNIT_VISIBILITY_H */
