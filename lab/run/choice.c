// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <fnmatch.h>
#include <string.h>

#include "run/choice.h"

struct rule {
	const char *scenario, *path, *variant;
	enum lab_width width;
};

/* Where no scenario is asked for by name: a few rows of the large ones. */
static const struct rule unnamed[] = {
	{ "contention",		 "shared_bo",	"gpuva",	LAB_DEFAULTS },
	{ "contention",		 "shared_bo",	"immediate",	LAB_DEFAULTS },
	{ "contention",		 "evict_bind",	"gpuva",	LAB_DEFAULTS },
	{ "contention",		 "evict_bind",	"immediate",	LAB_DEFAULTS },
	{ "contention",		 "*",		"*",		LAB_NOT },
	{ "exec_lists",		 "*",		"*",		LAB_NOT },
	{ "vm_bind",		 "*",		"gpuva",	LAB_DEFAULTS },
	{ "vm_bind",		 "*",		"*",		LAB_NOT },
	{ "vm_bind_free",	 "*",		"gpuva",	LAB_DEFAULTS },
	{ "vm_bind_free",	 "*",		"*",		LAB_NOT },
	{ "vm_bind_drivers",	 "*",		"*",		LAB_NOT },
};

/* The first rule that matches a case and names the variant decides. */
static const struct rule variants[] = {
	{ "resv_vs_custom_lock", "*",		"gpuva",	LAB_ONE_AT_A_TIME },
	{ "resv_vs_custom_lock", "link",	"gpuva_coarse",	LAB_ONE_AT_A_TIME },
	{ "resv_vs_custom_lock", "cycle",	"gpuva_coarse",	LAB_DEFAULTS },
	{ "resv_vs_custom_lock", "shared_resv",	"gpuva_coarse",	LAB_NUMBERS },
	{ "resv_vs_custom_lock", "contended",	"immediate",	LAB_ONE_AT_A_TIME },
	{ "resv_vs_custom_lock", "contended",	"arc_mutex",	LAB_ONE_AT_A_TIME },
	{ "resv_vs_custom_lock", "*",		"*",		LAB_NOT },
	{ "contention",		 "*",		"none",		LAB_NOT },
	{ "contention",		 "*",		"gpuva",	LAB_ONE_AT_A_TIME },
	{ "contention",		 "*",		"immediate",	LAB_ONE_AT_A_TIME },
	{ "exec_lists",		 "*",		"gpuva",	LAB_ONE_AT_A_TIME },
	{ "vm_bind*",		 "*",		"gpuva",	LAB_ONE_AT_A_TIME },
	{ "vm_bind*",		 "*",		"*",		LAB_DEFAULTS },
	{ "break_even",		 "*",		"gpuva",	LAB_GRID },
	{ "break_even",		 "relink",	"gpuva_coarse",	LAB_GRID },
	{ "break_even",		 "*",		"*",		LAB_NOT },
	{ "mm_insert",		 "insert",	"*",		LAB_DEFAULTS },
	{ "mm_insert",		 "vs_mutex",	"arc_mutex",	LAB_DEFAULTS },
	{ "mm_insert",		 "vs_mutex",	"explicit_free", LAB_DEFAULTS },
	{ "mm_insert",		 "vs_mutex",	"guard",	LAB_DEFAULTS },
	{ "mm_insert",		 "vs_resv",	"mutex",	LAB_DEFAULTS },
	{ "mm_insert",		 "vs_resv",	"resv_mutex",	LAB_DEFAULTS },
	{ "mm_insert",		 "drop",	"arc_mutex",	LAB_ONE_AT_A_TIME },
	{ "mm_insert",		 "drop",	"explicit_free", LAB_ONE_AT_A_TIME },
	{ "mm_insert",		 "vs_arc",	"explicit_free", LAB_ONE_AT_A_TIME },
	{ "mm_insert",		 "shared",	"spin",		LAB_THREADS },
	{ "mm_insert",		 "shared",	"arc_mutex",	LAB_THREADS },
	{ "mm_insert",		 "private",	"spin",		LAB_THREADS },
	{ "mm_insert",		 "private",	"arc_mutex",	LAB_THREADS },
	{ "mm_insert",		 "*",		"*",		LAB_NOT },
	{ "*",			 "*",		"*",		LAB_DEFAULTS },
};

