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

#include "bench.h"
#include "clock.h"
#include "cpus.h"
#include "crew.h"

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
	void (*job)(void *arg, unsigned int member);
	void *arg;
	_Alignas(64) _Atomic unsigned int seq;
	_Atomic unsigned int sleepers;
	_Alignas(64) _Atomic unsigned int done;
	_Atomic int error;
} crew;

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
		now = atomic_load_explicit(&crew.seq, memory_order_acquire);
		if (now != seen)
			return now;
		lab_relax();
		if (!crew.barrier.crowded && ++spins % SPINS)
			continue;
		sched_yield();
		if (lab_now() < until)
			continue;
		atomic_fetch_add(&crew.sleepers, 1);
		syscall(SYS_futex, &crew.seq, FUTEX_WAIT_PRIVATE, seen, NULL,
			NULL, 0);
		atomic_fetch_sub(&crew.sleepers, 1);
	}
}

static void start_job(void)
{
	atomic_store_explicit(&crew.done, 0, memory_order_relaxed);
	atomic_fetch_add(&crew.seq, 1);
	if (atomic_load(&crew.sleepers))
		syscall(SYS_futex, &crew.seq, FUTEX_WAKE_PRIVATE, INT_MAX, NULL,
			NULL, 0);
}

static void wait_done(void)
{
	unsigned int spins = 0;

	while (atomic_load_explicit(&crew.done, memory_order_acquire) <
	       crew.nr - 1) {
		lab_relax();
		if (crew.barrier.crowded || !(++spins % SPINS))
			sched_yield();
	}
}

static void *worker(void *arg)
{
	unsigned int member = (unsigned long)arg, seq = 0;
	bool more;

	do {
		seq = next_job(seq);
		more = crew.job != NULL;
		if (more)
			crew.job(crew.arg, member);
		atomic_fetch_add_explicit(&crew.done, 1, memory_order_release);
	} while (more);
	return NULL;
}

void lab_crew_do(void (*job)(void *arg, unsigned int member), void *arg)
{
	crew.job = job;
	crew.arg = arg;
	start_job();
	if (job)
		job(arg, 0);
	wait_done();
}

static void dismiss(void)
{
	if (!crew.nr)
		return;
	lab_crew_do(NULL, NULL);
	for (unsigned int i = 1; i < crew.nr; i++)
		pthread_join(crew.thread[i], NULL);
	crew.nr = 0;
}

static void pin_member(void *arg, unsigned int member)
{
	int ret = lab_cpu_pin(member);

	(void)arg;
	if (ret)
		atomic_store(&crew.error, ret);
}

/* Workers take no signals: those are for the thread that keeps the books. */
static int hire(unsigned int nr)
{
	sigset_t all, old;
	int ret = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	atomic_store(&crew.seq, 0);
	for (crew.nr = 1; crew.nr < nr && !ret; crew.nr += !ret)
		ret = pthread_create(&crew.thread[crew.nr], NULL, worker,
				     (void *)(unsigned long)crew.nr);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return -ret;
}

int lab_crew_size(unsigned int nr)
{
	int ret;

	if (crew.nr == nr)
		return 0;
	if (!nr || nr > BENCH_MAX_THREADS)
		return -ERANGE;
	dismiss();
	lab_barrier_init(&crew.barrier, nr, nr > lab_cpus_allowed());
	ret = hire(nr);
	if (!ret) {
		atomic_store(&crew.error, 0);
		lab_crew_do(pin_member, NULL);
		ret = atomic_load(&crew.error);
	}
	if (ret)
		lab_crew_end();
	return ret;
}

bool lab_crew_crowded(void)
{
	return crew.barrier.crowded;
}

struct lab_barrier *lab_crew_barrier(void)
{
	return &crew.barrier;
}

void lab_crew_end(void)
{
	dismiss();
	lab_cpu_unpin();
}
