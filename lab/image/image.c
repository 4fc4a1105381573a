// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "image/image.h"
#include "image/memory.h"
#include "image/reloc.h"
#include "image/tls.h"

#define TEXT_ALIGN	16
#define TEXT_GAP	256	/* bytes between functions, at most */
#define DATA_GAP	64
#define BASE_STEP	LAB_MAX_ALIGN

/* Offsets into one kind of memory, as they are given away. */
struct cursor {
	size_t at, size;
};

static size_t align_of(const struct lab_part *p)
{
	return p->kind == LAB_TEXT ? TEXT_ALIGN : p->align;
}

static size_t gap_of(const struct lab_part *p)
{
	return p->kind == LAB_TEXT ? TEXT_GAP : DATA_GAP;
}

/* Puts a part behind a random gap; its offset. */
static size_t take(struct cursor *c, const struct lab_part *p,
		   struct lab_rng *rng)
{
	size_t align = align_of(p), at;

	at = c->at + lab_rng_below(rng, gap_of(p) / align + 1) * align;
	at = (at + align - 1) & ~(align - 1);
	c->at = at + p->size;
	return at;
}

/* Which parts, in random order (Fisher and Yates). */
static void shuffle(uint16_t *order, unsigned int nr, struct lab_rng *rng)
{
	for (unsigned int i = 0; i < nr; i++)
		order[i] = i;
	for (unsigned int i = nr; i > 1; i--) {
		unsigned int j = lab_rng_below(rng, i);
		uint16_t t = order[i - 1];

		order[i - 1] = order[j];
		order[j] = t;
	}
}

/* A random base of what a cursor has given away. */
static int base_of(const struct cursor *c, struct lab_rng *rng, size_t *base)
{
	if (c->at + BASE_STEP > c->size)
		return -ENOSPC;
	*base = lab_rng_below(rng, (c->size - c->at) / BASE_STEP) * BASE_STEP;
	return 0;
}

/* Constants lie on pages of their own behind the code. */
static int draw(struct lab_image *img, const struct lab_memory *m,
		struct lab_rng *rng)
{
	struct cursor c[2] = { { 0, LAB_TEXT_SIZE }, { 0, LAB_DATA_SIZE } };
	const struct lab_object *o = img->o;
	size_t base[2];
	int ret;

	shuffle(img->order, o->nr_parts, rng);
	for (unsigned int kind = LAB_TEXT; kind < LAB_TLS; kind++) {
		struct cursor *to = &c[kind == LAB_DATA];

		if (kind == LAB_RODATA)
			to->at = (to->at + 4095) & ~4095UL;
		for (unsigned int i = 0; i < o->nr_parts; i++)
			if (o->part[img->order[i]].kind == kind)
				img->at[img->order[i]] = take(to,
					&o->part[img->order[i]], rng);
	}
	ret = base_of(&c[0], rng, &base[0]);
	if (!ret)
		ret = base_of(&c[1], rng, &base[1]);
	if (ret)
		return ret;
	img->ranges[0].from = (uintptr_t)m->text + base[0];
	img->ranges[1].from = (uintptr_t)m->data + base[1];
	for (unsigned int i = 0; i < 2; i++)
		img->ranges[i].to = img->ranges[i].from + c[i].at;
	for (unsigned int i = 0; i < o->nr_parts; i++)
		if (o->part[i].kind != LAB_TLS)
			img->at[i] += img->ranges[o->part[i].kind == LAB_DATA].from;
	return 0;
}

/* Where a part's bytes are written. */
static unsigned char *writable(const struct lab_image *img,
			       const struct lab_memory *m, unsigned int part)
{
	if (img->o->part[part].kind == LAB_DATA)
		return (unsigned char *)img->at[part];
	return m->write + (img->at[part] - (uintptr_t)m->text);
}

static void copy(const struct lab_image *img, const struct lab_memory *m)
{
	for (unsigned int i = 0; i < img->o->nr_parts; i++) {
		const struct lab_part *p = &img->o->part[i];

		if (p->kind == LAB_TLS)
			continue;
		if (p->bytes)
			memcpy(writable(img, m, i), p->bytes, p->size);
		else
			memset(writable(img, m, i), 0, p->size);
	}
}

static int relocate(const struct lab_image *img, const struct lab_memory *m,
		    uint64_t tls)
{
	const struct lab_object *o = img->o;
	bool fits = true;

	for (size_t i = 0; i < o->nr_relocs; i++) {
		const struct lab_reloc *r = &o->reloc[i];
		uint64_t value = r->addend;

		if (o->part[r->part].kind == LAB_TLS)
			return -ENOTSUP;
		if (r->target != LAB_OUTSIDE)
			value += lab_reloc_tls(r->type) ?
				 tls + o->part[r->target].tls : img->at[r->target];
		fits &= lab_reloc_apply(r->type, writable(img, m, r->part) +
					r->offset, img->at[r->part] + r->offset,
					value);
	}
	return fits ? 0 : -ERANGE;
}

static int make_room(struct lab_image *img, const struct lab_object *o)
{
	img->o = o;
	if (img->room >= o->nr_parts)
		return 0;
	free(img->at);
	img->at = malloc(o->nr_parts * (sizeof(*img->at) + sizeof(*img->order)));
	img->order = (uint16_t *)(img->at + o->nr_parts);
	img->room = img->at ? o->nr_parts : 0;
	return img->at ? 0 : -ENOMEM;
}

int lab_image_place(struct lab_image *img, const struct lab_object *o,
		    unsigned int slot, struct lab_rng *rng)
{
	struct lab_memory m;
	int ret = o->tls_size > LAB_TLS_SIZE ? -ENOSPC : make_room(img, o);

	if (!ret)
		ret = lab_memory_of(slot, &m);
	if (!ret)
		ret = draw(img, &m, rng);
	if (ret)
		return ret;
	copy(img, &m);
	ret = relocate(img, &m, lab_tls_offset(slot));
	lab_memory_sync(&m, img->ranges[0].from - (uintptr_t)m.text,
			img->ranges[0].to - img->ranges[0].from);
	lab_tls_reset(o, slot);
	return ret;
}

void *lab_image_find(const struct lab_image *img, const char *name)
{
	const struct lab_object_symbol *s = lab_object_find(img->o, name);

	return s ? (void *)(img->at[s->part] + s->offset) : NULL;
}

int lab_image_has(const struct lab_image *img, const void *p)
{
	uintptr_t at = (uintptr_t)p;

	for (unsigned int i = 0; i < 2; i++)
		if (at >= img->ranges[i].from && at < img->ranges[i].to)
			return 1;
	return 0;
}

void lab_image_free(struct lab_image *img)
{
	free(img->at);
	memset(img, 0, sizeof(*img));
}
