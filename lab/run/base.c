// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <string.h>

#include "run/base.h"

bool lab_host_has(const char *host, const char *variant, const char *scenario)
{
	unsigned int i;

	for (i = 0; i < lab_nr_sets; i++)
		if (lab_sets[i].copy == 1 && !strcmp(lab_sets[i].host, host) &&
		    !strcmp(lab_sets[i].variant, variant) &&
		    (!*scenario || lab_set_has(&lab_sets[i], scenario)))
			return true;
	return false;
}

const char *lab_base_first(const char *host, const char *scenario)
{
	unsigned int i;

	for (i = 0; i < lab_nr_sets; i++)
		if (!strcmp(lab_sets[i].host, host) &&
		    lab_set_has(&lab_sets[i], scenario))
			return lab_sets[i].variant;
	return "";
}

/* What path or scenario say, if anything. */
static const char *said(const struct lab_case *c)
{
	return c->path->base ? c->path->base : c->scenario->base;
}

const char *lab_base_of(const struct lab_case *c, const char *host)
{
	const char *base = said(c);

	return base && lab_host_has(host, base, c->scenario->name) ? base :
	       lab_base_first(host, c->scenario->name);
}

const char *lab_base_asked(const struct lab_request *request,
			   const struct lab_case *c)
{
	const char *base = said(c);
	unsigned int i;

	for (i = 0; base && i < request->nr_variants; i++)
		if (!strcmp(request->variant[i], base))
			return base;
	for (i = 0; i < request->nr_variants; i++)
		if (lab_host_has(request->host, request->variant[i],
				 c->scenario->name))
			return request->variant[i];
	return request->nr_variants ? request->variant[0] :
	       lab_base_of(c, request->host);
}
