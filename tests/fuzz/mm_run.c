// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Makes each call on every allocator, and compares all that can be seen. */
#include <stdarg.h>
#include <string.h>

#include "host.h"
#include "mm_run.h"

static const char * const code_names[MM_CODES] = {
	[MM_INSERT_RANGE] = "insert_node_in_range",
	[MM_INSERT_GENERIC] = "insert_node_generic",
	[MM_INSERT] = "insert_node",
	[MM_RESERVE] = "reserve_node",
	[MM_REMOVE] = "remove_node",
	[MM_SCAN_INIT_RANGE] = "scan_init_with_range",
	[MM_SCAN_INIT] = "scan_init",
	[MM_SCAN_ADD] = "scan_add_block",
	[MM_SCAN_REMOVE] = "scan_remove_block",
	[MM_COLOR_EVICT] = "scan_color_evict",
	[MM_FIRST] = "interval_first",
	[MM_WALK_RANGE] = "for_each_node_in_range",
	[MM_WALK_SAFE] = "for_each_node_safe",
	[MM_PRINT] = "print",
};

static const char * const mode_names[] = { "BEST", "LOW", "HIGH", "EVICT" };
static const char * const colour_names[MM_COLOURS] = {
	"none", "guard", "shrink", "invert",
};

static const char * const space_names[MM_SPACES] = {
	"low", "pages", "top", "whole", "middle", "tiny",
};

/* --- in words --------------------------------------------------------------- */

static void mode_words(unsigned int mode, char *buf, size_t size)
{
	const char *once = mode & MM_ONCE ? "|ONCE" : "";

	mode &= ~MM_ONCE;
	if (mode <= MM_EVICT)
		snprintf(buf, size, "%s%s", mode_names[mode], once);
	else
		snprintf(buf, size, "mode %#x%s", mode, once);
}

void mm_describe(const struct mm_op *op, char *buf, size_t size)
{
	char mode[32], range[64] = "";
	const char *name = code_names[op->code];

	mode_words(op->mode, mode, sizeof(mode));
	switch (op->code) {
	case MM_INSERT_RANGE:
	case MM_SCAN_INIT_RANGE:
		snprintf(range, sizeof(range), " in [%#llx, %#llx)", op->start,
			 op->end);
		/* fall through */
	case MM_INSERT_GENERIC:
	case MM_SCAN_INIT:
		snprintf(buf, size, "%s %s size %#llx align %#llx color %llu%s",
			 name, mode, op->size, op->alignment, op->color, range);
		break;
	case MM_INSERT:
		snprintf(buf, size, "%s size %#llx", name, op->size);
		break;
	case MM_RESERVE:
		snprintf(buf, size, "%s [%#llx + %#llx] color %llu", name,
			 op->start, op->size, op->color);
		break;
	case MM_FIRST:
	case MM_WALK_RANGE:
		snprintf(buf, size, "%s %#llx, %#llx", name, op->start, op->end);
		break;
	case MM_REMOVE:
	case MM_SCAN_ADD:
	case MM_SCAN_REMOVE:
		snprintf(buf, size, "%s%s", name, op->keep ? ", kept" : "");
		break;
	default:
		snprintf(buf, size, "%s", name);
	}
	switch (op->code) {
	case MM_INSERT_RANGE ... MM_REMOVE:
	case MM_SCAN_ADD:
	case MM_SCAN_REMOVE:
		size -= strlen(buf);
		snprintf(buf + strlen(buf), size, ", node %u", op->slot);
	}
}

static void slot_words(long long slot, char *buf, size_t size)
{
	if (slot == MM_HEAD)
		snprintf(buf, size, "head_node");
	else if (slot == MM_NONE)
		snprintf(buf, size, "none");
	else
		snprintf(buf, size, "node %lld", slot);
}

