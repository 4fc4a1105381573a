/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * There is no lockless reader here, so there is no rcu_read_lock() and
 * nothing to wait for: what the kernel frees after a grace period is freed at
 * once. Publishing keeps its ordering.
 */
#ifndef _LINUX_RCUPDATE_H
#define _LINUX_RCUPDATE_H

#include <linux/compiler.h>
#include <linux/lockdep.h>
#include <linux/types.h>

#define RCU_INIT_POINTER(p, v)		WRITE_ONCE(p, v)
#define rcu_assign_pointer(p, v)	smp_store_release(&(p), (v))
#define rcu_access_pointer(p)		READ_ONCE(p)
#define rcu_dereference_raw(p)		READ_ONCE(p)
#define rcu_dereference_protected(p, held) ({				\
	lockdep_assert(held);						\
	(p);								\
})
#define kfree_rcu(ptr, member)		kfree(ptr)

#endif /* _LINUX_RCUPDATE_H */
