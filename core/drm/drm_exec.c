// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Transactions that lock many GEM objects.
 *
 * An object is locked by its resv with the transaction's ticket. When an older
 * transaction is in the way, everything is unlocked, the object in the way is
 * waited for first, and the caller asks for all objects again. In between that
 * object is prelocked: locked, but not in the array until it is asked for.
 *
 * Every object that the transaction knows, in the array, contended or
 * prelocked, has a reference: its resv may be a part of it.
 */
#include <linux/compiler.h>
#include <linux/dma-resv.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <drm/drm_exec.h>
#include <drm/drm_gem.h>

/* What is contended before the first round. */
#define NOT_BEGUN	((struct drm_gem_object *)~0UL)

/* The array grows by a page. */
#define OBJECTS_STEP	(PAGE_SIZE / sizeof(struct drm_gem_object *))

static __always_inline void unlock_and_put(struct drm_gem_object *obj)
{
	dma_resv_unlock(obj->resv);
	drm_gem_object_put(obj);
}

static noinline void let_prelocked_go(struct drm_exec *exec)
{
	unlock_and_put(exec->prelocked);
	exec->prelocked = NULL;
}

static void drop_prelocked(struct drm_exec *exec)
{
	if (unlikely(exec->prelocked))
		let_prelocked_go(exec);
}

/* Out of line, so that a cleanup without contention saves no register for it. */
static noinline void unlock_all(struct drm_exec *exec)
{
	struct drm_gem_object **objects = exec->objects;
	unsigned int left = exec->num_objects;

	while (left)
		unlock_and_put(objects[--left]);
	exec->num_objects = 0;
	drop_prelocked(exec);
}

/**
 * drm_exec_init() - set up a transaction
 * @exec: the transaction
 * @flags: DRM_EXEC_*
 * @nr: how many objects are expected, or 0 for a page of them
 *
 * When there is no memory, the first object that is locked says so.
 */
void drm_exec_init(struct drm_exec *exec, u32 flags, unsigned int nr)
{
	unsigned int room = nr ?: OBJECTS_STEP;

	exec->objects = kvmalloc_array(room, sizeof(*exec->objects),
				       GFP_KERNEL);
	exec->max_objects = likely(exec->objects) ? room : 0;
	exec->num_objects = 0;
	exec->flags = flags;
	exec->prelocked = NULL;
	exec->contended = NOT_BEGUN;
}

/**
 * drm_exec_fini() - unlock everything and end a transaction
 * @exec: the transaction, in whatever state
 */
void drm_exec_fini(struct drm_exec *exec)
{
	unlock_all(exec);
	kvfree(exec->objects);
	if (exec->contended == NOT_BEGUN)
		return;
	drm_gem_object_put(exec->contended);
	ww_acquire_fini(&exec->ticket);
}

/**
 * drm_exec_cleanup() - between two rounds of drm_exec_until_all_locked()
 * @exec: the transaction
 *
 * Before the first round the ticket is drawn; it is kept over all rounds, so
 * that the transaction grows old and gets its locks at last. After contention
 * everything is unlocked. A prelocked object that was not asked for again is
 * let go: its last user may be gone.
 *
 * Return: whether there is a next round.
 */
bool drm_exec_cleanup(struct drm_exec *exec)
{
	if (!exec->contended) {
		drop_prelocked(exec);
		ww_acquire_done(&exec->ticket);
		return false;
	}

	if (unlikely(exec->contended != NOT_BEGUN)) {
		unlock_all(exec);
		return true;
	}
	ww_acquire_init(&exec->ticket, &reservation_ww_class);
	exec->contended = NULL;
	return true;
}

static noinline int grow(struct drm_exec *exec)
{
	unsigned int room = exec->max_objects + OBJECTS_STEP;
	struct drm_gem_object **objects;

	objects = kvrealloc(exec->objects, room * sizeof(*objects),
			    GFP_KERNEL);
	if (!objects)
		return -ENOMEM;
	exec->objects = objects;
	exec->max_objects = room;
	return 0;
}

/* A locked object goes into the array, or is unlocked. */
static __always_inline int track(struct drm_exec *exec,
				 struct drm_gem_object *obj)
{
	if (unlikely(exec->num_objects == exec->max_objects) && grow(exec)) {
		dma_resv_unlock(obj->resv);
		return -ENOMEM;
	}
	drm_gem_object_get(obj);
	exec->objects[exec->num_objects++] = obj;
	return 0;
}

/*
 * Wait for the object that was in the way. It may be another one than the last
 * round's, which is still prelocked if nobody asked for it.
 */
