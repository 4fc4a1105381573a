// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "timing/placement.h"

#define SPACER_MIN	16
#define SPACER_STEPS	128	/* of 16 bytes */

static unsigned int copies_of(const struct lab_case *c, struct lab_case v[2])
{
	unsigned int n = 0;

	for (int copy = 1; copy <= 2; copy++)
		n += !lab_case_move(c, c->set->host, c->set->variant, copy,
				    &v[n]);
	return n;
}

int lab_assignment_init(struct lab_assignment *d, const struct lab_ask *ask)
{
	memset(d, 0, sizeof(*d));
	d->nr_base = copies_of(&ask->base, d->base);
	if (lab_same_variant(ask->base.set, ask->new_.set)) {
		d->nr_arms = 2;
		return d->nr_base == 2 ? 0 : -ENOENT;
	}
	d->nr_new = copies_of(&ask->new_, d->new_);
	d->nr_arms = 1 + d->nr_base;
	return 0;
}

/* The cases of the next placement by role. */
static void assign(struct lab_assignment *d, struct lab_rng *rng,
		   const struct lab_case *role[LAB_MAX_ARMS])
{
	unsigned int base, nr_new = d->nr_new ? d->nr_new : 1;

	if (!d->left) {
		d->left = d->nr_base * nr_new;
		for (unsigned int i = 0; i < d->left; i++)
			d->queue[i] = i;
		lab_rng_shuffle(rng, d->queue, d->left);
	}
	d->left--;
	base = d->queue[d->left] / nr_new;
	role[0] = &d->base[base];
	role[1] = d->nr_new ? &d->new_[d->queue[d->left] % nr_new] :
			      &d->base[!base];
	role[2] = &d->base[!base];
}

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

int lab_placement_open(struct lab_placement *p, struct lab_assignment *d,
		       struct lab_rng *rng, struct lab_row *row)
{
	const struct lab_case *role[LAB_MAX_ARMS];
	unsigned char order[LAB_MAX_ARMS] = { 0, 1, 2 };
	unsigned long seed = lab_rng_next(rng);
	struct lab_case c;
	int ret;

	assign(d, rng, role);
	lab_rng_shuffle(rng, order, d->nr_arms);
	p->nr_spacers = 0;
	for (p->nr = 0; p->nr < d->nr_arms; p->nr++) {
		c = *role[order[p->nr]];
		c.cfg.seed = seed;
		add_spacers(p, rng);
		p->arm[order[p->nr]] = &p->slot[p->nr];
		ret = lab_arm_open(&p->slot[p->nr], &c);
		if (ret) {
			snprintf(row->note, LAB_NOTE, "setting up %s/%s: %s",
				 c.set->host, c.set->variant, strerror(-ret));
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
		snprintf(row->note, LAB_NOTE,
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

void lab_placement_close(struct lab_placement *p, struct lab_row *row)
{
	add_tallies(p, row);
	lab_arms_level(p->slot, p->nr);
	check_digests(p, row);
	row->leaks += tear_down(p);
}
