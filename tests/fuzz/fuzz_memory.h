/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Memory of the sides: counted, and short. fuzz_host.c has the counts, fuzz_alloc.c,
 * which is linked into each side, tells it. Read by both, so it includes nothing.
 */
#ifndef _FUZZ_MEMORY_H
#define _FUZZ_MEMORY_H

/**
 * fuzz_memory_use() - whose allocations are counted from now on
 * @who: number of a side
 */
void fuzz_memory_use(unsigned int who);

/**
 * fuzz_memory_reset() - what the side has allocated is forgotten
 */
void fuzz_memory_reset(void);

/**
 * fuzz_memory_fail() - make an allocation of the side in use fail
 * @nth: which, from 1; 0: none
 */
void fuzz_memory_fail(unsigned long nth);

/**
 * fuzz_memory_reclaim() - free what is left of the allocations since
 *	fuzz_memory_fail() was told of one
 * @size: only those of this size
 * @free: kfree() of the side that has them
 */
void fuzz_memory_reclaim(unsigned long size, void (*free)(const void *p));

/**
 * fuzz_memory_live() - how many allocations the side in use has
 */
long fuzz_memory_live(void);

/**
 * fuzz_memory_failed() - how many of all allocations were made to fail
 */
unsigned long long fuzz_memory_failed(void);

/**
 * fuzz_memory_refused() - is this allocation the one that fails?
 */
int fuzz_memory_refused(void);

/**
 * fuzz_memory_allocated() - an allocation was made
 * @p: the memory, or NULL
 * @size: bytes asked for
 */
void fuzz_memory_allocated(const void *p, unsigned long size);

/**
 * fuzz_memory_freed() - memory is about to be freed
 * @p: the memory, or NULL
 */
void fuzz_memory_freed(const void *p);

#endif /* _FUZZ_MEMORY_H */
