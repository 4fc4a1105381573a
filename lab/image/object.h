/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* A set's relocatable object, read once and checked, so that it can be placed often. */
#ifndef _LAB_OBJECT_H
#define _LAB_OBJECT_H

#include <stddef.h>
#include <stdint.h>

#define LAB_OBJECT_ERROR	256
#define LAB_MAX_ALIGN	64	/* of a section, bytes */

/* What becomes of a section. */
enum lab_part_kind {
	LAB_TEXT,
	LAB_RODATA,
	LAB_DATA,
	LAB_TLS,
	LAB_NR_KINDS,
};

/**
 * struct lab_part - a section that is loaded
 * @kind: where it goes
 * @name: stands for the section's name and kind, and, of several of one name, for
 *	which of them it is
 * @bytes: its content; NULL: zero
 * @size: bytes
 * @align: bytes, a power of two
 * @tls: of LAB_TLS, its place in the thread's block
 */
struct lab_part {
	enum lab_part_kind kind;
	uint64_t name;
	const unsigned char *bytes;
	size_t size, align, tls;
};

/**
 * struct lab_reloc - a place that depends on where parts are
 * @part: that it lies in
 * @type: of the machine
 * @target: part that it refers to, or LAB_OUTSIDE
 * @offset: in @part, bytes
 * @addend: added to @target's address; with LAB_OUTSIDE it is the address
 */
struct lab_reloc {
	uint16_t part, type, target;
	uint32_t offset;
	int64_t addend;
};

#define LAB_OUTSIDE	UINT16_MAX

/* A symbol that the object defines, and where: part and offset. */
struct lab_object_symbol {
	const char *name;
	uint16_t part;
	uint64_t offset, size;
};

/**
 * struct lab_object - all of that
 * @elf: libelf's, which what the others point to is kept by
 * @part: sections that are loaded
 * @nr_parts: how many
 * @reloc: where they refer to each other
 * @nr_relocs: how many
 * @symbol: what is defined by name
 * @nr_symbols: how many
 * @tls_size: bytes of a thread's block
 */
struct lab_object {
	void *elf;
	struct lab_part *part;
	unsigned int nr_parts;
	struct lab_reloc *reloc;
	size_t nr_relocs;
	struct lab_object_symbol *symbol;
	size_t nr_symbols;
	size_t tls_size;
};

/* A symbol that the program lends to objects; ended by one without a name. */
struct lab_lent {
	const char *name;
	const void *address;
};
extern const struct lab_lent lab_lent[];

/**
 * lab_object_open() - read an object
 * @o: gets it; closed with lab_object_close() whatever is returned
 * @bytes: an ELF file in memory, which stays there
 * @size: of it
 * @err: gets one line, LAB_OBJECT_ERROR bytes
 *
 * It has to be relocatable and for this machine; its code may ask for nothing but
 * what lab_lent lists, and for no relocation but those that lab_reloc_known() knows.
 *
 * Return: 0; -EINVAL for an object that is none of ours; -ENOMEM.
 */
int lab_object_open(struct lab_object *o, const void *bytes, size_t size,
		    char *err);

/**
 * lab_object_close() - forget an object; its images must be gone
 * @o: the object
 */
void lab_object_close(struct lab_object *o);

/**
 * lab_object_find() - a symbol
 * @o: the object
 * @name: its name
 *
 * Return: the symbol, or NULL.
 */
const struct lab_object_symbol *lab_object_find(const struct lab_object *o,
						const char *name);

#endif /* _LAB_OBJECT_H */