/* Between hosts, what a variant adds is not the question. */
static const struct rule hosts[] = {
	{ "vm_bo_lock",		 "*",		"*",		LAB_ONE_AT_A_TIME },
	{ "vm_bind*",		 "*",		"resv",		LAB_ONE_AT_A_TIME },
	{ "vm_bind*",		 "*",		"gpuva",	LAB_DEFAULTS },
	{ "vm_bind_drivers",	 "*",		"immediate",	LAB_DEFAULTS },
	{ "mm_insert",		 "insert",	"none",		LAB_ONE_AT_A_TIME },
	{ "mm_insert",		 "placed",	"none",		LAB_ONE_AT_A_TIME },
	{ "mm_insert",		 "reserve",	"none",		LAB_ONE_AT_A_TIME },
	{ "mm_insert",		 "scan",	"none",		LAB_ONE_AT_A_TIME },
};

#define NR(table)	(sizeof(table) / sizeof(*(table)))

/* The case whose parameters all have their defaults comes first of a path. */
static const struct lab_case *default_case(const struct lab_rules *r,
					   const struct lab_case *c)
{
	size_t i;

	for (i = 0; i < r->nr; i++)
		if (r->cases[i].set == c->set && r->cases[i].path == c->path)
			return &r->cases[i];
	return c;
}

bool lab_rules_wide(const struct lab_rules *r, const struct lab_case *c,
		    enum lab_width width)
{
	const struct lab_case *d = default_case(r, c);
	unsigned int i, words = 0, numbers = 0, temp = 0;

	if (width == LAB_GRID && !r->named)
		width = LAB_DEFAULTS;
	if (width == LAB_NOT ||
	    (width != LAB_THREADS && c->cfg.threads != d->cfg.threads))
		return false;
	for (i = 0; i < lab_path_params(c->path); i++) {
		const struct bench_param *param = &c->path->params[i];

		if (c->cfg.value[i] == d->cfg.value[i])
			continue;
		if (!strcmp(param->name, "temp"))
			temp++;
		else if (lab_param_is_word(param))
			words++;
		else
			numbers++;
	}
	if (width == LAB_GRID)
		return true;
	if (width == LAB_DEFAULTS || width == LAB_THREADS)
		return !words && !numbers && !temp;
	if (temp)
		return width == LAB_ONE_AT_A_TIME && !words && !numbers;
	return width == LAB_NUMBERS ? numbers == 1 : numbers <= 1;
}

static const struct rule *rule_of(const struct rule *table, size_t nr,
				  const struct lab_case *c, const char *variant)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (!fnmatch(table[i].scenario, c->scenario->name, 0) &&
		    !fnmatch(table[i].path, c->path->name, 0) &&
		    !fnmatch(table[i].variant, variant, 0))
			return &table[i];
	return NULL;
}

bool lab_rules_want(const struct lab_rules *r, const struct lab_case *c,
		    const char *variant)
{
	const struct rule *rule = NULL;

	if (!r->named)
		rule = rule_of(unnamed, NR(unnamed), c, variant);
	if (!rule)
		rule = rule_of(variants, NR(variants), c, variant);
	return rule && lab_rules_wide(r, c, rule->width);
}

bool lab_rules_hosts(const struct lab_rules *r, const struct lab_case *c,
		     enum lab_width width)
{
	return rule_of(hosts, NR(hosts), c, c->set->variant) &&
	       lab_rules_wide(r, c, width);
}
