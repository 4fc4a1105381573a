// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

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

void thread_spread(unsigned int i)
{
	cpu_set_t all, one;
	int cpu;

	if (sched_getaffinity(0, sizeof(all), &all))
		return;
	i %= CPU_COUNT(&all);
	for (cpu = 0; !CPU_ISSET(cpu, &all) || i--; cpu++)
		;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	sched_setaffinity(0, sizeof(one), &one);
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
