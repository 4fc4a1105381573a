/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
#ifndef _ASM_PROCESSOR_H
#define _ASM_PROCESSOR_H

/* Tells the other hardware thread, and the memory system, that this one spins. */
static inline void cpu_relax(void)
{
#if defined(__x86_64__)
	__asm__ __volatile__("pause" : : : "memory");
#else
	__asm__ __volatile__("yield" : : : "memory");
#endif
}

#endif /* _ASM_PROCESSOR_H */
