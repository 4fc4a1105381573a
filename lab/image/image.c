// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "image/image.h"
#include "image/memory.h"
#include "image/reloc.h"
#include "image/tls.h"

/* Code that is this far apart, or a multiple, looks the same to predictors. */
#define ALIKE	(128UL << 10)
#define TRIES	1000	/* to find one of 32 that is free */

/* A random base for what takes @need bytes of @size. */
static int base_of(size_t need, size_t size, struct lab_rng *rng, uintptr_t *base)
{
	if (need + LAB_LAYOUT_STEP > size)
		return -ENOSPC;
	*base += lab_rng_below(rng, (size - need) / LAB_LAYOUT_STEP) *
		 LAB_LAYOUT_STEP;
	return 0;
}

/* Of text: a base that is not congruent to that of another arm of the layout. */
static int text_base(struct lab_layout *l, const struct lab_memory *m,
		     struct lab_rng *rng, uintptr_t *base)
{
	for (unsigned int tries = 0; tries < TRIES; tries++) {
		uint32_t residue;
		int ret;

		*base = (uintptr_t)m->text;
		ret = base_of(l->end[0], LAB_TEXT_SIZE, rng, base);
		if (ret)
			return ret;
		residue = 1U << *base % ALIKE / LAB_LAYOUT_STEP;
		if (l->taken & residue)
			continue;
		l->taken |= residue;
		return 0;
	}
	return -ENOSPC;
}

static int draw(struct lab_image *img, struct lab_layout *l,
		const struct lab_memory *m, struct lab_rng *rng)
{
	const struct lab_object *o = img->o;
	uintptr_t base[2] = { 0, (uintptr_t)m->data };
	int ret = text_base(l, m, rng, &base[0]);

	if (!ret)
		ret = base_of(l->end[1], LAB_DATA_SIZE, rng, &base[1]);
	if (ret)
		return ret;
	for (unsigned int i = 0; i < 2; i++) {
		img->ranges[i].from = base[i];
		img->ranges[i].to = base[i] + l->end[i];
	}
	for (unsigned int i = 0; i < o->nr_parts; i++)
		if (o->part[i].kind != LAB_TLS)
			img->at[i] = base[o->part[i].kind == LAB_DATA] +
				     lab_layout_at(l, &o->part[i]);
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
	img->at = malloc(o->nr_parts * sizeof(*img->at));
	img->room = img->at ? o->nr_parts : 0;
	return img->at ? 0 : -ENOMEM;
}

int lab_image_place(struct lab_image *img, const struct lab_object *o,
		    struct lab_layout *l, unsigned int slot, struct lab_rng *rng)
{
	struct lab_memory m;
	int ret = o->tls_size > LAB_TLS_SIZE ? -ENOSPC : make_room(img, o);

	if (!ret)
		ret = lab_memory_of(slot, &m);
	if (!ret)
		ret = draw(img, l, &m, rng);
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
