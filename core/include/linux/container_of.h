/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
#ifndef _LINUX_CONTAINER_OF_H
#define _LINUX_CONTAINER_OF_H

#include <linux/build_bug.h>
#include <linux/stddef.h>

/* The structure that @ptr's target is the member of. */
#define container_of(ptr, type, member) ({				\
	void *__inner = (void *)(ptr);					\
									\
	static_assert(__same_type(*(ptr), ((type *)0)->member) ||	\
		      __same_type(*(ptr), void));			\
	(type *)(__inner - offsetof(type, member));			\
})

#endif /* _LINUX_CONTAINER_OF_H */
