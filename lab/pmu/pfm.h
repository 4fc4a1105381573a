/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* libpfm4: what an event's name means. Its header and Linux's do not go together. */
#ifndef _LAB_PFM_H
#define _LAB_PFM_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct lab_encoding - an event as perf_event_open() takes it
 * @type: of struct perf_event_attr
 * @config: as there
 * @config1: as there
 * @config2: as there
 * @exclude_user: as there
 * @exclude_kernel: as there
 */
struct lab_encoding {
	uint32_t type;
	uint64_t config, config1, config2;
	unsigned int exclude_user, exclude_kernel;
};

/**
 * lab_pfm_encode() - look an event up
 * @event: as libpfm4 takes it; without :u or :k it is the user's
 * @code: gets what it is
 * @name: gets the full name, with every modifier
 * @size: of @name
 *
 * Return: NULL, or why not.
 */
const char *lab_pfm_encode(const char *event, struct lab_encoding *code,
			   char *name, size_t size);

/**
 * lab_pfm_core() - the CPU's microarchitecture, as libpfm4 calls it
 *
 * It looks at the CPU, not at the kernel: there may be no PMU all the same.
 *
 * Return: such as "icx"; NULL when it does not know this CPU.
 */
const char *lab_pfm_core(void);

#endif /* _LAB_PFM_H */
