// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "thread.h"

struct thread {
	pthread_t id;
	void (*fn)(void *arg);
	void *arg;
};

struct run {
	pthread_barrier_t start;
	void (*fn)(void *arg, unsigned int i);
	void *arg;
};

struct runner {
	struct run *run;
	unsigned int i;
};

static void *xcalloc(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (!p)
		abort();
	return p;
}

static void *thread_main(void *arg)
{
	struct thread *thread = arg;

	thread->fn(thread->arg);
	return NULL;
}

struct thread *thread_start(void (*fn)(void *arg), void *arg)
{
	struct thread *thread = xcalloc(1, sizeof(*thread));

	thread->fn = fn;
	thread->arg = arg;
	if (pthread_create(&thread->id, NULL, thread_main, thread)) {
		perror("pthread_create");
		abort();
	}
	return thread;
}

void thread_join(struct thread *thread)
{
	pthread_join(thread->id, NULL);
	free(thread);
}

void thread_abandon(struct thread *thread)
{
	pthread_detach(thread->id);
}

static void runner_main(void *arg)
{
	struct runner *runner = arg;

	pthread_barrier_wait(&runner->run->start);
	runner->run->fn(runner->run->arg, runner->i);
}

void threads_run(unsigned int nr, void (*fn)(void *arg, unsigned int i),
		 void *arg)
{
	struct run run = { .fn = fn, .arg = arg };
	struct runner *runners = xcalloc(nr, sizeof(*runners));
	struct thread **threads = xcalloc(nr, sizeof(*threads));
	unsigned int i;

	pthread_barrier_init(&run.start, NULL, nr);
	for (i = 0; i < nr; i++) {
		runners[i].run = &run;
		runners[i].i = i;
		threads[i] = thread_start(runner_main, &runners[i]);
	}
	for (i = 0; i < nr; i++)
		thread_join(threads[i]);
	pthread_barrier_destroy(&run.start);
	free(threads);
	free(runners);
}

void thread_await(const int *word, int val)
{
	while (__atomic_load_n(word, __ATOMIC_ACQUIRE) != val)
		sched_yield();
}

void thread_meet(int *word, int nr)
{
	__atomic_fetch_add(word, 1, __ATOMIC_ACQ_REL);
	thread_await(word, nr);
}

static struct {
	char *page;
	void (*fn)(void);
} at_write;

/*
 * The fault is that of a store, at no other point of the program than its own, so
 * anything may be called here. The store is done again when this returns.
 */
static void hold_write(int sig, siginfo_t *info, void *context)
{
	char *at = info->si_addr;

	signal(SIGSEGV, SIG_DFL);
	if (at < at_write.page || at >= at_write.page + THREAD_PAGE)
		return;
	if (mprotect(at_write.page, THREAD_PAGE, PROT_READ | PROT_WRITE))
		abort();
	at_write.fn();
}

void thread_at_write(void *page, void (*fn)(void))
{
	struct sigaction action = {
		.sa_sigaction = hold_write, .sa_flags = SA_SIGINFO | SA_NODEFER,
	};

	at_write.page = page;
	at_write.fn = fn;
	if (sigaction(SIGSEGV, &action, NULL) ||
	    mprotect(page, THREAD_PAGE, PROT_READ)) {
		perror("thread_at_write");
		abort();
	}
}
