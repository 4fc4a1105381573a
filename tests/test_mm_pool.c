// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The pool that scenarios of the range allocator work on. */
#include <linux/kernel.h>
#include <host/host.h>

#include "check.h"
#include "mm_driver.h"

#define NODES	100
#define CALLS	100	/* all holes have been all the way */

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
static int redeal_in(unsigned long nodes, u64 quarter)
{
	struct pool *p = pool_new(3, nodes, POOL_FRAG);
	struct holes before, after;
	u64 lo, hi;
	int i;

	KT_ASSERT(p);
	lo = p->span / 4 * quarter;
	hi = quarter ? 3 * lo : U64_MAX;
	before = holes_of(p, lo, hi);
	KT_CHECK(before.nr >= nodes / 4);
	pool_hold(p);
	for (i = 0; i < CALLS; i++) {
		pool_redeal(p, nodes / 2, lo, hi);
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
	return redeal_in(NODES, 0);
}

static int redeal_few(void)
{
	return redeal_in(10, 0);
}

static int redeal_range(void)
{
	return redeal_in(NODES, 1);
}

const char ktest_suite[] = "mm_pool";
const struct ktest ktests[] = {
	KTEST(redeal),
	KTEST(redeal_few),
	KTEST(redeal_range),
	{ 0 },
};
