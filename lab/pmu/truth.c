// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/cpus.h"
#include "bench.h"
#include "pmu/truth.h"

#define TRIES		5
#define EXERCISES	20000
#define DEAL_NS		(5 * LAB_MSEC)

/*
 * Written in assembler, and aligned, so that no compiler and no flag changes the
 * number of instructions.
 */
__attribute__((noinline)) void lab_truth_loop(unsigned long turns)
{
#if defined(__x86_64__)
	__asm__ __volatile__(".p2align 6\n"
			     "1:	decq %0\n"
			     "	jnz 1b\n"
			     : "+r"(turns) : : "cc");
#elif defined(__aarch64__)
	__asm__ __volatile__(".p2align 6\n"
			     "1:	subs %0, %0, #1\n"
			     "	b.ne 1b\n"
			     : "+r"(turns) : : "cc");
#else
#error "no loop of known length for this architecture"
#endif
}

bool lab_truth_holds(double shorter, double longer, unsigned long turns)
{
	double want = (double)LAB_TRUTH_INSNS * turns;

	return fabs(longer - shorter - want) <= LAB_TRUTH_SLACK * want;
}

/* What the leader counts around a loop. */
static enum lab_status count(struct lab_group *g, unsigned long turns, double *n)
{
	struct lab_reading before, after;
	enum lab_status status;

	status = lab_group_read(g, &before);
	lab_truth_loop(turns);
	if (status == LAB_COUNTED)
		status = lab_group_read(g, &after);
	if (status == LAB_COUNTED)
		*n = after.value[0] - before.value[0];
	return status;
}

enum lab_status lab_truth_check(struct lab_group *g, char *why)
{
	double shorter = 0, longer = 0;
	enum lab_status status;

	for (int i = 0; i < TRIES; i++) {
		status = count(g, LAB_TRUTH_TURNS, &shorter);
		if (status == LAB_COUNTED)
			status = count(g, 2 * LAB_TRUTH_TURNS, &longer);
		if (status == LAB_COUNTED)
			status = lab_group_check(g);
		if (status != LAB_COUNTED) {
			snprintf(why, LAB_EVENT_NAME, "found by the truth loop");
			return status;
		}
		if (lab_truth_holds(shorter, longer, LAB_TRUTH_TURNS))
			return LAB_COUNTED;
	}
	if (!shorter && !longer) {
		snprintf(why, LAB_EVENT_NAME, "it runs, and stays at 0 over the truth loop");
		return LAB_NEVER_COUNTS;
	}
	snprintf(why, LAB_EVENT_NAME, "truth loop of %lu instructions read %.0f",
		 LAB_TRUTH_INSNS * LAB_TRUTH_TURNS, longer - shorter);
	return LAB_LYING;
}

/* Takes the line whenever it is the other's, until @end; or is killed. */
static void ping_pong(_Atomic unsigned long *line, unsigned int me,
		      uint64_t end)
{
	unsigned long spins = 0, seen;

	while (lab_now() < end) {
		seen = atomic_load_explicit(line, memory_order_relaxed);
		if (seen % 2 == me)
			atomic_fetch_add(line, 1);
		else if (++spins % 64 == 0)
			sched_yield();
	}
}

/*
 * Another process, since a second thread would change for good what this one's
 * allocator does.
 */
static void share_line(void)
{
	_Atomic unsigned long *line;
	pid_t pid;

	line = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (line == MAP_FAILED)
		return;
	pid = fork();
	if (!pid) {
		lab_cpu_pin(1);
		ping_pong(line, 1, lab_now() + 4 * DEAL_NS);
		_exit(0);
	}
	if (pid > 0) {
		ping_pong(line, 0, lab_now() + DEAL_NS);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	munmap(line, 4096);
}

static void work_alone(unsigned char *mem, size_t bytes)
{
	static _Atomic unsigned long word;
	unsigned long x = 88172645463325252UL, odd = 0;

	for (unsigned long i = 0; i < EXERCISES; i++) {
		unsigned char *at = mem + x % bytes;

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		atomic_fetch_add(&word, 1);
		if (x & 64)
			odd += *at;
		else
			*at = x;
		bench_flush_line(at);
		bench_keep(&odd);
		if (i % 256 == 0)
			syscall(SYS_getppid);
	}
}

void lab_exercise(void)
{
	size_t bytes = 1 << 22;
	unsigned char *mem = malloc(bytes);

	if (mem)
		work_alone(mem, bytes);
	free(mem);
	share_line();
}
