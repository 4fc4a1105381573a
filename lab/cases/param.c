// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases/param.h"

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

unsigned int lab_param_nr(const struct bench_param *p)
{
	const char *word;
	unsigned int n = 0;

	while (nth_word(p->values, n, &word))
		n++;
	return n;
}

long lab_param_at(const struct bench_param *p, unsigned int n)
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

bool lab_param_parse(const struct bench_param *p, const char *text, long *value)
{
	const char *word;
	unsigned int i;
	size_t len;

	for (i = 0; (len = nth_word(p->values, i, &word)); i++) {
		if (strlen(text) == len && !strncmp(text, word, len)) {
			*value = lab_param_at(p, i);
			return true;
		}
	}
	return false;
}

long lab_param_default(const struct bench_param *p)
{
	return lab_param_at(p, 0);
}
