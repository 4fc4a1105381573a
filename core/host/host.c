// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The process that the core runs in: see host.h. What stands on a timed path calls
 * nothing of libc; tests/test_libc.py has their names.
 */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <malloc.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "enter.h"
#include "host.h"

#define LARGE_PAGE	(2UL << 20)
#define PAGE_MAX	65536UL		/* no machine's page is larger */

static unsigned long warnings;
static int muted;

static pthread_once_t exit_once = PTHREAD_ONCE_INIT;
static pthread_key_t exit_key;

typedef int clock_fn(clockid_t clock, struct timespec *ts);

/* Found before main(). */
static clock_fn *vdso_clock;
static int nr_cpus = 1;

#ifdef __aarch64__
#define VDSO_CLOCK	"__kernel_clock_gettime"
#else
#define VDSO_CLOCK	"__vdso_clock_gettime"
#endif

/*
 * The vDSO is loaded with every program; its name finds it, no file. One that is
 * linked statically has no loader to ask, and its clock is a system call.
 */
static clock_fn *find_clock(void)
{
#ifdef HOST_STATIC
	return NULL;
#else
	void *vdso = dlopen("linux-vdso.so.1", RTLD_LAZY | RTLD_NOLOAD);

	return vdso ? (clock_fn *)dlsym(vdso, VDSO_CLOCK) : NULL;
#endif
}

static void __attribute__((constructor)) look_around(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	if (n > 1)
		nr_cpus = n;
	vdso_clock = find_clock();
}

void host_futex_wait(const int *word, int val)
{
	host_enter(SYS_futex, (long)word, FUTEX_WAIT_PRIVATE, val, 0);
}

void host_futex_wake(const int *word)
{
	host_enter(SYS_futex, (long)word, FUTEX_WAKE_PRIVATE, INT_MAX, 0);
}

void host_sched_yield(void)
{
	host_enter(SYS_sched_yield, 0, 0, 0, 0);
}

void host_usleep(unsigned int us)
{
	struct timespec ts = {
		.tv_sec = us / 1000000,
		.tv_nsec = us % 1000000 * 1000L,
	};

	while (nanosleep(&ts, &ts) == -1 && errno == EINTR)
		;
}

/* The write end is closed at once: the other one has nothing to read. */
int host_syscall_open(void)
{
	int end[2];

	if (pipe(end))
		return -1;
	close(end[1]);
	return end[0];
}

void host_syscall(int fd)
{
	int left;

	host_enter(SYS_ioctl, fd, FIONREAD, (long)&left, 0);
}

void host_syscall_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

int host_nr_cpus(void)
{
	return nr_cpus;
}

unsigned long long host_clock_ns(void)
{
	struct timespec ts;

	if (!vdso_clock || vdso_clock(CLOCK_MONOTONIC, &ts))
		host_enter(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&ts, 0, 0);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static void run_thread_exits(void *first)
{
	struct host_thread_exit *exit = first, *next;

	for (; exit; exit = next) {
		next = exit->next;
		exit->fn(exit);
	}
}

static void make_exit_key(void)
{
	if (pthread_key_create(&exit_key, run_thread_exits))
		host_bug(__FILE__, __LINE__, "no key for thread exits");
}

void host_at_thread_exit(struct host_thread_exit *exit)
{
	pthread_once(&exit_once, make_exit_key);
	exit->next = pthread_getspecific(exit_key);
	if (pthread_setspecific(exit_key, exit))
		host_bug(__FILE__, __LINE__, "no memory for thread exits");
}

void *host_alloc(unsigned long size)
{
	return malloc(size);
}

void *host_alloc_aligned(unsigned long align, unsigned long size)
{
	void *p;

	return posix_memalign(&p, align, size) ? NULL : p;
}

void host_free(const void *p)
{
	free((void *)p);
}

unsigned long host_alloc_size(const void *p)
{
	return malloc_usable_size((void *)p);
}

static unsigned long whole_pages(unsigned long size)
{
	return (size + PAGE_MAX - 1) & ~(PAGE_MAX - 1);
}

/*
 * More is mapped than asked for; what stands over is cut off on both sides.
 *
 * The kernel reaches its memory through large pages, so that a walk through a
 * great tree waits for the cache and not for the page tables. Where Linux
 * gives no such pages the walk does both.
 */
void *host_pages(unsigned long size)
{
	unsigned long from, to, at;
	char *p;

	if (size > LONG_MAX - LARGE_PAGE - PAGE_MAX)
		return NULL;
	size = whole_pages(size);
	p = mmap(NULL, size + LARGE_PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	from = (unsigned long)p;
	to = from + size + LARGE_PAGE;
	at = (from + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
	if (at > from)
		munmap(p, at - from);
	if (to > at + size)
		munmap((void *)(at + size), to - at - size);
	if (size >= 2 * LARGE_PAGE)
		madvise((void *)(at + LARGE_PAGE), size - LARGE_PAGE,
			MADV_HUGEPAGE);
	return (void *)at;
}

void host_pages_touch(void *p, unsigned long size)
{
	madvise(p, whole_pages(size), MADV_POPULATE_WRITE);
}

void host_pages_free(void *p, unsigned long size)
{
	munmap(p, whole_pages(size));
}

static void print_line(const char *what, const char *file, int line,
		       const char *fmt, va_list ap)
{
	char text[512];

	vsnprintf(text, sizeof(text), fmt, ap);
	fprintf(stderr, "locklab: %s: %s:%d: %s\n", what, file, line, text);
}

void host_warn(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	__atomic_fetch_add(&warnings, 1, __ATOMIC_RELAXED);
	if (__atomic_load_n(&muted, __ATOMIC_RELAXED) > 0)
		return;
	va_start(ap, fmt);
	print_line("WARNING", file, line, fmt, ap);
	va_end(ap);
}

unsigned long host_warn_count(void)
{
	return __atomic_load_n(&warnings, __ATOMIC_RELAXED);
}

void host_warn_reset(void)
{
	__atomic_store_n(&warnings, 0, __ATOMIC_RELAXED);
}

void host_warn_mute(int on)
{
	__atomic_fetch_add(&muted, on ? 1 : -1, __ATOMIC_RELAXED);
}

void host_printk(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
}

/*
 * The kernel's %#0<width>...x has its 0x before 0, too; libc's has not. So the
 * 0x is written out, and the width is what it leaves.
 */
static void format_as_kernel(char *to, unsigned long size, const char *fmt)
{
	unsigned long n = 0;
	int width, len;

	while (*fmt && n + 16 < size) {
		if (sscanf(fmt, "%%#0%d%n", &width, &len) == 1 && width > 2) {
			n += sprintf(to + n, "0x%%0%d", width - 2);
			fmt += len;
			continue;
		}
		if (fmt[0] == '%' && fmt[1] == '%')
			to[n++] = *fmt++;
		to[n++] = *fmt++;
	}
	to[n] = 0;
}

void host_vsnprintf(char *buf, unsigned long size, const char *fmt,
		    va_list args)
{
	char format[256];

	format_as_kernel(format, sizeof(format), fmt);
	vsnprintf(buf, size, format, args);
}

void host_bug(const char *file, int line, const char *what)
{
	fprintf(stderr, "locklab: BUG: %s:%d: %s\n", file, line, what);
	abort();
}
