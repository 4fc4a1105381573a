/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Which comparisons a run makes. */
#ifndef _LAB_PLAN_H
#define _LAB_PLAN_H

#include <stddef.h>

#include "timing/row.h"

#define LAB_WHY		256
#define LAB_MAX_PICKED	32

enum lab_kind {
	LAB_CONTROL,		/* a primitive by itself */
	LAB_COMPARISON,		/* two variants of one host */
	LAB_FIDELITY,		/* one variant on two hosts */
};

/**
 * struct lab_record - a comparison that is planned, and what became of it
 * @kind: which part of the report it belongs to
 * @weight: its share of the budget
 * @variant: the new one that is asked for, whether or not there is such a case
 * @measured: @row holds something
 * @why: when it does not: the reason
 * @row: the row, with its rounds
 */
struct lab_record {
	enum lab_kind kind;
	double weight;
	const char *variant;
	bool measured;
	char why[LAB_WHY];
	struct lab_row row;
};

/**
 * struct lab_request - what the user wants compared
 * @host: whose variants
 * @glob: of scenarios or scenario/path, commas between several
 * @variant: the variants
 * @nr_variants: how many of @variant; none: the default ones
 * @threads: of every case; 0: what the paths ask for. More than there are
 *	CPUs are oversubscribed.
 * @against: compare @host with this host, and nothing else; or NULL
 * @margin: percent
 * @seed: of everything
 * @events: to be counted
 */
struct lab_request {
	const char *host;
	const char *glob;
	const char *variant[LAB_MAX_PICKED];
	unsigned int nr_variants;
	unsigned int threads;
	const char *against;
	double margin;
	unsigned long seed;
	const struct lab_events *events;
};

/**
 * lab_plan() - make the list of comparisons
 * @request: what is wanted
 * @plan: gets an array to be freed
 * @nr: gets its length
 * @err: gets one line, LAB_CASE_ERROR bytes
 *
 * Controls come first, then headlines, then all others. A row that cannot be
 * measured here stands in the list with its reason.
 *
 * Variants that are not asked for by name are chosen by what scenarios want; those
 * that are, are compared on every case that BENCH_ONE_AT_A_TIME takes in.
 *
 * Return: 0; -ENOENT when a name or the glob means nothing; -ENOMEM.
 */
int lab_plan(const struct lab_request *request, struct lab_record **plan, size_t *nr,
	     char *err);

/**
 * lab_headline_of() - what a report says of a comparison before all tables
 * @request: what was asked for
 * @r: the comparison
 *
 * Return: its path's headline, if it is about this design against the path's base,
 * at the defaults; else NULL.
 */
const struct bench_headline *lab_headline_of(const struct lab_request *request,
					     const struct lab_record *r);

/**
 * lab_headline_weight() - how much of a headline there is
 * @h: the headline
 *
 * Return: its weight; 1 where it has none of its own.
 */
static inline double lab_headline_weight(const struct bench_headline *h)
{
	return h->weight > 0 ? h->weight : 1;
}

/**
 * lab_params_text() - a case's parameters as "a=1 b=2"
 * @c: the case
 * @buf: gets the text, with threads= where it can differ
 * @size: of @buf
 *
 * Return: @buf.
 */
char *lab_params_text(const struct lab_case *c, char *buf, size_t size);

#endif /* _LAB_PLAN_H */
