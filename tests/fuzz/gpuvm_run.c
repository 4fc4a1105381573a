// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Makes each call on all sides, and compares all that they tell. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "fuzz.h"
#include "gpuvm_run.h"
#include "host.h"

static struct gv_run run;

int gv_fail(struct gv_run *r, const char *fmt, ...)
{
	size_t len = 0, size = sizeof(r->report);
	char op[256];
	va_list ap;

	if (r->step) {
		gv_op_words(&r->op, op, sizeof(op));
		len = snprintf(r->report, size, "step %lu: %s\n", r->step, op);
	}
	va_start(ap, fmt);
	vsnprintf(r->report + len, size - len, fmt, ap);
	va_end(ap);
	return -1;
}

/* The first event at which two sides part, and the one before it. */
static int logs_differ(struct gv_run *r, unsigned int i)
{
	const struct gv_log *a = &r->log[0], *b = &r->log[i];
	char first[256], other[256], before[256] = "the call";
	unsigned int n = 0;

	while (n < a->nr && n < b->nr &&
	       !memcmp(&a->ev[n], &b->ev[n], sizeof(a->ev[n])))
		n++;
	gv_event_words(a, n, first, sizeof(first));
	gv_event_words(b, n, other, sizeof(other));
	if (n)
		gv_event_words(a, n - 1, before, sizeof(before));
	return gv_fail(r, "event %u, after: %s\n%13s: %s\n%13s: %s\n", n, before,
		       r->targets[0]->name, first, r->targets[i]->name, other);
}

static int same_log(const struct gv_log *a, const struct gv_log *b)
{
	return a->nr == b->nr && a->odd == b->odd &&
	       !memcmp(a->ev, b->ev, a->nr * sizeof(a->ev[0]));
}

/* What all sides told is one thing, and none that must not be. */
static int compare(struct gv_run *r)
{
	unsigned int i;

	for (i = 0; i < r->nr; i++) {
		if (r->log[i].nr > GV_EVENTS)
			return gv_fail(r, "%13s: a list has no end\n",
				       r->targets[i]->name);
		if (i && !same_log(&r->log[0], &r->log[i]))
			return logs_differ(r, i);
	}
	return 0;
}

/* --- one program --------------------------------------------------------------- */

static void turn_to(struct gv_run *r, unsigned int i)
{
	r->at = i;
	fuzz_memory_use(i);
	host_warn_reset();
}

int gv_begin(struct gv_run *r, const struct gv_space *space)
{
	unsigned int i;

	r->nr = 0;
	r->step = 0;
	r->report[0] = 0;
	r->space = *space;
	if (&own__gpuvm_target)
		r->targets[r->nr++] = &own__gpuvm_target;
	if (&ksrc__gpuvm_target)
		r->targets[r->nr++] = &ksrc__gpuvm_target;
	if (r->trace)
		fprintf(r->trace, "space [%#llx + %u * %#llx] kernel %u + %u\n",
			space->start, space->cells, space->unit, space->kernel,
			space->kernel_cells);
	for (i = 0; i < r->nr; i++) {
		turn_to(r, i);
		fuzz_memory_reset();
		r->targets[i]->open(space);
	}
	gv_model_begin(space);
	return 0;
}

static void trace(struct gv_run *r)
{
	char words[256];
	unsigned int i;

	gv_op_words(&r->op, words, sizeof(words));
	fprintf(r->trace, "%5lu %s\n", r->step, words);
	for (i = 0; i < r->log[0].nr && i < GV_EVENTS; i++) {
		gv_event_words(&r->log[0], i, words, sizeof(words));
		fprintf(r->trace, "          %s\n", words);
	}
}

static void count(struct gv_run *r)
{
	const struct gv_log *log = &r->log[0];
	unsigned long long vas = 0;
	unsigned int i;

	for (i = 0; i < log->nr; i++) {
		r->stats.events[log->ev[i].kind]++;
		if (log->ev[i].kind == GV_E_VM)
			vas = 0;
		vas += log->ev[i].kind == GV_E_VA;
		if (log->ev[i].kind == GV_E_SEEN &&
		    (long long)log->ev[i].v[1] == -EDEADLK)
			r->stats.contended++;
		if (vas > r->stats.most_vas)
			r->stats.most_vas = vas;
	}
	if (gv_idle(log))
		return;
	r->stats.ops++;
	r->stats.row[r->op.code][!gv_ret(log)]++;
}

