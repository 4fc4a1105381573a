/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Places where list work is done, warm or cold: one for the case that all of it
 * stays in the caches, many for the case that none of it is there.
 */
#ifndef _BENCH_SITES_H
#define _BENCH_SITES_H

#include <linux/minmax.h>
#include "driver.h"

/* Sites of a cold case: enough list calls for an epoch of some 50 us or more. */
#define COLD_CALLS	1024

#define LINE		64ul

/* Where binds happen: one VA range of one VM that maps one BO. */
struct site {
	struct drm_gem_object *obj;
	struct drm_gpuvm *vm;
	struct drm_gpuvm_bo *vm_bo;
	struct drm_gpuva *va;
};

/**
 * struct sites - all sites of a state
 * @drv: who owns them
 * @site: the sites
 * @nr_sites: how many
 * @nr_va: VAs of each
 * @next: site of the next hold
 * @cold: each epoch starts with all of them out of the caches
 */
struct sites {
	struct driver drv;
	struct site *site;
	unsigned long nr_sites;
	unsigned long nr_va;
	unsigned long next;
	bool cold;
};

static inline void site_fini(struct site *site)
{
	if (!IS_ERR_OR_NULL(site->vm_bo))
		driver_vm_bo_last(site->vm_bo);
	if (site->obj)
		drm_gem_object_put(site->obj);
	if (site->vm)
		drm_gpuvm_put(site->vm);
	kvfree(site->va);
}

/* Undoes a sites_init() that failed, too. Returns what leaked. */
static inline int sites_fini(struct sites *s)
{
	unsigned long i;

	for (i = 0; i < s->nr_sites; i++)
		site_fini(&s->site[i]);
	kvfree(s->site);
	return driver_fini(&s->drv);
}

static inline int site_vas(struct site *site, unsigned long nr)
{
	unsigned long i;

	site->va = kvcalloc(nr, sizeof(*site->va), GFP_KERNEL);
	if (!site->va)
		return -ENOMEM;
	for (i = 0; i < nr; i++)
		driver_va_init(&site->va[i], site->obj, i);
	return 0;
}

/* Takes over the references to vm and obj; either may be NULL. */
static inline int site_init(struct site *site, struct drm_gpuvm *vm,
			    struct drm_gem_object *obj, unsigned long nr_va)
{
	site->vm = vm;
	site->obj = obj;
	if (!vm || !obj || site_vas(site, nr_va))
		return -ENOMEM;
	site->vm_bo = driver_vm_bo_first(vm, obj);
	return site->vm_bo ? 0 : -ENOMEM;
}

/**
 * sites_init() - make room for sites
 * @s: the sites, zeroed
 * @nr_sites: how many
 * @nr_va: VAs of each
 * @info: gets the working set
 *
 * Return: 0 or -ENOMEM; sites_fini() is due in either case.
 */
static inline int sites_init(struct sites *s, unsigned long nr_sites,
			     unsigned long nr_va, struct bench_info *info)
{
	s->nr_va = nr_va;
	s->site = kvcalloc(nr_sites, sizeof(*s->site), GFP_KERNEL);
	if (!s->site || driver_init(&s->drv))
		return -ENOMEM;
	s->nr_sites = nr_sites;
	info->bytes = nr_sites * (sizeof(struct driver_bo) +
		sizeof(struct drm_gpuvm_bo) + nr_va * sizeof(struct drm_gpuva));
	return 0;
}

/**
 * sites_of_bos() - sites in one VM, a BO each
 * @s: the sites, zeroed
 * @nr_sites: how many
 * @nr_va: VAs of each
 * @shared: the BOs share the VM's resv; else each has its own
 * @info: gets the working set
 *
 * Return: 0 or -ENOMEM; sites_fini() is due in either case.
 */
static inline int sites_of_bos(struct sites *s, unsigned long nr_sites,
			       unsigned long nr_va, bool shared,
			       struct bench_info *info)
{
	int err = sites_init(s, nr_sites, nr_va, info);
	struct drm_gpuvm *vm;
	unsigned long i;

