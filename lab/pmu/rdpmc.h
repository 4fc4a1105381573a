/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Reading a counter's register without a system call. */
#ifndef _LAB_RDPMC_H
#define _LAB_RDPMC_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * lab_rdpmc_ask() - say in an event's attributes that it will be read directly
 * @attr: of the event
 *
 * On x86 nothing has to be said. On arm64 a kernel may refuse what is asked
 * for here, while it takes the event without it.
 */
void lab_rdpmc_ask(struct perf_event_attr *attr);

/**
 * lab_rdpmc() - read a counter
 * @page: of the event, which is the calling thread's own
 * @value: gets what read() would give
 *
 * The page may claim the ability and yet name no register, now or ever.
 *
 * Return: false when it has to be read() this time.
 */
bool lab_rdpmc(const volatile struct perf_event_mmap_page *page,
	       uint64_t *value);

#endif /* _LAB_RDPMC_H */