static void result_words(const struct mm_op *op, const struct mm_result *res,
			 char *buf, size_t size)
{
	char slot[32];

	slot_words(res->slot, slot, sizeof(slot));
	switch (op->code) {
	case MM_INSERT_RANGE ... MM_REMOVE:
		snprintf(buf, size, "%lld, node [%#llx + %#llx] color %llu%s",
			 res->ret, res->start, res->size, res->color,
			 res->allocated ? " allocated" : "");
		break;
	case MM_SCAN_INIT:
	case MM_SCAN_INIT_RANGE:
		snprintf(buf, size, "done");
		break;
	case MM_SCAN_ADD:
	case MM_SCAN_REMOVE:
		snprintf(buf, size, "%s", res->ret ? "true" : "false");
		break;
	case MM_COLOR_EVICT:
	case MM_FIRST:
		snprintf(buf, size, "%s", slot);
		break;
	default:
		snprintf(buf, size, "%lld nodes, digest %016llx", res->ret,
			 res->digest);
	}
}

/* --- what differs ------------------------------------------------------------- */

int mm_fail(struct mm_run *run, const char *fmt, ...)
{
	size_t len = 0, size = sizeof(run->report);
	char op[256];
	va_list ap;

	if (run->step) {
		mm_describe(&run->op, op, sizeof(op));
		len = snprintf(run->report, size, "step %lu: %s\n", run->step, op);
	}
	va_start(ap, fmt);
	vsnprintf(run->report + len, size - len, fmt, ap);
	va_end(ap);
	return -1;
}

static int results_differ(struct mm_run *run, unsigned int i)
{
	char first[256], other[256];

	result_words(&run->op, &run->res[0], first, sizeof(first));
	result_words(&run->op, &run->res[i], other, sizeof(other));
	if (run->op.code == MM_PRINT)
		return mm_fail(run, "--- %s\n%s--- %s\n%s",
			       run->targets[0]->name, run->targets[0]->text(),
			       run->targets[i]->name, run->targets[i]->text());
	return mm_fail(run, "%13s: %s\n%13s: %s\n", run->targets[0]->name, first,
		       run->targets[i]->name, other);
}

static void span_words(const struct mm_state *st, unsigned long long n,
		       char *buf, size_t size)
{
	const struct mm_span *span = &st->nodes[n];

	if (n >= st->nr_nodes)
		snprintf(buf, size, "nothing");
	else
		snprintf(buf, size, "node %llu [%#llx + %#llx] color %llu",
			 span->slot, span->start, span->size, span->color);
}

static void hole_words(const struct mm_state *st, unsigned long long n,
		       char *buf, size_t size)
{
	if (n >= st->nr_holes)
		snprintf(buf, size, "nothing");
	else
		snprintf(buf, size, "hole [%#llx, %#llx)", st->holes[n].start,
			 st->holes[n].end);
}

/* The first place at which two states part. */
static int states_differ(struct mm_run *run, unsigned int i)
{
	const struct mm_state *a = &run->st[0], *b = &run->st[i];
	const char *names[] = { run->targets[0]->name, run->targets[i]->name };
	char first[128], other[128];
	unsigned long long n = 0;

	while (n < a->nr_nodes && n < b->nr_nodes &&
	       !memcmp(&a->nodes[n], &b->nodes[n], sizeof(a->nodes[n])))
		n++;
	if (n < a->nr_nodes || n < b->nr_nodes) {
		span_words(a, n, first, sizeof(first));
		span_words(b, n, other, sizeof(other));
		return mm_fail(run, "place %llu of the nodes\n%13s: %s\n%13s: %s\n",
			       n, names[0], first, names[1], other);
	}
	n = 0;
	while (n < a->nr_holes && n < b->nr_holes &&
	       !memcmp(&a->holes[n], &b->holes[n], sizeof(a->holes[n])))
		n++;
	if (n < a->nr_holes || n < b->nr_holes) {
		hole_words(a, n, first, sizeof(first));
		hole_words(b, n, other, sizeof(other));
		return mm_fail(run, "place %llu of the holes, newest first\n"
			       "%13s: %s\n%13s: %s\n",
			       n, names[0], first, names[1], other);
	}
	return mm_fail(run, "%13s: clean %llu scanned %llu hit [%#llx, %#llx)\n"
		       "%13s: clean %llu scanned %llu hit [%#llx, %#llx)\n",
		       names[0], a->clean, a->scan_active, a->hit_start, a->hit_end,
		       names[1], b->clean, b->scan_active, b->hit_start, b->hit_end);
}