	if (err)
		return err;
	vm = driver_vm_create(&s->drv);
	if (!vm)
		return -ENOMEM;
	for (i = 0; i < nr_sites && !err; i++) {
		struct dma_resv *resv = shared ? drm_gpuvm_resv(vm) : NULL;

		err = site_init(&s->site[i], drm_gpuvm_get(vm),
				driver_bo_create(&s->drv, resv), nr_va);
	}
	drm_gpuvm_put(vm);
	return err;
}

/* Random order, so that no prefetcher guesses the next BO. */
static inline void sites_shuffle(struct sites *s, unsigned long seed)
{
	unsigned long i, j, x = 2 * seed + 1;

	for (i = s->nr_sites - 1; i > 0; i--) {
		x = x * 6364136223846793005ul + 1442695040888963407ul;
		j = (x >> 33) % (i + 1);
		swap(s->site[i], s->site[j]);
	}
}

/**
 * sites_of_temp() - sites in one VM, with a resv of their own
 * @s: the sites, zeroed
 * @cold: many sites in random order, no more than one hold on each in an
 *	epoch; else one
 * @nr_va: VAs of each
 * @ops_per_hold: operations of a hold
 * @calls: list calls of a hold
 * @seed: of the order
 * @info: gets the working set and the number of operations
 *
 * Return: 0 or -ENOMEM; sites_fini() is due in either case.
 */
static inline int sites_of_temp(struct sites *s, bool cold, unsigned long nr_va,
				unsigned long ops_per_hold, unsigned long calls,
				unsigned long seed, struct bench_info *info)
{
	unsigned long nr_sites = cold ? max(COLD_CALLS / calls, 4ul) : 1;
	int err = sites_of_bos(s, nr_sites, nr_va, false, info);

	if (err)
		return err;
	s->cold = cold;
	info->granule = ops_per_hold;
	if (cold) {
		info->max_ops = nr_sites * ops_per_hold;
		sites_shuffle(s, seed);
	}
	return 0;
}

/* Write a range back to memory and drop it from every cache. */
static inline void flush(const void *p, unsigned long size)
{
	const char *line = (const char *)((unsigned long)p & ~(LINE - 1));

	for (; line < (const char *)p + size; line += LINE)
		bench_flush_line(line);
}

/*
 * A cold case starts each epoch with every BO, vm_bo and VA in memory alone.
 * The VM and its resv stay warm, and so is what a hold comes to a second time:
 * an unlink after its link, an unbind after its bind.
 */
static inline void sites_prepare(struct sites *s)
{
	unsigned long i, size;
	const void *extra;

	if (!s->cold)
		return;
	for (i = 0; i < s->nr_sites; i++) {
		struct site *site = &s->site[i];

		extra = variant_bo_extra(bo_to_variant(site->obj), &size);
		if (extra)
			flush(extra, size);
		flush(site->obj, sizeof(struct driver_bo));
		flush(site->vm_bo, sizeof(*site->vm_bo));
		flush(site->va, s->nr_va * sizeof(*site->va));
	}
	/* The flushes end before the run begins: clflush heeds locked RMWs. */
	smp_mb();
}

static inline unsigned long sites_digest(const struct sites *s,
					 unsigned long ops)
{
	unsigned long d = digest_add(DIGEST_SEED, ops);
	unsigned long i;

	for (i = 0; i < s->nr_sites; i++)
		d = digest_vm_bo(d, s->site[i].vm_bo);
	return d;
}

static inline struct site *sites_next(struct sites *s)
{
	struct site *site = &s->site[s->next];

	if (++s->next == s->nr_sites)
		s->next = 0;
	return site;
}

/*
 * Ends a hold. A processor runs ahead of locked operations, so that the misses
 * of neighbouring holds would overlap, which those of two binds do not. In a
 * cold case the next site is therefore found through what this hold waited
 * for: fields of the lines that it used, all of them 0.
 */
static inline void hold_done(struct sites *s, const struct site *site)
{
	if (s->cold)
		s->next += site->va->flags + site->vm_bo->evicted +
			   (site->obj->resv->fences != NULL);
}

#endif /* _BENCH_SITES_H */
