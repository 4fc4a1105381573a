/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A number that stands for a text (Fowler, Noll, Vo: FNV-1a). */
#ifndef _LAB_HASH_H
#define _LAB_HASH_H

#include <stdint.h>

#define LAB_HASH_BEGIN	0xcbf29ce484222325ULL

/**
 * lab_hash_text() - hash a text on
 * @hash: LAB_HASH_BEGIN, or what came of texts before
 * @text: the text
 *
 * Return: the hash.
 */
static inline uint64_t lab_hash_text(uint64_t hash, const char *text)
{
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3ULL;
	return hash;
}

#endif /* _LAB_HASH_H */
