// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "timing/code.h"
#include "timing/placement.h"

/* The memory of a set: all given back, and its addresses dealt by the seed. */
static void deal_memory(const struct lab_image *img, unsigned long seed)
{
	const struct bench_variant *v;

	if (!img->o)
		return;
	v = lab_image_find(img, "bench_variant");
	if (v && v->slab_reset)
		v->slab_reset(seed);
}

static int tear_down(struct lab_placement *p)
{
	int leaks = 0;

	while (p->nr) {
		leaks += lab_arm_close(&p->slot[--p->nr]);
		deal_memory(&p->image[p->nr], 0);
	}
	return leaks;
}

/* Equal code has a layout of its own. */
static struct lab_layout *layout_of(struct lab_placement *p,
				    const struct lab_case *const *role,
				    unsigned int i)
{
	return &p->layout[i && role[i]->set == role[0]->set];
}

static int deal_layouts(struct lab_placement *p, const struct lab_case *const *role,
			unsigned int nr, struct lab_rng *rng, char *err)
{
	unsigned int alike = 1;
	int ret;

	while (alike < nr && layout_of(p, role, alike) == &p->layout[0])
		alike++;
	ret = lab_code_layout(&p->layout[0], role, alike, rng, err);
	if (!ret && alike < nr)
		ret = lab_code_layout(&p->layout[1], role, 1, rng, err);
	return ret;
}

/* What could not be set up. */
static int failed(struct lab_placement *p, struct lab_row *row,
		  const struct lab_case *c, int ret, const char *err)
{
	snprintf(row->fault, LAB_NOTE, "setting up %s/%s: %.80s", c->set->host,
		 c->set->variant, *err ? err : strerror(-ret));
	tear_down(p);
	return ret;
}

int lab_placement_open(struct lab_placement *p, struct lab_rng *rng,
		       struct lab_row *row)
{
	const struct lab_case *role[LAB_MAX_ARMS] = {
		&row->ask.base, &row->ask.new_, &row->ask.base,
	};
	unsigned char order[LAB_MAX_ARMS] = { 0, 1, 2 };
	unsigned long seed = lab_rng_next(rng);
	unsigned long memory[2] = { lab_rng_next(rng), lab_rng_next(rng) };
	char err[LAB_OBJECT_ERROR];
	struct lab_case c;
	int ret;

	lab_rng_shuffle(rng, order, row->nr_arms);
	p->nr = 0;
	ret = deal_layouts(p, role, row->nr_arms, rng, err);
	if (ret)
		return failed(p, row, role[0], ret, err);
	for (; p->nr < row->nr_arms; p->nr++) {
		struct lab_layout *l = layout_of(p, role, order[p->nr]);
		const struct lab_case *want = role[order[p->nr]];

		p->arm[order[p->nr]] = &p->slot[p->nr];
		ret = lab_code_place(&p->image[p->nr], want, l, p->nr, rng, &c,
				     err);
		c.cfg.seed = seed;
		if (!ret) {
			deal_memory(&p->image[p->nr], memory[l - p->layout]);
			ret = lab_arm_open(&p->slot[p->nr], &c);
		}
		if (ret)
			return failed(p, row, want, ret, err);
	}
	row->bytes = p->arm[0]->info.bytes;
	return 0;
}

static void check_digests(struct lab_placement *p, struct lab_row *row)
{
	unsigned long first = 0, digest;

	for (unsigned int i = 0; i < p->nr; i++) {
		const struct lab_arm *a = p->arm[i];

		digest = a->c.path->digest(a->state);
		if (!i)
			first = digest;
		if (digest == first || !row->digest_ok)
			continue;
		row->digest_ok = false;
		snprintf(row->fault, LAB_NOTE,
			 "digests differ: %s %lx, %s %lx",
			 p->arm[0]->c.set->variant, first,
			 a->c.set->variant, digest);
	}
}

/* What came of the epochs alone, before the arms are made level. */
static void add_tallies(const struct lab_placement *p, struct lab_row *row)
{
	for (unsigned int i = 0; i < p->nr; i++) {
		const struct lab_arm *a = p->arm[i];

		if (!a->c.path->tally)
			continue;
		row->tallied[i] += a->c.path->tallied(a->state);
		row->tally_ops[i] += a->done[a->c.cfg.threads - 1].ops;
	}
}

void lab_placement_close(struct lab_placement *p, struct lab_row *row,
			 bool check)
{
	add_tallies(p, row);
	if (check) {
		lab_arms_level(p->slot, p->nr, row->ops_per_epoch);
		check_digests(p, row);
	}
	row->leaks += tear_down(p);
}

void lab_placement_free(struct lab_placement *p)
{
	for (unsigned int i = 0; i < LAB_MAX_ARMS; i++)
		lab_image_free(&p->image[i]);
	for (unsigned int i = 0; i < 2; i++)
		lab_layout_free(&p->layout[i]);
}
