// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <string.h>

#include "run/base.h"

bool lab_host_has(const char *host, const char *variant, const char *scenario)
{
	unsigned int i;

	for (i = 0; i < lab_nr_sets; i++)
		if (!strcmp(lab_sets[i].host, host) &&
		    !strcmp(lab_sets[i].variant, variant) &&
		    (!*scenario || lab_set_has(&lab_sets[i], scenario)))
			return true;
	return false;
}

/* A set that others may be compared with; "": of any variant. */
static const struct lab_set *base_set(const char *host, const char *variant,
				      const char *scenario)
{
	const struct lab_set *s;

	for (s = lab_sets; s < lab_sets + lab_nr_sets; s++)
		if (!strcmp(s->host, host) && !lab_refused(s) &&
		    (!*variant || !strcmp(s->variant, variant)) &&
		    lab_set_has(s, scenario))
			return s;
	return NULL;
}

const char *lab_base_of(const struct lab_case *c, const char *host)
{
	const char *said = c->path->base ? c->path->base : c->scenario->base;
	const struct lab_set *s = NULL;

	if (said)
		s = base_set(host, said, c->scenario->name);
	if (!s)
		s = base_set(host, "", c->scenario->name);
	return s ? s->variant : "";
}

const char *lab_base_asked(const struct lab_request *request,
			   const struct lab_case *c)
{
	const char *base = lab_base_of(c, request->host);
	unsigned int i;

	for (i = 0; i < request->nr_variants; i++)
		if (!strcmp(request->variant[i], base))
			return base;
	for (i = 0; i < request->nr_variants; i++)
		if (lab_host_has(request->host, request->variant[i],
				 c->scenario->name))
			return request->variant[i];
	return request->nr_variants ? request->variant[0] : base;
}
