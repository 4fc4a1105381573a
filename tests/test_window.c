// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The rate of threads that share a lock unfairly, on a machine of one thread:
 * each of the engine's threads is a coroutine with a time of its own, and whose
 * time is the least goes on. An operation holds the lock for OP_NS, or a third of
 * it while the other thread is away. Who had the lock last has it again, but once
 * in @burst times, thread 0 @lean percent less often. So all is known: two threads
 * at work do an operation each in 2 * OP_NS, whoever is the lucky one.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <ucontext.h>
#include <cmocka.h>

#include "base/barrier.h"
#include "base/clock.h"
#include "base/rng.h"
#include "stats/stats.h"
#include "timing/engine.h"

#define THREADS		2
#define OP_NS		30
#define OPS		4000	/* of an epoch and thread */
#define EPOCHS		2000
#define STACK		65536

int __wrap_clock_gettime(clockid_t id, struct timespec *ts);
int __wrap_getrusage(int who, struct rusage *ru);
int __wrap_lab_workers_need(unsigned int nr);
void __wrap_lab_workers_do(void (*job)(void *arg, unsigned int thread),
			   void *arg);
uint64_t __wrap_lab_barrier_wait(struct lab_barrier *b);

static struct {
	ucontext_t main, at[THREADS];
	char stack[THREADS][STACK] __attribute__((aligned(64)));
	uint64_t time[THREADS];
	bool done[THREADS], meets[THREADS];
	unsigned int now, last;
	void (*job)(void *arg, unsigned int thread);
	void *arg;
} sim;

static struct {
	struct lab_rng rng;
	unsigned int burst, lean, next;
	bool waits[THREADS];
	uint64_t free_at;
} lock;

static void give_way(void)
{
	swapcontext(&sim.at[sim.now], &sim.main);
}

static void coroutine(void)
{
	unsigned int me = sim.now;

	sim.job(sim.arg, me);
	sim.done[me] = true;
	give_way();
}

/* Of those with the same time the one that did not run last. */
static bool pick(void)
{
	bool any = false;

	for (unsigned int k = 1; k <= THREADS; k++) {
		unsigned int i = (sim.last + k) % THREADS;

		if (sim.done[i] || sim.meets[i])
			continue;
		if (!any || sim.time[i] < sim.time[sim.now])
			sim.now = i;
		any = true;
	}
	return any;
}

/* All are there: the second is late by as little as the barrier allows. */
static void let_go(void)
{
	uint64_t start = 0;

	for (unsigned int i = 0; i < THREADS; i++)
		start = sim.time[i] > start ? sim.time[i] : start;
	for (unsigned int i = 0; i < THREADS; i++) {
		sim.meets[i] = false;
		sim.time[i] = start + 20 * i;
	}
	lock.free_at = start;
}

void __wrap_lab_workers_do(void (*job)(void *arg, unsigned int thread),
			   void *arg)
{
	sim.job = job;
	sim.arg = arg;
	for (unsigned int i = 0; i < THREADS; i++) {
		getcontext(&sim.at[i]);
		sim.at[i].uc_stack.ss_sp = sim.stack[i];
		sim.at[i].uc_stack.ss_size = STACK;
		makecontext(&sim.at[i], coroutine, 0);
		sim.done[i] = sim.meets[i] = false;
	}
	while (pick()) {
		sim.last = sim.now;
		swapcontext(&sim.main, &sim.at[sim.now]);
		if (sim.meets[0] && sim.meets[1])
			let_go();
	}
}

int __wrap_lab_workers_need(unsigned int nr)
{
	assert_int_equal(nr, THREADS);
	return 0;
}

uint64_t __wrap_lab_barrier_wait(struct lab_barrier *b)
{
	(void)b;
	sim.meets[sim.now] = true;
	give_way();
	return sim.time[sim.now];
}

/* A look at the clock costs nothing: what is asked is what becomes of it. */
int __wrap_clock_gettime(clockid_t id, struct timespec *ts)
{
	(void)id;
	give_way();
	ts->tv_sec = sim.time[sim.now] / LAB_SEC;
	ts->tv_nsec = sim.time[sim.now] % LAB_SEC;
	return 0;
}

