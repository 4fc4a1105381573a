/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Relocations of this machine. */
#ifndef _LAB_RELOC_H
#define _LAB_RELOC_H

#include <stdbool.h>
#include <stdint.h>

/* What an object's header has to say. */
#if defined(__x86_64__)
#define LAB_MACHINE	EM_X86_64
#elif defined(__aarch64__)
#define LAB_MACHINE	EM_AARCH64
#else
#error "no loader for this machine"
#endif

/**
 * lab_reloc_known() - can lab_reloc_apply() do it?
 * @type: of the machine
 */
bool lab_reloc_known(unsigned int type);

/**
 * lab_reloc_tls() - is its value an offset from the thread pointer?
 * @type: of the machine
 */
bool lab_reloc_tls(unsigned int type);

/**
 * lab_reloc_apply() - write a value into an instruction or a word
 * @type: of the machine, known
 * @where: where it can be written
 * @at: the address that it will be read from
 * @value: S + A in the ABI's words (System V ABI, AMD64 supplement, 4.4; ELF for the
 *	Arm 64-bit Architecture, 5.7); for thread-local ones, from the thread pointer
 *
 * Return: whether @value fits.
 */
bool lab_reloc_apply(unsigned int type, void *where, uint64_t at, uint64_t value);

#endif /* _LAB_RELOC_H */
