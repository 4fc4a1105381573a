// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <string.h>

#include "cases/set.h"

size_t lab_scenario_len(const char *name)
{
	return strcspn(name, "/");
}

const struct bench_scenario *lab_set_scenario(const struct lab_set *set,
					      const char *name, size_t len)
{
	const struct bench_scenario *const *s;

	for (s = set->scenarios; *s; s++)
		if (strlen((*s)->name) == len && !strncmp((*s)->name, name, len))
			return *s;
	return NULL;
}

bool lab_set_has(const struct lab_set *set, const char *scenario)
{
	return lab_set_scenario(set, scenario, lab_scenario_len(scenario));
}

const struct lab_set *lab_set_find(const char *host, const char *variant,
				   const char *scenario)
{
	const struct lab_set *found = NULL;

	for (unsigned int i = 0; i < lab_nr_sets; i++) {
		const struct lab_set *s = &lab_sets[i];

		if (strcmp(s->host, host) || strcmp(s->variant, variant))
			continue;
		if (lab_set_has(s, scenario))
			return s;
		if (!found)
			found = s;
	}
	return found;
}

bool lab_host_known(const char *host)
{
	for (unsigned int i = 0; i < lab_nr_sets; i++)
		if (!strcmp(lab_sets[i].host, host))
			return true;
	return false;
}

bool lab_host_runs(const char *host, const char *scenario)
{
	for (unsigned int i = 0; i < lab_nr_sets; i++)
		if (!strcmp(lab_sets[i].host, host) &&
		    lab_set_has(&lab_sets[i], scenario))
			return true;
	return false;
}

const char *lab_refused(const struct lab_set *set)
{
	return set->meta ? set->meta->refused : NULL;
}

bool lab_same_variant(const struct lab_set *a, const struct lab_set *b)
{
	return !strcmp(a->host, b->host) && !strcmp(a->variant, b->variant);
}