static int same_state(const struct mm_state *a, const struct mm_state *b)
{
	return !memcmp(a, b, offsetof(struct mm_state, nodes)) &&
	       !memcmp(a->nodes, b->nodes, a->nr_nodes * sizeof(*a->nodes)) &&
	       !memcmp(a->holes, b->holes, a->nr_holes * sizeof(*a->holes));
}

/* --- counting ------------------------------------------------------------------- */

static unsigned int row_of(const struct mm_op *op)
{
	unsigned int mode = op->mode & ~MM_ONCE;

	if (op->code > MM_INSERT_GENERIC)
		return 2 * MM_ROW_MODES + op->code;
	if (mode > MM_EVICT)
		mode = MM_EVICT + 1;
	return op->code * MM_ROW_MODES + mode * 2 + !!(op->mode & MM_ONCE);
}

static int succeeded(const struct mm_op *op, const struct mm_result *res)
{
	switch (op->code) {
	case MM_INSERT_RANGE ... MM_RESERVE:
		return !res->ret;
	case MM_SCAN_ADD:
	case MM_SCAN_REMOVE:
	case MM_WALK_RANGE:
	case MM_WALK_SAFE:
		return !!res->ret;
	case MM_COLOR_EVICT:
	case MM_FIRST:
		return res->slot >= 0;
	}
	return 1;
}

static void count(struct mm_run *run)
{
	struct mm_stats *stats = run->stats;
	const struct mm_state *st = &run->st[0];

	stats->ops++;
	stats->row[row_of(&run->op)][succeeded(&run->op, &run->res[0])]++;
	if (st->nr_nodes > stats->most_nodes)
		stats->most_nodes = st->nr_nodes;
	if (st->nr_holes > stats->most_holes)
		stats->most_holes = st->nr_holes;
}

static void print_row(FILE *out, const char *name, const char *mode,
		      const unsigned long long *n)
{
	if (n[0] || n[1])
		fprintf(out, "  %-22s %-10s %12llu %12llu\n", name, mode, n[1], n[0]);
}

void mm_print_stats(FILE *out, const struct mm_stats *stats)
{
	unsigned int i, mode;
	char words[32];

	fprintf(out, "  %-22s %-10s %12s %12s\n", "", "", "yes", "no");
	for (i = 0; i < 2 * MM_ROW_MODES; i++) {
		mode = i % MM_ROW_MODES / 2;
		snprintf(words, sizeof(words), "%s%s",
			 mode > MM_EVICT ? "other" : mode_names[mode],
			 i & 1 ? "|ONCE" : "");
		print_row(out, code_names[i / MM_ROW_MODES], words, stats->row[i]);
	}
	for (i = 0; i < MM_CODES; i++)
		print_row(out, code_names[i], "", stats->row[2 * MM_ROW_MODES + i]);
	fprintf(out, "  programs by space:");
	for (i = 0; i < MM_SPACES; i++)
		fprintf(out, " %s %llu", space_names[i], stats->spaces[i]);
	fprintf(out, "\n  programs by colour:");
	for (i = 0; i < MM_COLOURS; i++)
		fprintf(out, " %s %llu", colour_names[i], stats->colours[i]);
	fprintf(out, "\n  at most %llu nodes, %llu holes; model followed %llu calls, "
		"left %llu undecided\n", stats->most_nodes, stats->most_holes,
		stats->modelled, stats->undecided);
}

