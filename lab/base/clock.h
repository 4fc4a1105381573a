/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* The harness's clock. */
#ifndef _LAB_CLOCK_H
#define _LAB_CLOCK_H

#include <stdint.h>
#include <time.h>

#define LAB_SEC		1000000000ULL
#define LAB_MSEC	1000000ULL
#define LAB_USEC	1000ULL

/**
 * lab_now() - nanoseconds of CLOCK_MONOTONIC, the same on every CPU
 */
static inline uint64_t lab_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * LAB_SEC + (uint64_t)ts.tv_nsec;
}

/* Tell the CPU that this is a spin loop. */
static inline void lab_relax(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ __volatile__("yield" : : : "memory");
#endif
}

#endif /* _LAB_CLOCK_H */
