// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <errno.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case.h"
#include "cpus.h"

#define MAX_PICK_PARAMS	(BENCH_MAX_PARAMS + 1)	/* and threads= */

unsigned int lab_path_params(const struct bench_path *path)
{
	unsigned int n = 0;

	while (path->params && n < BENCH_MAX_PARAMS && path->params[n].name)
		n++;
	return n;
}

unsigned int lab_path_min_threads(const struct bench_path *path)
{
	return path->min_threads ? path->min_threads : 1;
}

unsigned int lab_path_max_threads(const struct bench_path *path)
{
	unsigned int min = lab_path_min_threads(path);

	return path->max_threads > min ? path->max_threads : min;
}

/* The word at position @n of "a,b,c"; its length, or 0 past the end. */
static size_t nth_word(const char *list, unsigned int n, const char **word)
{
	while (n--) {
		list = strchr(list, ',');
		if (!list)
			return 0;
		list++;
	}
	*word = list;
	return strcspn(list, ",");
}

static bool is_number(const char *word, size_t len)
{
	size_t i = *word == '-';

	if (i == len)
		return false;
	for (; i < len; i++)
		if (word[i] < '0' || word[i] > '9')
			return false;
	return true;
}

bool lab_param_is_word(const struct bench_param *p)
{
	const char *word;
	unsigned int i;
	size_t len;

	for (i = 0; (len = nth_word(p->values, i, &word)); i++)
		if (!is_number(word, len))
			return true;
	return false;
}

static unsigned int nr_values(const struct bench_param *p)
{
	const char *word;
	unsigned int n = 0;

	while (nth_word(p->values, n, &word))
		n++;
	return n;
}

static long value_at(const struct bench_param *p, unsigned int n)
{
	const char *word = "0";

	if (lab_param_is_word(p))
		return n;
	nth_word(p->values, n, &word);
	return strtol(word, NULL, 10);
}

char *lab_param_word(const struct bench_param *p, long value, char *buf,
		     size_t size)
{
	const char *word = "";
	size_t len;

	if (!lab_param_is_word(p)) {
		snprintf(buf, size, "%ld", value);
		return buf;
	}
	len = nth_word(p->values, value, &word);
	snprintf(buf, size, "%.*s", (int)len, word);
	return buf;
}

static bool parse_value(const struct bench_param *p, const char *text,
			long *value)
{
	const char *word;
	unsigned int i;
	size_t len;

	for (i = 0; (len = nth_word(p->values, i, &word)); i++) {
		if (strlen(text) == len && !strncmp(text, word, len)) {
			*value = value_at(p, i);
			return true;
		}
	}
	return false;
}

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

static bool known_host(const char *host)
{
	for (unsigned int i = 0; i < lab_nr_sets; i++)
		if (!strcmp(lab_sets[i].host, host))
			return true;
	return false;
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

static const struct bench_scenario *find_scenario(const struct lab_set *set,
						  const char *name, size_t len)
{
	const struct bench_scenario *const *s;

	for (s = set->scenarios; *s; s++)
		if (strlen((*s)->name) == len && !strncmp((*s)->name, name, len))
			return *s;
	return NULL;
}

/* "scenario" of "scenario/path"; length of the first part. */
static size_t scenario_len(const char *name)
{
	return strcspn(name, "/");
}

bool lab_set_has(const struct lab_set *set, const char *scenario)
{
	return find_scenario(set, scenario, scenario_len(scenario));
}

/*
 * Variants of two families may have one name: the set that has the scenario is
 * meant, else any of that name.
 */
static const struct lab_set *find_set(const char *host, const char *variant,
				      int copy, const char *scenario)
{
	const struct lab_set *found = NULL;

	for (unsigned int i = 0; i < lab_nr_sets; i++) {
		const struct lab_set *s = &lab_sets[i];

		if (s->copy != copy || strcmp(s->host, host) ||
		    strcmp(s->variant, variant))
			continue;
		if (lab_set_has(s, scenario))
			return s;
		if (!found)
			found = s;
	}
	return found;
}

static bool host_runs(const char *host, const char *scenario)
{
	for (unsigned int i = 0; i < lab_nr_sets; i++)
		if (!strcmp(lab_sets[i].host, host) &&
		    lab_set_has(&lab_sets[i], scenario))
			return true;
	return false;
}

/* The variants of a scenario, or all where no variant has it; each once. */
static void list_variants(struct message *m, const char *host, int copy,
			  const char *scenario)
{
	bool any = !host_runs(host, scenario);
	unsigned int i, j;

	for (i = 0; i < lab_nr_sets; i++) {
		const struct lab_set *s = &lab_sets[i];

		if (s->copy != copy || strcmp(s->host, host) ||
		    (!any && !lab_set_has(s, scenario)))
			continue;
		for (j = 0; j < i; j++)
			if (any && lab_sets[j].copy == copy &&
			    lab_same_variant(&lab_sets[j], s))
				break;
		if (j == i || !any)
			say(m, " %s", s->variant);
	}
}

static int no_set(struct message *m, const char *host, const char *variant,
		  int copy, const char *scenario)
{
	const char *reason = why_absent(host, variant);

	if (!known_host(host))
		return no_host(m, host);
	if (reason)
		say(m, "variant '%s' is absent on host %s: %s; it has:",
		    variant, host, reason);
	else if (copy > 1)
		say(m, "no second copy of '%s' on host %s; there is one of:",
		    variant, host);
	else if (find_set(host, variant, copy, scenario))
		say(m, "variant '%s' is none of %.*s's; host %s has:", variant,
		    (int)scenario_len(scenario), scenario, host);
	else
		say(m, "unknown variant '%s'; host %s has:", variant, host);
	list_variants(m, host, copy, scenario);
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
	size_t len = scenario_len(name);
	const char *path = name[len] ? name + len + 1 : "";
	const struct bench_scenario *const *s;
	const struct bench_path *p;

	c->set = set;
	c->scenario = find_scenario(set, name, len);
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
		    parse_value(&p[i], text + len + 1, &c->cfg.value[i]))
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

	if (!known_host(host))
		return no_host(&m, host);
	if (!variant || find_set(host, variant, 1, ""))
		return 0;
	return no_set(&m, host, variant, 1, "");
}

