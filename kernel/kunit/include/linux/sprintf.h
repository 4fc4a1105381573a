/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/* Text is formatted by libc, so what only the kernel's %p can do is not done. */
#ifndef _LINUX_SPRINTF_H
#define _LINUX_SPRINTF_H

#include <linux/slab.h>
#include <linux/stdarg.h>
#include <linux/types.h>

int sprintf(char *buf, const char *fmt, ...) __printf(2, 3);
int snprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
int vsnprintf(char *buf, size_t size, const char *fmt, va_list ap)
	__printf(3, 0);

/**
 * scnprintf() - format what fits
 * @buf: gets it
 * @size: of @buf
 * @fmt: as for printf()
 *
 * Return: characters that did fit.
 */
static inline __printf(3, 4) int scnprintf(char *buf, size_t size,
					   const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return n < size ? n : size ? size - 1 : 0;
}

/**
 * kasprintf() - format into memory that is allocated for it
 * @gfp: GFP_*
 * @fmt: as for printf()
 *
 * Return: the text, for kfree(), or NULL.
 */
static inline __printf(2, 3) char *kasprintf(gfp_t gfp, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	text = kmalloc(n + 1, gfp);
	if (!text)
		return NULL;
	va_start(ap, fmt);
	vsnprintf(text, n + 1, fmt, ap);
	va_end(ap);
	return text;
}

#endif /* _LINUX_SPRINTF_H */
