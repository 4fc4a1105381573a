// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/cpus.h"
#include "base/text.h"
#include "machine/env.h"
#include "pace/pace.h"
#include "report/counters.h"
#include "report/cpus.h"
#include "report/exact.h"
#include "report/parts.h"
#include "report/table.h"
#include "timing/analysis.h"

#define NAME_SIZE	64
#define CELL		24
#define LEAST_STOLEN	0.05	/* percent that is shown */

/* A scale in which times have few digits. */
struct unit {
	const char *name;
	double ns;
};

static int decimals_for(double x)
{
	if (x < 10)
		return 3;
	if (x < 1e3)
		return 2;
	return x < 1e4 ? 1 : 0;
}

/* By the larger arm, whose digits the interval may have, too. */
static struct unit unit_of(const struct lab_row *row)
{
	double ns = fmax(row->ns[0], row->ns[1]);
	struct unit u = { "ns/op", 1 };

	if (ns >= 1e8)
		u = (struct unit){ "ms/op", 1e6 };
	else if (ns >= 1e5)
		u = (struct unit){ "us/op", 1e3 };
	return u;
}

/* A line of items; one that does not fit starts another line. */
struct line {
	FILE *f;
	int column;
};

static void __attribute__((format(printf, 2, 3)))
put(struct line *l, const char *fmt, ...)
{
	char item[LAB_COLUMNS + 1];
	const char *text = item;
	va_list ap;
	int len;

	va_start(ap, fmt);
	vsnprintf(item, sizeof(item), fmt, ap);
	va_end(ap);
	len = strlen(item);
	/* a column is left for a closing bracket */
	if (l->column && l->column + len >= LAB_COLUMNS) {
		text += strspn(text, " ");
		l->column = fprintf(l->f, "\n  ") - 1;
	}
	l->column += fprintf(l->f, "%s", text);
}

static void end(struct line *l)
{
	fputc('\n', l->f);
	l->column = 0;
}

/* "-" for what could not be measured. */
static const char *cell(char *buf, double x, int decimals, bool sign)
{
	if (isnan(x))
		return strcpy(buf, "-");
	snprintf(buf, CELL, sign ? "%+.*f" : "%.*f", decimals, x);
	return buf;
}

static const char *arm_name(const struct lab_row *row, unsigned int arm,
			    char *buf)
{
	const struct lab_set *base = row->ask.base.set;
	const struct lab_set *new_ = row->ask.new_.set;
	const struct lab_set *set = arm == 1 ? new_ : base;

	if (!strcmp(base->host, new_->host))
		snprintf(buf, NAME_SIZE, "%s%s", set->variant,
			 lab_same_variant(base, new_) && arm ? " (2)" : "");
	else if (!strcmp(base->variant, new_->variant))
		snprintf(buf, NAME_SIZE, "%s", set->host);
	else
		snprintf(buf, NAME_SIZE, "%s:%s", set->host, set->variant);
	return buf;
}

static void print_title(FILE *f, const struct lab_row *row)
{
	const struct lab_case *c = &row->ask.base;
	char left[128], right[128], word[NAME_SIZE];
	unsigned int i, n = lab_path_params(c->path);
	int room, used;

	snprintf(right, sizeof(right), "[%s/%s]", c->scenario->name,
		 c->path->name);
	snprintf(left, sizeof(left), "%s, %u thread%s%s%s%s", c->path->title,
		 c->cfg.threads, c->cfg.threads > 1 ? "s" : "",
		 lab_case_oversubscribed(c) ? " oversubscribed" : "",
		 strcmp(c->set->host, "own") ? ", host " : "",
		 strcmp(c->set->host, "own") ? c->set->host : "");
	room = LAB_COLUMNS - (int)strlen(right);
	if ((int)strlen(left) < room)
		fprintf(f, "%-*s%s\n", room, left, right);
	else
		fprintf(f, "%.72s\n%*s\n", left, LAB_COLUMNS, right);
	for (i = 0, used = 0; i < n; i++) {
		lab_param_word(&c->path->params[i], c->cfg.value[i], word,
			       sizeof(word));
		used += fprintf(f, "%s%s=%s", i ? " " : "",
				c->path->params[i].name, word);
	}
	if (used)
		fputc('\n', f);
}

static void verdict_cell(const struct lab_row *row, char *buf)
{
	const char *name = lab_verdict_name(row->verdict);

	if (row->verdict == LAB_INCONCLUSIVE || row->verdict == LAB_NO_RESULT)
		snprintf(buf, CELL, "%s", name);
	else if (row->ratio.est >= 10)
		snprintf(buf, CELL, "%s x%.1f", name, row->ratio.est);
	else
		snprintf(buf, CELL, "%s %+.1f%%", name,
			 100 * (row->ratio.est - 1));
}

static void interval_cell(struct lab_interval i, double scale, int decimals,
			  char *buf)
{
	char lo[CELL], hi[CELL];

	snprintf(buf, 2 * CELL, "%s %s", cell(lo, i.lo / scale, decimals, true),
		 cell(hi, i.hi / scale, decimals, true));
}

