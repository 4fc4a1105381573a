// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <fnmatch.h>

#include "run/choice.h"

/* Of a design that its scenario says nothing of. */
static const struct bench_wants unsaid = {
	"*", BENCH_DEFAULTS, BENCH_DEFAULTS, BENCH_NOT
};

/* The case whose parameters all have their defaults comes first of a path. */
static const struct lab_case *default_case(const struct lab_choice *ch,
					   const struct lab_case *c)
{
	size_t i;

	for (i = 0; i < ch->nr; i++)
		if (ch->cases[i].set == c->set && ch->cases[i].path == c->path)
			return &ch->cases[i];
	return c;
}

bool lab_choice_wide(const struct lab_choice *ch, const struct lab_case *c,
		     enum bench_width width)
{
	const struct lab_case *d = default_case(ch, c);
	unsigned int i, words = 0, numbers = 0, apart = 0;

	if (width == BENCH_NOT ||
	    (width != BENCH_THREADS && c->cfg.threads != d->cfg.threads))
		return false;
	for (i = 0; i < lab_path_params(c->path); i++) {
		const struct bench_param *param = &c->path->params[i];

		if (c->cfg.value[i] == d->cfg.value[i])
			continue;
		if (param->flags & BENCH_APART)
			apart++;
		else if (lab_param_is_word(param))
			words++;
		else
			numbers++;
	}
	if (width == BENCH_GRID)
		return true;
	if (width == BENCH_DEFAULTS || width == BENCH_THREADS)
		return !words && !numbers && !apart;
	if (apart)
		return width == BENCH_ONE_AT_A_TIME && apart == 1 &&
		       !words && !numbers;
	return width == BENCH_NUMBERS ? numbers == 1 : numbers <= 1;
}

static const struct bench_wants *entry_of(const struct bench_wants *wants,
					  const char *variant)
{
	for (; wants && wants->variant; wants++)
		if (!fnmatch(wants->variant, variant, 0))
			return wants;
	return NULL;
}

static const struct bench_wants *wants_of(const struct lab_case *c,
					  const char *variant)
{
	const struct bench_wants *wants = entry_of(c->path->wants, variant);

	if (!wants)
		wants = entry_of(c->scenario->wants, variant);
	return wants ? wants : &unsaid;
}

bool lab_choice_wants(const struct lab_choice *ch, const struct lab_case *c,
		      const char *variant)
{
	const struct bench_wants *wants = wants_of(c, variant);

	return lab_choice_wide(ch, c, ch->named ? wants->named :
						  wants->unnamed);
}

bool lab_choice_hosts(const struct lab_choice *ch, const struct lab_case *c,
		      bool asked)
{
	enum bench_width width = wants_of(c, c->set->variant)->hosts;

	if (!asked && width != BENCH_NOT)
		width = BENCH_DEFAULTS;
	return lab_choice_wide(ch, c, width);
}
