/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/* Scope-based cleanup: the parts that are used. */
#ifndef _LINUX_CLEANUP_H
#define _LINUX_CLEANUP_H

#include <linux/compiler.h>

#define __cleanup(fn)	__attribute__((__cleanup__(fn)))

#define DEFINE_FREE(name, type, free)					\
static inline void __free_##name(void *p)				\
{									\
	type _T = *(type *)p;						\
									\
	free;								\
}
#define __free(name)		__cleanup(__free_##name)
#define no_free_ptr(p) ({						\
	__typeof__(p) __kept = (p);					\
									\
	(p) = NULL;							\
	__kept;								\
})
#define return_ptr(p)		return no_free_ptr(p)

#define DEFINE_CLASS(name, type, exit, init, init_args...)		\
typedef type class_##name##_t;						\
static inline void class_##name##_destructor(type *p)			\
{									\
	type _T = *p;							\
									\
	exit;								\
}									\
static inline type class_##name##_constructor(init_args)		\
{									\
	type t = init;							\
									\
	return t;							\
}
#define CLASS(name, var)						\
	class_##name##_t var __maybe_unused				\
		__cleanup(class_##name##_destructor) =			\
			class_##name##_constructor

#define DEFINE_GUARD(name, type, lock, unlock)				\
	DEFINE_CLASS(name, type, if (_T) unlock,			\
		     ({ lock; _T; }), type _T)
#define guard(name)		CLASS(name, __UNIQUE_ID(guard))
#define scoped_guard(name, args...)					\
	for (CLASS(name, __scope)(args), *__done = NULL;		\
	     !__done; __done = (void *)1)

#endif /* _LINUX_CLEANUP_H */
