// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The locks that a task holds, and the rules that can be checked from them
 * alone: a lock is not taken twice, is released by its holder, and several of
 * a wait-wound class are held in one transaction only.
 */
#include <linux/lockdep.h>
#include <linux/sched.h>

#ifdef CONFIG_LOCKDEP

static struct held_lock *lock_find(const struct lockdep_map *map)
{
	unsigned int i = current->lockdep_depth;

	while (i--) {
		if (current->held_locks[i].map == map)
			return &current->held_locks[i];
	}
	return NULL;
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
		if (!lock_breaks_class(&current->held_locks[i], map, ctx))
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

	WARN(lock_find(map), "%s: taken by its holder: deadlock", map->name);
	if ((how & LOCK_WW) && !(how & LOCK_TRY))
		lock_check_class(map, ctx);
	if (WARN(task->lockdep_depth == MAX_LOCK_DEPTH,
		 "%s: too many locks held to keep track", map->name))
		return;

	task->held_locks[task->lockdep_depth++] = (struct held_lock) {
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
	struct held_lock *held = lock_find(map);
	struct task_struct *task = current;

	if (WARN(!held, "%s: released by who does not hold it", map->name))
		return;
	task->lockdep_spins -= !!(held->how & LOCK_SPIN);
	task->lockdep_depth--;
	for (; held < &task->held_locks[task->lockdep_depth]; held++)
		held[0] = held[1];
}

/**
 * lock_is_held() - does the current task hold a lock?
 * @map: the lock
 */
int lock_is_held(const struct lockdep_map *map)
{
	return lock_find(map) != NULL;
}

#endif
