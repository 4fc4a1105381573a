// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/cpus.h"
#include "cases/case.h"

char *lab_case_format(const struct lab_case *c, char *buf)
{
	unsigned int i, n = lab_path_params(c->path);
	const struct bench_param *p = c->path->params;
	size_t size = LAB_CASE_NAME, len;
	char sep = '?', word[64];

	len = snprintf(buf, size, "%s/%s/%s/%s", c->set->host,
		       c->scenario->name, c->path->name, c->set->variant);
	for (i = 0; i < n && len < size; i++) {
		lab_param_word(&p[i], c->cfg.value[i], word, sizeof(word));
		len += snprintf(buf + len, size - len, "%c%s=%s", sep,
				p[i].name, word);
		sep = '&';
	}
	if (lab_path_max_threads(c->path) > 1 && len < size)
		snprintf(buf + len, size - len, "%cthreads=%u", sep,
			 c->cfg.threads);
	return buf;
}

bool lab_has_defaults(const struct lab_case *c)
{
	unsigned int i;

	for (i = 0; i < lab_path_params(c->path); i++)
		if (c->cfg.value[i] != lab_param_default(&c->path->params[i]))
			return false;
	return true;
}

static bool one_match(const struct lab_case *c, const char *glob)
{
	char name[LAB_CASE_NAME];

	snprintf(name, sizeof(name), "%s/%s", c->scenario->name, c->path->name);
	return !fnmatch(glob, c->scenario->name, 0) || !fnmatch(glob, name, 0);
}

bool lab_case_match(const struct lab_case *c, const char *globs)
{
	char one[LAB_CASE_NAME];
	size_t n;

	for (;; globs += n + 1) {
		n = strcspn(globs, ",");
		snprintf(one, sizeof(one), "%.*s", (int)n, globs);
		if (one_match(c, one))
			return true;
		if (!globs[n])
			return false;
	}
}

bool lab_case_same(const struct lab_case *a, const struct lab_case *b)
{
	unsigned int i;

	if (a->set != b->set || a->path != b->path ||
	    a->cfg.threads != b->cfg.threads)
		return false;
	for (i = 0; i < lab_path_params(a->path); i++)
		if (a->cfg.value[i] != b->cfg.value[i])
			return false;
	return true;
}

bool lab_case_oversubscribed(const struct lab_case *c)
{
	return c->cfg.threads > lab_cpus_allowed();
}