/* --- one program ------------------------------------------------------------------- */

const char *mm_contest(void)
{
	static char text[128];

	if (&own__mm_target && &ksrc__mm_target)
		snprintf(text, sizeof(text), "%s against %s",
			 own__mm_target.name, ksrc__mm_target.name);
	else
		snprintf(text, sizeof(text), "%s against the model",
			 &own__mm_target ? own__mm_target.name :
					   ksrc__mm_target.name);
	return text;
}

static int compare(struct mm_run *run)
{
	unsigned int i;

	for (i = 0; i < run->nr; i++) {
		run->who = run->targets[i];
		run->targets[i]->state(&run->st[i]);
		if (run->st[i].nr_nodes > MM_SLOTS ||
		    run->st[i].nr_holes > MM_SLOTS + 1)
			return mm_fail(run, "%13s: a list has no end\n",
				       run->targets[i]->name);
		if (i && !same_state(&run->st[0], &run->st[i]))
			return states_differ(run, i);
	}
	return 0;
}

int mm_begin(struct mm_run *run, const struct mm_space *space, int modelled)
{
	unsigned int i;

	run->nr = 0;
	run->step = 0;
	run->report[0] = 0;
	run->space = *space;
	if (&own__mm_target)
		run->targets[run->nr++] = &own__mm_target;
	if (&ksrc__mm_target)
		run->targets[run->nr++] = &ksrc__mm_target;
	if (modelled || run->nr < 2)
		run->targets[run->nr++] = &mm_model;
	if (run->trace)
		fprintf(run->trace, "space [%#llx + %#llx] unit %#llx colour %s\n",
			space->start, space->size, space->unit,
			colour_names[space->colour]);
	host_warn_reset();
	for (i = 0; i < run->nr; i++) {
		run->who = run->targets[i];
		run->targets[i]->open(space);
	}
	return compare(run);
}

static void trace(struct mm_run *run)
{
	char op[256], res[256];

	mm_describe(&run->op, op, sizeof(op));
	result_words(&run->op, &run->res[0], res, sizeof(res));
	fprintf(run->trace, "%5lu %s: %s\n", run->step, op, res);
}

int mm_step(struct mm_run *run, const struct mm_op *op)
{
	unsigned int i;

	run->op = *op;
	run->step++;
	for (i = 0; i < run->nr; i++) {
		run->who = run->targets[i];
		run->res[i] = run->res[0];
		run->targets[i]->apply(&run->op, &run->res[i]);
	}
	if (run->trace)
		trace(run);
	for (i = 1; i < run->nr; i++) {
		if (memcmp(&run->res[0], &run->res[i], sizeof(run->res[0])))
			return results_differ(run, i);
	}
	if (compare(run))
		return -1;
	count(run);
	return 0;
}

int mm_check(struct mm_run *run)
{
	const char *fault;
	unsigned int i;

	for (i = 0; i < run->nr; i++) {
		run->who = run->targets[i];
		fault = run->targets[i]->check();
		if (fault)
			return mm_fail(run, "%13s: not so: %s\n",
				       run->targets[i]->name, fault);
	}
	return 0;
}

int mm_end(struct mm_run *run)
{
	unsigned int i;

	if (run->st[0].nr_nodes || run->st[0].nr_holes != 1 || !run->st[0].clean)
		return mm_fail(run, "not empty after every node was removed\n");
	for (i = 0; i < run->nr; i++) {
		run->who = run->targets[i];
		run->targets[i]->close();
	}
	if (host_warn_count())
		return mm_fail(run, "%lu warnings\n", host_warn_count());
	run->stats->programs++;
	run->stats->colours[run->space.colour]++;
	if (run->targets[run->nr - 1] == &mm_model) {
		run->stats->modelled += run->step;
		run->stats->undecided += mm_model_undecided();
	}
	return 0;
}
