/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * shim: ours
 * What the core needs from the process that it runs in, and all of it.
 * One copy, outside every variant; nothing here stands on an uncontended path
 * but the allocator.
 */
#ifndef _HOST_HOST_H
#define _HOST_HOST_H

/* Sleep while *word == val; may wake early. */
void host_futex_wait(const int *word, int val);
/* Wake all that sleep on word. */
void host_futex_wake(const int *word);
void host_sched_yield(void);
void host_usleep(unsigned int us);
/* Online processors, at least 1: with one, spinning for an owner is futile. */
int host_nr_cpus(void);
/* Nanoseconds of a monotonic clock; bounds optimistic spinning. */
unsigned long long host_clock_ns(void);

/*
 * Ask for fn(exit) when the calling thread ends. The node stays linked until
 * then; it may stand in thread-local memory.
 */
struct host_thread_exit {
	void (*fn)(struct host_thread_exit *exit);
	struct host_thread_exit *next;
};
void host_at_thread_exit(struct host_thread_exit *exit);

/* glibc's allocator; memory is aligned to 16 bytes, or to align. */
void *host_alloc(unsigned long size);
void *host_alloc_aligned(unsigned long align, unsigned long size);
void host_free(const void *p);
/* Bytes that may be used at p, at least those asked for. */
unsigned long host_alloc_size(const void *p);

/*
 * A WARN of the core. Printed on standard error unless muted by a test, and
 * counted: a run whose count is not zero at its end is not a result.
 */
void host_warn(const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
unsigned long host_warn_count(void);
void host_warn_reset(void);
/* Nesting; while muted, warnings are counted but not printed. */
void host_warn_mute(int on);

void host_printk(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A BUG of the core: prints and aborts. */
void host_bug(const char *file, int line, const char *what)
	__attribute__((noreturn));

#endif /* _HOST_HOST_H */
