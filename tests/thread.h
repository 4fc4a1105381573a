/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Threads for kernel-named tests; over pthread, in thread.c. */
#ifndef _THREAD_H
#define _THREAD_H

struct thread;

struct thread *thread_start(void (*fn)(void *arg), void *arg);
void thread_join(struct thread *thread);

/* A thread that may never end; the process does not wait for it. */
void thread_abandon(struct thread *thread);

/* Run fn(arg, 0) to fn(arg, nr - 1) in @nr threads, let go together. */
void threads_run(unsigned int nr, void (*fn)(void *arg, unsigned int i),
		 void *arg);

/* Wait until @nr threads have called it for the same word, zero at first. */
void thread_meet(int *word, int nr);

/* No machine's page is larger. */
#define THREAD_PAGE	65536

/*
 * The next write to @page, THREAD_PAGE bytes that begin at a multiple of it, is
 * held up in whichever thread does it while @fn runs there.
 */
void thread_at_write(void *page, void (*fn)(void));

/* Yield until *word, written by another thread, is @val. */
void thread_await(const int *word, int val);

#endif /* _THREAD_H */
