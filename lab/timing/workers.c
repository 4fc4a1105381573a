// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/cpus.h"
#include "bench.h"
#include "image/tls.h"
#include "timing/workers.h"

#define SPIN_NS		(1 * LAB_MSEC)
#define SPINS		1000

/*
 * @seq counts jobs; @job and @arg are written before it moves and not again
 * before every worker has counted itself in @done. Both are releases that the
 * other side acquires.
 */
static struct {
	unsigned int nr;
	pthread_t thread[BENCH_MAX_THREADS];
	struct lab_barrier barrier;
	void (*job)(void *arg, unsigned int thread);
	void *arg;
	_Alignas(64) _Atomic unsigned int seq;
	_Atomic unsigned int sleepers;
	_Alignas(64) _Atomic unsigned int done;
	_Atomic int error;
} workers;

/*
 * A sleeper counts itself before it looks at @seq a last time (in the
 * system call); the leader moves @seq before it looks for sleepers. Both are
 * sequentially consistent, so one of the two sees the other.
 */
static unsigned int next_job(unsigned int seen)
{
	uint64_t until = lab_now() + SPIN_NS;
	unsigned int spins = 0, now;

	for (;;) {
		now = atomic_load_explicit(&workers.seq, memory_order_acquire);
		if (now != seen)
			return now;
		lab_relax();
		if (!workers.barrier.oversubscribed && ++spins % SPINS)
			continue;
		sched_yield();
		if (lab_now() < until)
			continue;
		atomic_fetch_add(&workers.sleepers, 1);
		syscall(SYS_futex, &workers.seq, FUTEX_WAIT_PRIVATE, seen, NULL,
			NULL, 0);
		atomic_fetch_sub(&workers.sleepers, 1);
	}
}

static void start_job(void)
{
	atomic_store_explicit(&workers.done, 0, memory_order_relaxed);
	atomic_fetch_add(&workers.seq, 1);
	if (atomic_load(&workers.sleepers))
		syscall(SYS_futex, &workers.seq, FUTEX_WAKE_PRIVATE, INT_MAX, NULL,
			NULL, 0);
}

static void wait_done(void)
{
	unsigned int spins = 0;

	while (atomic_load_explicit(&workers.done, memory_order_acquire) <
	       workers.nr - 1) {
		lab_relax();
		if (workers.barrier.oversubscribed || !(++spins % SPINS))
			sched_yield();
	}
}

static void *worker(void *arg)
{
	unsigned int thread = (unsigned long)arg, seq = 0;
	bool more;

	lab_tls_thread_begin();
	do {
		seq = next_job(seq);
		more = workers.job != NULL;
		if (more)
			workers.job(workers.arg, thread);
		atomic_fetch_add_explicit(&workers.done, 1, memory_order_release);
	} while (more);
	lab_tls_thread_end();
	return NULL;
}

void lab_workers_do(void (*job)(void *arg, unsigned int thread), void *arg)
{
	workers.job = job;
	workers.arg = arg;
	start_job();
	if (job)
		job(arg, 0);
	wait_done();
}

static void dismiss(void)
{
	if (!workers.nr)
		return;
	lab_workers_do(NULL, NULL);
	for (unsigned int i = 1; i < workers.nr; i++)
		pthread_join(workers.thread[i], NULL);
	workers.nr = 0;
}

static void pin_thread(void *arg, unsigned int thread)
{
	int ret = lab_cpu_pin(thread);

	(void)arg;
	if (ret)
		atomic_store(&workers.error, ret);
}

/* Workers take no signals: those are for the thread that keeps the books. */
static int hire(unsigned int nr)
{
	sigset_t all, old;
	int ret = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	atomic_store(&workers.seq, 0);
	for (workers.nr = 1; workers.nr < nr && !ret; workers.nr += !ret)
		ret = pthread_create(&workers.thread[workers.nr], NULL, worker,
				     (void *)(unsigned long)workers.nr);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return -ret;
}

int lab_workers_need(unsigned int nr)
{
	int ret;

	if (workers.nr == nr)
		return 0;
	if (!nr || nr > BENCH_MAX_THREADS)
		return -ERANGE;
	dismiss();
	if (nr > 1)
		lab_cpu_take(0);
	lab_barrier_init(&workers.barrier, nr, nr > lab_cpus_allowed());
	ret = hire(nr);
	if (!ret) {
		atomic_store(&workers.error, 0);
		lab_workers_do(pin_thread, NULL);
		ret = atomic_load(&workers.error);
	}
	if (ret)
		lab_workers_end();
	return ret;
}

bool lab_workers_oversubscribed(void)
{
	return workers.barrier.oversubscribed;
}

struct lab_barrier *lab_workers_barrier(void)
{
	return &workers.barrier;
}

void lab_workers_end(void)
{
	dismiss();
	lab_cpu_take(0);
	lab_cpu_unpin();
}
