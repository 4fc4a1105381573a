// SPDX-License-Identifier: GPL-2.0 OR MIT
/* What the harness is told about the variant of this set. */
#include <linux/slab.h>
#include <variants/layout.h>

#include "bench.h"

const struct bench_variant bench_variant = {
	.name = VARIANT_NAME,
	.doc = VARIANT_DOC,
	.refused = VARIANT_REFUSED,
	.max_threads = VARIANT_MAX_THREADS,
	.primitives = "core/lock: our own, after Linux 6.12",
	.slab_reset = slab_reset,
};
