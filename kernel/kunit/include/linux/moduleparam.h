/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/* Numbers of a test that its runner can set: --param NAME=VALUE. */
#ifndef _LINUX_MODULEPARAM_H
#define _LINUX_MODULEPARAM_H

#include <linux/compiler.h>
#include <linux/types.h>

/**
 * struct kernel_param - a parameter
 * @name: what the user calls it
 * @at: the variable
 * @size: of it, in bytes
 */
struct kernel_param {
	const char *name;
	void *at;
	size_t size;
};

/* Found through their section, as suites are. */
#define module_param_named(name_, value, type, perm)			\
	static const struct kernel_param * const			\
	__UNIQUE_ID(kunit_param_) __used				\
	__attribute__((__section__("kunit_params"))) =			\
		&(const struct kernel_param) {				\
			.name = #name_,					\
			.at = &(value),					\
			.size = sizeof(value),				\
		}
#define module_param(name, type, perm)	module_param_named(name, name, type, perm)
#define module_param_unsafe(name, type, perm)				\
	module_param_named(name, name, type, perm)
#define MODULE_PARM_DESC(name, text)	extern int __module_parm_##name

#endif /* _LINUX_MODULEPARAM_H */
