// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * usage: mm_growth NODES MODE
 *
 * The loop of mm_insert/insert on a fragmented allocator whose holes stay, for
 * callgrind to count what one operation executes and what it misses; see
 * scripts/run/growth.
 */
#include <linux/printk.h>

#include "mm_driver.h"

#define WARM	500
#define CALLS	2000

static __always_inline void do_ops(struct pool *p, unsigned int mode,
				   unsigned long n)
{
	while (n--) {
		if (node_insert(p->a, &p->spare, pool_next(p)->size, 0, 0, 0,
				U64_MAX, mode)) {
			p->failed++;
			continue;
		}
		node_remove(p->a, &p->spare);
	}
}

static noinline __used void warm_ops(struct pool *p, unsigned int mode)
{
	do_ops(p, mode, WARM);
}

/* What is counted. */
static noinline __used void probe_ops(struct pool *p, unsigned int mode)
{
	do_ops(p, mode, CALLS);
}

static unsigned long number(const char *text)
{
	unsigned long n = 0;

	while (*text >= '0' && *text <= '9')
		n = 10 * n + *text++ - '0';
	return n;
}

int main(int argc, char **argv)
{
	struct pool *p;
	int left;

	if (argc != 3)
		return 2;
	p = pool_new(1, number(argv[1]), POOL_FRAG);
	if (!p)
		return 1;
	pool_ask_sizes(p, 0, p->span, 0);
	pool_hold(p);
	warm_ops(p, number(argv[2]));
	probe_ops(p, number(argv[2]));
	pool_release(p);
	pr_info("calls %d\n", CALLS);
	left = p->failed;
	return pool_free(p) || left;
}
