// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/case.h"

#define MAX_PICK_PARAMS	(BENCH_MAX_PARAMS + 1)	/* and threads= */

/* An error message that ends in a list. */
struct message {
	char *buf;
	size_t len;
};

static void __attribute__((format(printf, 2, 3)))
say(struct message *m, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (m->len >= LAB_CASE_ERROR - 1)
		return;
	va_start(ap, fmt);
	n = vsnprintf(m->buf + m->len, LAB_CASE_ERROR - m->len, fmt, ap);
	va_end(ap);
	m->len += n;
	if (m->len < LAB_CASE_ERROR)
		return;
	m->len = LAB_CASE_ERROR - 1;
	memcpy(m->buf + m->len - 3, "...", 3);
}

static int no_host(struct message *m, const char *host)
{
	say(m, "unknown host '%s'; this build has:", host);
	for (unsigned int i = 0; i < lab_nr_sets; i++)
		if (!i || strcmp(lab_sets[i].host, lab_sets[i - 1].host))
			say(m, " %s", lab_sets[i].host);
	return -ENOENT;
}

static const char *why_absent(const char *host, const char *variant)
{
	const struct lab_absent *a;

	for (a = lab_absent; a->host; a++)
		if (!strcmp(a->host, host) && !strcmp(a->variant, variant))
			return a->reason;
	return NULL;
}

/* The variants of a scenario, or all where no variant has it; each once. */
static void list_variants(struct message *m, const char *host,
			  const char *scenario)
{
	bool any = !lab_host_runs(host, scenario);
	unsigned int i, j;

	for (i = 0; i < lab_nr_sets; i++) {
		const struct lab_set *s = &lab_sets[i];

		if (strcmp(s->host, host) ||
		    (!any && !lab_set_has(s, scenario)))
			continue;
		for (j = 0; j < i; j++)
			if (any && lab_same_variant(&lab_sets[j], s))
				break;
		if (j == i || !any)
			say(m, " %s", s->variant);
	}
}

static int no_set(struct message *m, const char *host, const char *variant,
		  const char *scenario)
{
	const char *reason = why_absent(host, variant);

	if (!lab_host_known(host))
		return no_host(m, host);
	if (reason)
		say(m, "variant '%s' is absent on host %s: %s; it has:",
		    variant, host, reason);
	else if (lab_set_find(host, variant, scenario))
		say(m, "variant '%s' is none of %.*s's; host %s has:", variant,
		    (int)lab_scenario_len(scenario), scenario, host);
	else
		say(m, "unknown variant '%s'; host %s has:", variant, host);
	list_variants(m, host, scenario);
	return -ENOENT;
}

static const struct bench_path *find_path(const struct bench_scenario *s,
					  const char *name)
{
	const struct bench_path *p;

	for (p = s->paths; p->name; p++)
		if (!*name || !strcmp(p->name, name))
			return p;
	return NULL;
}

static int find_in_set(const struct lab_set *set, const char *name,
		       struct lab_case *c, struct message *m)
{
	size_t len = lab_scenario_len(name);
	const char *path = name[len] ? name + len + 1 : "";
	const struct bench_scenario *const *s;
	const struct bench_path *p;

	c->set = set;
	c->scenario = lab_set_scenario(set, name, len);
	if (!c->scenario) {
		say(m, "unknown scenario '%.*s'; there are:", (int)len, name);
		for (s = set->scenarios; *s; s++)
			say(m, " %s", (*s)->name);
		return -ENOENT;
	}
	c->path = find_path(c->scenario, path);
	if (!c->path) {
		say(m, "unknown path '%s'; %s has:", path, c->scenario->name);
		for (p = c->scenario->paths; p->name; p++)
			say(m, " %s", p->name);
		return -ENOENT;
	}
	return 0;
}

static int set_param(struct lab_case *c, const char *text, struct message *m)
{
	const struct bench_param *p = c->path->params;
	unsigned int i, n = lab_path_params(c->path);
	size_t len = strcspn(text, "=");

	for (i = 0; i < n; i++) {
		if (strlen(p[i].name) != len || strncmp(p[i].name, text, len))
			continue;
		if (text[len] &&
		    lab_param_parse(&p[i], text + len + 1, &c->cfg.value[i]))
			return 0;
		say(m, "bad value '%s'; %s takes: %s", text, p[i].name,
		    p[i].values);
		return -EINVAL;
	}
	say(m, "unknown parameter '%.*s'; %s/%s has:", (int)len, text,
	    c->scenario->name, c->path->name);
	for (i = 0; i < n; i++)
		say(m, " %s=%s", p[i].name, p[i].values);
	if (!n)
		say(m, " none");
	return -EINVAL;
}

