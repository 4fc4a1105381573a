// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/facts.h"

int lab_fact_text(const char *root, const char *path, char *buf, size_t size,
		  bool all)
{
	char name[512];
	size_t n;
	FILE *f;
	int err;

	snprintf(name, sizeof(name), "%s%s", root, path);
	f = fopen(name, "re");
	if (!f)
		return -errno;
	errno = 0;
	n = fread(buf, 1, size - 1, f);
	err = ferror(f) ? -(errno ? errno : EIO) : 0;
	fclose(f);
	if (err)
		return err;
	buf[n] = '\0';
	if (!all)
		buf[strcspn(buf, "\n")] = '\0';
	for (n = strlen(buf); n && isspace((unsigned char)buf[n - 1]); n--)
		buf[n - 1] = '\0';
	return n ? 0 : -ENODATA;
}

bool lab_fact_value(const char *info, const char *name, char *buf, size_t size)
{
	size_t len = strlen(name), gap;
	const char *line = info;

	while (*line && *line != '\n') {
		gap = strspn(line + (strncmp(line, name, len) ? 0 : len), " \t");
		if (!strncmp(line, name, len) && line[len + gap] == ':') {
			line += len + gap + 1;
			line += strspn(line, " \t");
			snprintf(buf, size, "%.*s", (int)strcspn(line, "\n"),
				 line);
			return *buf;
		}
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return false;
}

void lab_fact_missing(struct lab_facts *f, const char *key, const char *why)
{
	json_object_set_new(f->absent, key, json_string(why));
}

void lab_fact_no_file(struct lab_facts *f, const char *key, const char *path,
		      int err)
{
	char why[600];

	snprintf(why, sizeof(why), "%s: %s", path,
		 err == -ENODATA ? "empty" : strerror(-err));
	lab_fact_missing(f, key, why);
}

void lab_fact_file(struct lab_facts *f, json_t *obj, const char *prefix,
		   const char *key, const char *path)
{
	char text[LAB_FACT_MAX], full[96], *end;
	long long n;
	int err;

	err = lab_fact_text(f->root, path, text, sizeof(text), false);
	if (err) {
		snprintf(full, sizeof(full), "%s.%s", prefix, key);
		lab_fact_no_file(f, full, path, err);
		return;
	}
	n = strtoll(text, &end, 10);
	lab_fact_set(obj, key, *end ? json_string(text) : json_integer(n));
}
