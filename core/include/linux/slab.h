/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/overflow.h>
#include <linux/string.h>
#include <linux/types.h>

void *__kmalloc(size_t size, gfp_t flags) __malloc;
void *krealloc(const void *p, size_t size, gfp_t flags) __must_check;
void kfree(const void *p);
size_t kmalloc_size_roundup(size_t size);
void slab_reset(unsigned long seed);

#ifdef CONFIG_LOCKDEP
/*
 * Tests: the allocation after @after more ones fails, for the calling thread;
 * -1: none does.
 */
void kmalloc_fail_after(long after);
#endif

/**
 * kmalloc() - allocate memory
 * @size: bytes
 * @flags: GFP_*
 *
 * Return: memory, zeroed as with init_on_alloc; of a power of two bytes, up to
 * 2 MiB, it is aligned to its size, as the kernel's; NULL when there is none.
 */
static __always_inline void *kmalloc(size_t size, gfp_t flags)
{
	return __kmalloc(size, flags);
}

/**
 * kzalloc() - kmalloc(), zeroed
 * @size: bytes
 * @flags: GFP_*
 *
 * Return: memory, or NULL.
 */
static __always_inline void *kzalloc(size_t size, gfp_t flags)
{
	return __kmalloc(size, flags | __GFP_ZERO);
}

/**
 * kmalloc_array() - kmalloc() for an array
 * @n: elements
 * @size: of one, in bytes
 * @flags: GFP_*
 *
 * Return: memory, or NULL, also when the product overflows.
 */
static inline void *kmalloc_array(size_t n, size_t size, gfp_t flags)
{
	return __kmalloc(size_mul(n, size), flags);
}

/**
 * kcalloc() - kmalloc_array(), zeroed
 * @n: elements
 * @size: of one, in bytes
 * @flags: GFP_*
 *
 * Return: memory, or NULL, also when the product overflows.
 */
static inline void *kcalloc(size_t n, size_t size, gfp_t flags)
{
	return kmalloc_array(n, size, flags | __GFP_ZERO);
}

static inline void *kmemdup(const void *src, size_t size, gfp_t flags)
{
	void *p = kmalloc(size, flags);

	return p ? memcpy(p, src, size) : NULL;
}

static inline void * __must_check krealloc_array(void *p, size_t n,
						 size_t size, gfp_t flags)
{
	return krealloc(p, size_mul(n, size), flags);
}

#define kvmalloc(size, flags)		kmalloc(size, flags)
#define kvzalloc(size, flags)		kzalloc(size, flags)
#define kvmalloc_array(n, size, flags)	kmalloc_array(n, size, flags)
#define kvcalloc(n, size, flags)	kcalloc(n, size, flags)
#define kvrealloc(p, size, flags)	krealloc(p, size, flags)
#define kvfree(p)			kfree(p)

/* Typed allocation; the flags may be left out and are GFP_KERNEL then. */
#define __obj_flags(flag, ...)		(flag)
#define __obj_alloc(fn, type, n, ...)					\
	((__typeof__(type) *)fn(size_mul(n, sizeof(type)),		\
				__obj_flags(__VA_ARGS__)))
#define kmalloc_obj(obj, ...)						\
	__obj_alloc(kmalloc, obj, 1, ##__VA_ARGS__, GFP_KERNEL)
#define kzalloc_obj(obj, ...)						\
	__obj_alloc(kzalloc, obj, 1, ##__VA_ARGS__, GFP_KERNEL)
#define kmalloc_objs(obj, n, ...)					\
	__obj_alloc(kmalloc, obj, n, ##__VA_ARGS__, GFP_KERNEL)
#define kzalloc_objs(obj, n, ...)					\
	__obj_alloc(kzalloc, obj, n, ##__VA_ARGS__, GFP_KERNEL)
#define kvmalloc_objs(obj, n, ...)	kmalloc_objs(obj, n, ##__VA_ARGS__)
#define kvzalloc_objs(obj, n, ...)	kzalloc_objs(obj, n, ##__VA_ARGS__)

#endif /* _LINUX_SLAB_H */
