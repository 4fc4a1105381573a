// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The locks that a task holds, and the rules that can be checked from them
 * alone: a lock is not taken twice, is released by its holder, and several of
 * a wait-wound class are held in one transaction only.
 */
#include <linux/lockdep.h>
#include <linux/sched.h>
#include <linux/slab.h>

#ifdef CONFIG_LOCKDEP

static struct held_lock *lock_nth(struct task_struct *task, unsigned int i)
{
	return i < MAX_LOCK_DEPTH ? &task->held_locks[i] :
				    &task->held_more[i - MAX_LOCK_DEPTH];
}

/* From the last taken to the first; -1 when it is not held. */
static int lock_find(const struct lockdep_map *map)
{
	int i = current->lockdep_depth;

	while (--i >= 0)
		if (lock_nth(current, i)->map == map)
			break;
	return i;
}

/* Room for one more lock. */
static bool lock_make_room(struct task_struct *task)
{
	unsigned int room = MAX_LOCK_DEPTH + task->lockdep_room;
	struct held_lock *more;

	if (task->lockdep_depth < room)
		return true;
	more = krealloc_array(task->held_more, room, sizeof(*more), GFP_ATOMIC);
	if (!more)
		return false;
	task->held_more = more;
	task->lockdep_room = room;
	return true;
}

static void lock_drop_room(struct task_struct *task)
{
	if (!task->held_more || task->lockdep_depth > MAX_LOCK_DEPTH)
		return;
	kfree(task->held_more);
	task->held_more = NULL;
	task->lockdep_room = 0;
}

static bool lock_breaks_class(const struct held_lock *held,
			      const struct lockdep_map *map, const void *ctx)
{
	if (!(held->how & LOCK_WW) || held->map->key != map->key)
		return false;
	return !ctx || held->ctx != ctx;
}

static void lock_check_class(const struct lockdep_map *map, const void *ctx)
{
	unsigned int i;

	for (i = 0; i < current->lockdep_depth; i++) {
		if (!lock_breaks_class(lock_nth(current, i), map, ctx))
			continue;
		WARN(1, "%s: two of the class, not in one transaction",
		     map->name);
		return;
	}
}

/**
 * lockdep_init_map() - name a lock
 * @map: the lock's map
 * @name: for reports
 * @key: its class
 * @subclass: unused
 */
void lockdep_init_map(struct lockdep_map *map, const char *name,
		      struct lock_class_key *key, int subclass)
{
	*map = (struct lockdep_map) { .name = name, .key = key };
}

/**
 * lock_acquire() - note that the current task takes a lock
 * @map: the lock
 * @ctx: transaction, or NULL
 * @how: LOCK_TRY, LOCK_SPIN, LOCK_WW
 *
 * Called before the task waits, so that a deadlock with itself is reported.
 */
void lock_acquire(struct lockdep_map *map, const void *ctx, unsigned int how)
{
	struct task_struct *task = current;

	WARN(lock_find(map) >= 0, "%s: taken by its holder: deadlock", map->name);
	if ((how & LOCK_WW) && !(how & LOCK_TRY))
		lock_check_class(map, ctx);
	if (WARN(!lock_make_room(task),
		 "%s: no memory to keep track of locks", map->name))
		return;

	*lock_nth(task, task->lockdep_depth++) = (struct held_lock) {
		.map = map, .ctx = ctx, .how = how,
	};
	task->lockdep_spins += !!(how & LOCK_SPIN);
}

/**
 * lock_release() - note that the current task releases a lock
 * @map: the lock; any of the held ones, not the last taken only
 */
void lock_release(struct lockdep_map *map)
{
	struct task_struct *task = current;
	int i = lock_find(map);

	if (WARN(i < 0, "%s: released by who does not hold it", map->name))
		return;
	task->lockdep_spins -= !!(lock_nth(task, i)->how & LOCK_SPIN);
	task->lockdep_depth--;
	for (; i < task->lockdep_depth; i++)
		*lock_nth(task, i) = *lock_nth(task, i + 1);
	lock_drop_room(task);
}

/**
 * lock_is_held() - does the current task hold a lock?
 * @map: the lock
 */
int lock_is_held(const struct lockdep_map *map)
{
	return lock_find(map) >= 0;
}

#endif