static int check_warnings(struct gv_run *r)
{
	unsigned long warnings = r->log[0].ev[r->log[0].nr - 1].v[2];

	r->stats.warnings += warnings;
	if (warnings && !r->log[0].odd)
		return gv_fail(r, "%lu warnings\n", warnings);
	return 0;
}

int gv_step(struct gv_run *r, const struct gv_op *op)
{
	const char *fault;
	unsigned int i;

	r->op = *op;
	r->step++;
	for (i = 0; i < r->nr; i++) {
		turn_to(r, i);
		r->targets[i]->apply(&r->op, &r->log[i]);
	}
	if (r->trace)
		trace(r);
	if (compare(r) || check_warnings(r))
		return -1;
	fault = gv_model_step(op, &r->log[0]);
	if (fault)
		return gv_fail(r, "%13s: %s\n", "the model", fault);
	count(r);
	return 0;
}

int gv_check(struct gv_run *r)
{
	const char *fault;
	unsigned int i;

	for (i = 0; i < r->nr; i++) {
		turn_to(r, i);
		fault = r->targets[i]->check();
		if (fault)
			return gv_fail(r, "%13s: not so: %s\n",
				       r->targets[i]->name, fault);
	}
	return 0;
}

int gv_end(struct gv_run *r)
{
	unsigned int i;

	r->op = (struct gv_op) { .code = GV_VM_CLOSE };
	for (i = 0; i < r->nr; i++) {
		turn_to(r, i);
		r->targets[i]->close(&r->log[i]);
		if (fuzz_memory_live())
			return gv_fail(r, "%13s: %ld allocations are left\n",
				       r->targets[i]->name, fuzz_memory_live());
	}
	if (compare(r) || check_warnings(r))
		return -1;
	r->stats.programs++;
	return 0;
}

/* --- as the drivers of a fuzzer see it ------------------------------------------- */

static int subject_run(const unsigned char *bytes, size_t size)
{
	int ret;

	host_warn_mute(1);
	ret = gv_program(&run, bytes, size);
	host_warn_mute(0);
	return ret;
}

static int subject_fault(const char *what)
{
	host_warn_mute(0);
	return gv_fail(&run, "%13s: %s; it printed last: %s\n",
		       run.targets[run.at]->name, what, fuzz_last_words());
}

static const char *subject_contest(void)
{
	static char text[128];

	if (&own__gpuvm_target && &ksrc__gpuvm_target)
		snprintf(text, sizeof(text), "%s against %s",
			 own__gpuvm_target.name, ksrc__gpuvm_target.name);
	else
		snprintf(text, sizeof(text), "%s against the model",
			 &own__gpuvm_target ? own__gpuvm_target.name :
					      ksrc__gpuvm_target.name);
	return text;
}

/* Two sides that call the same function would never differ. */
static const char *subject_same(void)
{
	static const char *const names[] = {
		"drm_gpuvm_sm_map", "drm_gpuvm_bo_obtain", "drm_gpuvm_exec_lock",
		"drm_exec_lock_obj",
	};
	unsigned int i;

	if (!&own__gpuvm_target || !&ksrc__gpuvm_target)
		return NULL;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (own__gpuvm_target.code[i] == ksrc__gpuvm_target.code[i])
			return names[i];
	}
	return NULL;
}

static unsigned long long subject_ops(void)
{
	return run.stats.ops;
}

static unsigned long long subject_programs(void)
{
	return run.stats.programs;
}

static void subject_trace(FILE *out)
{
	run.trace = out;
}

static void subject_print_stats(FILE *out)
{
	unsigned int i;

	gv_print_stats(out, &run.stats);
	for (i = 0; i < run.nr; i++)
		fprintf(out, "  %s: drm_gpuvm_sm_map at %p, drm_exec_lock_obj at %p\n",
			run.targets[i]->name, run.targets[i]->code[0],
			run.targets[i]->code[3]);
}

const struct fuzz_subject fuzz_subject = {
	.name = "gpuvm_fuzz",
	.header = GV_HEADER,
	.record = GV_RECORD,
	.report = run.report,
	.run = subject_run,
	.fault = subject_fault,
	.contest = subject_contest,
	.same = subject_same,
	.ops = subject_ops,
	.programs = subject_programs,
	.trace = subject_trace,
	.print_stats = subject_print_stats,
};
