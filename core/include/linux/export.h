/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: stub */
/* Every global symbol of a set is visible; there is nothing to export. */
#ifndef _LINUX_EXPORT_H
#define _LINUX_EXPORT_H

#define THIS_MODULE		((struct module *)0)
#define EXPORT_SYMBOL(sym)	extern int __export_##sym
#define EXPORT_SYMBOL_GPL(sym)	EXPORT_SYMBOL(sym)
#define EXPORT_SYMBOL_NS_GPL(sym, ns)	EXPORT_SYMBOL(sym)

struct module;

#endif /* _LINUX_EXPORT_H */
