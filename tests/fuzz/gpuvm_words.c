// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Calls and events of the GPUVM fuzzer, for people. */
#include <string.h>

#include "fuzz.h"
#include "gpuvm_run.h"

const char *const gv_code_names[GV_CODES] = {
	[GV_VM_CREATE] = "init",
	[GV_VM_CLOSE] = "close",
	[GV_VM_REFS] = "get, put",
	[GV_BO_CREATE] = "BO",
	[GV_BO_CLOSE] = "BO close",
	[GV_INSERT] = "gpuva_insert",
	[GV_REMOVE] = "gpuva_remove",
	[GV_LINK] = "gpuva_link",
	[GV_UNLINK] = "gpuva_unlink",
	[GV_FIND] = "gpuva_find",
	[GV_WALK] = "for_each_va_range",
	[GV_INVALIDATE] = "gpuva_invalidate",
	[GV_VM_BO_CREATE] = "bo_create",
	[GV_VM_BO_OBTAIN] = "bo_obtain",
	[GV_VM_BO_PREALLOC] = "bo_obtain_prealloc",
	[GV_VM_BO_FIND] = "bo_find",
	[GV_VM_BO_GET] = "bo_get",
	[GV_VM_BO_PUT] = "bo_put",
	[GV_EXTOBJ_ADD] = "bo_extobj_add",
	[GV_VM_BO_EVICT] = "bo_evict",
	[GV_GEM_EVICT] = "bo_gem_evict",
	[GV_MAP] = "sm_map",
	[GV_UNMAP] = "sm_unmap",
	[GV_MAP_OPS] = "sm_map_ops_create",
	[GV_UNMAP_OPS] = "sm_unmap_ops_create",
	[GV_PREFETCH_OPS] = "prefetch_ops_create",
	[GV_BO_UNMAP_OPS] = "bo_unmap_ops_create",
	[GV_EXEC] = "drm_exec",
	[GV_VM_EXEC] = "gpuvm_exec",
	[GV_SIGNAL] = "fence_signal",
};

/* What each kind of event has, by name; values of which a name is "x" are hex. */
static const struct {
	const char *name, *value[GV_VALUES];
} kinds[GV_KINDS] = {
	[GV_E_NOTHING] = { "nothing to do it with", { NULL } },
	[GV_E_ON] = { "on", { "", "object", "addr", "range" } },
	[GV_E_RET] = { "returned", { "", "object", "refs" } },
	[GV_E_SEEN] = { "saw", { "", "", "", "", "", "" } },
	[GV_E_MAP] = { "map", { "addr", "range", "object", "offset" } },
	[GV_E_REMAP] = {
		"remap", { "va", "keep", "addr", "range", "prev", "next" }
	},
	[GV_E_PREV] = { "prev", { "addr", "range", "object", "offset" } },
	[GV_E_NEXT] = { "next", { "addr", "range", "object", "offset" } },
	[GV_E_UNMAP] = { "unmap", { "va", "keep" } },
	[GV_E_PREFETCH] = { "prefetch", { "va", "op" } },
	[GV_E_VALIDATE] = {
		"validate", { "vm_bo", "evicted", "locked", "refs" }
	},
	[GV_E_ROUND] = {
		"locked in all", { "", "contended", "prelocked", "room" }
	},
	[GV_E_LOCKED] = { "locked", { "object", "refs", "of" } },
	[GV_E_FREED] = { "freed", { "", "kind" } },
	[GV_E_VM] = {
		"VM", { "", "refs", "open", "resv object's refs", "walked" }
	},
	[GV_E_VA] = {
		"VA", { "", "addr", "range", "object", "offset", "flags + 256 vm_bo" }
	},
	[GV_E_EXTOBJ] = { "on the extobj list: vm_bo", { "" } },
	[GV_E_EVICTED] = { "on the evict list: vm_bo", { "" } },
	[GV_E_BO] = { "BO", { "", "refs", "open", "resv of" } },
	[GV_E_VM_BO] = { "vm_bo", { "", "refs", "evicted", "VM", "BO" } },
	[GV_E_LINKED] = { "linked: VA", { "" } },
	[GV_E_FENCE] = { "fence", { "", "usage", "signalled", "refs" } },
	[GV_E_HELD] = {
		"held", { "", "vm_bo", "refs", "evicted", "unlisted" }
	},
	[GV_E_ALL] = { "in all", { "device refs", "allocations", "warnings" } },
};

void gv_op_words(const struct gv_op *op, char *buf, size_t size)
{
	int len = snprintf(buf, size, "%s vm %u bo %u slot %u how %#x [%#llx + %#llx] offset %#llx",
			   gv_code_names[op->code], op->vm, op->bo, op->slot,
			   op->how, op->addr, op->range, op->offset);
	unsigned int i;

	if (op->step)
		len += snprintf(buf + len, size - len, ", step %u fails", op->step);
	if (op->memory)
		len += snprintf(buf + len, size - len, ", allocation %u fails",
				op->memory);
	for (i = 0; op->code == GV_EXEC && i < GV_SCRIPT; i++)
		len += snprintf(buf + len, size - len, "%s%u.%u", i ? " " : ", script ",
				op->script[i] & 7, op->script[i] >> 3);
}

static int value_words(char *buf, size_t size, const char *name,
		       unsigned long long v)
{
	if (v == GV_NONE)
		return snprintf(buf, size, " %s none", name);
	if (v == GV_KERNEL && (!*name || !strcmp(name, "va")))
		return snprintf(buf, size, " %s the kernel's", name);
	if (v > ~0ull - 4096)
		return snprintf(buf, size, " %s %lld", name, (long long)v);
	if (!strcmp(name, "addr") || !strcmp(name, "range") ||
	    !strcmp(name, "offset"))
		return snprintf(buf, size, " %s %#llx", name, v);
	return snprintf(buf, size, " %s %llu", name, v);
}

void gv_event_words(const struct gv_log *log, unsigned int n, char *buf,
		    size_t size)
{
	const struct gv_event *ev = &log->ev[n];
	unsigned int i;
	int len;

	if (n >= log->nr || n >= GV_EVENTS) {
		snprintf(buf, size, "nothing more");
		return;
	}
	len = snprintf(buf, size, "%s", kinds[ev->kind].name);
	for (i = 0; i < GV_VALUES && kinds[ev->kind].value[i]; i++)
		len += value_words(buf + len, size - len,
				   kinds[ev->kind].value[i], ev->v[i]);
}

void gv_print_stats(FILE *out, const struct gv_stats *stats)
{
	unsigned int i;

	fprintf(out, "  %-22s %12s %12s\n", "", "yes", "no");
	for (i = 0; i < GV_CODES; i++)
		fprintf(out, "  %-22s %12llu %12llu\n", gv_code_names[i],
			stats->row[i][1], stats->row[i][0]);
	fprintf(out, "  steps: map %llu, remap %llu, unmap %llu\n",
		stats->events[GV_E_MAP], stats->events[GV_E_REMAP],
		stats->events[GV_E_UNMAP]);
	fprintf(out, "  prefetched %llu, validated %llu, contended %llu\n",
		stats->events[GV_E_PREFETCH], stats->events[GV_E_VALIDATE],
		stats->contended);
	fprintf(out, "  allocations failed %llu; warnings, all provoked, %llu\n",
		fuzz_memory_failed(), stats->warnings);
	fprintf(out, "  at most %llu VAs in a VM\n", stats->most_vas);
}
