// SPDX-License-Identifier: GPL-2.0 OR MIT
/* libFuzzer drives what mm_fuzz drives; its findings can be given to mm_fuzz. */
#include <stdint.h>
#include <stdlib.h>

#include "mm_run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mm_stats stats;
	static struct mm_run run = { .stats = &stats };

	if (mm_program(&run, data, size)) {
		fprintf(stderr, "%s", run.report);
		abort();
	}
	return 0;
}
