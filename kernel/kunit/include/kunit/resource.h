/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/* What a case has to give back, which is done for it when it ends. */
#ifndef _KUNIT_RESOURCE_H
#define _KUNIT_RESOURCE_H

#include <linux/gfp.h>
#include <linux/types.h>

struct kunit;

typedef void (kunit_action_t)(void *ctx);

/*
 * Actions are done newest first. To remove one is to forget it, to release one
 * is to do it now; of several that are alike, the newest.
 */
int __must_check kunit_add_action(struct kunit *test, kunit_action_t *action,
				  void *ctx);
int __must_check kunit_add_action_or_reset(struct kunit *test,
					   kunit_action_t *action, void *ctx);
void kunit_remove_action(struct kunit *test, kunit_action_t *action, void *ctx);
void kunit_release_action(struct kunit *test, kunit_action_t *action,
			  void *ctx);
void kunit_cleanup(struct kunit *test);

#define KUNIT_DEFINE_ACTION_WRAPPER(wrapper, fn, type)			\
	static void wrapper(void *ctx)					\
	{								\
		fn((type)ctx);						\
	}

/* Memory that lasts as long as the case. */
void *kunit_kmalloc_array(struct kunit *test, size_t n, size_t size, gfp_t gfp);
void kunit_kfree(struct kunit *test, const void *p);

static inline void *kunit_kmalloc(struct kunit *test, size_t size, gfp_t gfp)
{
	return kunit_kmalloc_array(test, 1, size, gfp);
}

static inline void *kunit_kzalloc(struct kunit *test, size_t size, gfp_t gfp)
{
	return kunit_kmalloc_array(test, 1, size, gfp | __GFP_ZERO);
}

static inline void *kunit_kcalloc(struct kunit *test, size_t n, size_t size,
				  gfp_t gfp)
{
	return kunit_kmalloc_array(test, n, size, gfp | __GFP_ZERO);
}

#endif /* _KUNIT_RESOURCE_H */
