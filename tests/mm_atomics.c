// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * What a locking design of the range allocator executes for an insert and for
 * its remove; scripts/run/atomics counts it. Compiled for each design and host.
 */
#include <linux/printk.h>
#include <variants/mm/contract.h>

#define CALLS	1000
#define SPAN	(1ull << 30)

static struct dma_resv resv;
static struct mm_alloc *alloc;
static struct mm_node node;
static int err;

static noinline __used void probe_insert(void)
{
	err |= node_insert(alloc, &node, 4096, 0, 0, 0, U64_MAX,
			   DRM_MM_INSERT_BEST);
}

static noinline __used void probe_remove(void)
{
	node_remove(alloc, &node);
}

int main(void)
{
	int i;

	dma_resv_init(&resv);
	alloc = kzalloc(sizeof(*alloc), GFP_KERNEL);
	if (!alloc)
		return 1;
	drm_mm_init(&alloc->base, 0, SPAN);
	alloc->resv = &resv;
	mm_setup(alloc);
	/* As in the scenarios: the resv is held, whatever is asked. */
	dma_resv_lock(&resv, NULL);
	for (i = 0; i < CALLS; i++) {
		probe_insert();
		probe_remove();
	}
	dma_resv_unlock(&resv);
	mm_put(alloc);
	pr_info("calls %d\n", CALLS);
	return err;
}
