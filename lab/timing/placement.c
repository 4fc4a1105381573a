// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "timing/code.h"
#include "timing/placement.h"

#define SPACER_MIN	16
#define SPACER_STEPS	128	/* of 16 bytes */

static void add_spacers(struct lab_placement *p, struct lab_rng *rng)
{
	unsigned int n = lab_rng_below(rng, LAB_SPACERS + 1);

	while (n--)
		p->spacer[p->nr_spacers++] =
			malloc(SPACER_MIN *
			       (1 + lab_rng_below(rng, SPACER_STEPS)));
}

static int tear_down(struct lab_placement *p)
{
	int leaks = 0;

	while (p->nr)
		leaks += lab_arm_close(&p->slot[--p->nr]);
	while (p->nr_spacers)
		free(p->spacer[--p->nr_spacers]);
	return leaks;
}

int lab_placement_open(struct lab_placement *p, struct lab_rng *rng,
		       struct lab_row *row)
{
	const struct lab_case *role[LAB_MAX_ARMS] = {
		&row->ask.base, &row->ask.new_, &row->ask.base,
	};
	unsigned char order[LAB_MAX_ARMS] = { 0, 1, 2 };
	unsigned long seed = lab_rng_next(rng);
	char err[LAB_OBJECT_ERROR];
	struct lab_case c;
	int ret;

	lab_rng_shuffle(rng, order, row->nr_arms);
	p->nr_spacers = 0;
	for (p->nr = 0; p->nr < row->nr_arms; p->nr++) {
		const struct lab_case *want = role[order[p->nr]];

		add_spacers(p, rng);
		p->arm[order[p->nr]] = &p->slot[p->nr];
		ret = lab_code_place(&p->image[p->nr], want, p->nr, rng, &c, err);
		c.cfg.seed = seed;
		if (!ret)
			ret = lab_arm_open(&p->slot[p->nr], &c);
		if (ret) {
			snprintf(row->fault, LAB_NOTE, "setting up %s/%s: %.80s",
				 want->set->host, want->set->variant,
				 *err ? err : strerror(-ret));
			tear_down(p);
			return ret;
		}
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
		lab_arms_level(p->slot, p->nr);
		check_digests(p, row);
	}
	row->leaks += tear_down(p);
}

void lab_placement_free(struct lab_placement *p)
{
	for (unsigned int i = 0; i < LAB_MAX_ARMS; i++)
		lab_image_free(&p->image[i]);
}
