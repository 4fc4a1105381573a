// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "stats/rounds.h"

static const unsigned char two[2][2] = { { 0, 1 }, { 1, 0 } };
static const unsigned char three[6][3] = {
	{ 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
	{ 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 },
};

unsigned int lab_rounds_block(unsigned int nr_arms)
{
	return nr_arms == 3 ? 6 : 2;
}

void lab_rounds_restart(struct lab_rounds *r)
{
	r->pos = lab_rounds_block(r->nr_arms);
}

void lab_rounds_init(struct lab_rounds *r, unsigned int nr_arms,
		     unsigned long seed)
{
	r->rng.state = seed;
	r->nr_arms = nr_arms;
	for (unsigned int i = 0; i < LAB_MAX_ORDERS; i++)
		r->queue[i] = i;
	lab_rounds_restart(r);
}

unsigned int lab_rounds_next(struct lab_rounds *r)
{
	unsigned int block = lab_rounds_block(r->nr_arms);

	if (r->pos == block) {
		lab_rng_shuffle(&r->rng, r->queue, block);
		r->pos = 0;
	}
	return r->queue[r->pos++];
}

const unsigned char *lab_order(unsigned int nr_arms, unsigned int index)
{
	return nr_arms == 3 ? three[index] : two[index];
}

bool lab_order_before(unsigned int nr_arms, unsigned int index,
		      unsigned int a, unsigned int b)
{
	const unsigned char *arm = lab_order(nr_arms, index);

	while (*arm != a && *arm != b)
		arm++;
	return *arm == a;
}
