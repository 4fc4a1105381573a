// SPDX-License-Identifier: GPL-2.0 OR MIT
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define HANG	2

static void plain_ascii(char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

/* Where a line of at most @room columns ends: at a space when there is one. */
static size_t fit(const char *text, size_t room)
{
	size_t n = strlen(text), i;

	if (n <= room)
		return n;
	for (i = room; i > room / 8; i--)
		if (text[i] == ' ')
			return i;
	return room;
}

static void wrap(FILE *f, const char *text)
{
	size_t indent = strspn(text, " "), n;

	if (indent > LAB_COLUMNS / 2)
		indent = LAB_COLUMNS / 2;
	n = fit(text, LAB_COLUMNS);
	fprintf(f, "%.*s\n", (int)n, text);
	text += n;
	while (text += strspn(text, " "), *text) {
		n = fit(text, LAB_COLUMNS - indent - HANG);
		fprintf(f, "%*s%.*s\n", (int)indent + HANG, "", (int)n, text);
		text += n;
	}
}

void lab_say(FILE *f, const char *fmt, ...)
{
	char *text;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	plain_ascii(text);
	wrap(f, text);
	free(text);
}

/* How long the command goes on until it may be cut. */
static int uncut(const char *text)
{
	bool quoted = *text == '\'';
	int n = 1;

	for (; text[n]; n++) {
		quoted ^= text[n] == '\'';
		if (text[n] == ' ' && !quoted &&
		    (!strncmp(text + n, " --", 3) ||
		     (text[n + 1] >= 'A' && text[n + 1] <= 'Z')))
			break;
	}
	return n;
}

static void wrap_command(FILE *f, const char *lead, const char *text)
{
	int column = fprintf(f, "%s", lead);

	while (*text) {
		int len = uncut(text);

		/* two columns are kept for the backslash */
		if (column + 1 + len > LAB_COLUMNS - 2) {
			fprintf(f, " \\\n   ");
			column = 3;
		}
		column += fprintf(f, " %.*s", len, text);
		text += len;
		text += *text == ' ';
	}
	fputc('\n', f);
}

void lab_say_command(FILE *f, const char *lead, const char *command)
{
	char *text = strdup(command);

	if (!text)
		return;
	plain_ascii(text);
	wrap_command(f, lead, text);
	free(text);
}

void lab_say_heading(FILE *f, const char *text)
{
	size_t i, n = strlen(text) < LAB_COLUMNS ? strlen(text) : LAB_COLUMNS;

	fputc('\n', f);
	lab_say(f, "%s", text);
	for (i = 0; i < n; i++)
		fputc('-', f);
	fputc('\n', f);
}

char *lab_number(char *buf, size_t size, double x, int sign)
{
	int digits = fabs(x) < 10 ? 3 : fabs(x) < 1000 ? 2 : 0;

	if (!isfinite(x))
		snprintf(buf, size, "-");
	else
		snprintf(buf, size, sign ? "%+.*f" : "%.*f", digits, x);
	return buf;
}

/* Two numbers in brackets. */
char *lab_bracket(char *buf, size_t size, double lo, double hi, int sign)
{
	char a[LAB_NUMBER], b[LAB_NUMBER];

	snprintf(buf, size, "[%s %s]", lab_number(a, sizeof(a), lo, sign),
		 lab_number(b, sizeof(b), hi, sign));
	return buf;
}
