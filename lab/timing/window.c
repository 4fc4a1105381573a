// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Why a common window. Each thread's rate over its own first operations counts
 * bursts as speed: who is lucky is done early, and its rate stands for that time
 * alone; who is not is timed for longer, and gets its share back after the other
 * is done. Both are then above what they had together, by 0.5 % where the slowest
 * thread has 0.82 of the fastest one's rate, by 2 % where it has 0.64
 * (tests/test_window.c). Over one window all operations are counted once.
 */
#include "timing/window.h"

struct lab_window lab_window_of(const struct lab_epoch *e, unsigned int threads,
				bool oversubscribed)
{
	uint64_t first = e->thread[0].start, last = first;
	struct lab_window w = { 0, e->thread[0].load_end };

	for (unsigned int i = 1; i < threads; i++) {
		const struct lab_thread_epoch *p = &e->thread[i];

		first = p->start < first ? p->start : first;
		last = p->start > last ? p->start : last;
		w.to = p->load_end < w.to ? p->load_end : w.to;
	}
	w.from = oversubscribed ? first : last;
	if (w.to < w.from)
		w.to = w.from;
	return w;
}

/* Evenly from @a to @b. */
static double part(uint64_t at, uint64_t a, uint64_t b)
{
	if (at <= a)
		return 0;
	return at < b ? (double)(at - a) / (b - a) : 1;
}

/*
 * A thread looks whether the load is still wanted before it reads @mark, and
 * @mark_ops were done before it looked. All loads end after the last such look,
 * so that before @mark nothing is between.
 */
static double ops_at(const struct lab_thread_epoch *p, uint64_t at)
{
	if (at < p->end)
		return p->ops * part(at, p->start, p->end);
	return p->mark_ops + (p->load_ops - p->mark_ops) *
	       part(at, p->mark, p->load_end);
}

double lab_window_ops(const struct lab_thread_epoch *p, struct lab_window w)
{
	return ops_at(p, w.to) - ops_at(p, w.from);
}
