/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Plain text for mail: ASCII, at most 72 columns. */
#ifndef _LAB_TEXT_H
#define _LAB_TEXT_H

#include <stddef.h>
#include <stdio.h>

#define LAB_COLUMNS	72
#define LAB_NUMBER	24	/* bytes of a number as text */

/**
 * lab_say() - print one line, broken where it is longer than LAB_COLUMNS
 * @f: stream
 * @fmt: as for printf(); without a newline
 *
 * What follows a break is indented two columns more than the line. Anything
 * but printable ASCII becomes '?'.
 */
void lab_say(FILE *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * lab_say_command() - print a command, cut so that a shell takes it as it is
 * @f: stream
 * @lead: what stands before it
 * @command: cut with backslashes before an option or a variable of make only,
 *	and not within quotes
 */
void lab_say_command(FILE *f, const char *lead, const char *command);

/**
 * lab_say_heading() - print a heading, underlined, after an empty line
 * @f: stream
 * @text: the heading
 */
void lab_say_heading(FILE *f, const char *text);

/**
 * lab_number() - a time or a rate with about four significant digits
 * @buf: gets the text
 * @size: of @buf
 * @x: "-" when it is not a number
 * @sign: put a + before what is not negative
 *
 * Return: @buf.
 */
char *lab_number(char *buf, size_t size, double x, int sign);

/**
 * lab_bracket() - two numbers in brackets
 * @buf: gets the text
 * @size: of @buf
 * @lo: the first
 * @hi: the second
 * @sign: as for lab_number()
 *
 * Return: @buf.
 */
char *lab_bracket(char *buf, size_t size, double lo, double hi, int sign);

#endif /* _LAB_TEXT_H */
