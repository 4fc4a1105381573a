// SPDX-License-Identifier: GPL-2.0 OR MIT
#ifdef __aarch64__
#include <elf.h>
#include <string.h>

#include "image/reloc.h"

#define PAGE(x)	((x) & ~0xfffULL)

bool lab_reloc_known(unsigned int type)
{
	switch (type) {
	case R_AARCH64_ABS64:
	case R_AARCH64_PREL32:
	case R_AARCH64_PREL64:
	case R_AARCH64_CALL26:
	case R_AARCH64_JUMP26:
	case R_AARCH64_CONDBR19:
	case R_AARCH64_ADR_PREL_PG_HI21:
	case R_AARCH64_ADD_ABS_LO12_NC:
	case R_AARCH64_LDST8_ABS_LO12_NC:
	case R_AARCH64_LDST16_ABS_LO12_NC:
	case R_AARCH64_LDST32_ABS_LO12_NC:
	case R_AARCH64_LDST64_ABS_LO12_NC:
	case R_AARCH64_LDST128_ABS_LO12_NC:
		return true;
	}
	return lab_reloc_tls(type);
}

bool lab_reloc_tls(unsigned int type)
{
	switch (type) {
	case R_AARCH64_TLSLE_ADD_TPREL_HI12:
	case R_AARCH64_TLSLE_ADD_TPREL_LO12:
	case R_AARCH64_TLSLE_ADD_TPREL_LO12_NC:
		return true;
	}
	return false;
}

/* @bits of @value into the instruction at @shift. */
static void put_bits(void *where, uint64_t value, unsigned int bits,
		     unsigned int shift)
{
	uint32_t insn, mask = ((1U << bits) - 1) << shift;

	memcpy(&insn, where, sizeof(insn));
	insn = (insn & ~mask) | ((uint32_t)value << shift & mask);
	memcpy(where, &insn, sizeof(insn));
}

static bool fits(int64_t value, unsigned int bits)
{
	return value >= -(1LL << (bits - 1)) && value < 1LL << (bits - 1);
}

/* A branch of words. */
static bool put_branch(void *where, int64_t way, unsigned int bits,
		       unsigned int shift)
{
	put_bits(where, way >> 2, bits, shift);
	return !(way & 3) && fits(way >> 2, bits);
}

/* The page's distance, in two pieces. */
static bool put_page(void *where, int64_t pages)
{
	put_bits(where, pages, 2, 29);
	put_bits(where, pages >> 2, 19, 5);
	return fits(pages, 21);
}

static bool put_word(void *where, int64_t way)
{
	int32_t narrow = way;

	memcpy(where, &narrow, sizeof(narrow));
	return narrow == way;
}

/* The low twelve bits, in units of what is loaded. */
static bool put_low(void *where, uint64_t value, unsigned int unit)
{
	put_bits(where, (value & 0xfff) >> unit, 12, 10);
	return !(value & ((1U << unit) - 1));
}

bool lab_reloc_apply(unsigned int type, void *where, uint64_t at, uint64_t value)
{
	switch (type) {
	case R_AARCH64_PREL64:
		value -= at;
		/* fallthrough */
	case R_AARCH64_ABS64:
		memcpy(where, &value, sizeof(value));
		return true;
	case R_AARCH64_PREL32:
		return put_word(where, value - at);
	case R_AARCH64_CALL26:
	case R_AARCH64_JUMP26:
		return put_branch(where, value - at, 26, 0);
	case R_AARCH64_CONDBR19:
		return put_branch(where, value - at, 19, 5);
	case R_AARCH64_ADR_PREL_PG_HI21:
		return put_page(where, (int64_t)(PAGE(value) - PAGE(at)) >> 12);
	case R_AARCH64_TLSLE_ADD_TPREL_HI12:
		put_bits(where, value >> 12, 12, 10);
		return value < 1 << 24;
	case R_AARCH64_TLSLE_ADD_TPREL_LO12:
	case R_AARCH64_TLSLE_ADD_TPREL_LO12_NC:
	case R_AARCH64_ADD_ABS_LO12_NC:
	case R_AARCH64_LDST8_ABS_LO12_NC:
		return put_low(where, value, 0);
	case R_AARCH64_LDST16_ABS_LO12_NC:
		return put_low(where, value, 1);
	case R_AARCH64_LDST32_ABS_LO12_NC:
		return put_low(where, value, 2);
	case R_AARCH64_LDST64_ABS_LO12_NC:
		return put_low(where, value, 3);
	case R_AARCH64_LDST128_ABS_LO12_NC:
		return put_low(where, value, 4);
	}
	return false;
}
#endif
