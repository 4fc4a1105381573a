// SPDX-License-Identifier: GPL-2.0 OR MIT
/* libFuzzer drives what fuzz.c drives; its findings can be given to that. */
#include <stdint.h>
#include <stdlib.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (fuzz_subject.run(data, size)) {
		fprintf(stderr, "%s", fuzz_subject.report);
		abort();
	}
	return 0;
}