const char *lab_refused(const struct lab_set *set)
{
	return set->meta ? set->meta->refused : NULL;
}

int lab_case_find(const struct lab_pick *pick, struct lab_case *c, char *err)
{
	const char *host = pick->host ? pick->host : "own";
	int copy = pick->copy ? pick->copy : 1;
	struct message m = { err, 0 };
	const struct lab_set *set;
	unsigned int i;
	int ret;

	memset(c, 0, sizeof(*c));
	*err = '\0';
	set = find_set(host, pick->variant, copy, pick->scenario);
	if (!set || (!lab_set_has(set, pick->scenario) &&
		     host_runs(host, pick->scenario)))
		return no_set(&m, host, pick->variant, copy, pick->scenario);
	if (lab_refused(set)) {
		say(&m, "variant '%s' is never timed: %s", set->variant,
		    lab_refused(set));
		return -EINVAL;
	}
	ret = find_in_set(set, pick->scenario, c, &m);
	if (ret)
		return ret;

	for (i = 0; i < lab_path_params(c->path); i++)
		c->cfg.value[i] = value_at(&c->path->params[i], 0);
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
	struct lab_pick pick = { .copy = 1 };
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

long lab_param_default(const struct bench_param *p)
{
	return value_at(p, 0);
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

int lab_case_move(const struct lab_case *from, const char *host,
		  const char *variant, int copy, struct lab_case *to)
{
	const struct lab_set *set = find_set(host, variant, copy,
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

bool lab_same_variant(const struct lab_set *a, const struct lab_set *b)
{
	return !strcmp(a->host, b->host) && !strcmp(a->variant, b->variant);
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

bool lab_case_crowded(const struct lab_case *c)
{
	return c->cfg.threads > lab_cpus_allowed();
}

/* Growing list of cases. */
struct list {
	struct lab_case *v;
	size_t nr, max;
};

static int list_add(struct list *l, const struct lab_case *c)
{
	if (l->nr == l->max) {
		size_t max = l->max ? 2 * l->max : 64;
		struct lab_case *v = realloc(l->v, max * sizeof(*v));

		if (!v)
			return -ENOMEM;
		l->v = v;
		l->max = max;
	}
	l->v[l->nr++] = *c;
	return 0;
}

static int add_threads(struct list *l, struct lab_case *c)
{
	unsigned int min = lab_path_min_threads(c->path);
	unsigned int max = lab_path_max_threads(c->path);
	unsigned int most = c->set->meta->max_threads;
	int ret = 0;

	if (most && most < max)
		max = most;
	for (unsigned int n = min; n <= max && !ret; n *= 2) {
		if (n > min && n > lab_cpus_allowed())
			break;
		c->cfg.threads = n;
		ret = list_add(l, c);
	}
	return ret;
}

/* Counts through the values like a mileage counter, the last one fastest. */
static int add_path(struct list *l, struct lab_case *c)
{
	unsigned int n = lab_path_params(c->path), pos[BENCH_MAX_PARAMS] = { 0 };
	const struct bench_param *p = c->path->params;
	unsigned int i;
	int ret;

	for (;;) {
		for (i = 0; i < n; i++)
			c->cfg.value[i] = value_at(&p[i], pos[i]);
		ret = add_threads(l, c);
		if (ret)
			return ret;
		for (i = n; i && ++pos[i - 1] == nr_values(&p[i - 1]); i--)
			pos[i - 1] = 0;
		if (!i)
			return 0;
	}
}

static int add_set(struct list *l, const struct lab_set *set)
{
	struct lab_case c = { .set = set };
	int ret = 0;

	for (unsigned int i = 0; set->scenarios[i] && !ret; i++) {
		c.scenario = set->scenarios[i];
		for (c.path = c.scenario->paths; c.path->name && !ret; c.path++)
			ret = add_path(l, &c);
	}
	return ret;
}

int lab_case_all(struct lab_case **cases, size_t *nr)
{
	struct list l = { 0 };
	int ret = 0;

	for (unsigned int i = 0; i < lab_nr_sets && !ret; i++)
		if (lab_sets[i].copy == 1 && !lab_refused(&lab_sets[i]))
			ret = add_set(&l, &lab_sets[i]);
	if (ret) {
		free(l.v);
		return ret;
	}
	*cases = l.v;
	*nr = l.nr;
	return 0;
}