static noinline int lock_contended(struct drm_exec *exec)
{
	struct drm_gem_object *obj = exec->contended;
	int err;

	/* In any case: the caller is to see an error, not contention. */
	exec->contended = NULL;
	if (exec->flags & DRM_EXEC_INTERRUPTIBLE_WAIT) {
		err = dma_resv_lock_slow_interruptible(obj->resv,
						       &exec->ticket);
		if (unlikely(err)) {
			drm_gem_object_put(obj);
			return err;
		}
	} else {
		dma_resv_lock_slow(obj->resv, &exec->ticket);
	}
	drop_prelocked(exec);
	exec->prelocked = obj;
	return 0;
}

static int lock_resv(struct drm_exec *exec, struct drm_gem_object *obj)
{
	if (exec->flags & DRM_EXEC_INTERRUPTIBLE_WAIT)
		return dma_resv_lock_interruptible(obj->resv, &exec->ticket);
	return dma_resv_lock(obj->resv, &exec->ticket);
}

static noinline int not_locked(struct drm_exec *exec,
			       struct drm_gem_object *obj, int err)
{
	if (err == -EDEADLK) {
		drm_gem_object_get(obj);
		exec->contended = obj;
	} else if (err == -EALREADY &&
		   (exec->flags & DRM_EXEC_IGNORE_DUPLICATES)) {
		err = 0;
	}
	return err;
}

/**
 * drm_exec_lock_obj() - lock an object
 * @exec: the transaction
 * @obj: the object; a reference is taken
 *
 * Return: 0; -EDEADLK when the transaction has to start again; -EALREADY when
 * it holds the object's resv already, unless DRM_EXEC_IGNORE_DUPLICATES makes
 * that a success, in which the object is not tracked; -ENOMEM.
 */
int drm_exec_lock_obj(struct drm_exec *exec, struct drm_gem_object *obj)
{
	int err;

	if (unlikely(exec->contended)) {
		err = lock_contended(exec);
		if (unlikely(err))
			return err;
	}

	if (unlikely(exec->prelocked == obj)) {
		/* The caller has a reference, too. */
		drm_gem_object_put(obj);
		exec->prelocked = NULL;
	} else {
		err = lock_resv(exec, obj);
		if (unlikely(err))
			return not_locked(exec, obj, err);
	}
	return track(exec, obj);
}

/**
 * drm_exec_unlock_obj() - unlock an object before the others
 * @exec: the transaction
 * @obj: the object; nothing is done when it is not tracked
 *
 * Fast for those that were locked last.
 */
void drm_exec_unlock_obj(struct drm_exec *exec, struct drm_gem_object *obj)
{
	struct drm_gem_object **objects = exec->objects;
	unsigned int at = exec->num_objects;

	do {
		if (!at--)
			return;
	} while (objects[at] != obj);

	exec->num_objects--;
	memmove(&objects[at], &objects[at + 1],
		(exec->num_objects - at) * sizeof(*objects));
	unlock_and_put(obj);
}

/**
 * drm_exec_prepare_obj() - lock an object and reserve room for fences
 * @exec: the transaction
 * @obj: the object; a reference is taken
 * @num_fences: how many, not 0
 *
 * Return: as drm_exec_lock_obj() and dma_resv_reserve_fences(); the object is
 * unlocked when there is no room.
 */
int drm_exec_prepare_obj(struct drm_exec *exec, struct drm_gem_object *obj,
			 unsigned int num_fences)
{
	int err = drm_exec_lock_obj(exec, obj);

	if (unlikely(err))
		return err;
	err = dma_resv_reserve_fences(obj->resv, num_fences);
	if (unlikely(err))
		drm_exec_unlock_obj(exec, obj);
	return err;
}

/**
 * drm_exec_prepare_array() - drm_exec_prepare_obj() for each of an array
 * @exec: the transaction
 * @objects: the objects
 * @num_objects: how many; with none of them a contended object is still
 *	waited for, since only that ends drm_exec_until_all_locked()
 * @num_fences: room for fences in each
 *
 * Return: 0, or the first error; what was locked before it stays locked.
 */
int drm_exec_prepare_array(struct drm_exec *exec,
			   struct drm_gem_object **objects,
			   unsigned int num_objects, unsigned int num_fences)
{
	struct drm_gem_object **end = objects + num_objects;
	int err = 0;

	if (!num_objects && exec->contended)
		return lock_contended(exec);
	for (; !err && objects != end; objects++)
		err = drm_exec_prepare_obj(exec, *objects, num_fences);
	return err;
}