static struct lab_interval percent(struct lab_interval r)
{
	return (struct lab_interval){ 100 * (r.est - 1), 100 * (r.lo - 1),
				      100 * (r.hi - 1) };
}

/* One unit's numbers, and what stands behind them. */
static void print_line(FILE *f, const struct lab_row *row, const char *unit,
		       double scale, const char *behind)
{
	int decimals = decimals_for(scale * fmax(row->ns[0], row->ns[1]));
	char a[CELL], b[CELL], d[CELL], i[2 * CELL];

	interval_cell(row->delta, 1 / scale, decimals, i);
	fprintf(f, "%-9s%10s%11s%10s  %-15s %s\n", unit,
		cell(a, scale * row->ns[0], decimals, false),
		cell(b, scale * row->ns[1], decimals, false),
		cell(d, scale * row->delta.est, decimals, true), i, behind);
}

static void print_cycles(FILE *f, const struct lab_row *row, const char *behind)
{
	double scale = 1 / row->cycle_ns;
	double most = scale * fmax(row->ns[0], row->ns[1]);

	if (most < 1e5)
		print_line(f, row, "cycles/op", scale, behind);
	else if (most < 1e8)
		print_line(f, row, "kcyc/op", scale / 1e3, behind);
	else
		print_line(f, row, "Mcyc/op", scale / 1e6, behind);
}

static void print_numbers(FILE *f, const struct lab_row *row)
{
	struct lab_interval rel = percent(row->ratio);
	struct unit u = unit_of(row);
	char a[NAME_SIZE], b[NAME_SIZE], d[CELL], i[2 * CELL], v[2 * CELL];
	double most = fmax(fabs(rel.lo), fabs(rel.hi));
	int decimals = decimals_for(fmax(10, 10 * most));

	snprintf(i, sizeof(i), "%.3g%% CI", lab_level_percent(row->level));
	fprintf(f, "%9s%10.10s%11.11s%10s  %-15s %s\n", "",
		arm_name(row, 0, a), arm_name(row, 1, b), "delta",
		isfinite(row->level) ? i : "CI", "verdict");
	verdict_cell(row, v);
	print_line(f, row, u.name, 1 / u.ns, v);
	if (isfinite(row->cycle_ns)) {
		snprintf(v, sizeof(v), "at %.2f GHz", 1 / row->cycle_ns);
		print_cycles(f, row, v);
	}
	interval_cell(rel, 1, decimals, i);
	fprintf(f, "%-30s%10s  %s\n", "percent",
		cell(d, rel.est, decimals, true), i);
}

static void print_aa(FILE *f, const struct lab_row *row)
{
	bool self = lab_same_variant(row->ask.base.set, row->ask.new_.set);
	struct lab_interval aa = percent(row->aa);
	char est[CELL], i[2 * CELL], det[CELL];
	struct line l = { f, 0 };

	interval_cell(aa, 1, 2, i);
	if (self)
		put(&l, "A/A is this row");
	else
		put(&l, "A/A %s%% [%s] %s", cell(est, aa.est, 2, true), i,
		    lab_verdict_name(row->aa_verdict));
	put(&l, "  detects %s%%", cell(det, row->detects, 2, false));
	put(&l, "  margin %g%%", row->ask.margin);
	if (isfinite(row->sure_level))
		put(&l, " at %.1f%%", lab_level_percent(row->sure_level));
	end(&l);
	if ((self || row->nr_arms == 3) && row->verdict != LAB_NO_RESULT &&
	    lab_doubtful(row)) {
		put(&l, "A/A: equal code reads apart: no margin of %g%% in this run",
		    row->ask.margin);
		end(&l);
	}
}

static void print_rounds(FILE *f, const struct lab_row *row)
{
	unsigned long dropped = row->nr_raw - row->rounds;
	const char *sep = " (", *close = "";
	struct line l = { f, 0 };

	put(&l, "rounds %lu in %lu placement%s of %u process%s", row->rounds,
	    row->placements, row->placements == 1 ? "" : "s",
	    row->processes, row->processes == 1 ? "" : "es");
	if (row->unit != LAB_BY_PROCESS)
		put(&l, "  CI over its %ss", lab_unit_name(row->unit));
	if (row->outliers)
		put(&l, "  outliers %u", row->outliers);
	put(&l, "  dropped %lu", dropped);
	for (int d = LAB_KEPT + 1; d < LAB_NR_DROPS; d++) {
		if (!row->dropped[d])
			continue;
		put(&l, "%s%s %lu", sep, lab_drop_name(d), row->dropped[d]);
		sep = " ";
		close = ")";
	}
	fputs(close, f);
	if (row->stolen >= LEAST_STOLEN)
		put(&l, "  stolen %.1f%%", row->stolen);
	if (lab_row_throttled(row) > 0)
		put(&l, "  throttled %.2f s", lab_row_throttled(row));
	end(&l);
	if (row->disturbed)
		fputs("DISTURBED nearly all the time: no round was dropped for it\n", f);
	if (row->alone > LAB_PROBE_INSNS / LAB_NARROW)
		fprintf(f, "the core never delivered more than %.1f instructions a cycle: shared?\n",
			LAB_PROBE_INSNS / row->alone);
}

