// SPDX-License-Identifier: GPL-2.0 OR MIT
/* What is done for a case when it ends, and its random numbers. */
#include <linux/random.h>
#include "kunit.h"

/**
 * struct kunit_todo - an action that is still to be done
 * @node: in the case's list
 * @fn: the action
 * @ctx: for it
 */
struct kunit_todo {
	struct list_head node;
	kunit_action_t *fn;
	void *ctx;
};

static struct rnd_state random;

void kunit_seed(u64 seed)
{
	prandom_seed_state(&random, seed);
}

u32 get_random_u32(void)
{
	return prandom_u32_state(&random);
}

int kunit_add_action(struct kunit *test, kunit_action_t *action, void *ctx)
{
	struct kunit_todo *todo = kmalloc(sizeof(*todo), GFP_KERNEL);

	if (!todo)
		return -ENOMEM;
	todo->fn = action;
	todo->ctx = ctx;
	list_add(&todo->node, &test->actions);
	return 0;
}

int kunit_add_action_or_reset(struct kunit *test, kunit_action_t *action,
			      void *ctx)
{
	int err = kunit_add_action(test, action, ctx);

	if (err)
		action(ctx);
	return err;
}

static bool forget(struct kunit *test, kunit_action_t *action, void *ctx)
{
	struct kunit_todo *todo;

	list_for_each_entry(todo, &test->actions, node) {
		if (todo->fn != action || todo->ctx != ctx)
			continue;
		list_del(&todo->node);
		kfree(todo);
		return true;
	}
	return false;
}

void kunit_remove_action(struct kunit *test, kunit_action_t *action, void *ctx)
{
	forget(test, action, ctx);
}

void kunit_release_action(struct kunit *test, kunit_action_t *action, void *ctx)
{
	if (forget(test, action, ctx))
		action(ctx);
}

/**
 * kunit_cleanup() - do all actions, newest first
 * @test: a case that has ended; an action may add others
 */
void kunit_cleanup(struct kunit *test)
{
	struct kunit_todo *todo;

	while (!list_empty(&test->actions)) {
		todo = list_first_entry(&test->actions, struct kunit_todo, node);
		list_del(&todo->node);
		todo->fn(todo->ctx);
		kfree(todo);
	}
}

KUNIT_DEFINE_ACTION_WRAPPER(free_memory, kfree, const void *)

void *kunit_kmalloc_array(struct kunit *test, size_t n, size_t size, gfp_t gfp)
{
	void *p = kmalloc_array(n, size, gfp);

	if (p && kunit_add_action_or_reset(test, free_memory, p))
		p = NULL;
	return p;
}

void kunit_kfree(struct kunit *test, const void *p)
{
	kunit_release_action(test, free_memory, (void *)p);
}
