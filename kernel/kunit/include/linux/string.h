/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: dup */
#ifndef _KUNIT_LINUX_STRING_H
#define _KUNIT_LINUX_STRING_H

#include_next <linux/string.h>
#include <linux/errno.h>

char *strchr(const char *s, int c);
char *strstr(const char *s, const char *part);
size_t strnlen(const char *s, size_t max);

/**
 * strscpy() - copy what fits
 * @dst: always terminated, unless @size is 0
 * @src: the string
 * @size: of @dst
 *
 * Return: characters copied, or -E2BIG when not all were.
 */
static inline ssize_t strscpy(char *dst, const char *src, size_t size)
{
	size_t n = strnlen(src, size);

	if (!size)
		return -E2BIG;
	memcpy(dst, src, n);
	if (n < size) {
		dst[n] = '\0';
		return n;
	}
	dst[size - 1] = '\0';
	return -E2BIG;
}

#endif /* _KUNIT_LINUX_STRING_H */
