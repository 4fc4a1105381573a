// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The pool that scenarios of the range allocator work on. */
#include <linux/kernel.h>
#include <host/host.h>

#include "check.h"
#include "mm_driver.h"

#define NODES	100

/* Of the holes that lie in [lo, hi): what does not depend on where each is, and what does. */
struct holes {
	unsigned int nr;
	u64 pages, squares, largest, places;
};

static struct holes holes_of(struct pool *p, u64 lo, u64 hi)
{
	struct holes h = { 0 };
	struct drm_mm_node *n;
	u64 start, end, size;

	drm_mm_for_each_hole(n, &p->a->base, start, end) {
		if (start < lo || end > hi)
			continue;
		size = (end - start) / POOL_PAGE;
		h.nr++;
		h.pages += size;
		h.squares += size * size;
		h.largest = max(h.largest, size);
		h.places += start / POOL_PAGE * size;
	}
	return h;
}

static int same_sizes(struct holes a, struct holes b)
{
	return a.nr == b.nr && a.pages == b.pages && a.squares == b.squares &&
	       a.largest == b.largest;
}

/* Holes move, and are as many and as large; @quarter: within the middle half. */
static int redeal_in(u64 quarter)
{
	struct pool *p = pool_new(3, NODES, POOL_FRAG);
	struct holes before, after;
	u64 lo, hi;
	int i;

	KT_ASSERT(p);
	lo = p->span / 4 * quarter;
	hi = quarter ? 3 * lo : U64_MAX;
	before = holes_of(p, lo, hi);
	KT_CHECK(before.nr > NODES / 4);
	pool_hold(p);
	for (i = 0; i < 5; i++) {
		pool_redeal(p, NODES / 2, lo, hi);
		after = holes_of(p, lo, hi);
		KT_CHECK(same_sizes(before, after));
		KT_CHECK(after.places != before.places);
		before = after;
	}
	pool_release(p);
	KT_EQ(p->failed, 0);
	KT_EQ(pool_free(p), 0);
	return 0;
}

static int redeal(void)
{
	return redeal_in(0);
}

static int redeal_range(void)
{
	return redeal_in(1);
}

/* What has the same calls has the same holes, of which ages are a part. */
static int redeal_alike(void)
{
	struct pool *p[2];
	int i;

	for (i = 0; i < 2; i++) {
		p[i] = pool_new(3, NODES, POOL_FRAG);
		KT_ASSERT(p[i]);
		pool_hold(p[i]);
		pool_redeal(p[i], NODES, 0, U64_MAX);
		pool_release(p[i]);
	}
	KT_EQ(pool_digest(POOL_DIGEST, p[0], true),
	      pool_digest(POOL_DIGEST, p[1], true));
	for (i = 0; i < 2; i++)
		KT_EQ(pool_free(p[i]), 0);
	return 0;
}

const char ktest_suite[] = "mm_pool";
const struct ktest ktests[] = {
	KTEST(redeal),
	KTEST(redeal_range),
	KTEST(redeal_alike),
	{ 0 },
};
