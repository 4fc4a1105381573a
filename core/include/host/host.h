/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * shim: ours
 * What the core needs from the process that it runs in, and what tests ask of it.
 * One copy, outside every variant. On timed paths stand the futex, the yield, the
 * system call and the clock, and none of these calls libc.
 */
#ifndef _HOST_HOST_H
#define _HOST_HOST_H

/**
 * host_futex_wait() - sleep while a word has a value
 * @word: the word
 * @val: its value; may return early
 */
void host_futex_wait(const int *word, int val);

/**
 * host_futex_wake() - wake all that sleep on a word
 * @word: its address; not followed, so it may be gone
 */
void host_futex_wake(const int *word);

/**
 * host_sched_yield() - let another thread have this CPU
 */
void host_sched_yield(void);

/**
 * host_usleep() - sleep
 * @us: microseconds, at least; for tests
 */
void host_usleep(unsigned int us);

/**
 * host_nr_cpus() - online processors; with one, spinning for an owner is futile
 *
 * Return: how many, at least 1.
 */
int host_nr_cpus(void);

/**
 * host_syscall_open() - a file to enter the real kernel with
 *
 * Return: a file descriptor, or -1.
 */
int host_syscall_open(void);

/**
 * host_syscall() - enter the real kernel once
 * @fd: of host_syscall_open()
 *
 * An ioctl that looks the file up, dispatches and writes a word back to the
 * caller, as the smallest ioctl of a driver does.
 */
void host_syscall(int fd);

/**
 * host_syscall_close() - give the file back
 * @fd: of host_syscall_open(), -1 too
 */
void host_syscall_close(int fd);

/**
 * host_clock_ns() - a monotonic clock; bounds optimistic spinning
 *
 * Return: nanoseconds.
 */
unsigned long long host_clock_ns(void);

/**
 * struct host_thread_exit - what is to be done when a thread ends
 * @fn: called with this struct
 * @next: the host's
 */
struct host_thread_exit {
	void (*fn)(struct host_thread_exit *exit);
	struct host_thread_exit *next;
};

/**
 * host_at_thread_exit() - ask for exit->fn() when the calling thread ends
 * @exit: linked until then; may stand in thread-local memory
 */
void host_at_thread_exit(struct host_thread_exit *exit);

/**
 * host_alloc() - memory of libc's allocator, for AddressSanitizer's builds
 * @size: bytes
 *
 * Return: memory aligned to 16 bytes, or NULL.
 */
void *host_alloc(unsigned long size);

/**
 * host_alloc_aligned() - host_alloc() with another alignment
 * @align: bytes, a power of two and a multiple of sizeof(void *)
 * @size: bytes
 *
 * Return: memory, or NULL.
 */
void *host_alloc_aligned(unsigned long align, unsigned long size);

/**
 * host_free() - give memory back
 * @p: from the two above, or NULL
 */
void host_free(const void *p);

/**
 * host_alloc_size() - how much of an allocation may be used
 * @p: from the functions above
 *
 * Return: bytes, at least those asked for.
 */
unsigned long host_alloc_size(const void *p);

/**
 * host_pages() - memory of Linux, in whole pages
 * @size: bytes
 *
 * Return: zeroed memory aligned to 2 MiB, or NULL. What lies behind its first
 * 2 MiB is in large pages, where Linux has them.
 */
void *host_pages(unsigned long size);

/**
 * host_pages_touch() - pages will be written soon
 * @p: of host_pages()
 * @size: bytes of it
 *
 * They are made at once, where Linux can (5.14), for a fault each is dear.
 */
void host_pages_touch(void *p, unsigned long size);

/**
 * host_pages_free() - give pages back
 * @p: of host_pages()
 * @size: as there
 */
void host_pages_free(void *p, unsigned long size);

/**
 * host_warn() - a WARN of the core
 * @file: where
 * @line: where
 * @fmt: as for printf(), without a newline
 *
 * Printed on standard error unless muted by a test, and counted: a run whose
 * count is not zero at its end is not a result.
 */
void host_warn(const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * host_warn_count() - warnings since the start or the last reset
 *
 * Return: how many, muted ones too.
 */
unsigned long host_warn_count(void);

/**
 * host_warn_reset() - count from zero again; for tests
 */
void host_warn_reset(void);

/**
 * host_warn_mute() - count warnings but do not print them; for tests
 * @on: 1 to begin, 0 to end; nests
 */
void host_warn_mute(int on);

/**
 * host_printk() - print on standard error
 * @fmt: as for printf()
 */
void host_printk(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * host_vsnprintf() - format text, as the kernel would
 * @buf: gets it, cut to its size and closed with a 0
 * @size: of @buf, at least 1
 * @fmt: as for printf(), below 240 characters
 * @args: what it formats
 */
void host_vsnprintf(char *buf, unsigned long size, const char *fmt,
		    __builtin_va_list args)
	__attribute__((format(printf, 3, 0)));

/**
 * host_bug() - a BUG of the core: prints and aborts
 * @file: where
 * @line: where
 * @what: what was wrong
 */
void host_bug(const char *file, int line, const char *what)
	__attribute__((noreturn));

#endif /* _HOST_HOST_H */
