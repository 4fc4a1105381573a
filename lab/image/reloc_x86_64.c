// SPDX-License-Identifier: GPL-2.0 OR MIT
#ifdef __x86_64__
#include <elf.h>
#include <string.h>

#include "image/reloc.h"

bool lab_reloc_known(unsigned int type)
{
	switch (type) {
	case R_X86_64_64:
	case R_X86_64_PC32:
	case R_X86_64_PLT32:
	case R_X86_64_32:
	case R_X86_64_32S:
	case R_X86_64_PC64:
	case R_X86_64_TPOFF32:
		return true;
	}
	return false;
}

bool lab_reloc_tls(unsigned int type)
{
	return type == R_X86_64_TPOFF32;
}

static bool put_signed(void *where, int64_t value)
{
	int32_t narrow = value;

	memcpy(where, &narrow, sizeof(narrow));
	return narrow == value;
}

static bool put_unsigned(void *where, uint64_t value)
{
	uint32_t narrow = value;

	memcpy(where, &narrow, sizeof(narrow));
	return narrow == value;
}

bool lab_reloc_apply(unsigned int type, void *where, uint64_t at, uint64_t value)
{
	switch (type) {
	case R_X86_64_PC64:
		value -= at;
		/* fallthrough */
	case R_X86_64_64:
		memcpy(where, &value, sizeof(value));
		return true;
	case R_X86_64_32:
		return put_unsigned(where, value);
	case R_X86_64_PC32:
	case R_X86_64_PLT32:
		return put_signed(where, value - at);
	default:
		return put_signed(where, value);
	}
}
#endif
