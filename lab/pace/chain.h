/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Instructions of known pace, for each machine. */
#ifndef _LAB_CHAIN_H
#define _LAB_CHAIN_H

/*
 * CHAIN and CHECK are stretches of dependent instructions on one register, of
 * LAB_CHAIN_CYCLES each; IDLE is a stretch of LAB_IDLE_INSNS that do nothing.
 */
#define LAB_CHAIN_CYCLES	48

#if defined(__x86_64__)
#define LAB_CHAIN	".rept 16\n\timul %0, %0\n\t.endr"
#define LAB_CHECK	".rept 48\n\tadd %0, %0\n\t.endr"
#elif defined(__aarch64__)
#define LAB_CHAIN	".rept 48\n\tadd %0, %0, %0\n\t.endr"
#define LAB_CHECK	".rept 48\n\teor %0, %0, %1\n\t.endr"
#else
#error "no chain of known latency for this machine"
#endif
#define LAB_IDLE_INSNS	60
#define LAB_IDLE	".rept 60\n\tnop\n\t.endr"

#endif /* _LAB_CHAIN_H */
