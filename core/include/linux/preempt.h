/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/*
 * A thread cannot keep the host from running another one; what is left of
 * preempt_disable() is its effect on the compiler. Spinners therefore bound
 * their spinning, see need_resched() and spin_wait().
 */
#ifndef _LINUX_PREEMPT_H
#define _LINUX_PREEMPT_H

#include <linux/compiler.h>

#define preempt_disable()	barrier()
#define preempt_enable()	barrier()

#endif /* _LINUX_PREEMPT_H */
