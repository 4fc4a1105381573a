/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: stub */
/* Declared only: nothing that runs here takes a reader-writer spinlock. */
#ifndef _LINUX_RWLOCK_H
#define _LINUX_RWLOCK_H

#include <linux/rwlock_types.h>

#define rwlock_init(lock)	do { *(lock) = (rwlock_t){ 0 }; } while (0)

void read_lock(rwlock_t *lock);
void read_unlock(rwlock_t *lock);
void write_lock(rwlock_t *lock);
void write_unlock(rwlock_t *lock);

#endif /* _LINUX_RWLOCK_H */
