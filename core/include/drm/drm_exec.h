/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: dup */
/*
 * Transactions that lock many GEM objects, in any order, without deadlock:
 *
 *	drm_exec_init(&exec, DRM_EXEC_IGNORE_DUPLICATES, 0);
 *	drm_exec_until_all_locked(&exec) {
 *		err = drm_exec_prepare_obj(&exec, obj, 1);
 *		drm_exec_retry_on_contention(&exec);
 *		if (err)
 *			goto out;
 *	}
 *	...
 * out:
 *	drm_exec_fini(&exec);
 */
#ifndef _DRM_EXEC_H
#define _DRM_EXEC_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/ww_mutex.h>

/* Locks may be waited for interruptibly; there are no signals here. */
#define DRM_EXEC_INTERRUPTIBLE_WAIT	BIT(0)
/* An object whose resv the transaction holds already is locked once more. */
#define DRM_EXEC_IGNORE_DUPLICATES	BIT(1)

struct drm_gem_object;

/**
 * struct drm_exec - a transaction that locks many GEM objects
 * @flags: DRM_EXEC_*
 * @ticket: the acquire context
 * @num_objects: how many are locked
 * @max_objects: room in @objects
 * @objects: the locked ones, each with a reference
 * @contended: the one to lock first after a rollback, with a reference; NULL
 *	when nothing is contended
 * @prelocked: the one that was locked so and not asked for again yet, with a
 *	reference
 */
struct drm_exec {
	u32 flags;
	struct ww_acquire_ctx ticket;
	unsigned int num_objects;
	unsigned int max_objects;
	struct drm_gem_object **objects;
	struct drm_gem_object *contended;
	struct drm_gem_object *prelocked;
};

void drm_exec_init(struct drm_exec *exec, u32 flags, unsigned int nr);
void drm_exec_fini(struct drm_exec *exec);
bool drm_exec_cleanup(struct drm_exec *exec);
int drm_exec_lock_obj(struct drm_exec *exec, struct drm_gem_object *obj);
void drm_exec_unlock_obj(struct drm_exec *exec, struct drm_gem_object *obj);
int drm_exec_prepare_obj(struct drm_exec *exec, struct drm_gem_object *obj,
			 unsigned int num_fences);
int drm_exec_prepare_array(struct drm_exec *exec,
			   struct drm_gem_object **objects,
			   unsigned int num_objects, unsigned int num_fences);

/**
 * drm_exec_obj() - a locked object by its number
 * @exec: the transaction
 * @index: 0 for the one that was locked first
 *
 * Return: the object, without a new reference, or NULL behind the last.
 */
static inline struct drm_gem_object *drm_exec_obj(struct drm_exec *exec,
						  unsigned long index)
{
	if (index >= exec->num_objects)
		return NULL;
	return exec->objects[index];
}

/**
 * drm_exec_is_contended() - does the transaction have to start again?
 * @exec: the transaction
 */
static inline bool drm_exec_is_contended(struct drm_exec *exec)
{
	return exec->contended != NULL;
}

/* Every locked object; in reverse, the current one may be unlocked. */
#define drm_exec_for_each_locked_object(exec, obj)			\
	__drm_exec_for_each(exec, obj, __UNIQUE_ID(nth))
#define __drm_exec_for_each(exec, obj, nth)				\
	for (unsigned long nth = 0;					\
	     (obj = drm_exec_obj(exec, nth)) != NULL; nth++)

#define drm_exec_for_each_locked_object_reverse(exec, obj)		\
	__drm_exec_for_each_reverse(exec, obj, __UNIQUE_ID(left))
#define __drm_exec_for_each_reverse(exec, obj, left)			\
	for (unsigned long left = (exec)->num_objects;			\
	     (obj = left ? drm_exec_obj(exec, left - 1) : NULL) != NULL; \
	     left--)

/*
 * The body locks what it needs and says drm_exec_retry_on_contention() after
 * each call that may lock; it is run again, with nothing locked, as long as
 * there was contention. Leaving it by goto is allowed. The retry jumps to the
 * head from wherever it is, also from a loop in the body.
 */
#define drm_exec_until_all_locked(exec)					\
	__drm_exec_until(exec, __PASTE(__drm_exec_head_, __LINE__))
#define __drm_exec_until(exec, head)					\
head:									\
	for (void *__drm_exec_head = &&head;				\
	     __drm_exec_head && drm_exec_cleanup(exec);)

#define drm_exec_retry_on_contention(exec)				\
	do {								\
		if (unlikely(drm_exec_is_contended(exec)))		\
			goto *__drm_exec_head;				\
	} while (0)

#endif /* _DRM_EXEC_H */
