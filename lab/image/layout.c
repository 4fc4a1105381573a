// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "image/layout.h"

#define TEXT_ALIGN	16
#define TEXT_GAP	256	/* bytes between functions, at most */
#define DATA_GAP	64
#define LINE		64	/* a layout begins at a multiple of it */

static int by_name(const void *a, const void *b)
{
	const struct lab_seat *x = a, *y = b;

	return (x->name > y->name) - (x->name < y->name);
}

/* One seat for each name, as large as the largest part that may take it. */
static unsigned int merge(struct lab_seat *seat, unsigned int nr)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < nr; i++) {
		struct lab_seat *last = n ? &seat[n - 1] : NULL;

		if (!last || last->name != seat[i].name) {
			seat[n++] = seat[i];
			continue;
		}
		if (last->size < seat[i].size)
			last->size = seat[i].size;
		if (last->align < seat[i].align)
			last->align = seat[i].align;
	}
	return n;
}

static int make_seats(struct lab_layout *l)
{
	unsigned int n = 0, most = 1;

	for (unsigned int i = 0; i < l->nr_objects; i++)
		most += l->o[i]->nr_parts;
	l->seat = malloc(most * (sizeof(*l->seat) + sizeof(*l->order)));
	if (!l->seat)
		return -ENOMEM;
	l->order = (uint32_t *)(l->seat + most);
	for (unsigned int i = 0; i < l->nr_objects; i++)
		for (unsigned int j = 0; j < l->o[i]->nr_parts; j++) {
			const struct lab_part *p = &l->o[i]->part[j];

			if (p->kind == LAB_TLS)
				continue;
			l->seat[n++] = (struct lab_seat) {
				.name = p->name, .kind = p->kind, .size = p->size,
				.align = p->kind == LAB_TEXT ? TEXT_ALIGN :
					 p->align,
			};
		}
	qsort(l->seat, n, sizeof(*l->seat), by_name);
	l->nr_seats = merge(l->seat, n);
	return 0;
}

/* Puts a seat behind a random gap; the end of it. */
static size_t put(struct lab_seat *s, size_t at, struct lab_rng *rng)
{
	size_t gap = s->kind == LAB_TEXT ? TEXT_GAP : DATA_GAP;

	at += lab_rng_below(rng, gap / s->align + 1) * s->align;
	s->at = (at + s->align - 1) & ~(s->align - 1);
	return s->at + s->size;
}

/* Constants lie on pages of their own behind the code. */
static void put_all(struct lab_layout *l, struct lab_rng *rng)
{
	for (unsigned int i = 0; i < 2; i++)
		l->end[i] = lab_rng_below(rng, LAB_LAYOUT_STEP / LINE) * LINE;
	for (unsigned int kind = LAB_TEXT; kind < LAB_TLS; kind++) {
		size_t *end = &l->end[kind == LAB_DATA];

		if (kind == LAB_RODATA)
			*end = (*end + 4095) & ~4095UL;
		for (unsigned int i = 0; i < l->nr_seats; i++) {
			struct lab_seat *s = &l->seat[l->order[i]];

			if (s->kind == kind)
				*end = put(s, *end, rng);
		}
	}
}

static bool is_of(const struct lab_layout *l, const struct lab_object *const *o,
		  unsigned int nr)
{
	return l->seat && l->nr_objects == nr &&
	       !memcmp(l->o, o, nr * sizeof(*o));
}

int lab_layout_draw(struct lab_layout *l, const struct lab_object *const *o,
		    unsigned int nr, struct lab_rng *rng)
{
	int ret = 0;

	if (!is_of(l, o, nr)) {
		lab_layout_free(l);
		memcpy(l->o, o, nr * sizeof(*o));
		l->nr_objects = nr;
		ret = make_seats(l);
	}
	if (ret)
		return ret;
	lab_rng_order(rng, l->order, l->nr_seats);
	put_all(l, rng);
	l->taken = 0;
	return 0;
}

size_t lab_layout_at(const struct lab_layout *l, const struct lab_part *p)
{
	struct lab_seat want = { .name = p->name };
	const struct lab_seat *s = bsearch(&want, l->seat, l->nr_seats,
					   sizeof(want), by_name);

	return s->at;
}

void lab_layout_free(struct lab_layout *l)
{
	free(l->seat);
	memset(l, 0, sizeof(*l));
}
