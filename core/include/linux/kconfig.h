/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* shim: ours */
/* Options that follow from CONFIG_LOCKDEP, the one that the build sets. */
#ifndef _LINUX_KCONFIG_H
#define _LINUX_KCONFIG_H

#define CONFIG_64BIT 1
#define CONFIG_SMP 1
#define CONFIG_MUTEX_SPIN_ON_OWNER 1

#ifdef CONFIG_LOCKDEP
#define CONFIG_DEBUG_LOCK_ALLOC 1
#define CONFIG_DEBUG_MUTEXES 1
#define CONFIG_DEBUG_ATOMIC_SLEEP 1
#endif

/* 1 where ThreadSanitizer watches: it sees accesses, but no bare barriers. */
#if defined(__SANITIZE_THREAD__)
#define KERNEL_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define KERNEL_TSAN 1
#endif
#endif
#ifndef KERNEL_TSAN
#define KERNEL_TSAN 0
#endif

#endif /* _LINUX_KCONFIG_H */