static void print_oversubscribed(FILE *f, const struct lab_row *row)
{
	if (lab_case_oversubscribed(&row->ask.base))
		fprintf(f, "oversubscribed: %u threads on %u CPU%s; preemption drops no round\n",
			row->ask.base.cfg.threads, lab_cpus_allowed(),
			lab_cpus_allowed() > 1 ? "s" : "");
}

static void print_epochs(FILE *f, const struct lab_row *row)
{
	struct line l = { f, 0 };
	bool ms = row->epoch_ns >= 1e6;
	char share[CELL];

	put(&l, "epoch %s %s of %lu ops",
	    cell(share, row->epoch_ns * (ms ? 1e-6 : 1e-3), 1, false),
	    ms ? "ms" : "us", row->ops_per_epoch);
	put(&l, "  harness %s%%", cell(share, 100 * row->harness, 3, false));
	if (!isnan(row->skew)) {
		put(&l, "  skew %.0f ns", row->skew);
		put(&l, "  overlap %.3f", row->overlap);
	}
	if (row->handover_ns > 0)
		put(&l, "  handover %.0f ns", row->handover_ns);
	end(&l);
}

static void print_thread(FILE *f, const struct lab_row *row, unsigned int arm,
			 unsigned int t)
{
	const struct lab_thread_row *tr = &row->threads[arm][t];
	const struct bench_path *path = row->ask.base.path;
	char name[NAME_SIZE], label[2 * NAME_SIZE], c[CELL];
	double rate = tr->seconds > 0 ? tr->ops / tr->seconds : NAN;

	snprintf(label, sizeof(label), "%s %u %s", arm_name(row, arm, name), t,
		 path->roles ? path->roles[t] : "");
	fprintf(f, "%-24.24s%8s", label, cell(c, rate * 1e-6, 3, false));
	if (path->flags & BENCH_LATENCY) {
		fprintf(f, "%10s", cell(c, tr->p50, 0, false));
		fprintf(f, "%10s", cell(c, tr->p99, 0, false));
		fprintf(f, "%10s", cell(c, tr->p999, 0, false));
		fprintf(f, "%10s", cell(c, tr->max, 0, false));
	}
	fputc('\n', f);
}

static void print_threads(FILE *f, const struct lab_row *row)
{
	const struct bench_path *path = row->ask.base.path;
	unsigned int threads = row->ask.base.cfg.threads;
	char c[CELL];

	if (threads == 1 && !(path->flags & BENCH_LATENCY))
		return;
	fprintf(f, "%-24s%8s", "thread", "Mop/s");
	if (path->flags & BENCH_LATENCY)
		fprintf(f, "%10s%10s%10s%10s", "p50 ns", "p99", "p99.9", "max");
	fputc('\n', f);
	for (unsigned int arm = 0; arm < 2; arm++)
		for (unsigned int t = 0; t < threads; t++)
			print_thread(f, row, arm, t);
	if (path->tally) {
		fprintf(f, "%s per op of thread %u: %s", path->tally,
			threads - 1, cell(c, lab_row_tally(row, 0), 3, false));
		fprintf(f, " %s\n", cell(c, lab_row_tally(row, 1), 3, false));
	}
	if (threads == 1 || path->flags & BENCH_ROLES)
		return;
	if (!isfinite(row->fair[0]))
		return;
	fprintf(f, "fairness min/max %s", cell(c, row->fair[0], 3, false));
	fprintf(f, " %s\n", cell(c, row->fair[1], 3, false));
}

int lab_table_print(FILE *f, const struct lab_row *row,
		    const struct lab_exact_map *counts)
{
	char env[LAB_ENV_COLUMNS + 1];

	print_title(f, row);
	if (row->rounds)
		print_numbers(f, row);
	if (row->note[0])
		fprintf(f, "NO RESULT: %.61s\n", row->note);
	if (row->partial)
		fprintf(f, "partial: stopped after %.2f of %g s\n",
			row->seconds, row->ask.budget);
	if (row->rounds) {
		print_threads(f, row);
		if (counts)
			lab_say_exact_table(f, lab_exact_map_find(counts,
								  &row->ask.base),
					    lab_exact_map_find(counts,
							       &row->ask.new_));
		lab_say_counters(f, row, "", true);
		print_aa(f, row);
	}
	print_rounds(f, row);
	print_oversubscribed(f, row);
	lab_say_siblings(f, row, "");
	lab_say_quota(f, &row->ask.base.cfg.threads, 1);
	print_epochs(f, row);
	lab_env_line(env, sizeof(env), row->ask.seed);
	fprintf(f, "%s\n", env);
	lab_say_command(f, "repro:", row->command);
	return fflush(f) || ferror(f) ? -EIO : 0;
}
