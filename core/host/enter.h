/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Into the real kernel without libc: no jump through a table, no errno, nothing
 * to do with cancellation. For what stands on a timed path.
 */
#ifndef _HOST_ENTER_H
#define _HOST_ENTER_H

#include <sys/syscall.h>

/**
 * host_enter() - one system call
 * @nr: SYS_*
 * @a: first argument
 * @b: second
 * @c: third
 * @d: fourth; the ones that come after are 0
 *
 * Return: what the kernel returns; -errno for a failure.
 */
static inline long host_enter(long nr, long a, long b, long c, long d)
{
#if defined(__x86_64__)
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = 0;
	register long r9 __asm__("r9") = 0;

	__asm__ volatile("syscall"
			 : "+a"(nr)
			 : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return nr;
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = 0;
	register long x5 __asm__("x5") = 0;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
#else
#error "no system call for this architecture"
#endif
}

#endif /* _HOST_ENTER_H */
