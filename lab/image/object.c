// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <gelf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "image/object.h"
#include "image/reloc.h"

/*
 * While an object is read: part of each section, LAB_OUTSIDE without one, and a table
 * of the names that parts have; 0 is none.
 */
struct reader {
	struct lab_object *o;
	uint16_t *part_of;
	uint64_t *taken;
	size_t nr_sections, nr_taken, strings, names;
	Elf_Scn *symbols;
	char *err;
};

static int __attribute__((format(printf, 2, 3)))
wrong(struct reader *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(r->err, LAB_OBJECT_ERROR, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

/* Tables for unwinding and notes are for nobody here. */
static bool is_loaded(const GElf_Shdr *sh, const char *name)
{
	return sh->sh_flags & SHF_ALLOC &&
	       sh->sh_type != SHT_NOTE && strcmp(name, ".eh_frame");
}

static enum lab_part_kind kind_of(const GElf_Shdr *sh)
{
	if (sh->sh_flags & SHF_TLS)
		return LAB_TLS;
	if (sh->sh_flags & SHF_EXECINSTR)
		return LAB_TEXT;
	return sh->sh_flags & SHF_WRITE ? LAB_DATA : LAB_RODATA;
}

/* A name that is there already is hashed on until it is another. */
static uint64_t name_in(struct reader *r, const char *name,
			enum lab_part_kind kind)
{
	uint64_t hash = lab_hash_text(LAB_HASH_BEGIN + kind, name);
	size_t i = hash % r->nr_taken;

	while (r->taken[i]) {
		if (r->taken[i] == hash) {
			hash = lab_hash_text(hash, "+");
			i = hash % r->nr_taken;
		} else {
			i = (i + 1) % r->nr_taken;
		}
	}
	r->taken[i] = hash;
	return hash;
}

static int add_part(struct reader *r, Elf_Scn *scn, const GElf_Shdr *sh,
		    const char *name)
{
	struct lab_object *o = r->o;
	struct lab_part *p = &o->part[o->nr_parts];
	Elf_Data *data = elf_getdata(scn, NULL);

	if (sh->sh_addralign & (sh->sh_addralign - 1) || sh->sh_addralign > LAB_MAX_ALIGN)
		return wrong(r, "section %s has an alignment of %llu", name,
			     (unsigned long long)sh->sh_addralign);
	if (sh->sh_type != SHT_NOBITS && sh->sh_size &&
	    (!data || !data->d_buf || data->d_size != sh->sh_size))
		return wrong(r, "section %s is cut off", name);
	*p = (struct lab_part) {
		.kind = kind_of(sh), .size = sh->sh_size,
		.name = name_in(r, name, kind_of(sh)),
		.bytes = sh->sh_type == SHT_NOBITS || !data ? NULL : data->d_buf,
		.align = sh->sh_addralign ? sh->sh_addralign : 1,
	};
	if (p->kind == LAB_TLS) {
		p->tls = (o->tls_size + p->align - 1) & ~(p->align - 1);
		o->tls_size = p->tls + p->size;
	}
	r->part_of[elf_ndxscn(scn)] = o->nr_parts++;
	return 0;
}

static int read_sections(struct reader *r)
{
	Elf *elf = r->o->elf;
	Elf_Scn *scn = NULL;
	int ret = 0;

	while (!ret && (scn = elf_nextscn(elf, scn))) {
		GElf_Shdr sh;
		const char *name;

		if (!gelf_getshdr(scn, &sh))
			return wrong(r, "section header: %s", elf_errmsg(-1));
		name = elf_strptr(elf, r->names, sh.sh_name);
		if (sh.sh_type == SHT_SYMTAB) {
			r->symbols = scn;
			r->strings = sh.sh_link;
		}
		if (is_loaded(&sh, name ? name : "?"))
			ret = add_part(r, scn, &sh, name ? name : "?");
	}
	return ret ? ret : r->symbols ? 0 : wrong(r, "it has no symbols");
}

static const void *find_lent(const char *name)
{
	for (const struct lab_lent *l = lab_lent; l->name; l++)
		if (!strcmp(l->name, name))
			return l->address;
	return NULL;
}

static const char *name_of(struct reader *r, const GElf_Sym *sym)
{
	const char *name = elf_strptr(r->o->elf, r->strings, sym->st_name);

	return name ? name : "?";
}

/* Where a symbol is: a part and an offset, or an address outside. */
static int find_symbol(struct reader *r, size_t index, struct lab_reloc *to)
{
	Elf_Data *data = elf_getdata(r->symbols, NULL);
	GElf_Sym sym;
	const void *lent;

	if (!data || !gelf_getsym(data, index, &sym))
		return wrong(r, "symbol %zu is not there", index);
	if (sym.st_shndx == SHN_UNDEF) {
		lent = find_lent(name_of(r, &sym));
		if (!lent)
			return wrong(r, "it needs %s, which this program does not lend",
				     name_of(r, &sym));
		to->target = LAB_OUTSIDE;
		to->addend += (uintptr_t)lent;
		return 0;
	}
	if (sym.st_shndx >= r->nr_sections ||
	    r->part_of[sym.st_shndx] == LAB_OUTSIDE)
		return wrong(r, "symbol %s lies in no section that is loaded",
			     name_of(r, &sym));
	to->target = r->part_of[sym.st_shndx];
	to->addend += sym.st_value;
	return 0;
}

static int add_reloc(struct reader *r, uint16_t part, const GElf_Rela *rela)
{
	struct lab_object *o = r->o;
	struct lab_reloc *to = &o->reloc[o->nr_relocs];
	unsigned int type = GELF_R_TYPE(rela->r_info);
	int ret;

	if (!lab_reloc_known(type))
		return wrong(r, "it has a relocation of type %u, which this loader does not know: compile it with the project's flags",
			     type);
	if (rela->r_offset + 4 > o->part[part].size)
		return wrong(r, "a relocation lies outside of its section");
	*to = (struct lab_reloc) {
		.part = part, .type = type, .offset = rela->r_offset,
		.addend = rela->r_addend,
	};
	ret = find_symbol(r, GELF_R_SYM(rela->r_info), to);
	if (!ret)
		o->nr_relocs++;
	return ret;
}

static int read_table(struct reader *r, Elf_Scn *scn, const GElf_Shdr *sh)
{
	struct lab_object *o = r->o;
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t nr = data ? data->d_size / sizeof(Elf64_Rela) : 0;
	struct lab_reloc *more;
	GElf_Rela rela;
	int ret = 0;

	if (sh->sh_info >= r->nr_sections ||
	    r->part_of[sh->sh_info] == LAB_OUTSIDE)
		return 0;
	more = realloc(o->reloc, (o->nr_relocs + nr) * sizeof(*more) + 1);
	if (!more)
		return -ENOMEM;
	o->reloc = more;
	for (size_t i = 0; i < nr && !ret; i++)
		ret = gelf_getrela(data, i, &rela) ?
		      add_reloc(r, r->part_of[sh->sh_info], &rela) :
		      wrong(r, "relocation %zu is not there", i);
	return ret;
}

static int read_relocs(struct reader *r)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;
	int ret = 0;

	while (!ret && (scn = elf_nextscn(r->o->elf, scn))) {
		if (!gelf_getshdr(scn, &sh))
			return wrong(r, "section header: %s", elf_errmsg(-1));
		if (sh.sh_type == SHT_REL)
			return wrong(r, "its relocations have no addends");
		if (sh.sh_type == SHT_RELA)
			ret = read_table(r, scn, &sh);
	}
	return ret;
}

/* Names of global things in parts that are loaded. */
static int read_names(struct reader *r)
{
	struct lab_object *o = r->o;
	Elf_Data *data = elf_getdata(r->symbols, NULL);
	size_t nr = data ? data->d_size / sizeof(Elf64_Sym) : 0;
	GElf_Sym sym;

	o->symbol = malloc(nr * sizeof(*o->symbol) + 1);
	if (!o->symbol)
		return -ENOMEM;
	for (size_t i = 1; i < nr && gelf_getsym(data, i, &sym); i++) {
		unsigned int type = GELF_ST_TYPE(sym.st_info);

		if ((type != STT_FUNC && type != STT_OBJECT) ||
		    sym.st_shndx >= r->nr_sections ||
		    r->part_of[sym.st_shndx] == LAB_OUTSIDE)
			continue;
		o->symbol[o->nr_symbols++] = (struct lab_object_symbol) {
			.name = name_of(r, &sym), .offset = sym.st_value,
			.part = r->part_of[sym.st_shndx], .size = sym.st_size,
		};
	}
	return 0;
}

static int begin(struct reader *r, const void *bytes, size_t size)
{
	struct lab_object *o = r->o;
	GElf_Ehdr eh;

	elf_version(EV_CURRENT);
	/* libelf writes to none of it. */
	o->elf = elf_memory((char *)bytes, size);
	if (!o->elf || elf_kind(o->elf) != ELF_K_ELF || !gelf_getehdr(o->elf, &eh))
		return wrong(r, "it is no ELF file");
	if (eh.e_ident[EI_CLASS] != ELFCLASS64 || eh.e_machine != LAB_MACHINE)
		return wrong(r, "it is for another machine (%u)", eh.e_machine);
	if (eh.e_type != ET_REL)
		return wrong(r, "it is not relocatable");
	if (elf_getshdrnum(o->elf, &r->nr_sections) ||
	    elf_getshdrstrndx(o->elf, &r->names))
		return wrong(r, "it has no sections");
	r->part_of = malloc((r->nr_sections + 1) * sizeof(*r->part_of));
	o->part = calloc(r->nr_sections + 1, sizeof(*o->part));
	r->nr_taken = 2 * r->nr_sections + 1;
	r->taken = calloc(r->nr_taken, sizeof(*r->taken));
	if (!r->part_of || !o->part || !r->taken)
		return -ENOMEM;
	for (size_t i = 0; i <= r->nr_sections; i++)
		r->part_of[i] = LAB_OUTSIDE;
	return 0;
}

int lab_object_open(struct lab_object *o, const void *bytes, size_t size,
		    char *err)
{
	struct reader r = { .o = o, .err = err };
	int ret;

	memset(o, 0, sizeof(*o));
	*err = '\0';
	ret = begin(&r, bytes, size);
	if (!ret)
		ret = read_sections(&r);
	if (!ret)
		ret = read_relocs(&r);
	if (!ret)
		ret = read_names(&r);
	free(r.part_of);
	free(r.taken);
	return ret;
}

void lab_object_close(struct lab_object *o)
{
	free(o->part);
	free(o->reloc);
	free(o->symbol);
	if (o->elf)
		elf_end(o->elf);
	memset(o, 0, sizeof(*o));
}

const struct lab_object_symbol *lab_object_find(const struct lab_object *o,
						const char *name)
{
	for (size_t i = 0; i < o->nr_symbols; i++)
		if (!strcmp(o->symbol[i].name, name))
			return &o->symbol[i];
	return NULL;
}