static int check_threads(const struct lab_case *c, struct message *m)
{
	unsigned int min = lab_path_min_threads(c->path);
	unsigned int max = lab_path_max_threads(c->path);
	unsigned int most = c->set->meta->max_threads;
	unsigned int n = c->cfg.threads;

	if (n < min || n > max || n > BENCH_MAX_THREADS) {
		say(m, "%s/%s takes %u to %u threads, not %u",
		    c->scenario->name, c->path->name, min, max, n);
		return -EINVAL;
	}
	if (most && n > most) {
		say(m, "variant '%s' is safe with %u thread%s only, not %u",
		    c->set->variant, most, most > 1 ? "s" : "", n);
		return -EINVAL;
	}
	return 0;
}

int lab_case_names(const char *host, const char *variant, char *err)
{
	struct message m = { err, 0 };

	if (!lab_host_known(host))
		return no_host(&m, host);
	if (!variant || lab_set_find(host, variant, ""))
		return 0;
	return no_set(&m, host, variant, "");
}

int lab_case_find(const struct lab_pick *pick, struct lab_case *c, char *err)
{
	const char *host = pick->host ? pick->host : "own";
	struct message m = { err, 0 };
	const struct lab_set *set;
	unsigned int i;
	int ret;

	memset(c, 0, sizeof(*c));
	*err = '\0';
	set = lab_set_find(host, pick->variant, pick->scenario);
	if (!set || (!lab_set_has(set, pick->scenario) &&
		     lab_host_runs(host, pick->scenario)))
		return no_set(&m, host, pick->variant, pick->scenario);
	if (lab_refused(set)) {
		say(&m, "variant '%s' is never timed: %s", set->variant,
		    lab_refused(set));
		return -EINVAL;
	}
	ret = find_in_set(set, pick->scenario, c, &m);
	if (ret)
		return ret;

	for (i = 0; i < lab_path_params(c->path); i++)
		c->cfg.value[i] = lab_param_at(&c->path->params[i], 0);
	for (i = 0; i < pick->nr_params; i++) {
		ret = set_param(c, pick->params[i], &m);
		if (ret)
			return ret;
	}
	c->cfg.threads = pick->threads ? pick->threads :
					 lab_path_min_threads(c->path);
	return check_threads(c, &m);
}

/* Cuts @text at its "/", "?" and "&"; -EINVAL when a part is missing. */
static int split_name(char *text, struct lab_pick *pick, const char **params,
		      char **scenario)
{
	char *query = strchr(text, '?'), *variant, *part, *save;
	static const char threads[] = "threads=";
	size_t skip = sizeof(threads) - 1;

	if (query)
		*query++ = '\0';
	*scenario = strchr(text, '/');
	variant = strrchr(text, '/');
	if (!*scenario || variant == *scenario)
		return -EINVAL;
	*(*scenario)++ = '\0';
	*variant++ = '\0';
	if (!strchr(*scenario, '/'))
		return -EINVAL;
	pick->host = text;
	pick->scenario = *scenario;
	pick->variant = variant;
	pick->params = params;

	part = query ? strtok_r(query, "&", &save) : NULL;
	for (; part; part = strtok_r(NULL, "&", &save)) {
		if (!strncmp(part, threads, skip)) {
			pick->threads = strtoul(part + skip, NULL, 10);
			if (!pick->threads)
				return -EINVAL;
		} else if (pick->nr_params == MAX_PICK_PARAMS) {
			return -EINVAL;
		} else {
			params[pick->nr_params++] = part;
		}
	}
	return 0;
}

int lab_case_parse(const char *name, struct lab_case *c, char *err)
{
	const char *params[MAX_PICK_PARAMS];
	struct lab_pick pick = { 0 };
	char text[LAB_CASE_NAME], *scenario;
	struct message m = { err, 0 };

	memset(c, 0, sizeof(*c));
	if (strlen(name) >= sizeof(text) ||
	    split_name(strcpy(text, name), &pick, params, &scenario)) {
		say(&m, "'%.80s' is not host/scenario/path/variant?param=value",
		    name);
		return -EINVAL;
	}
	return lab_case_find(&pick, c, err);
}

int lab_case_move(const struct lab_case *from, const char *host,
		  const char *variant, struct lab_case *to)
{
	const struct lab_set *set = lab_set_find(host, variant,
					     from->scenario->name);
	char err[LAB_CASE_ERROR], name[LAB_CASE_NAME];
	struct message m = { err, 0 };
	struct lab_case c = *from;
	int ret;

	if (!set)
		return -ENOENT;
	snprintf(name, sizeof(name), "%s/%s", from->scenario->name,
		 from->path->name);
	ret = find_in_set(set, name, &c, &m);
	if (!ret)
		ret = check_threads(&c, &m);
	if (!ret)
		*to = c;
	return ret;
}
