/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What one operation of a bind scenario does, in terms of the path's own bind and
 * unbind. Both are inlined: no call through a pointer is timed.
 */
#ifndef _BENCH_BIND_OPS_H
#define _BENCH_BIND_OPS_H

#include "binder.h"

typedef int (*bind_fn)(struct binder *b, u64 addr, u64 range, u64 offset);
typedef int (*unbind_fn)(struct binder *b, u64 addr, u64 range);

static __always_inline int one_op(struct binder *b, bind_fn bind,
				  unbind_fn unbind)
{
	u64 addr = next_site(b), size = b->size;
	unsigned long i;
	int err = 0;

	switch (b->op) {
	case BIND_HOLE:
		err |= bind(b, addr, size, 0);
		return err | unbind(b, addr, size);
	case BIND_REPLACE:
		err |= bind(b, addr, size, size);
		return err | bind(b, addr, size, 0);
	case BIND_SPLIT:
		err |= bind(b, addr + size, size, 0);
		return err | bind(b, addr, 3 * size, 0);
	case BIND_UNMAP:
		for (i = 0; i < BIND_K; i++)
			err |= bind(b, addr + i * size, size, 0);
		return err | unbind(b, addr, BIND_K * size);
	}
	return -EINVAL;
}

static __always_inline void run_ops(struct binder *b, unsigned long n,
				    bind_fn bind, unbind_fn unbind)
{
	unsigned long i;
	int err = 0;

	for (i = 0; i < n; i++)
		err |= one_op(b, bind, unbind);
	WARN(err, "a bind failed\n");
	b->ops += n;
}

/* Replace and split find their range mapped. */
static inline int fill_sites(struct binder *b, bind_fn bind)
{
	unsigned long i;
	int err = 0;

	if (b->op != BIND_REPLACE && b->op != BIND_SPLIT)
		return 0;
	for (i = 0; i < b->nr_sites && !err; i++)
		err = bind(b, site_addr(b, i), site_range(b), 0);
	return err;
}

/* A binder that is ready, or NULL. */
static inline struct binder *filled(struct binder *b, bind_fn bind)
{
	if (!b || !fill_sites(b, bind))
		return b;
	binder_free(b);
	return NULL;
}

#endif /* _BENCH_BIND_OPS_H */
