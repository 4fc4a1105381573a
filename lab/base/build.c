// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <link.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/build.h"

/* Of SHA-1, 20 bytes; other kinds are shorter, or 32. */
#define ID_BYTES	32

static char id[2 * ID_BYTES + 1];

static size_t padded(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

/* A segment of notes: a header, a name and a description each, in words. */
static void read_notes(const unsigned char *at, size_t size)
{
	const unsigned char *end = at + size, *name, *desc;
	ElfW(Nhdr) note;

	for (; (size_t)(end - at) > sizeof(note); at = desc + padded(note.n_descsz)) {
		memcpy(&note, at, sizeof(note));
		name = at + sizeof(note);
		desc = name + padded(note.n_namesz);
		if (note.n_type != NT_GNU_BUILD_ID ||
		    note.n_namesz != sizeof(ELF_NOTE_GNU) ||
		    memcmp(name, ELF_NOTE_GNU, sizeof(ELF_NOTE_GNU)) ||
		    note.n_descsz > ID_BYTES)
			continue;
		for (size_t i = 0; i < note.n_descsz; i++)
			sprintf(id + 2 * i, "%02x", desc[i]);
		return;
	}
}

/* The program itself is the first object of all. */
static int of_program(struct dl_phdr_info *info, size_t size, void *unused)
{
	(void)size;
	(void)unused;
	for (ElfW(Half) i = 0; i < info->dlpi_phnum && !*id; i++)
		if (info->dlpi_phdr[i].p_type == PT_NOTE)
			read_notes((const unsigned char *)info->dlpi_addr +
				   info->dlpi_phdr[i].p_vaddr,
				   info->dlpi_phdr[i].p_memsz);
	return 1;
}

const char *lab_build_id(void)
{
	if (!*id)
		dl_iterate_phdr(of_program, NULL);
	return id;
}