int __wrap_getrusage(int who, struct rusage *ru)
{
	(void)who;
	memset(ru, 0, sizeof(*ru));
	return 0;
}

/* Whether the other thread has begun, and is not away. */
static bool at_work(unsigned int other)
{
	return !sim.done[other] && !sim.meets[other] &&
	       sim.time[other] <= lock.free_at;
}

/* Who wants the lock does not go on before; others with less time may. */
static void wait_for_lock(unsigned int me)
{
	unsigned int other = !me;

	lock.waits[me] = true;
	for (;;) {
		if (sim.time[me] < lock.free_at)
			sim.time[me] = lock.free_at;
		if (at_work(other) &&
		    (lock.waits[other] ? lock.next != me :
		     sim.time[other] < sim.time[me] || lock.next != me))
			give_way();
		else
			break;
	}
	lock.waits[me] = false;
}

static void one_op(unsigned int me)
{
	unsigned int other = !me, burst = lock.burst;

	wait_for_lock(me);
	sim.time[me] += at_work(other) ? OP_NS : OP_NS / 3;
	lock.free_at = sim.time[me];
	if (!me)
		burst += burst * lock.lean / 100;
	lock.next = lab_rng_below(&lock.rng, burst) ? me : other;
}

static void run(void *state, unsigned int thread, unsigned long n,
		struct bench_hist *hist)
{
	(void)state;
	(void)hist;
	while (n--)
		one_op(thread);
}

static void *setup(const struct bench_cfg *cfg, struct bench_info *info)
{
	(void)cfg;
	(void)info;
	return &lock;
}

static const struct bench_path path = {
	.name = "unfair", .run = run, .setup = setup,
};

/* Means over epochs: of the engine's ns, and of the harmonic mean's. */
struct found {
	double ns, harmonic, fair;
};

static double counted_ns(const struct lab_epoch *e, unsigned int thread)
{
	return e->thread[thread].end - e->thread[thread].start;
}

static struct found measure(unsigned int burst, unsigned int lean)
{
	static struct lab_case c = { .path = &path, .cfg.threads = THREADS };
	static double fair[EPOCHS];
	static struct lab_arm arm;
	static struct lab_epoch e;
	struct found f = { 0, 0, 0 };

	lock.burst = burst;
	lock.lean = lean;
	lock.rng.state = burst;
	assert_int_equal(lab_arm_setup(&arm, &c), 0);
	for (unsigned int i = 0; i < EPOCHS; i++) {
		double a, b;

		assert_int_equal(lab_arm_epoch(&arm, OPS, &e), 0);
		a = counted_ns(&e, 0);
		b = counted_ns(&e, 1);
		fair[i] = fmin(a, b) / fmax(a, b);
		f.ns += e.ns / EPOCHS;
		f.harmonic += THREADS / (OPS / a + OPS / b) / EPOCHS;
	}
	f.fair = lab_median(fair, EPOCHS);
	return f;
}

static double percent_off(double ns)
{
	return 100 * (ns / (THREADS * OP_NS) - 1);
}

static void check(struct found f, double fair, double harmonic, double near)
{
	print_message("fairness %.3f: window %+.3f %%, harmonic mean %+.3f %%\n",
		      f.fair, percent_off(f.ns), percent_off(f.harmonic));
	assert_true(fabs(f.fair - fair) < 0.02);
	assert_true(fabs(percent_off(f.ns)) < 0.1);
	assert_true(fabs(percent_off(f.harmonic) - harmonic) < near);
}

/* Nearly turn by turn there is little to be wrong about. */
static void test_fair(void **state)
{
	(void)state;
	check(measure(10, 0), 0.957, -0.1, 0.1);
}

static void test_nearly_fair(void **state)
{
	(void)state;
	check(measure(73, 19), 0.82, -0.5, 0.1);
}

static void test_unfair(void **state)
{
	(void)state;
	check(measure(330, 42), 0.64, -2, 0.2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fair),
		cmocka_unit_test(test_nearly_fair),
		cmocka_unit_test(test_unfair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
